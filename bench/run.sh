#!/bin/sh
# run.sh ARGUMENT…: the benchmarks, after bringing what they need, as `npm test` does.
set -eu
unset CDPATH
root=$(cd -- "${0%/*}/.." && pwd -P)
. "$root/setup/steps.sh"
. "$root/setup/npm-packages.sh"
. "$root/setup/system-packages.sh"
. "$root/setup/sandbox-runtime.sh"

find_node
for word; do
  case $word in -h | --help) exec "$node" "$root/bench/src/main.ts" --help ;; esac
done
[ "$(id -u)" = 0 ] || stop "the benchmarks need root: sudo npm run bench -- wake"
ensure_system_packages
ensure_runtime
stop_if_lacking
export SUBSTRATE_RUNSC="$runsc"
PATH=${node%/*}:$PATH
# tini, because `runsc delete` waits until somebody has reaped the sandbox, which is nobody's child by then.
exec tini -s -- "$node" "$root/bench/src/main.ts" "$@"
