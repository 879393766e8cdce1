#!/usr/bin/env bash
# What the server answers in a second, beside a route that returns a constant, in one run: each
# request in turn, ROUNDS times, because a machine that others share is not as fast in one minute as
# in the next. What is told are the medians, and the median of what each round had of bare.
# Needs wrk (Debian: apt-get install wrk). ROUNDS=8 SECONDS_EACH=2 CONNECTIONS=64.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-8}
seconds=${SECONDS_EACH:-2}
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

measure() { # number, name, url, options of wrk
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "${@:4}" "$3" >"$folder/wrk"
  echo "$1;$2;$(awk '
    function ms(time) { return time ~ /us$/ ? time / 1000 : time ~ /ms$/ ? time + 0 : time * 1000 }
    /Requests\/sec/ {rate = $2} $1 == "50%" {half = ms($2)} $1 == "99%" {most = ms($2)}
    /Non-2xx|Socket errors/ {faults = faults " " $0}
    END {print rate ";" half ";" most ";" faults}' "$folder/wrk")" >>"$folder/results"
}
for _ in $(seq "$rounds"); do
  measure 1 "a constant (bare route)" http://127.0.0.1:9391/constant
  measure 2 "a constant, posted to (bare)" http://127.0.0.1:9391/constant -s "$folder/post.lua"
  measure 3 "live" "$strict/_modelgate/health/live"
  measure 4 "evaluation" "$strict/access/v1/evaluation" -H "$pdp" -s "$folder/post.lua"
  measure 5 "evaluation, records wait" "$relaxed/access/v1/evaluation" -H "$pdp" -s "$folder/post.lua"
  measure 6 "alias lookup" "$strict/_ml/trained_models/flight_delay" -H "$mona"
  measure 7 "alias lookup, records wait" "$relaxed/_ml/trained_models/flight_delay" -H "$mona"
  measure 8 "alias move" "$strict" -H "$mona" -s "$folder/move.lua"
  [ -t 2 ] && printf '.' >&2
done
[ -t 2 ] && echo >&2

echo "$connections connections, $rounds rounds of ${seconds}s each"
sort -s -t';' -k1,1n "$folder/results" | awk -F';' '
  function median(list, count,    i, j, kept) {
    for (i = 2; i <= count; i++)
      for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
        kept = list[j]; list[j] = list[j - 1]; list[j - 1] = kept
      }
    return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
  }
  function show(    i) {
    for (i = 1; i <= n; i++) part[i] = rate[i] / bare[number == 4 || number == 5, i]
    printf "%-30s %9.0f %8.2f ms %8.2f ms %8.2f  %s\n", name, median(rate, n), median(half, n),
      median(most, n), median(part, n), faults
  }
  BEGIN { printf "%-30s %9s %11s %11s %8s\n", "request", "a second", "p50", "p99", "of bare" }
  $1 != number { if (number) show(); number = $1; n = 0; faults = "" }
  { n++; name = $2; rate[n] = $3; half[n] = $4; most[n] = $5; faults = faults $6
    if ($1 <= 2) bare[$1 - 1, n] = $3 }
  END { show() }'
