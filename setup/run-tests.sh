#!/bin/sh
# run-tests.sh all|unit|contract [ARGUMENT…]: Node's test runner over the workspace, after bringing what they need.
# `contract` proves back ends: ours, strangers', and broken ones. It and `all` need root, the system packages and the
# sandbox runtime, whose path the tests find in SUBSTRATE_RUNSC; `contract` needs Python and Go too.
# Arguments go to the runner: options, or the files to run instead of all.
set -eu
unset CDPATH
root=$(cd -- "${0%/*}/.." && pwd -P)
. "$root/setup/steps.sh"
. "$root/setup/npm-packages.sh"
. "$root/setup/system-packages.sh"
. "$root/setup/sandbox-runtime.sh"

# No end-to-end test may take longer, and no file of them.
TIMEOUT_MS=600000

which=$1
shift
cd "$root"
find_node
if [ "$which" != unit ]; then
  [ "$(id -u)" = 0 ] || stop "the end-to-end tests need root: sudo npm test, or npm run test:unit for the others"
  ensure_system_packages
  [ "$which" != contract ] || ensure_system_packages test-packages.txt
  ensure_runtime
  stop_if_lacking
  export SUBSTRATE_RUNSC="$runsc"
fi

files=
for word; do
  case $word in -*) ;; *) files=given ;; esac
done
if [ -z "$files" ]; then
  case $which in
    contract) set -- "$@" 'test/contract/*.test.ts' 'test/broken-back-ends/*.test.ts' ;;
    unit) set -- "$@" 'packages/*/src/**/*.test.ts' ;;
    *)
      set -- "$@" 'packages/*/src/**/*.test.ts' 'demos/**/*.test.ts' 'setup/*.test.ts' \
        'test/docs/*.test.ts' 'test/end-to-end/*.test.ts' 'test/packages/*.test.ts'
      ;;
  esac
fi
PATH=${node%/*}:$PATH
# As a node supervisor starts back ends: runsc waits for the ends of processes that somebody has to reap.
reaper=
! command -v tini >/dev/null || reaper='tini -s --'
exec $reaper "$node" --test --test-concurrency=2 --test-timeout=$TIMEOUT_MS \
  --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter="$root/setup/no-tests-reporter.mjs" --test-reporter-destination=stderr \
  "$@"
