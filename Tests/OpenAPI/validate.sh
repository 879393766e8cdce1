#!/usr/bin/env bash
# The OpenAPI document, read by a validator that is not ours. It comes from PyPI, in an environment of its own.
#
#   bash Tests/OpenAPI/validate.sh [openapi.json]
set -euo pipefail
cd "$(dirname "$0")/../.."

document=${1:-docs/openapi.json}
work=.build/openapi
test -s "$document" || { echo "validate: there is no $document: UPDATE_GOLDEN=1 swift test --filter OpenAPITests writes it"; exit 1; }
if ! test -x "$work/venv/bin/python"; then
  python3 -m venv "$work/venv" 2>/dev/null || {
    echo "validate: python3 with venv is needed (apt-get install python3-venv)"; exit 1; }
fi
"$work/venv/bin/pip" install -q --disable-pip-version-check openapi-spec-validator==0.9.0
"$work/venv/bin/openapi-spec-validator" "$document"
