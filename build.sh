#!/usr/bin/env bash
# The one door: whatever a person or CI does with this repository starts here. Without arguments it lists its commands.
set -euo pipefail

caller=$PWD
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
cd -- "$root"
exec </dev/null # nothing here asks anything, and with a closed stdin the first file that a child opens would become fd 0

# shellcheck source-path=SCRIPTDIR
source eng/common.sh
source eng/apt.sh
source eng/libzmq.sh
source eng/peers.sh
source eng/browser.sh
source eng/shells.sh
source eng/dotnet.sh
source eng/tests.sh
source eng/pack.sh
source eng/site.sh
source eng/compare.sh
source eng/chaos.sh

help() {
  cat <<'HELP'
./build.sh COMMAND [ARGUMENTS]

  setup            find or fetch libzmq, pyzmq, zeromq.js, chromium, zsh and fish; tries again what failed before
  test [FILTER]    build everything and run all tests but the stress tests, those with real sockets on both engines;
                   FILTER as for `dotnet test --filter`
  test quick [FILTER]  the same without other processes: without pyzmq, zeromq.js, the examples, the packages and chaos
  stress [FILTER]  build and run the slow tests on both engines: soak, hammer, growth of memory and descriptors
  pack [VERSION]   make every package, into artifacts/packages
  site             make the site of the pages and the API, into artifacts/site, by docfx (a tool that `dotnet tool restore` fetches)
  chaos [MINUTES] [AREA...]  attack both engines with wire, faults, order, lifetime and doors: strangers' bytes, peers killed, messages
                   checked in sequence, streams in every order, keys. 3 minutes for each engine; 60 are a full run. See docs/chaos.md
  demo [ARGS]      build and run examples/TaskService on NetMQ against its peers; --engine libzmq runs it on libzmq
  bench [ARGS]     build and run the benchmarks; ARGS go to BenchmarkDotNet (`--list flat`, `--filter '*'`)
  compare [CASE...]  measure side by side with C, libuv, pyzmq, zeromq.js, tornado, asyncio and NetMQ, by turns: about 45 minutes
                   (netmq: against NetMQ alone, 12; --quick: 4; --list: the cases). Writes bench/results; see bench/README.md
  vectors FILE...  run the trace vectors in each FILE
  clean            remove artifacts/: whatever was built, fetched or unpacked

ZMQLOOP_LIBZMQ=FILE uses that libzmq, ZMQLOOP_PYTHON=FILE that Python; ZMQLOOP_CONFIGURATION=Debug tests the Debug build;
ZMQLOOP_ENGINE=netmq or libzmq tests that engine alone.
HELP
}

setup() {
  takes_at_most 0 "$@"
  forget_failures
  require_dotnet
  require_libzmq
  find_pyzmq
  find_node_zeromq
  find_browser
  find_shells
}

run_all_tests() {
  local quick='' project
  if [ "${1-}" = quick ]; then
    quick=yes
    shift
  fi
  takes_at_most 1 "$@"
  close_tests_on_exit
  require_dotnet
  require_libzmq
  [ -n "$quick" ] || { find_pyzmq && find_node_zeromq && find_browser && find_shells; }
  build ZmqLoop.sln "$configuration"
  case $quick${1-} in '' | *Aot*) publish_native "$configuration" ;; esac
  for project in $(test_projects); do
    [ "$project" != "$stress_project" ] || continue
    [ -z "$quick" ] || ! is_slow "$project" || continue
    in_solution "$project" || build "$project" "$configuration"
    run_tests "$project" "$(hang_limit_of "$project")" "${1-}"
  done
}

run_stress() {
  takes_at_most 1 "$@"
  require_project "$stress_project"
  close_tests_on_exit
  require_dotnet
  require_libzmq
  find_pyzmq
  build "$stress_project" "$configuration"
  run_tests "$stress_project" 15m "${1-}"
}

pack() {
  takes_at_most 1 "$@"
  require_dotnet
  pack_packages "$@"
}

site() {
  takes_at_most 0 "$@"
  require_dotnet
  make_site
}

demo() {
  local project=examples/TaskService/TaskService.csproj
  require_project "$project"
  require_dotnet
  case "${ZMQLOOP_ENGINE-} $* " in libzmq* | *"--engine libzmq "*) require_libzmq ;; esac # NetMQ needs no native library
  find_pyzmq
  build "$project" Release
  exec dotnet artifacts/bin/TaskService/release/TaskService.dll demo "$@"
}

bench() {
  local project=bench/ZmqLoop.Benchmarks/ZmqLoop.Benchmarks.csproj
  require_project "$project"
  require_dotnet
  require_libzmq
  build "$project" Release
  exec dotnet artifacts/bin/ZmqLoop.Benchmarks/release/ZmqLoop.Benchmarks.dll "$@"
}

compare() {
  local project=bench/ZmqLoop.Compare/ZmqLoop.Compare.csproj
  [ "$(uname -s)" = Linux ] || fail "compare measures with what only Linux has (threads' processor time, /proc)."
  require_dotnet
  local ours=artifacts/bin/ZmqLoop.Compare/release/ZmqLoop.Compare.dll
  build "$project" Release >&2
  case " $* " in
    *" --list "* | *" --redraw "*) ;;
    *) prepare_peers && case $(dotnet "$ours" --list "$@") in *published-*) publish_quickstart ;; esac ;;
  esac
  ZMQLOOP_COMMIT=$(git describe --always --dirty=+ --exclude '*' 2>/dev/null || true)
  export ZMQLOOP_COMMIT # what was measured, for the results
  ulimit -n "$(ulimit -Hn)" 2>/dev/null || true # 5,000 sockets are 10,000 descriptors and more
  exec dotnet "$ours" "$@"
}

prepare_peers() {
  require_libzmq
  find_pyzmq
  find_tornado
  find_node_zeromq
  find_peers_in_c
  export NODE_PATH=$ZMQLOOP_NODE_MODULES
  build bench/ZmqLoop.Benchmarks/ZmqLoop.Benchmarks.csproj Release
}

vectors() {
  local project=tests/ZmqLoop.Vectors/ZmqLoop.Vectors.csproj
  [ $# -gt 0 ] || wrong_use "vectors needs at least one FILE."
  require_project "$project"
  require_dotnet
  build "$project" Release >&2 # stdout is the interpreter's alone
  cd -- "$caller"              # FILEs are named from where the caller stands
  exec dotnet "$root/artifacts/bin/ZmqLoop.Vectors/release/ZmqLoop.Vectors.dll" "$@"
}

clean() {
  takes_at_most 0 "$@"
  rm -rf -- "$root/artifacts"
}

command=${1-}
shift $(($# > 0 ? 1 : 0))
case $command in
  '' | help | -h | --help) help ;;
  setup) setup "$@" ;;
  test) run_all_tests "$@" ;;
  stress) run_stress "$@" ;;
  pack) pack "$@" ;;
  site) site "$@" ;;
  demo) demo "$@" ;;
  bench) bench "$@" ;;
  compare) compare "$@" ;;
  chaos) chaos "$@" ;;
  vectors) vectors "$@" ;;
  clean) clean "$@" ;;
  *) wrong_use "There is no command '$command'." ;;
esac
