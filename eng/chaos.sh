# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# What only `./build.sh chaos` needs. What cannot be had is a skip of the cases that need it. Sourced by build.sh.

chaos_project=tests/ZmqLoop.Chaos/ZmqLoop.Chaos.csproj

chaos() {
  [ "$(uname -s)" = Linux ] || fail "chaos attacks with what only Linux has (/proc, signals, network namespaces)."
  require_dotnet
  case " $* " in *" --list "*) ;; *) prepare_chaos "$*" ;; esac
  build "$chaos_project" Release
  ZMQLOOP_COMMIT=$(git describe --always --dirty=+ --exclude '*' 2>/dev/null || true)
  export ZMQLOOP_COMMIT # what was attacked, for the report
  ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
  exec dotnet artifacts/bin/ZmqLoop.Chaos/release/ZmqLoop.Chaos.dll "$@"
}

prepare_chaos() {
  case $1 in *"--engine netmq"*) ;; *) require_libzmq ;; esac
  find_faketime
  command -v iptables >/dev/null || [ "$(id -u)" -ne 0 ] || fetch_once iptables apt_get iptables || true
}

# A library that is loaded before libc and tells another time.
find_faketime() {
  local file
  if ! file=$(faketime_file) && fetch_once libfaketime apt_get libfaketime; then file=$(faketime_file) || file=''; fi
  export ZMQLOOP_FAKETIME=$file
  say "libfaketime: ${file:-none}"
}

faketime_file() {
  local file
  file=$(find /usr/lib "$root/$unpacked" -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
  [ -n "$file" ] && say "$file"
}
