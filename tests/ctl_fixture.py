# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of tidemarkctl share: the sandbox, a workspace, a terminal, and the running of the tests."""
import json
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

TOKEN = "sandbox-token-Zq81x"
VENUE = "Harbour Coffee"
NAME = "Café ☕"
DEADLINE = 60

CTL, SANDBOX = sys.argv[1:3]
HERE = os.path.dirname(os.path.abspath(__file__))


class Skip(Exception):
    pass


def wait_until(what, condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


class Sandbox:
    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="tidemark-sandbox-")
        port = os.path.join(self.folder, "port")
        self.process = subprocess.Popen([SANDBOX, "--port", "0", "--port-file", port, "--exit-with-parent", "--speed", "0",
                                         "--now", "2026-03-02T12:00:00Z", "--token", TOKEN, *options],
                                        stdout=subprocess.DEVNULL)
        wait_until("the sandbox", lambda: os.path.exists(port) and os.path.getsize(port))
        with open(port) as f:
            self.url = f"http://127.0.0.1:{f.read().strip()}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def faults(self, *faults):
        self.call("POST", "/_sandbox/faults", {"faults": list(faults)})

    def no_faults(self):
        self.call("DELETE", "/_sandbox/faults")

    def requests(self, path):
        return self.call("GET", "/_sandbox/stats")["by_path"].get(path, 0)

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Done:
    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    def json(self):
        return json.loads(self.out)

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f"tidemarkctl {' '.join(self.args)}: exit {self.code}\n--- out\n{self.out}--- err\n{self.err}"


class Workspace:
    """A folder that tidemarkctl is asked to work in."""

    def __init__(self, folder=None):
        self.root = tempfile.mkdtemp(prefix="tidemark-ctl-")
        self.folder = folder or os.path.join(self.root, "workspace")
        self.database = os.path.join(self.folder, "tidemark.db")

    def ctl(self, *args, code=0, input="", **more):
        """Runs it, and looks at how it ends; what goes wrong is said in a sentence, not in a message of GLib's."""
        done = subprocess.run([CTL, "--workspace", self.folder, *args], input=input, text=True, capture_output=True,
                              timeout=DEADLINE, **more)
        done = Done(args, done.returncode, done.stdout, done.stderr)
        assert done.code == code, f"expected exit {code}: {done}"
        assert "CRITICAL" not in done.err and "WARNING" not in done.err, str(done)
        assert TOKEN not in done.out + done.err, f"the token is shown: {done}"
        return done

    def fails(self, *args, say, code=1, **more):
        """Fails, both for people and for programs."""
        plain = self.ctl(*args, code=code, **more)
        assert plain.err.startswith("tidemarkctl: ") and say.lower() in plain.err.lower(), f"expected “{say}”: {plain}"
        for_program = self.ctl(*args, "--json", code=code, **more)
        error = for_program.json()["error"]
        assert say.lower() in error["message"].lower(), str(for_program)
        assert error["code"] and (code == 2 or error["advice"]), str(for_program)
        return plain

    def connect(self, sandbox):
        self.ctl("venue", "add", VENUE, "--timezone", "Europe/London")
        self.ctl("connect", "square", "--venue", VENUE, "--name", NAME, "--environment", "sandbox", "--base-url", sandbox.url,
                 "--secret", "access_token=-", input=TOKEN + "\n")

    def start(self, *args, **more):
        return subprocess.Popen([CTL, "--workspace", self.folder, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **more)

    def query(self, sql):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Terminal:
    """tidemarkctl at a terminal of 100 columns."""

    def __init__(self, workspace, *args, env=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm", "COLUMNS": "100", **(env or {})})
            os.execv(CTL, [CTL, "--workspace", workspace.folder, *args])
        self.text = ""

    def read_until(self, pattern):
        deadline = time.monotonic() + DEADLINE
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, f"waited in vain for {pattern}: {self.text!r}"
            ready, _, _ = select.select([self.fd], [], [], 1)
            if ready and not self.read():
                break
        assert re.search(pattern, self.text), f"{pattern} is not in {self.text!r}"

    def read(self):
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def type(self, text):
        os.write(self.fd, text.encode())

    def finish(self):
        while self.read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


shared = {}


def synced():
    """A workspace with everything in it, for those who only look."""
    if "workspace" not in shared:
        shared["sandbox"] = Sandbox("--orders", "600")
        shared["workspace"] = Workspace()
        shared["workspace"].connect(shared["sandbox"])
        shared["workspace"].ctl("sync", NAME)
    return shared["workspace"]


def fresh():
    """A sandbox and a connected workspace of a test's own."""
    sandbox, workspace = Sandbox("--orders", "600"), Workspace()
    shared.setdefault("own", []).extend([sandbox, workspace])
    workspace.connect(sandbox)
    return sandbox, workspace


def empty():
    workspace = Workspace()
    shared.setdefault("own", []).append(workspace)
    return workspace


def start_hanging(sandbox, w):
    """A sync that waits for an answer that does not come."""
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "hang", "path": "/v2/orders/search", "times": -1})
    before = sandbox.requests("/v2/orders/search")
    process = w.start("sync", NAME, "orders")
    wait_until("the request", lambda: sandbox.requests("/v2/orders/search") > before)
    return process


def close_all(things):
    for thing in things:
        thing.close()


def run(namespace):
    """Runs the test_ functions of a script, in a session with a keyring of its own."""
    if "TIDEMARK_WITH_KEYRING" not in os.environ:
        if shutil.which("gnome-keyring-daemon") is None:
            print("1..0 # SKIP gnome-keyring-daemon is not installed")
            return 0
        os.environ["TIDEMARK_WITH_KEYRING"] = "1"
        os.execv(os.path.join(HERE, "with-keyring"), ["with-keyring", sys.executable, *sys.argv])

    os.environ.update({"LC_ALL": "C.UTF-8", "TZ": "UTC", "GIO_USE_PROXY_RESOLVER": "dummy", "G_DEBUG": "fatal-warnings"})
    for name in ("NO_COLOR", "LANGUAGE", "G_MESSAGES_DEBUG"):
        os.environ.pop(name, None)
    wanted = sys.argv[3:]
    tests = [(n, f) for n, f in namespace.items() if n.startswith("test_") and (not wanted or n in wanted)]
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} {name}", flush=True)
        except Skip as why:
            print(f"ok {number} {name} # SKIP {why}", flush=True)
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print(f"not ok {number} {name}", flush=True)
        close_all(shared.pop("own", []))
    close_all(shared.values())
    return 1 if failed else 0
