#!/bin/sh
# Fails when packages/contract/gen and packages/contract/schemas are not what `npm run generate` makes. Leaves the
# checkout as it is.
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
node setup/write-schemas.ts "$fresh/schemas"
diff -r "$fresh/schemas" packages/contract/schemas >&2 ||
  stop "packages/contract/schemas differs from the resources: run npm run generate and commit the result"
