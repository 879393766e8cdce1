#!/usr/bin/env bash
# Builds the fuzz targets and runs each for so many seconds (60 unless told). Findings stay in Tests/Fuzz/.build/findings.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
swift build -c release -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld 2>&1 | tail -1
status=0
for name in Expressions Regex Documents; do
  small=$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')
  mkdir -p ".build/corpus/$small" .build/findings
  dictionary=""; [ -f "$small.dict" ] && dictionary="-dict=$small.dict"
  echo "== Fuzz$name, $seconds seconds"
  # shellcheck disable=SC2086
  ".build/release/Fuzz$name" ".build/corpus/$small" "Corpus/$small" $dictionary -max_total_time="$seconds" \
    -timeout=5 -rss_limit_mb=2048 -max_len=4096 -artifact_prefix=".build/findings/$small-" -print_final_stats=1 2>&1 \
    | grep -E "ERROR|SUMMARY|Fatal|number_of_executed_units|peak_rss|slowest_unit|DONE" || status=1
  ls .build/findings/"$small"-* >/dev/null 2>&1 && { echo "findings:"; ls .build/findings/"$small"-*; status=1; }
done
exit $status
