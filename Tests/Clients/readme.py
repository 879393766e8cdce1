"""The README's lines about the server, pasted as they are."""

import os
import re
import socket
import subprocess
import sys
import tempfile

from serving import POLICIES, ROOT, TOOL, Cases

cases = Cases("README")
text = open(os.path.join(ROOT, "README.md")).read().split("## A server")[1]
shell = re.search(r"```sh\n(.*?)```", text, re.S).group(1)
python = re.search(r"```python\n(.*?)```", text, re.S).group(1)

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = str(free.getsockname()[1])
with tempfile.TemporaryDirectory() as folder:
    os.symlink(POLICIES, os.path.join(folder, "policies"))
    os.symlink(TOOL, os.path.join(folder, "modelgate"))
    open(os.path.join(folder, "lines.py"), "w").write(python.replace("9200", port))
    lines = shell.replace("9200", port) + f"\n'{sys.executable}' lines.py\nkill %1\nwait\n"
    done = subprocess.run(
        ["bash", "-c", "set -m\n" + lines], cwd=folder, capture_output=True, text=True, timeout=300,
        env=dict(os.environ, PATH=folder + ":" + os.environ["PATH"], MODELGATE_LISTEN=f"127.0.0.1:{port}"))
said = done.stdout
for wanted in [
    '"model_id":"delay-1"', '{"acknowledged":true}',
    "cannot assign model_alias [flight_delay] to model_id [delay-2] as model_alias already refers to [delay-1]",
    "differ significantly, model results may change drastically", '"status":"CREATED"',
    "User doesn't have privilege to perform this operation on this model group", '"dry_run":true',
    '"would_succeed":false', "\ndelay-1\n",
]:
    cases.check(f"says {wanted}", wanted in said, said + done.stderr[-2000:])
cases.end(9)
