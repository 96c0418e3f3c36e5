#!/bin/sh
# check-contract.sh [FOLDER]: fails when the contracts in FOLDER (with its buf.yaml; default: this checkout) are ill
# formed, or break a program that was written against proto-baseline/wire.binpb.
set -eu
unset CDPATH
root=$(cd -- "${0%/*}/.." && pwd -P)
. "$root/setup/steps.sh"

PATH=$root/node_modules/.bin:$PATH
cd "${1:-$root}"
buf lint >&2 || stop "the contracts in proto/ are ill formed: see above"
buf breaking --against "$root/proto-baseline/wire.binpb" >&2 ||
  stop "the contracts in proto/ break programs that speak them: see above, and \"The contract\" in CONTRIBUTING.md"
