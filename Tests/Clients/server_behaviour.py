"""The server as an operator sees it: starting, ending, being killed, being told wrong things."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

from serving import POLICIES, TOOL, Cases, Server

cases = Cases("server")


def fails(what, arguments, *texts, environment=None):
    """The server refuses to start, says why, and exits with 1 (or 64 for wrong usage)."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [TOOL, "serve", "--policies", POLICIES, "--data", f"{folder}/m.db", "--users", f"{folder}/u.json",
             "--listen", "127.0.0.1:0"] + arguments, capture_output=True, text=True, timeout=120,
            env=dict(os.environ, **(environment or {})))
    said = done.stdout + done.stderr
    cases.check(f"{what}: {texts}", done.returncode in (1, 64) and all(t in said for t in texts), (done.returncode, said))


def starting():
    fails("everybody could listen", ["--listen", "0.0.0.0:0"], "--allow-plain-http")
    fails("no port", ["--listen", "nowhere"], "HOST:PORT")
    fails("unknown setting", ["--set", "limits.bodybytes=1"], "limits.bodybytes")
    fails("not a number", ["--set", "limits.requests=many"], "whole number")
    fails("too small", ["--set", "limits.requests=0"], "from 1 to")
    fails("from the environment", [], "whole number", environment={"MODELGATE_LIMITS_REQUESTS": "x"})
    fails("no certificate", ["--tls-key", "x"], "no certificate")
    fails("no such file", ["--tls-key", "/none", "--tls-cert", "/none"], "TLS")
    fails("no policies", ["--policies", "/none"], "/none")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write('{"limits": {\n  "requestz": 1, "idle_seconds": "a"}}')
        file.flush()
        fails("a file with faults", ["--config", file.name], ":2:3", "requestz", "did you mean", "idle_seconds")
    busy = socket.socket()
    busy.bind(("127.0.0.1", 0))
    busy.listen()
    fails("port in use", ["--listen", f"127.0.0.1:{busy.getsockname()[1]}"], "any free port")
    busy.close()


def first_start():
    with Server(users={}) as server:
        said = "".join(server.output)
        found = re.search(r"`admin`.*\n\s+(\S+)\n", said)
        cases.check("the first start shows a password", bool(found), said)
        password = found.group(1)
        cases.check("a long one", len(password) >= 16, password)
        import base64
        token = base64.b64encode(f"admin:{password}".encode()).decode()
        status, _, text = server.call("GET", "/_security/_authenticate", headers={"Authorization": f"Basic {token}"})
        cases.equal("admin may call", (status, json.loads(text).get("username")), (200, "admin"))
        mode = os.stat(server.users_file).st_mode & 0o777
        cases.equal("nobody else reads the users", mode, 0o600)
        cases.check("the password is not kept", password not in open(server.users_file).read())
        server.stop()
        server.output = []
        server.start()
        cases.check("it is shown once", "password" not in "".join(server.output), server.output)


MODEL = {"input": {"field_names": ["a"]}, "inference_config": {"regression": {}}, "definition": {"x": 1}}


def killed():
    """What was acknowledged is there after kill -9."""
    with Server() as server:
        for name in ["m-1", "m-2"]:
            status, _, text = server.call("PUT", f"/_ml/trained_models/{name}", MODEL, user="mona")
            cases.equal(f"put {name} {text}", status, 200)
        acknowledged = {}
        stop = threading.Event()

        def move(alias):
            turn = 0
            while not stop.is_set():
                turn += 1
                target = f"m-{turn % 2 + 1}"
                try:
                    status, _, _ = server.call(
                        "PUT", f"/_ml/trained_models/{target}/model_aliases/{alias}?reassign=true", user="mona")
                except Exception:
                    return
                if status == 200:
                    acknowledged[alias] = (turn, target)

        threads = [threading.Thread(target=move, args=(f"alias_{c}",)) for c in "abcd"]
        for thread in threads:
            thread.start()
        time.sleep(2)
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        cases.check("something was acknowledged", sum(t for t, _ in acknowledged.values()) > 20, acknowledged)
        server.start()
        for alias, (turn, target) in acknowledged.items():
            status, _, text = server.call("GET", f"/_ml/trained_models/{alias}", user="mona")
            # The last acknowledged move, or the one behind it, whose answer was lost.
            other = f"m-{(turn + 1) % 2 + 1}"
            seen = json.loads(text)["trained_model_configs"][0]["model_id"] if status == 200 else text
            cases.check(f"{alias} survived", seen in (target, other), (seen, target))


def reloaded():
    """Users and policies change while the server runs; what is broken changes nothing."""
    with Server() as server:
        server.add_user("late", ["machine_learning_user"], [])
        time.sleep(2.5)
        cases.equal("a user who came later", server.call("GET", "/_ml/trained_models", user="late")[0], 200)
        good = open(server.users_file).read()
        with open(server.users_file, "w") as file:
            file.write("{")
        time.sleep(2.5)
        cases.equal("a broken users file changes nothing", server.call("GET", "/_ml/trained_models", user="late")[0], 200)
        with open(server.users_file, "w") as file:
            file.write(good)
        server.process.send_signal(signal.SIGHUP)
        time.sleep(3)
        cases.equal("after HUP", server.call("GET", "/_ml/trained_models", user="late")[0], 200)


def crowded():
    """A thousand silent connections and a body that drips do not keep others out."""
    with Server() as server:
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
        slow = socket.create_connection(("127.0.0.1", server.port))
        slow.sendall(b"POST /access/v1/evaluation HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        start = time.monotonic()
        for _ in range(20):
            slow.sendall(b"x")
            cases.equal("others are answered", server.call("GET", "/_modelgate/health/live")[0], 200)
        cases.check("soon", time.monotonic() - start < 10, time.monotonic() - start)
        for connection in silent:
            connection.close()
        slow.close()


def ending():
    server = Server()
    stuck = socket.create_connection(("127.0.0.1", server.port))
    stuck.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    time.sleep(0.3)
    start = time.monotonic()
    cases.equal("it ends well", server.stop(), 0)
    cases.check("in time", time.monotonic() - start < 20, time.monotonic() - start)


def guessing():
    with Server() as server:
        import base64
        statuses = []

        def guess(number):
            wrong = base64.b64encode(f"mona:wrong {number}".encode()).decode()
            statuses.append(server.call("GET", "/", headers={"Authorization": f"Basic {wrong}"})[0])

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cases.check("guesses are refused", set(statuses) <= {401, 429}, statuses)
        cases.check("and slowed down", 429 in statuses, statuses)
        cases.equal("others are not locked out", server.call("GET", "/", user="otto")[0], 200)


for part in (starting, first_start, killed, reloaded, crowded, ending, guessing):
    part()
cases.end(45)
