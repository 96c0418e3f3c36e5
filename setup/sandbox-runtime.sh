# The sandbox runtime, gVisor's runsc. Needs setup/steps.sh and setup/npm-packages.sh.
#
# In this order: SUBSTRATE_RUNSC; the build in the cache; the pinned release in the cache; a build from the pinned Go
# module (setup/runsc-build); a download of the pinned release (setup/runsc-releases.txt).
# 1. A folder of the cache is whole or it is not there: it is filled under another name and renamed.
# 2. A folder of an older recipe stays: a snapshot can only be restored by the runsc that took it.

# Raise with every change to setup/runsc-build that changes the binary: gVisor tells builds apart by their version only.
runsc_recipe=1

# Sets what is pinned: $runsc_version, $runsc_key, $go_wanted, and $release_* when one is pinned for this machine.
read_runtime_pins() {
  case $(uname -sm) in
    'Linux x86_64') arch=amd64 ;;
    'Linux aarch64') arch=arm64 ;;
    *) stop "sandboxes need Linux on x86-64 or arm64; this is $(uname -sm)" ;;
  esac

  runsc_module= go_wanted=
  while read -r word value version; do
    case "$word $value" in
      'require gvisor.dev/gvisor') runsc_module=${version#v0.0.0-} ;;
      'go '*) go_wanted=$value ;;
    esac
  done <"$root/setup/runsc-build/go.mod"
  [ -n "$runsc_module" ] && [ -n "$go_wanted" ] || stop "setup/runsc-build/go.mod names no gVisor or no Go version"
  runsc_key=$runsc_module-r$runsc_recipe-$arch
  runsc_version=substrate-${runsc_module%"${runsc_module#????????}"}.$runsc_recipe

  release_version=
  while read -r release_arch release_version release_sha512 release_url; do
    [ "$release_arch" != "$arch" ] || break
    release_version=
  done <"$root/setup/runsc-releases.txt"

  if [ -n "${XDG_CACHE_HOME:-}" ]; then
    runtimes=$XDG_CACHE_HOME/substrate/runsc
  elif [ -n "${HOME:-}" ]; then
    runtimes=$HOME/.cache/substrate/runsc
  else
    runtimes=/var/cache/substrate/runsc
  fi
}

# Sets $runsc to an absolute path, or fails. Makes nothing.
find_runtime() {
  if [ -n "${SUBSTRATE_RUNSC:-}" ]; then
    [ -f "$SUBSTRATE_RUNSC" ] && [ -x "$SUBSTRATE_RUNSC" ] ||
      stop "SUBSTRATE_RUNSC is \"$SUBSTRATE_RUNSC\", which is no executable file: set it to a runsc, or unset it"
    case $SUBSTRATE_RUNSC in /*) runsc=$SUBSTRATE_RUNSC ;; *) runsc=$PWD/$SUBSTRATE_RUNSC ;; esac
    return 0
  fi
  read_runtime_pins
  runsc=$runtimes/$runsc_key/runsc
  ! is_whole "$runsc" || return 0
  [ -n "$release_version" ] || return 1
  runsc=$runtimes/$release_version-$arch/runsc
  is_whole "$runsc"
}

# is_whole RUNSC: compares it with the hash beside it, once: then its size, inode and dates vouch for it.
is_whole() {
  [ -x "$1" ] && [ -f "$1.sha256" ] || return 1
  state=$(stat -c '%s %i %y %z' "$1")
  checked=
  [ ! -f "$1.checked" ] || IFS= read -r checked <"$1.checked" || :
  [ "$state" != "$checked" ] || return 0
  if ! (cd "${1%/*}" && sha256sum --check --status runsc.sha256); then
    say "$1 is damaged and will not be used"
    return 1
  fi
  # Only a shortcut: in a cache that we may not write, the hash is computed each time.
  { printf '%s\n' "$state" >"$1.checked.$$" && mv "$1.checked.$$" "$1.checked"; } 2>/dev/null || :
}

ensure_runtime() {
  ! find_runtime || return 0
  if [ -n "$never_install" ]; then
    lack "the sandbox runtime, gVisor's runsc (npm run setup brings it, or set SUBSTRATE_RUNSC to one)"
    return 0
  fi
  take_turns "$runtimes/lock"
  find_runtime || make_runtime
  end_turn
}

make_runtime() {
  go_found=
  if find_go; then
    runsc=$runtimes/$runsc_key/runsc
    say "building the sandbox runtime, gVisor's runsc $runsc_version, once: a minute or two"
    fill_folder "$runtimes/$runsc_key" build
  elif [ -n "$release_version" ]; then
    runsc=$runtimes/$release_version-$arch/runsc
    say "downloading the sandbox runtime, gVisor's runsc $release_version"
    fill_folder "$runtimes/$release_version-$arch" download
  else
    stop "the sandbox runtime, gVisor's runsc, is missing: install Go $go_wanted or later to build it${go_found:+ ($go_found is too old)}, or set SUBSTRATE_RUNSC to a runsc"
  fi
}

# fill_folder FOLDER build|download. Joined by && throughout: set -e does not hold wherever this may be called from.
fill_folder() {
  (
    new=
    trap 'rm -rf "$new"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # We hold the lock, so a temporary folder that is there was left by a run that was killed.
    ! command -v flock >/dev/null || rm -rf "$runtimes"/.new.*
    new=$(mktemp -d "$runtimes/.new.XXXXXX") &&
      mkdir "$new/done" &&
      "${2}_runsc" "$new/done/runsc" &&
      (cd "$new/done" && sha256sum runsc >runsc.sha256) &&
      rm -rf "$1" &&
      mv "$new/done" "$1"
  ) 9>&- || exit
}

build_runsc() {
  sh "$root/setup/runsc-build/build.sh" "$go" "$runsc_version" "$new/work" "$1"
}

download_runsc() {
  find_node
  NODE_USE_ENV_PROXY=1 "$node" "$root/setup/download.mjs" "$release_url" "$release_sha512" "$1" </dev/null >&2 ||
    stop "the download of gVisor $release_version failed: install Go $go_wanted or later to build it instead, or set SUBSTRATE_RUNSC to a runsc"
  chmod 755 "$1"
}

# Sets $go to a Go that can build runsc, or fails; $go_found then tells which one is too old.
find_go() {
  # Where Go's own archive installs itself, which sudo's PATH leaves out.
  go=$(command -v go) || go=/usr/local/go/bin/go
  [ -x "$go" ] || return 1
  go_version=$(cd "$root/setup" && GOTOOLCHAIN=local GOFLAGS= "$go" env GOVERSION 2>/dev/null) || go_version=
  go_version=${go_version#go}
  go_found="$go, ${go_version:-of unknown version},"
  is_version_at_least "${go_version%%[!0-9.]*}" "$go_wanted"
}

# is_version_at_least VERSION WANTED, of the form N.N.N
is_version_at_least() {
  have=$1. want=$2.
  while [ -n "$want" ]; do
    have_number=${have%%.*} want_number=${want%%.*}
    [ "${have_number:-0}" -ge "$want_number" ] || return 1
    [ "${have_number:-0}" -eq "$want_number" ] || return 0
    have=${have#*.} want=${want#*.}
  done
}
