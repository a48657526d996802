#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py BUILD [--orders N[,N...]] [--rounds N]: the speed of a sync, as ratios within one run.

Tidemark and reference.py (requests + executemany) take turns against the same pretend Square on
loopback, whole processes timed from outside; what both stored is compared before a figure counts.
Prints a table with the figure, what it has to be, and whether it is. Says nothing about absolute speed:
only the ratios mean something on another machine.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "campaign"))
from tidemark_campaign import Sandbox, Workspace  # noqa: E402

MANIFEST = os.path.join(HERE, "..", "..", "data", "providers", "square.json")
TOKEN = "sandbox-token"
rows = []


def timed(command):
    """Runs a command; its wall seconds and its peak memory in bytes."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {process.returncode}")
    return took, usage.ru_maxrss * 1024


def report(what, figure, bound, unit="", at_least=True):
    good = figure >= bound if at_least else figure <= bound
    rows.append((what, f"{figure:.2f}{unit}", f"{'≥' if at_least else '≤'} {bound:g}{unit}", "yes" if good else "NO"))


def sync(workspace, *options):
    return timed(workspace.command + ["sync", "Café", "orders", *options])


def compare(workspace, path):
    """Raises unless both stores hold the same orders, cell by cell and byte by byte."""
    database = workspace.database()
    database.execute("ATTACH ? AS other", (path,))
    columns = [r[1] for r in database.execute("PRAGMA other.table_info(orders)") if r[1] not in ("id", "raw")]
    same = " AND ".join(f'a."{c}" IS b."{c}"' for c in columns)
    ours, = database.execute("SELECT count(*) FROM square_orders").fetchone()
    theirs, = database.execute("SELECT count(*) FROM other.orders").fetchone()
    both, = database.execute("SELECT count(*) FROM square_orders a JOIN other.orders b"
                             f" ON b.id = a._id AND a._raw = b.raw AND {same}").fetchone()
    size, = database.execute("SELECT sum(length(CAST(_raw AS BLOB)) + 1) FROM square_orders").fetchone()
    database.close()
    if not ours == theirs == both:
        raise AssertionError(f"the stores differ: {ours} and {theirs} orders, {both} equal")
    return ours, size


def locations(workspace):
    with workspace.database() as database:
        return [r[0] for r in database.execute("SELECT _id FROM square_locations ORDER BY _id")]


def at_rest(database, function, *arguments):
    """Times something once the disk owes nothing more of what came before, and with its own database in memory if there is
    one: the other's turn takes minutes, after which the system may have let go of it. Another process reads it, as closing
    a file here would let go of the locks that SQLite holds on it in this one."""
    os.sync()
    if os.path.exists(database):
        subprocess.run(["cat", database], stdout=subprocess.DEVNULL, check=True)
    return function(*arguments)


def measure(build, orders, rounds):
    """First load and re-read of so many orders; returns seconds a row of ours for both."""
    ctl, sandbox_program = f"{build}/src/ctl/tidemarkctl", f"{build}/src/sandbox/tidemark-sandbox"
    figures = {"first": [], "again": []}
    costs = {"first": [], "again": []}
    with Sandbox(sandbox_program, "--orders", str(orders), "--seed", "3") as sandbox:
        peak = 0
        for number in range(rounds):
            workspace = Workspace(ctl, sandbox)
            workspace.run("sync", "Café", "locations")
            folder = tempfile.mkdtemp(prefix="tidemark-reference-")
            path = os.path.join(folder, "reference.db")
            command = ["/usr/bin/python3", os.path.join(HERE, "reference.py"), sandbox.url, TOKEN, path, MANIFEST,
                       *locations(workspace)]
            for kind in ("first", "again"):
                options = ["--mode", "full"]
                own = os.path.join(workspace.folder, "tidemark.db")
                if number % 2:
                    theirs, _ = at_rest(path, timed, command)
                    ours, memory = at_rest(own, sync, workspace, *options)
                else:
                    ours, memory = at_rest(own, sync, workspace, *options)
                    theirs, _ = at_rest(path, timed, command)
                peak = max(peak, memory)
                count, received = compare(workspace, path)
                figures[kind].append(theirs / ours)
                costs[kind].append(ours / count)
                print(f"# {orders} orders, {kind}: {ours:.2f} s against {theirs:.2f} s"
                      f" ({count / ours:.0f} and {count / theirs:.0f} a second), peak {memory / 2**20:.0f} MB", flush=True)
            if number == 0:
                report(f"database / JSON received, {orders} orders", database_size(workspace) / received, 1.25, at_least=False)
                incremental(build, workspace, sandbox, orders, command, path)
            workspace.remove()
            shutil.rmtree(folder)
    report(f"peak memory of a sync, {orders} orders", peak / 2**20, 64, " MB", at_least=False)
    report(f"first sync of {orders} orders, times faster", statistics.median(figures["first"]), 6)
    report(f"re-read of {orders} orders, nothing changed, times faster", statistics.median(figures["again"]), 16)
    return {kind: statistics.median(cost) for kind, cost in costs.items()}


def database_size(workspace):
    database = workspace.database()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages, = database.execute("PRAGMA page_count").fetchone()
    free, = database.execute("PRAGMA freelist_count").fetchone()
    size, = database.execute("PRAGMA page_size").fetchone()
    database.close()
    return (pages - free) * size


def network_floor(workspace):
    """Seconds that the newest run spent asking and receiving, by its own phases."""
    with workspace.database() as database:
        total, reading = database.execute(
            "SELECT (julianday(ended_at) - julianday(started_at)) * 86400,"
            " (SELECT coalesce(sum(json_extract(value, '$.duration')), 0) / 1000.0 FROM json_each(phases)"
            "  WHERE json_extract(value, '$.name') = 'read') FROM sync_runs ORDER BY id DESC LIMIT 1").fetchone()
    return total, reading


def incremental(build, workspace, sandbox, orders, command, path):
    """Nothing changed: what an incremental run costs above the network. 1 000 changed: against the reference."""
    sync(workspace)
    cold = []
    for _ in range(7):
        whole, _ = sync(workspace)
        _, reading = network_floor(workspace)
        cold.append((whole - reading) * 1000)
    report(f"incremental, nothing changed of {orders}, cold process, above the network", statistics.median(cold), 30,
           " ms", at_least=False)
    warm = subprocess.run([f"{build}/tests/bench-warm", workspace.folder, "Café", "orders", "9"], check=True, text=True,
                          capture_output=True).stdout
    report(f"incremental, nothing changed of {orders}, warm process, above the network", float(warm), 5, " ms", at_least=False)
    if orders <= 100000:
        sandbox.post("/_sandbox/edit", b'{"entity": "orders", "count": 1000}')
        ours, _ = sync(workspace)
        theirs, _ = timed(command)
        compare(workspace, path)
        report(f"incremental, 1 000 changed of {orders}, times faster", theirs / ours, 2)


def smart(build, rounds):
    """A customers refresh that somebody waits for: everything is round trips, and the rest must not be felt."""
    bounds = {"sequential": ("one page after the other", 1.05), "windows": ("four windows side by side", 0.45)}
    now = "2026-03-31T12:00:00Z"
    with Sandbox(f"{build}/src/sandbox/tidemark-sandbox", "--orders", "2000", "--customers", "50000", "--seed", "3", "--now", now,
                 "--latency", "50") as sandbox:
        out = subprocess.run([f"{build}/tests/bench-smart", sandbox.url, now, MANIFEST, TOKEN, str(rounds)], check=True, text=True,
                             capture_output=True).stdout
    for line in out.splitlines():
        kind, ratio, wall, pages, records = line.split()
        print(f"# smart refresh, {bounds[kind][0]}: {wall} ms, {records} records on {pages} pages", flush=True)
        report(f"smart refresh, 1 % of 50 000 customers, {bounds[kind][0]}, by the floor of its pages", float(ratio),
               bounds[kind][1], at_least=False)


def history(build):
    """A year of a million runs, and 100 000 in the queue: the lists open, and a run is asked for, as with a hundred."""
    def figures(*sizes):
        text = subprocess.run([f"{build}/tests/bench-history", *map(str, sizes)], check=True, text=True,
                              capture_output=True).stdout
        return {name: float(value) for name, value in (line.split() for line in text.splitlines())}

    small, large, queued = figures(100, 0), figures(1000000, 0), figures(100, 100000)
    for page in ("first", "further", "entity", "connection", "problems", "retried", "done", "owner"):
        report(f"page of runs among 1 000 000, {page}", large[f"{page}-page"], 20, " ms", at_least=False)
    report("first page of runs, 1 000 000 against 100", large["first-page"] / small["first-page"], 3, at_least=False)
    report("counting 1 000 000 runs", large["count-all"], 150, " ms", at_least=False)
    report("asking for a run with 100 000 queued, p99", queued["ask-p99"], 5, " ms", at_least=False)


def month(build):
    """A month of three streams on their schedules, every 10, 30 and 90 minutes, on the simulator's clock and network."""
    out = subprocess.run([f"{build}/tests/simulator", "--month"], check=True, text=True, capture_output=True).stdout
    line, = (line for line in out.splitlines() if line.startswith("a month: "))
    print(f"# {line}", flush=True)
    report("a simulated month of three streams, CPU", float(line.split()[-4]), 5, " s", at_least=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--orders", default="100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-smart", action="store_true", help="only the refresh that somebody waits for")
    options = parser.parse_args()
    sizes = [int(n) for n in options.orders.split(",")] if not options.only_smart else []
    smart(options.build, max(options.rounds, 5))
    costs = {n: measure(options.build, n, options.rounds if n <= 200000 else 1) for n in sizes}
    if not options.only_smart:
        history(options.build)
        month(options.build)
    if len(sizes) > 1:
        small, large = min(sizes), max(sizes)
        report(f"cost a row, first sync, {large} against {small}", costs[large]["first"] / costs[small]["first"], 1.6,
               at_least=False)
        report(f"cost a row, re-read, {large} against {small}", costs[large]["again"] / costs[small]["again"], 1.2,
               at_least=False)
    width = max(len(row[0]) for row in rows)
    print(f"{'what':{width}}  {'figure':>10}  {'has to be':>10}  is it")
    for what, figure, bound, good in rows:
        print(f"{what:{width}}  {figure:>10}  {bound:>10}  {good}")
    return 0 if all(row[3] == "yes" for row in rows) else 1


sys.exit(main())
