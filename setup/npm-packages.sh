# The npm packages of package-lock.json, and Node.js 24 among them. Needs setup/steps.sh.

# npm writes this file last, so it is missing after an npm ci that did not finish.
npm_installed=$root/node_modules/.package-lock.json
# The lock file that the last npm ci of ours installed: a newer date alone (a copied checkout) is no reason to repeat it.
npm_installed_from=$root/node_modules/.substrate-package-lock.json

npm_packages_current() {
  [ -f "$npm_installed" ] || return 1
  [ "$root/package-lock.json" -nt "$npm_installed" ] || return 0
  cmp -s "$root/package-lock.json" "$npm_installed_from"
}

ensure_npm_packages() {
  ! npm_packages_current || return 0
  if [ -n "$never_install" ]; then
    lack "the npm packages of package-lock.json (run npm ci in $root)"
    return 0
  fi
  command -v npm >/dev/null || stop "npm is missing: install Node.js 18 or later together with npm, then run this again"
  take_turns "$root/.substrate/setup.lock"
  npm_packages_current || npm_ci
  end_turn
}

npm_ci() {
  say "installing the npm packages (npm ci)"
  (cd "$root" && npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error) </dev/null >&2 9>&- ||
    stop "npm ci failed in $root: mend what it says above, then run this again"
  cp "$root/package-lock.json" "$npm_installed_from"
  # sudo ./substrate in somebody's checkout must not leave folders that its owner cannot remove.
  [ "$(id -u)" != 0 ] || chown -R --reference="$root" "$root/node_modules" "$root/.substrate"
}

# Sets $node to a Node.js that runs TypeScript sources as they are.
find_node() {
  node=$root/node_modules/.bin/node
  [ ! -x "$node" ] || return 0
  node=$(command -v node) || stop "Node.js is missing: install Node.js 24 or later"
  node_version=$("$node" --version)
  node_major=${node_version#v}
  [ "${node_major%%.*}" -ge 24 ] ||
    stop "Node.js 24 or later is needed, $node is $node_version, and npm brings none for this machine: install Node.js 24"
}
