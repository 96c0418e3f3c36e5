#!/bin/sh
# Fails when packages/contract/gen is not what `npm run generate` makes of proto/. Leaves the checkout as it is.
set -eu
unset CDPATH
root=$(cd -- "${0%/*}/.." && pwd -P)
. "$root/setup/steps.sh"

PATH=$root/node_modules/.bin:$PATH
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cd "$root"
buf generate -o "$fresh"
diff -r "$fresh/packages/contract/gen" packages/contract/gen >&2 ||
  stop "packages/contract/gen differs from what proto/ generates: run npm run generate and commit the result"
