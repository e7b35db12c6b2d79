# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Runs test projects, each run into a folder of its own below $results, which eng/closing.sh adds up. Sourced by build.sh.

results=artifacts/results
stress_project=tests/ZmqLoop.Stress/ZmqLoop.Stress.csproj
configuration=${ZMQLOOP_CONFIGURATION:-Release}

# A project under tests/ is a test project when it imports Test.props or Engines.props; a new one is run without being listed anywhere.
test_projects() { grep -lE '"\.\./(Test|Engines)\.props"' tests/*/*.csproj; }

# is_slow PROJECT: it starts other processes, and has no place in `test quick`.
is_slow() { case $1 in *.Interop.csproj | *.Packages.Tests.csproj | *.Site.Tests.csproj | *.Chaos.Tests.csproj) ;; *) return 1 ;; esac; }

# hang_limit_of PROJECT: how long one test may take. Those of the packages and the site restore and publish.
hang_limit_of() { case $1 in *.Packages.Tests.csproj | *.Site.Tests.csproj) say 10m ;; *) say 90s ;; esac; }

# engines_of PROJECT: a run for each. What imports Engines.props has real sockets and runs on both, or on the one that ZMQLOOP_ENGINE names.
engines_of() {
  if grep -q 'Engines\.props' "$1"; then say "${ZMQLOOP_ENGINE:-netmq libzmq}"; else say none; fi
}

# From here on the script ends with the plain line, however it ends: a build that breaks or a run that is cut off
# must not look like one that said nothing.
close_tests_on_exit() {
  rm -rf -- "$results"
  test_group=''
  trap 'status=$?; end_test_group; exec bash eng/closing.sh "$results" "$status"' EXIT
}

# run_tests PROJECT HANG_LIMIT FILTER: one project after the other, since tests that time things share few cores badly.
run_tests() {
  local engine
  for engine in $(engines_of "$1"); do
    if [ "$engine" = none ]; then
      run_into "$(basename "$1" .csproj)" "$@"
    else
      ZMQLOOP_ENGINE=$engine run_into "$(basename "$1" .csproj) on $engine" "$@"
    fi
  done
}

# run_into NAME PROJECT HANG_LIMIT FILTER
run_into() {
  local status=0 folder=$results/$1 begun=$SECONDS
  say "Testing $1"
  mkdir -p "$folder"
  set -m # gives the run a process group of its own
  # Without LogFileName, which two runs would overwrite.
  dotnet test "$2" --configuration "$configuration" --no-build --nologo --tl:off \
    --results-directory "$folder" --logger trx \
    --blame-hang-timeout "$3" --blame-hang-dump-type none ${4:+--filter "$4"} &
  test_group=$!
  set +m
  wait "$test_group" || status=$?
  end_test_group
  printf '%s\n' "$status" >"$folder/exit-code"
  printf '%s\n' "$((SECONDS - begun))" >"$folder/seconds"
}

# A test that hangs sits in a process that outlives the host which gave up on it, and so may its peers.
end_test_group() {
  [ -z "$test_group" ] || kill -KILL -- "-$test_group" 2>/dev/null || true
  test_group=''
}
