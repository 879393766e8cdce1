#!/usr/bin/env bash
# A server under a mixed load for a while: it must not grow, leak descriptors, slow down or fail.
# Needs wrk (Debian: apt-get install wrk). SECONDS_ALL=600 WINDOW=10 CONNECTIONS=32.
# Bounds: GROWTH_MB=64 (resident memory beyond the largest of the warm-up, the first fifth),
# P99_MS=1000 (of any window behind it), FD_GROWTH=8 (descriptors, once the load has ended).
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_ALL:-600} window=${WINDOW:-10} connections=${CONNECTIONS:-32}
growth=${GROWTH_MB:-64} p99_bound=${P99_MS:-1000} fd_growth=${FD_GROWTH:-8}
command -v wrk >/dev/null || { echo "server-soak: wrk is not installed (Debian: apt-get install wrk)"; exit 1; }
[ -d /proc/self/fd ] || { echo "server-soak: there is no /proc here to read memory and descriptors from"; exit 1; }
tool=${MODELGATE_TOOL:-.build/release/modelgate}
[ -x "$tool" ] || { echo "server-soak: there is no $tool; build it, or name another one with MODELGATE_TOOL"; exit 1; }
windows=$((seconds / window)) warm=$((seconds / window / 5))
[ "$warm" -ge 1 ] || { echo "server-soak: $seconds seconds are too few for windows of $window: five windows are the least"; exit 1; }
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT

for user in "mona machine_learning_admin" "pdp modelgate_pdp_client" "root superuser"; do
  set -- $user
  echo "correct horse $1" | "$tool" users add "$1" --role "$2" --users "$folder/users.json" --password-stdin >/dev/null
done
"$tool" serve --listen 127.0.0.1:0 --data "$folder/models.db" --users "$folder/users.json" --set log.reads_in_flight=256 \
  >"$folder/out" 2>"$folder/log" &
server=$!
for _ in $(seq 100); do grep -q listens "$folder/out" && break; sleep 0.1; done
url=$(sed -n 's/.*listens at \([^ ]*\).*/\1/p' "$folder/out")
[ -n "$url" ] || { echo "server-soak: the server did not start:"; cat "$folder/log"; exit 1; }

basic() { printf '%s:correct horse %s' "$1" "$1" | base64; }
for model in delay-1 delay-2; do
  curl -sf -X PUT "$url/_ml/trained_models/$model" -H "Authorization: Basic $(basic mona)" -H 'Content-Type: application/json' -o /dev/null \
    -d '{"input":{"field_names":["a","b"]},"inference_config":{"regression":{}},"definition":{"trained_model":{"tree":{}}}}'
done
curl -sf -X PUT "$url/_ml/trained_models/delay-1/model_aliases/flight_delay" -H "Authorization: Basic $(basic mona)" -o /dev/null
curl -sf -X POST "$url/_security/api_key" -H "Authorization: Basic $(basic root)" -H 'Content-Type: application/json' \
  -d '{"name":"soak","role_descriptors":{"look":{"cluster":["monitor_ml"]}}}' >"$folder/key"
key=$(sed -n 's/.*"encoded":"\([^"]*\)".*/\1/p' "$folder/key")

cat >"$folder/mixed.lua" <<LUA
local mona, pdp, root, key = "Basic $(basic mona)", "Basic $(basic pdp)", "Basic $(basic root)", "ApiKey $key"
local question = [[{"subject":{"type":"user","id":"u","properties":{"roles":["machine_learning_admin"]}},"action":{"name":"cluster:monitor/xpack/ml/inference/get"},"resource":{"type":"trained_model","id":"delay-1"}}]]
local turn = 0
local function ask(method, path, who, body)
  return wrk.format(method, path, { Authorization = who, ["Content-Type"] = body and "application/json" or nil }, body)
end
request = function()
  turn = turn + 1
  local kind = turn % 10
  if kind == 0 then return ask("PUT", "/_ml/trained_models/delay-" .. (turn / 10 % 2 + 1) .. "/model_aliases/flight_delay?reassign=true", mona) end
  if kind == 1 then return ask("GET", "/_security/api_key", root) end
  if kind == 2 then return ask("GET", "/_ml/trained_models", key) end
  if kind == 3 then return ask("GET", "/_modelgate/openapi.json", mona) end
  if kind <= 6 then return ask("POST", "/access/v1/evaluation", pdp, question) end
  return ask("GET", "/_ml/trained_models/flight_delay", mona)
end
LUA

memory() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status"; }
descriptors() { ls "/proc/$server/fd" | wc -l; }
milliseconds() { awk '$1 == "99%" {v = $2 + 0; if ($2 ~ /us$/) v /= 1000; else if ($2 ~ /m$/) v *= 60000; else if ($2 ~ /[0-9]s$/) v *= 1000; print int(v + 0.999)}'; }
faults=()
at_first=$(descriptors) most=0 allowed=0
printf '%8s %10s %8s %10s %5s %8s\n' "seconds" "a second" "p99 ms" "memory MB" "fds" "data MB"
for turn in $(seq "$windows"); do
  out=$(wrk -t1 -c"$connections" -d"${window}s" --timeout 10s --latency -s "$folder/mixed.lua" "$url")
  kill -0 "$server" 2>/dev/null || { echo "server-soak: the server has ended:"; tail -5 "$folder/log"; exit 1; }
  rss=$(memory) p99=$(milliseconds <<<"$out")
  printf '%8s %10s %8s %10s %5s %8s\n' $((turn * window)) "$(awk '/Requests\/sec/ {print $2}' <<<"$out")" "$p99" "$rss" \
    "$(descriptors)" "$(du -cm "$folder"/models.db* | awk 'END {print $1}')"
  odd=$(grep -E 'Non-2xx|Socket errors' <<<"$out" | xargs || true)
  [ -z "$odd" ] || faults+=("at $((turn * window)) s: $odd")
  if [ "$turn" -le "$warm" ]; then
    if [ "$rss" -gt "$most" ]; then most=$rss; fi
    allowed=$((most + growth))
    continue
  fi
  [ "$rss" -le "$allowed" ] || faults+=("at $((turn * window)) s: $rss MB of memory; $most MB at most in the warm-up, $growth more are allowed")
  [ "$p99" -le "$p99_bound" ] || faults+=("at $((turn * window)) s: p99 of $p99 ms; $p99_bound are allowed")
done
sleep 2
[ "$(descriptors)" -le $((at_first + fd_growth)) ] || faults+=("$(descriptors) descriptors are open, $at_first were before")
kill -TERM "$server"
wait "$server" || faults+=("the server ended with status $?")
server=
grep -E '^[^ ]+ (error|critical) ' "$folder/log" | head -5 >"$folder/errors" || true
[ ! -s "$folder/errors" ] || faults+=("the log has errors: $(head -1 "$folder/errors")")
for fault in "${faults[@]}"; do echo "server-soak: $fault"; done
[ "${#faults[@]}" = 0 ] || exit 1
echo "server-soak: $((windows * window)) s, memory within $growth MB of the warm-up's $most MB, p99 within $p99_bound ms, no descriptor leaked"
