# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# How the scripts speak, and what they remember. Sourced by build.sh.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'build.sh: %s\n' "$*" >&2
  exit 1
}

wrong_use() {
  printf 'build.sh: %s Run ./build.sh for the list of commands.\n' "$*" >&2
  exit 2
}

takes_at_most() {
  [ $(($# - 1)) -le "$1" ] || wrong_use "Too many arguments."
}

require_project() {
  [ -f "$1" ] || fail "$1 is not there yet."
}

# What is there is asked anew by every run, so it cannot be remembered wrongly. Only failures to fetch are remembered,
# because finding out again that a registry is out of reach takes a minute; `./build.sh setup` forgets them.
setup_folder=artifacts/setup

# fetch_once NAME COMMAND...: not again after it failed.
fetch_once() {
  local mark=$setup_folder/$1.failed
  shift
  [ ! -e "$mark" ] || return 1
  "$@" && return
  mkdir -p "$setup_folder"
  : >"$mark"
  return 1
}

forget_failures() { rm -f "$setup_folder"/*.failed; }

log_of() {
  mkdir -p "$setup_folder"
  printf '%s/%s.log' "$setup_folder" "$1"
}
