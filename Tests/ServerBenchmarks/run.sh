#!/usr/bin/env bash
# What the server answers in a second, beside a route that returns a constant, in one run.
# Needs wrk (Debian: apt-get install wrk). SECONDS_EACH=10 CONNECTIONS=64.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_EACH:-10}
connections=${CONNECTIONS:-64}
command -v wrk >/dev/null || { echo "wrk is not installed (Debian: apt-get install wrk)"; exit 1; }
tool=${MODELGATE_TOOL:-.build/release/modelgate}
bare=${BARE_TOOL:-.build/release/bare-server}
folder=$(mktemp -d)
# Servers are started in a subshell, so they are no jobs of this one.
trap 'kill $(jobs -p) $(cat "$folder/servers" 2>/dev/null) 2>/dev/null || true; rm -rf "$folder"' EXIT

for user in "mona machine_learning_admin" "pdp modelgate_pdp_client"; do
  set -- $user
  echo "correct horse $1" | "$tool" users add "$1" --role "$2" --users "$folder/users.json" --password-stdin >/dev/null
done
start() { # name, further settings of the server
  "$tool" serve --listen 127.0.0.1:0 --data "$folder/$1.db" --users "$folder/users.json" "${@:2}" >"$folder/$1.out" 2>"$folder/$1.log" &
  echo $! >>"$folder/servers"
  for _ in $(seq 100); do grep -q listens "$folder/$1.out" 2>/dev/null && break; sleep 0.1; done
  sed -n 's/.*listens at \([^ ]*\).*/\1/p' "$folder/$1.out"
}
strict=$(start strict)
relaxed=$(start relaxed --set log.reads_in_flight=256)
"$bare" 9391 >"$folder/bare.out" 2>&1 &
sleep 1

mona="Authorization: Basic $(printf 'mona:correct horse mona' | base64)"
pdp="Authorization: Basic $(printf 'pdp:correct horse pdp' | base64)"
for url in "$strict" "$relaxed"; do
  for model in delay-1 delay-2; do
    curl -sf -X PUT "$url/_ml/trained_models/$model" -H "$mona" -H 'Content-Type: application/json' -o /dev/null \
      -d '{"input":{"field_names":["a","b"]},"inference_config":{"regression":{}},"definition":{"trained_model":{"tree":{}}}}'
  done
  curl -sf -X PUT "$url/_ml/trained_models/delay-1/model_aliases/flight_delay" -H "$mona" -o /dev/null
done

question='{"subject":{"type":"user","id":"mona","properties":{"roles":["machine_learning_admin"]}},"action":{"name":"cluster:monitor/xpack/ml/inference/get"},"resource":{"type":"trained_model","id":"delay-1"}}'
cat >"$folder/post.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[$question]]
LUA
cat >"$folder/move.lua" <<'LUA'
local turn = 0
request = function()
  turn = turn + 1
  return wrk.format("PUT", "/_ml/trained_models/delay-" .. (turn % 2 + 1) .. "/model_aliases/flight_delay?reassign=true")
end
LUA

# Each password is hashed once before anything is measured.
for url in "$strict" "$relaxed"; do
  curl -sf -o /dev/null "$url/access/v1/evaluation" -H "$pdp" -H 'Content-Type: application/json' -d "$question"
done

printf '%-34s %10s %10s %10s\n' "$connections connections, ${seconds}s each" "a second" "p50" "p99"
measure() { # name, url, options of wrk
  local out
  out=$(wrk -t1 -c"$connections" -d"${seconds}s" --latency "${@:3}" "$2")
  printf '%-34s %10s %10s %10s  %s\n' "$1" "$(awk '/Requests\/sec/ {print $2}' <<<"$out")" \
    "$(awk '$1 == "50%" {print $2}' <<<"$out")" "$(awk '$1 == "99%" {print $2}' <<<"$out")" \
    "$(grep -E 'Non-2xx|Socket errors' <<<"$out" | xargs || true)"
}
measure "a constant (bare route)" http://127.0.0.1:9391/constant
measure "a constant, posted to (bare)" http://127.0.0.1:9391/constant -s "$folder/post.lua"
measure "live" "$strict/_modelgate/health/live"
measure "evaluation" "$strict/access/v1/evaluation" -H "$pdp" -s "$folder/post.lua"
measure "evaluation, records wait" "$relaxed/access/v1/evaluation" -H "$pdp" -s "$folder/post.lua"
measure "alias lookup" "$strict/_ml/trained_models/flight_delay" -H "$mona"
measure "alias lookup, records wait" "$relaxed/_ml/trained_models/flight_delay" -H "$mona"
measure "alias move" "$strict" -H "$mona" -s "$folder/move.lua"
