#!/bin/sh
# Makes gen/ from the published contract, with the generator of grpcio-tools:
#   python3 -m venv /tmp/grpc-tools && /tmp/grpc-tools/bin/pip install grpcio-tools==1.85.1
#   PYTHON=/tmp/grpc-tools/bin/python ./generate.sh [PROTO-FOLDER]
set -eu
cd -- "$(dirname -- "$0")"
proto=${1:-../../proto}
rm -rf gen
mkdir gen
"${PYTHON:-python3}" -m grpc_tools.protoc -I "$proto" \
  --python_out=gen --pyi_out=gen --grpc_python_out=gen \
  ateom/ateom.proto substrate/v1/extensions.proto
