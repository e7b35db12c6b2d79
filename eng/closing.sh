#!/usr/bin/env bash
# closing.sh FOLDER STATUS: adds up the TRX files below FOLDER, one folder a test project, names what failed, and ends
# with the plain line "N passed, N failed, N skipped". Exits with 1 when anything failed or nothing passed.
set -euo pipefail

results=$1
status=$2

# passed, failed and skipped of one project. TRX counts a skipped test in total alone.
counts() {
  find "$1" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + | tr ' ' '\n' | awk -F'"' '
    /^total=/ { total += $2 }
    /^executed=/ { executed += $2 }
    /^passed=/ { passed += $2 }
    /^(failed|error|timeout|aborted)=/ { failed += $2 }
    END { print passed + 0, failed + 0, total - executed }'
}

failed_tests() {
  find "$1" -name '*.trx' -exec grep -ho '<UnitTestResult [^>]*outcome="Failed"' {} + |
    sed -e 's/.*testName="\([^"]*\)".*/  failed: \1/' -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'\''/g; s/&amp;/\&/g'
}

# Blame leaves a list of the tests that were started, only where the host died.
unfinished_tests() {
  find "$1" -name 'Sequence_*.xml' -exec grep -ho '<Test [^>]*Completed="False"' {} + |
    sed -e 's/.* Name="\([^"]*\)".*/\1/' | sort -u | paste -s -d ' ' -
}

all_passed=0 all_failed=0 all_skipped=0
for project in "$results"/*/; do
  [ -d "$project" ] || continue
  read -r passed failed skipped < <(counts "$project")
  failed_tests "$project" || true
  # A host that crashes or hangs leaves counters without the test that killed it.
  unfinished=$(unfinished_tests "$project")
  if [ -n "$unfinished" ] || { [ "$(cat "$project/exit-code" 2>/dev/null)" != 0 ] && [ "$failed" -eq 0 ]; }; then
    printf '  failed: %s did not come to its end%s\n' "$(basename "$project")" "${unfinished:+; running then: $unfinished}"
    failed=$((failed + 1))
  fi
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
done

if [ "$status" -ne 0 ] && [ "$all_failed" -eq 0 ]; then all_failed=1; fi
if [ "$status" -eq 0 ] && { [ "$all_failed" -gt 0 ] || [ "$all_passed" -eq 0 ]; }; then status=1; fi
printf '%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
exit "$status"
