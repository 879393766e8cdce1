"""A server for as long as a test takes: its own folder, its own users, a free port."""

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

TOOL = os.environ.get("MODELGATE_TOOL", ".build/debug/modelgate")

USERS = {
    "admin": (["superuser", "all_access"], ["admin"]),
    "mona": (["machine_learning_admin"], []),
    "otto": (["machine_learning_user"], []),
    "nora": ([], []),
    "user1": (["ml_full_access"], ["IT", "HR"]),
    "user2": (["ml_full_access"], ["IT"]),
    "user3": (["ml_full_access"], ["Finance"]),
    "user4": (["ml_full_access"], []),
    "ml_readonly": (["ml_read_access"], ["opensearch"]),
    "pdp": (["modelgate_pdp_client"], []),
}


class Server:
    """Starts `modelgate serve` on a free port and ends it."""

    def __init__(self, folder=None, users=USERS, arguments=(), environment=None):
        self.folder = folder or tempfile.mkdtemp(prefix="modelgate-")
        self.users_file = os.path.join(self.folder, "users.json")
        self.arguments = list(arguments)
        self.environment = dict(os.environ, **(environment or {}))
        for name, (roles, backend_roles) in users.items():
            self.add_user(name, roles, backend_roles)
        self.start()

    @staticmethod
    def password(name):
        return f"correct horse {name}"

    def add_user(self, name, roles, backend_roles):
        command = [TOOL, "users", "add", name, "--users", self.users_file, "--password-stdin"]
        for role in roles:
            command += ["--role", role]
        for role in backend_roles:
            command += ["--backend-role", role]
        subprocess.run(
            command, input=self.password(name) + "\n", text=True, check=True, capture_output=True)

    def start(self):
        self.log = open(os.path.join(self.folder, "log"), "a")
        self.process = subprocess.Popen(
            [TOOL, "serve", "--listen", "127.0.0.1:0", "--policies", os.environ.get("MODELGATE_POLICIES", "policies"),
             "--data", os.path.join(self.folder, "models.db"), "--users", self.users_file,
             "--keys", os.path.join(self.folder, "keys.json")] + self.arguments,
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)
        self.output = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the server did not start:\n" + open(self.log.name).read())
            self.output.append(line)
            found = re.search(r"(https?)://[^:]+:(\d+)", line)
            if found:
                self.scheme, self.port = found.group(1), int(found.group(2))
                return

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.stop()
        if kind:
            print(open(self.log.name).read()[-4000:])

    def call(self, method, path, body=None, user=None, headers=None):
        """Status, headers and text of an answer."""
        headers = dict(headers or {})
        if user:
            text = f"{user}:{self.password(user)}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(text).decode()
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()


class Cases:
    """Counts what was checked, so that a run that checks nothing fails."""

    def __init__(self, name):
        self.name, self.count, self.failures = name, 0, []

    def check(self, what, condition, seen=None):
        self.count += 1
        if not condition:
            self.failures.append(what)
            print(f"FAILED {self.name}: {what}\n  saw: {seen!r}")

    def equal(self, what, seen, wanted):
        self.check(f"{what}: wanted {wanted!r}", seen == wanted, seen)

    def raises(self, what, kind, call, *texts):
        try:
            seen = call()
        except kind as error:
            missing = [text for text in texts if text not in str(error) and text not in str(getattr(error, "info", ""))]
            self.check(f"{what}: {missing}", not missing, f"{error} {getattr(error, 'info', '')}")
            return error
        except Exception as error:
            self.check(f"{what}: {kind.__name__}", False, f"{type(error).__name__}: {error}")
            return error
        self.check(f"{what}: {kind.__name__}", False, seen)

    def end(self, least):
        print(f"{self.name}: {self.count} checked, {len(self.failures)} failed")
        if self.failures or self.count < least:
            raise SystemExit(1)
