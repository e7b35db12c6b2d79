# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Finds libzmq, or fetches it. Sourced by build.sh.

# Leaves a libzmq that the programs started from here can load, or ends the script.
require_libzmq() {
  if [ -n "${ZMQLOOP_LIBZMQ-}" ]; then
    use_libzmq_file "$ZMQLOOP_LIBZMQ" || fail "ZMQLOOP_LIBZMQ names '$ZMQLOOP_LIBZMQ', which cannot be loaded."
  else
    find_libzmq || { apt_get libzmq5 && find_libzmq; } || fail "libzmq was not found and could not be fetched: install it" \
      "(Debian, Ubuntu: apt-get install libzmq5; Fedora: dnf install zeromq; macOS: brew install zeromq;" \
      "Windows: vcpkg install zeromq, with libzmq.dll on the PATH) or set ZMQLOOP_LIBZMQ to the library's full path."
  fi
  say "libzmq: ${ZMQLOOP_LIBZMQ:-the one of this system}"
}

find_libzmq() {
  case $(uname -s) in
    Darwin) find_libzmq_of_brew ;;
    MINGW* | MSYS* | CYGWIN*) command -v libzmq.dll >/dev/null ;;
    *) loads libzmq.so.5 || use_unpacked_libzmq ;;
  esac
}

# Only the dynamic loader knows whether a library and all that it needs can be loaded; it complains on stderr when not.
loads() {
  [ -z "$(LD_PRELOAD="$1" env true 2>&1)" ]
}

# The loader does not look beside a library for what that needs, and LD_PRELOAD cannot hold a path with a space in it:
# hence the folders in LD_LIBRARY_PATH and the bare name.
use_libzmq_file() {
  [ -f "$1" ] || return 1
  local file folders
  file=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
  folders=${2:-$(dirname -- "$file")}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  if [ "$(uname -s)" = Linux ]; then
    LD_LIBRARY_PATH=$folders loads "$(basename -- "$file")" || return 1
  fi
  export ZMQLOOP_LIBZMQ=$file LD_LIBRARY_PATH=$folders
}

use_unpacked_libzmq() {
  local file folders
  file=$(find "$unpacked" -name libzmq.so.5 2>/dev/null | head -n 1)
  [ -n "$file" ] || return 1
  folders=$(find "$root/$unpacked" -name 'lib*.so.*' -exec dirname {} \; | sort -u | paste -s -d : -)
  use_libzmq_file "$file" "$folders"
}

# .NET does not look where Homebrew installs.
find_libzmq_of_brew() {
  local folder
  for folder in "${HOMEBREW_PREFIX:-/opt/homebrew}/lib" /usr/local/lib; do
    use_libzmq_file "$folder/libzmq.5.dylib" && return
  done
  return 1
}
