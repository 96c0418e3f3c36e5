#!/bin/sh
# Builds the back end: build.sh [FILE], default ./ateom-go-minimal. Needs Go 1.26 or later.
set -eu
cd -- "$(dirname -- "$0")"
CGO_ENABLED=0 exec go build -trimpath -o "${1:-ateom-go-minimal}" .
