#!/usr/bin/env bash
# closing.sh FOLDER STATUS: adds up the TRX files below FOLDER, one folder a run of a test project: a line for each run, what
# failed, how many were skipped and why, and at the end the plain line "N passed, N failed, N skipped". Exits with 1 when anything failed
# or nothing passed.
set -euo pipefail

results=$1
status=$2

# passed, failed and skipped of one run. TRX counts a skipped test in total alone.
counts() {
  find "$1" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + | tr ' ' '\n' | awk -F'"' '
    /^total=/ { total += $2 }
    /^executed=/ { executed += $2 }
    /^passed=/ { passed += $2 }
    /^(failed|error|timeout|aborted)=/ { failed += $2 }
    END { print passed + 0, failed + 0, total - executed }'
}

as_text() { sed -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'\''/g; s/&amp;/\&/g'; }

failed_tests() {
  find "$1" -name '*.trx' -exec grep -ho '<UnitTestResult [^>]*outcome="Failed"' {} + |
    sed -e 's/.*testName="\([^"]*\)".*/  failed: \1/' | as_text
}

# Blame leaves a list of the tests that were started, only where the host died.
unfinished_tests() {
  find "$1" -name 'Sequence_*.xml' -exec grep -ho '<Test [^>]*Completed="False"' {} + |
    sed -e 's/.* Name="\([^"]*\)".*/\1/' | sort -u | paste -s -d ' ' -
}

# "  skipped: 52 NetMQ has no Zap." for each reason that tests gave.
skips() {
  find "$1" -name '*.trx' -exec awk '
    /<UnitTestResult / { skipped = /outcome="NotExecuted"/ }
    skipped && /<Message>/ { sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); print; skipped = 0 }' {} + |
    sort | uniq -c | sort -rn | sed -e 's/^ *\([0-9]*\) /  skipped: \1 /' | as_text
}

all_passed=0 all_failed=0 all_skipped=0
for run in "$results"/*/; do
  [ -d "$run" ] || continue
  name=$(basename "$run")
  read -r passed failed skipped < <(counts "$run")
  problems=$(failed_tests "$run" || true)
  # A host that crashes or hangs leaves counters without the test that killed it.
  unfinished=$(unfinished_tests "$run")
  if [ -n "$unfinished" ] || { [ "$(cat "$run/exit-code" 2>/dev/null)" != 0 ] && [ "$failed" -eq 0 ]; }; then
    problems="$problems${problems:+$'\n'}  failed: $name did not come to its end${unfinished:+; running then: $unfinished}"
    failed=$((failed + 1))
  fi
  seconds=$(cat "$run/seconds" 2>/dev/null || printf '?')
  printf '%-40s %5d passed %3d failed %4d skipped %5s s\n' "$name" "$passed" "$failed" "$skipped" "$seconds"
  [ -z "$problems" ] || printf '%s\n' "$problems"
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
done

[ ! -d "$results" ] || skips "$results"
if [ "$status" -ne 0 ] && [ "$all_failed" -eq 0 ]; then all_failed=1; fi
if [ "$status" -eq 0 ] && { [ "$all_failed" -gt 0 ] || [ "$all_passed" -eq 0 ]; }; then status=1; fi
printf '%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
exit "$status"
