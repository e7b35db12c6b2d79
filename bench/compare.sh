#!/usr/bin/env bash
# Ours against libuv and libzmq in C: whole processes, one after the other by turns, since a shared machine's speed drifts. Linux.
#   bench/compare.sh [-n TIMES] [WORK...]     WORK: callbacks chain timers-cancel timers-fire posts1 posts4 idle-N receive-URL p50-URL p99-URL (round trips)
# Prints a Markdown table in nanoseconds per operation. Only the ratio (of the medians, ours by theirs) means anything elsewhere.
set -euo pipefail

cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
out=artifacts/peers
ours=artifacts/bin/ZmqLoop.Benchmarks/release/ZmqLoop.Benchmarks.dll
times=5
if [ "${1-}" = -n ]; then
  times=$2
  shift 2
fi
if [ $# -eq 0 ]; then
  set -- callbacks chain timers-cancel timers-fire posts1 posts4 idle-10 idle-1000 idle-5000 \
    receive-tcp://127.0.0.1:47811 p50-tcp://127.0.0.1:47812 p99-tcp://127.0.0.1:47812
fi

fail() {
  printf 'compare.sh: %s\n' "$*" >&2
  exit 1
}

# compile NAME LIBRARIES...
compile() {
  local name=$1
  shift
  gcc -O2 -Wall "bench/peers/$name.c" -o "$out/$name" "$@" ||
    fail "bench/peers/$name.c was not compiled: the peers need gcc, libuv1-dev and libzmq3-dev (Debian, Ubuntu: apt-get install gcc libuv1-dev libzmq3-dev)."
}

command -v gcc >/dev/null || fail "gcc was not found: the peers need gcc, libuv1-dev and libzmq3-dev."
mkdir -p "$out"
compile uv_peer -luv -lpthread
compile zmq_peer -lzmq
dotnet build bench/ZmqLoop.Benchmarks --configuration Release --nologo --verbosity quiet --tl:off >&2
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true # 5,000 sockets are 10,000 descriptors and more

peer() { dotnet "$ours" peer "$@"; }
c_zmq() { "$out/zmq_peer" "$@"; }

# one SIDE WORK: runs it once, and prints its nanoseconds.
one() {
  case $2 in
    idle-*) "$1" idle "${2#idle-}" ;;
    receive-*)
      c_zmq send "${2#receive-}" &
      "$1" receive "${2#receive-}"
      wait
      ;;
    p*-*:*)
      "$1" echo "${2#*-}" >/dev/null &
      percent=${2%%-*}
      c_zmq ask "${2#*-}" "${percent#p}"
      wait
      ;;
    *) if [ "$1" = c_zmq ]; then "$out/uv_peer" "$2"; else peer "$2"; fi ;;
  esac
}

# summary: min, median and max of the numbers on stdin.
summary() {
  sort -g | awk '{ ns[NR] = $1 } END { printf "%s %s %s\n", ns[1], ns[int((NR + 1) / 2)], ns[NR] }'
}

printf '| work | ours: min / median / max | C: min / median / max | ratio |\n| --- | --- | --- | --- |\n'
for work in "$@"; do
  mine='' theirs=''
  for ((i = 0; i < times; i++)); do
    mine+=$(one peer "$work")$'\n'
    theirs+=$(one c_zmq "$work")$'\n'
  done
  read -r a b c <<<"$(printf '%s' "$mine" | summary)"
  read -r x y z <<<"$(printf '%s' "$theirs" | summary)"
  printf '| %s | %s / %s / %s | %s / %s / %s | %s |\n' "${work%%-[a-z]*:*}" "$a" "$b" "$c" "$x" "$y" "$z" "$(awk "BEGIN { printf \"%.2f\", $b / $y }")"
done
