#!/bin/sh
# Makes ateompb/ from the published contract: generate.sh [PROTO-FOLDER]. Needs protoc (Debian: protobuf-compiler), or
# PROTOC="python3 -m grpc_tools.protoc". The plugins are of the versions in go.mod.
set -eu
cd -- "$(dirname -- "$0")"
proto=${1:-../../proto}
package=example.com/ateom-go-minimal/ateompb
rm -rf ateompb
mkdir ateompb
${PROTOC:-protoc} -I "$proto/ateom" \
  --plugin=protoc-gen-go="$(go tool -n protoc-gen-go)" \
  --plugin=protoc-gen-go-grpc="$(go tool -n protoc-gen-go-grpc)" \
  --go_out=ateompb --go_opt=paths=source_relative --go_opt=Mateom.proto=$package \
  --go-grpc_out=ateompb --go-grpc_opt=paths=source_relative --go-grpc_opt=Mateom.proto=$package \
  ateom.proto
