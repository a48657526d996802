#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sync.py CTL SANDBOX: real syncs, every request and answer of which Square's own description is held against.

tidemarkctl tests a login and syncs everything through the validating proxy: for the first time, with nothing
changed, after changes, and in full. The proxy must not complain, and the store must hold what the
sandbox has. Skipped, with a sentence, where the description or npm is not at hand.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "campaign"))
from square_contract import Contract, Missing, SKIPPED, SOURCE_ROOT, TOKEN  # noqa: E402

STREAMS = ("locations", "team_members", "timesheets", "payments", "refunds", "payouts", "orders", "customers", "products", "prices")


def control(url, what, body):
    request = urllib.request.Request(f"{url}/_sandbox/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


def truth(url, stream):
    with urllib.request.urlopen(f"{url}/_sandbox/truth/{stream}", timeout=30) as answer:
        records = [json.loads(line) for line in answer.read().splitlines() if line]
    return {record["id"]: record for record in records if not record.get("is_deleted")}


def inside(ctl, proxy_url, sandbox_url):
    """Runs in a session that has a keyring."""
    import sqlite3
    with tempfile.TemporaryDirectory() as folder:
        def run(*arguments, text=None):
            done = subprocess.run([ctl, "--workspace", folder, *arguments], input=text, text=True, capture_output=True, timeout=120)
            assert done.returncode == 0, f"tidemarkctl {' '.join(arguments)}: {done.stdout}{done.stderr}"

        run("venue", "add", "Harbour Coffee", "--timezone", "Europe/London")
        run("connect", "square", "--venue", "Harbour Coffee", "--name", "Café", "--environment", "sandbox",
            "--base-url", proxy_url, "--secret", "access_token=-", text=TOKEN + "\n")
        run("test", "Café")
        run("sync", "Café")
        run("sync", "Café")
        for entity in ("orders", "customers", "timesheets", "products"):
            control(sandbox_url, "edit", {"entity": entity, "count": 4})
        control(sandbox_url, "delete", {"entity": "customers", "count": 3})
        control(sandbox_url, "late", {"count": 3})
        run("sync", "Café")
        run("sync", "Café", "--mode", "full")
        database = sqlite3.connect(os.path.join(folder, "tidemark.db"))
        for stream in STREAMS:
            here = {key: json.loads(raw) for key, raw in
                    database.execute(f"SELECT _id, _raw FROM square_{stream} WHERE _deleted = 0")}
            there = truth(sandbox_url, stream)
            assert here == there, f"{stream}: {len(here)} records here, {len(there)} there, or their content differs"
            print(f"# {stream}: {len(here)} records, equal")


def main():
    if sys.argv[1] == "--inside":
        inside(*sys.argv[2:])
        return 0
    ctl, sandbox = sys.argv[1:3]
    try:
        with Contract(sandbox, "--orders", "1300", "--months", "3", "--customers", "230") as contract:
            command = [SOURCE_ROOT / "tests" / "with-keyring", sys.executable, __file__, "--inside", ctl, contract.url,
                       contract.sandbox_url]
            done = subprocess.run(command, timeout=280)
            complaints = contract.violations()
    except Missing as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    for line in complaints[:20]:
        print(line)
    if complaints or done.returncode != 0:
        print("failed")
        return 1
    print("every request and answer of the syncs fits Square's description")
    return 0


if __name__ == "__main__":
    sys.exit(main())
