"""Random calls of everything that the API's document names: nothing may end as an error of the server."""

import base64
import json
import os
import re
import subprocess
import sys

from serving import Cases, Server

cases = Cases("OpenAPI")
with Server() as server:
    status, _, text = server.call("GET", "/_modelgate/openapi.json", user="admin")
    cases.equal("the document", status, 200)
    cases.check("names paths of every API", len(json.loads(text)["paths"]) > 30, len(json.loads(text)["paths"]))
    path = os.path.join(server.folder, "openapi.json")
    with open(path, "w") as file:
        file.write(text)
    token = base64.b64encode(f"admin:{server.password('admin')}".encode()).decode()
    done = subprocess.run(
        [os.environ["SCHEMATHESIS"], "run", path, "--url", server.url, "-H", f"Authorization: Basic {token}",
         "--checks", "not_a_server_error", "--max-examples", os.environ.get("EXAMPLES", "8"), "--phases", "fuzzing",
         "--seed", "7", "--suppress-health-check", "all"],
        capture_output=True, text=True, timeout=1500)
    tail = "\n".join(done.stdout.splitlines()[-25:])
    # What is not served says so with 501; anything else from 500 on is a fault.
    errors = re.findall(r"\[(5\d\d)\]", done.stdout)
    cases.check("every call was tried", re.search(r"Tested: (\d+)", done.stdout), tail + done.stderr[-500:])
    cases.check("no call ends as an error of the server", set(errors) <= {"501"}, (errors, tail))
    cases.equal("the server is still there", server.call("GET", "/_modelgate/health/live")[0], 200)
cases.end(5)
