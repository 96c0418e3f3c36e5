# How the set-up steps speak, refuse and take turns. Sourced by ./substrate and by the scripts of this folder, which
# set $root, the checkout, before.

# Not every user has these on the PATH, and part of the system packages lives here.
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
export PATH

say() { printf 'substrate: %s\n' "$*" >&2; }

stop() {
  say "$@"
  exit 1
}

case ${SUBSTRATE_NO_INSTALL:-0} in
  0) never_install= ;;
  1) never_install=1 ;;
  *) stop "SUBSTRATE_NO_INSTALL is \"$SUBSTRATE_NO_INSTALL\": set it to 1 (never install, only say what is missing) or to 0" ;;
esac

# With SUBSTRATE_NO_INSTALL=1 every step still has its say before stop_if_lacking ends the run.
lacking=
lack() {
  say "missing: $*"
  lacking=1
}
stop_if_lacking() { [ -z "$lacking" ] || exit 1; }

# take_turns FILE: holds the lock until end_turn, or until this process ends. Without flock (util-linux) two first runs
# at once may hinder each other, but what they leave is whole all the same: results are renamed into place.
take_turns() {
  mkdir -p "${1%/*}" && touch "$1" || stop "cannot write $1"
  exec 9>>"$1"
  command -v flock >/dev/null || return 0
  flock -n 9 && return 0
  say "waiting for another set-up that holds $1"
  flock 9
}
end_turn() { exec 9>&-; }
