#!/bin/sh
# The demo: real requests to a model registry, decided by the policies in policies/.
# Usage: sh examples/demo.sh path/to/modelgate
set -u
modelgate=$1
show() {
  printf '\n$ modelgate %s\n' "$*"
  "$modelgate" "$@"
  status=$?
  # 0 allow or warn, 2 deny: both are answers. Anything else is a fault.
  case $status in 0|2) ;; *) exit "$status" ;; esac
}
show check examples/01-create-alias/request.json --policies policies
show check examples/04-few-common-fields/request.json --policies policies
show check examples/03-mismatching-model/regression-to-classification.json --policies policies --explain
show check examples/07-no-privilege/alias.json --policies policies --explain
printf '\nNext: docs/TOUR.md writes a rule, tries it and reads the answer in ten minutes.\n'
