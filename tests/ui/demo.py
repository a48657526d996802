# SPDX-License-Identifier: GPL-3.0-or-later
"""A keyring, a pretend provider and a workspace for tests of the window.

Everything lives in a scratch folder and ends with the test. Run inside ./with-display.
"""
import json
import os
import subprocess
import tempfile
import time
import urllib.request

TOKEN = "sandbox-token"


def until(what, fn, seconds=20):
    """Polls fn() until it returns something true."""
    end = time.monotonic() + seconds
    while True:
        result = fn()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"timed out waiting for {what}")
        time.sleep(0.02)


class Keyring:
    def __init__(self):
        env = {k: v for k, v in os.environ.items() if k != "G_DEBUG"}     # its warnings are not ours
        self.proc = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     env=env)
        self.proc.stdin.write(b"test")
        self.proc.stdin.close()
        until("the keyring", self._is_there)

    def _is_there(self):
        out = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus",
                              "--object-path", "/org/freedesktop/DBus",
                              "--method", "org.freedesktop.DBus.NameHasOwner", "org.freedesktop.secrets"],
                             capture_output=True, text=True).stdout
        return "true" in out

    def close(self):
        self.proc.terminate()
        self.proc.wait()


class Sandbox:
    """tidemark-sandbox on a port of its own."""

    def __init__(self, program, folder, *args):
        port_file = os.path.join(folder, f"port-{len(os.listdir(folder))}")
        self.log = open(port_file + ".log", "w")
        self.proc = subprocess.Popen([program, "--port", "0", "--port-file", port_file, "--exit-with-parent",
                                      "--token", TOKEN, *args], stdout=self.log, stderr=subprocess.STDOUT)
        until("the sandbox", lambda: os.path.exists(port_file) and os.path.getsize(port_file))
        with open(port_file) as f:
            self.url = "http://127.0.0.1:" + f.read().strip()

    def _control(self, method, body=None, path="faults"):
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()

    def never_answer(self, path):
        """From now on requests for that path are left without an answer."""
        self._control("POST", {"faults": [{"kind": "hang", "path": path, "seconds": 600, "times": -1}]})

    def go_wrong(self, kind, path, times=-1):
        """From now on requests for that path go wrong, all of them or the next few."""
        self._control("POST", {"faults": [{"kind": kind, "path": path, "times": times}]})

    def answer_again(self):
        self._control("DELETE")

    def delete(self, entity, count):
        self._control("POST", {"entity": entity, "count": count}, "delete")

    def edit(self, entity, count):
        self._control("POST", {"entity": entity, "count": count}, "edit")

    def close(self):
        self.proc.terminate()
        self.proc.wait()
        self.log.close()


class Workspace:
    """A folder that tidemarkctl prepares and the window then opens."""

    def __init__(self, ctl, folder):
        self.ctl_program = ctl
        self.folder = folder

    def ctl(self, *args, secret=None, status=0):
        result = subprocess.run([self.ctl_program, "--workspace", self.folder, *args],
                                input=None if secret is None else secret + "\n", capture_output=True, text=True)
        assert result.returncode == status, f"tidemarkctl {args}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def connect(self, sandbox, venue="Harbour Coffee", name="Square"):
        self.ctl("venue", "add", venue, "--timezone", "Europe/London")
        self.ctl("connect", "square", "--venue", venue, "--name", name, "--environment", "sandbox",
                 "--base-url", sandbox.url, "--secret", "access_token=-", secret=TOKEN)


class Demo:
    """All of it together; a context manager."""

    def __init__(self, ctl, sandbox, *sandbox_args):
        self.scratch = tempfile.TemporaryDirectory(prefix="tidemark-ui-")
        self.keyring = Keyring()
        self.sandbox = Sandbox(sandbox, self.scratch.name, *sandbox_args)
        self.workspace = Workspace(ctl, os.path.join(self.scratch.name, "workspace"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.close()
        self.keyring.close()
        self.scratch.cleanup()
