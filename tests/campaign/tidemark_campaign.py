# SPDX-License-Identifier: GPL-3.0-or-later
"""What the campaigns share: a sandbox of one's own, workspaces, and comparing stores record by record."""
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

# What describes a reading rather than the records: differs between two honest syncs.
BOOKKEEPING = ("_key", "_connection", "_first_run", "_changed_run")


class Sandbox:
    """A pretend Square on a port of its own; gone with the `with` block."""

    def __init__(self, program, *options):
        self.folder = tempfile.mkdtemp(prefix="tidemark-sandbox-")
        port_file = os.path.join(self.folder, "port")
        self.process = subprocess.Popen([program, "--port", "0", "--port-file", port_file, "--exit-with-parent",
                                         "--speed", "0", *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not (os.path.exists(port_file) and os.path.getsize(port_file)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the sandbox did not start (exit {self.process.poll()})")
            time.sleep(0.02)
        with open(port_file) as f:
            self.url = f"http://127.0.0.1:{f.read().strip()}"

    def post(self, path, body=b"{}"):
        request = urllib.request.Request(self.url + path, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Workspace:
    """A workspace folder with one connection, "Café", to a sandbox."""

    def __init__(self, ctl, sandbox):
        self.folder = tempfile.mkdtemp(prefix="tidemark-workspace-")
        self.command = [ctl, "--workspace", self.folder]
        self.run("venue", "add", "Harbour Coffee", "--timezone", "Europe/London")
        self.run("connect", "square", "--venue", "Harbour Coffee", "--name", "Café", "--environment", "sandbox",
                 "--base-url", sandbox.url, "--secret", "access_token=-", input="sandbox-token\n")

    def run(self, *args, input=None, check=True):
        done = subprocess.run(self.command + list(args), input=input, text=True, capture_output=True, timeout=600)
        if check and done.returncode != 0:
            raise RuntimeError(f"tidemarkctl {' '.join(args)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, *args):
        return subprocess.Popen(self.command + list(args), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def database(self):
        return sqlite3.connect(os.path.join(self.folder, "tidemark.db"))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def record_tables(database):
    return [row[0] for row in database.execute(
        "SELECT source FROM streams JOIN sqlite_master ON name = source AND type = 'table' ORDER BY source")]


def content(database):
    """{table: {record id: its row}} of all record tables, without the bookkeeping of the reading."""
    stores = {}
    for table in record_tables(database):
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[1] not in BOOKKEEPING]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = database.execute(f'SELECT {names} FROM "{table}"').fetchall()
        where = columns.index("_id")
        stores[table] = {row[where]: row for row in rows}
        if len(stores[table]) != len(rows):
            raise AssertionError(f"{table} holds a record twice: {len(rows)} rows, {len(stores[table])} records")
    return stores


def differences(expected, found):
    """Sentences that say where two stores differ; none when they are equal."""
    said = []
    for table in sorted(set(expected) | set(found)):
        a, b = expected.get(table, {}), found.get(table, {})
        lost, extra = a.keys() - b.keys(), b.keys() - a.keys()
        other = [key for key in a.keys() & b.keys() if a[key] != b[key]]
        if lost:
            said.append(f"{table}: {len(lost)} lost, such as {sorted(lost)[0]}")
        if extra:
            said.append(f"{table}: {len(extra)} too many, such as {sorted(extra)[0]}")
        if other:
            said.append(f"{table}: {len(other)} differ, such as {sorted(other)[0]}")
    return said


def examine(database):
    """What SQLite itself finds wrong with the file."""
    said = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    said += [f"foreign key: {row}" for row in database.execute("PRAGMA foreign_key_check")]
    said += [f"ledger of run {row[0]} does not add up" for row in database.execute(
        "SELECT sync_id FROM sync_runs WHERE read != created + updated + unchanged + failed + skipped")]
    return said
