#!/usr/bin/env bash
# The official clients against the server. Makes the virtual environments that it needs; the tool must be built.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MODELGATE_TOOL=${MODELGATE_TOOL:-$PWD/.build/debug/modelgate}
[ -x "$MODELGATE_TOOL" ] || { echo "there is no $MODELGATE_TOOL: swift build --product modelgate"; exit 1; }
environments=${CLIENT_ENVIRONMENTS:-$PWD/.build/clients}

environment() { # name, packages
  local folder="$environments/$1"
  if [ ! -e "$folder/ready" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" -q --disable-pip-version-check install "${@:2}"
    touch "$folder/ready"
  fi
}
environment elasticsearch-8 'elasticsearch>=8.19,<9'
environment elasticsearch-9 'elasticsearch>=9,<10'
environment opensearch-3 'opensearch-py>=3,<4'
environment tools 'schemathesis>=4,<5'

cd Tests/Clients
export PYTHONDONTWRITEBYTECODE=1
"$environments/elasticsearch-8/bin/python" elasticsearch_client.py
"$environments/elasticsearch-9/bin/python" elasticsearch_client.py
"$environments/opensearch-3/bin/python" opensearch_client.py
"$environments/elasticsearch-9/bin/python" readme.py
python3 server_behaviour.py
SCHEMATHESIS="$environments/tools/bin/schemathesis" python3 open_api.py
