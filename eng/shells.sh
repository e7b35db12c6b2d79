# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# The shells for which the tool writes completion. Not needed: the tests in one that is not there are skipped and say so. One that was
# unpacked would look for its modules where it is not, so these are installed or left. Sourced by build.sh.

find_shells() {
  local shell
  for shell in zsh fish; do
    command -v "$shell" >/dev/null || fetch_once "$shell" fetch_shell "$shell" || true
    say "$shell: $(command -v "$shell" || say "none, and it could not be fetched (Debian: apt-get install $shell)")"
  done
}

fetch_shell() {
  command -v apt-get >/dev/null || return 1
  say "Fetching $1 with apt-get"
  apt_install "$1" >"$(log_of "$1")" 2>&1 && command -v "$1" >/dev/null
}
