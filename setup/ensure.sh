#!/bin/sh
# Brings the system packages and the sandbox runtime, as `substrate up` does on its first run (`npm run setup`).
set -eu
unset CDPATH
root=$(cd -- "${0%/*}/.." && pwd -P)
. "$root/setup/steps.sh"
. "$root/setup/npm-packages.sh"
. "$root/setup/system-packages.sh"
. "$root/setup/sandbox-runtime.sh"

ensure_system_packages
ensure_runtime
stop_if_lacking
say "everything is there; the sandbox runtime is $runsc"
