# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Runs test projects, each into a folder of its own below $results, which eng/closing.sh adds up. Sourced by build.sh.

results=artifacts/results
stress_project=tests/ZmqLoop.Stress/ZmqLoop.Stress.csproj
configuration=${ZMQLOOP_CONFIGURATION:-Release}

# A project under tests/ is a test project when it imports Test.props; a new one is run without being listed anywhere.
test_projects() { grep -l 'Test\.props' tests/*/*.csproj; }

# From here on the script ends with the plain line, however it ends: a build that breaks or a run that is cut off
# must not look like one that said nothing.
close_tests_on_exit() {
  rm -rf -- "$results"
  test_group=''
  trap 'status=$?; end_test_group; exec bash eng/closing.sh "$results" "$status"' EXIT
}

# run_tests PROJECT HANG_LIMIT FILTER: one project after the other, since tests that time things share few cores badly.
run_tests() {
  local name status=0
  name=$(basename "$1" .csproj)
  say "Testing $name"
  mkdir -p "$results/$name"
  set -m # gives the run a process group of its own
  # Without LogFileName, which two runs would overwrite.
  dotnet test "$1" --configuration "$configuration" --no-build --nologo --tl:off \
    --results-directory "$results/$name" --logger trx \
    --blame-hang-timeout "$2" --blame-hang-dump-type none ${3:+--filter "$3"} &
  test_group=$!
  set +m
  wait "$test_group" || status=$?
  end_test_group
  printf '%s\n' "$status" >"$results/$name/exit-code"
}

# A test that hangs sits in a process that outlives the host which gave up on it, and so may its peers.
end_test_group() {
  [ -z "$test_group" ] || kill -KILL -- "-$test_group" 2>/dev/null || true
  test_group=''
}
