#!/usr/bin/env bash
# Every report format, read by parsers and held against schemas that are not ours.
#
#   bash Tests/Reports/validate.sh [modelgate]
#
# The parsers come from PyPI, in an environment of their own; the schema of JUnit comes with the source of pytest, that of SARIF with
# the source of sarif-pydantic, the DTD of Cobertura with Debian's source package of cobertura. What can't be had is said, and fails only with REPORTS_STRICT=1.
set -euo pipefail
cd "$(dirname "$0")/../.."

tool=${1:-.build/debug/modelgate}
work=.build/reports
test -x "$tool" || { echo "validate: there is no $tool: build it first, swift build --product modelgate"; exit 1; }
tool=$(realpath "$tool")
mkdir -p "$work/schemas"
absent=()

if ! test -x "$work/venv/bin/python"; then
  python3 -m venv "$work/venv" 2>/dev/null || {
    echo "validate: python3 with venv is needed (apt-get install python3-venv)"; exit 1; }
fi
"$work/venv/bin/pip" install -q --disable-pip-version-check \
  junitparser==5.0.3 "tap.py[yaml]==3.2.1" pycobertura==4.1.0 lxml sarif-pydantic==0.6.2 sarif-tools==3.0.5 html5lib \
  "jsonschema[format]==4.26.0"

if ! test -s "$work/schemas/junit-10.xsd"; then
  (cd "$work/schemas" && rm -f pytest-*.tar.gz \
    && ../venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary :all: pytest==9.2.0 \
    && tar xzf pytest-9.2.0.tar.gz --strip-components 3 pytest-9.2.0/testing/example_scripts/junit-10.xsd) \
    || absent+=("the schema of JUnit")
fi
if ! test -s "$work/schemas/sarif-schema-2.1.0.json"; then
  (cd "$work/schemas" && rm -f sarif_pydantic-*.tar.gz \
    && ../venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary :all: sarif-pydantic==0.6.2 \
    && tar xzf sarif_pydantic-0.6.2.tar.gz --strip-components 1 sarif_pydantic-0.6.2/sarif-schema-2.1.0.json) \
    || absent+=("the schema of SARIF")
fi
if ! test -s "$work/schemas/coverage-04.dtd" && command -v apt-get >/dev/null 2>&1; then
  lists=$(mktemp -d)
  chmod 755 "$lists" && mkdir -p "$lists/state/partial"
  echo "deb-src http://deb.debian.org/debian bookworm main" > "$lists/sources.list"
  options="-q -o Dir::Etc::sourcelist=$lists/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=$lists/state"
  # shellcheck disable=SC2086
  (cd "$work/schemas" && apt-get $options update && apt-get $options source --download-only cobertura) >"$work/apt.log" 2>&1 || true
  for source in "$work"/schemas/cobertura_*.orig.tar.*; do
    test -s "$source" && tar xf "$source" -C "$work/schemas" --strip-components 6 --wildcards '*/test/resources/dtds/coverage-04.dtd'
  done
  rm -rf "$lists"
fi
test -s "$work/schemas/coverage-04.dtd" || absent+=("the DTD of Cobertura")

# One run that passes and one that fails in every way, each with all reports.
for set in testing testing-weak; do
  mkdir -p "$work/$set"
  reports=()
  for format in text json junit tap sarif github gitlab cobertura html; do reports+=(--report "$format=$PWD/$work/$set/$format"); done
  (cd Tests/ToolTests/Fixtures && "$tool" test --policies "$set" --mutate "${reports[@]}" >/dev/null) || test $? -eq 2
done

# An audit with findings of every kind.
mkdir -p "$work/audit"
for format in json junit sarif github gitlab; do
  (cd examples/82-audit && "$tool" audit --policies ../../policies --opensearch groups.json group-models.json internal-users.json \
    --format "$format" >"$OLDPWD/$work/audit/$format") || test $? -eq 2
done

# Findings of lint, with a place in every kind of file.
mkdir -p "$work/lint"
(cd examples/81-lint && "$tool" lint policies --format sarif >"$OLDPWD/$work/lint/sarif") || test $? -eq 2

"$work/venv/bin/python" Tests/Reports/validate.py "$work"

for what in "${absent[@]:-}"; do test -z "$what" || echo "NOT CHECKED: $what could not be had"; done
if test "${REPORTS_STRICT:-0}" = 1 && test ${#absent[@]} -gt 0; then exit 1; fi
