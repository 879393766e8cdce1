#!/usr/bin/env bash
# Holds the embedding promise: with `traits: []` an application resolves one package, ours, and CEL links no Foundation.
set -euo pipefail
cd "$(dirname "$0")"
dependencies=$(swift package show-dependencies --format flatlist)
if [ "$(printf '%s\n' "$dependencies" | grep -c .)" != 1 ]; then
  echo "embedding resolves more than one package:"; printf '%s\n' "$dependencies"; exit 1
fi
echo "resolves: $dependencies"
swift build 2>&1 | tail -1
if grep -rlE '^(public |package |internal )?import ' ../../Sources/CEL >/dev/null; then
  echo "CEL imports something"; grep -rnE '^(public |package |internal )?import ' ../../Sources/CEL; exit 1
fi
.build/debug/embed ../../policies
.build/debug/invoices
