#!/bin/sh
# build.sh GO VERSION WORK OUT: builds gVisor's runsc from the module that go.mod pins and go.sum verifies.
#
# Static (CGO_ENABLED=0): a dynamic runsc cannot start a sandbox, and the seccomp programs are looked up by that setting.
# VERSION is stamped because gVisor refuses a snapshot of another version, and the module itself has none.
# The only file that differs from the module's is the one that gVisor's own release build generates (main.go).
set -eu
here=$(cd -- "${0%/*}/" && pwd -P)
go=$1 version=$2 work=$3 out=$4

mkdir -p "$work"
cp "$here/go.mod" "$here/go.sum" "$here/main.go" "$work"
cd "$work"
export GOTOOLCHAIN=local GOWORK=off GOFLAGS= CGO_ENABLED=0 GOOS=linux GOARCH= HOME="${HOME:-$work}"

filter=vendor/gvisor.dev/gvisor/runsc/boot/filter/filter_precompiled.go
log=$work/log
as_init=
! unshare --pid --fork true 2>/dev/null || as_init='unshare --pid --fork'
{
  # A copy, as files of the module cache cannot be replaced; -mod=readonly keeps go.sum the judge of what is fetched.
  GOFLAGS=-mod=readonly "$go" mod vendor &&
    "$go" build -mod=vendor -trimpath -buildvcs=false -o "$work/generate" . &&
    $as_init "$work/generate" "$filter" >"$work/filter" &&
    mv "$work/filter" "$filter" &&
    "$go" build -mod=vendor -trimpath -buildvcs=false \
      -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$version" -o "$out" gvisor.dev/gvisor/runsc
} </dev/null >"$log" 2>&1 || {
  cat "$log" >&2
  printf 'substrate: gVisor could not be built with %s: see above\n' "$go" >&2
  exit 1
}
case $("$out" --version) in
  "runsc version $version"*) ;;
  *)
    printf 'substrate: the runsc that %s built does not say that it is %s\n' "$go" "$version" >&2
    exit 1
    ;;
esac
