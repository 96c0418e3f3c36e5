# The commands of setup/system-packages.txt, or of another such list. Needs setup/steps.sh.

package_list=system-packages.txt

# Sets $lacking_commands ("nft, tini") and $lacking_packages ("nftables tini").
look_for_commands() {
  lacking_commands= lacking_packages=
  while read -r name package rest; do
    case $name in '' | '#'*) continue ;; esac
    ! command -v "$name" >/dev/null || continue
    lacking_commands=$lacking_commands${lacking_commands:+, }$name
    case " $lacking_packages " in
      *" $package "*) ;;
      *) lacking_packages=$lacking_packages${lacking_packages:+ }$package ;;
    esac
  done <"$root/setup/$package_list"
}

# ensure_system_packages [LIST]
ensure_system_packages() {
  package_list=${1-system-packages.txt}
  look_for_commands
  [ -n "$lacking_commands" ] || return 0
  by_hand="apt-get install --no-install-recommends $lacking_packages"
  if [ -n "$never_install" ]; then
    lack "$lacking_commands (as root: $by_hand)"
    return 0
  fi
  command -v apt-get >/dev/null ||
    stop "this machine lacks $lacking_commands, and has no apt-get: install what Debian calls $lacking_packages"
  [ "$(id -u)" = 0 ] || stop "this machine lacks $lacking_commands: as root, $by_hand"
  take_turns "$root/.substrate/setup.lock"
  look_for_commands
  [ -z "$lacking_commands" ] || apt_install
  end_turn
}

apt_install() {
  say "installing the system packages $lacking_packages (apt-get)"
  apt_log=$(mktemp)
  # Package lists are only fetched when those at hand are missing or too old to install from.
  if ! apt_get install $lacking_packages >"$apt_log" 2>&1; then
    say "fetching Debian's package lists (apt-get update)"
    if ! { apt_get update && apt_get install $lacking_packages; } >"$apt_log" 2>&1; then
      cat "$apt_log" >&2
      rm -f "$apt_log"
      stop "apt-get could not install $lacking_packages: mend what it says above, then run this again"
    fi
  fi
  rm -f "$apt_log"
  look_for_commands
  [ -z "$lacking_commands" ] || stop "this machine lacks $lacking_commands even after apt-get installed $lacking_packages"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@" </dev/null 9>&-
}
