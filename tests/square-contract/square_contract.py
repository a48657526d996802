#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox behind a proxy that compares every request and every answer with Square's own API description.

From Python: with Contract(program, "--orders", "300") as contract: ... contract.url ...
From a shell:  square_contract.py PROGRAM [ARGUMENT...]
  prints the proxy's address and the sandbox's on a line each, and ends when its standard input does.

With the proxy in between, what breaks the description is answered with a problem document (a status of
4xx or 5xx, application/problem+json) instead of what the sandbox said, and is logged; contract.violations()
lists what was logged. The description is looked for next to the source tree, or in TIDEMARK_OPENAPI_DIR;
the proxy is installed by npm into the cache folder. What is missing raises Missing, with a sentence.
"""

import fcntl
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PRISM = "@stoplight/prism-cli@5.14.2"
DESCRIPTION = "square-2025-08-20.cut.json"
SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-03-31T12:00:00Z"
TOKEN = "sandbox-token"
SKIPPED = 77
DEADLINE = 60


class Missing(Exception):
    """Something this check needs is not on this machine."""


def find_description():
    folder = os.environ.get("TIDEMARK_OPENAPI_DIR") or SOURCE_ROOT.parent / "shared" / "providers" / "openapi"
    path = pathlib.Path(folder) / DESCRIPTION
    if not path.is_file():
        raise Missing(f"Square's API description ({DESCRIPTION}) is not at hand; TIDEMARK_OPENAPI_DIR can name its folder")
    return path


def find_prism():
    """The proxy's program; installed on first use. A lock keeps two tests from installing at once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("node and npm, which the validating proxy needs, are not installed")
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "tidemark-tests" / "prism"
    program = cache / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.is_file():
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(cache), PRISM],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0 or not program.is_file():
                raise Missing(f"npm could not install {PRISM}: {done.stdout.strip()[-300:]}")
    return program


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, process, what):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start within {DEADLINE} s")
        time.sleep(0.05)


class Contract:
    def __init__(self, program, *arguments):
        self.description = find_description()
        self.prism = find_prism()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="square-contract-"))
        self.log = self.folder / "prism.log"
        self.processes = []
        self.barriers = 0
        try:
            self._start_sandbox(program, arguments)
            self._start_proxy()
        except BaseException:
            self.close()
            raise

    def _start_sandbox(self, program, arguments):
        port_file = self.folder / "port"
        process = subprocess.Popen([program, "--speed", "0", "--now", NOW, "--port-file", str(port_file), "--exit-with-parent",
                                    *arguments], stdout=subprocess.DEVNULL)
        self.processes.append(process)
        wait_until(lambda: port_file.is_file() and port_file.read_text().strip(), process, "the sandbox")
        self.sandbox_url = f"http://127.0.0.1:{port_file.read_text().strip()}"

    def _start_proxy(self):
        port = free_port()
        with open(self.log, "wb") as log:
            process = subprocess.Popen(["node", str(self.prism), "proxy", str(self.description), self.sandbox_url, "--errors",
                                        "-h", "127.0.0.1", "-p", str(port)], stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        wait_until(lambda: b"Prism is listening" in self.log.read_bytes(), process, "the proxy")
        self.url = f"http://127.0.0.1:{port}"

    def violations(self):
        """Lines in which the proxy complained.

        It logs after it has answered, so a request of our own goes last and its line is waited for.
        """
        self.barriers += 1
        barrier = f"/barrier-{self.barriers}"
        try:
            urllib.request.urlopen(self.url + barrier, timeout=DEADLINE).close()
        except urllib.error.HTTPError:
            pass   # the description has no such path, of course
        wait_until(lambda: any(barrier in line and "✖" in line for line in self._log_lines()), self.processes[-1], "the log")
        return [line for line in self._log_lines() if "✖" in line and "/barrier-" not in line]

    def _log_lines(self):
        return self.log.read_text(errors="replace").splitlines()

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def main():
    try:
        with Contract(sys.argv[1], *sys.argv[2:]) as contract:
            print(contract.url)
            print(contract.sandbox_url, flush=True)
            sys.stdin.read()
            complaints = contract.violations()
    except Missing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return SKIPPED
    for line in complaints:
        print(line, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
