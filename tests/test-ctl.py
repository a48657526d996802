#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-ctl.py TIDEMARKCTL SANDBOX: tidemarkctl as a process, against the sandbox, with a real keyring. Speaks TAP."""
import glob
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from ctl_fixture import (CTL, DEADLINE, HERE, NAME, TOKEN, VENUE, Sandbox, Skip, Terminal, Workspace, empty, fresh, run,
                         shared, start_hanging, synced, wait_until)  # noqa: E402


def test_help():
    w = empty()
    listed = w.ctl("help").out
    commands = re.findall(r"^  ((?:(?:venue|provider|snapshot|smart|failures(?= show)) )?[a-z-]+)", listed, re.M)
    assert len(set(commands)) == len(commands) == 45, commands
    for command in commands:
        assert "Usage:" in w.ctl(*command.split(), "--help").out
        assert "Usage:" in w.ctl("help", *command.split()).out
    for later in ("flow", "schedule", "serve", "mcp", "token", "map", "conflicts", "resolve"):
        assert later not in commands
        w.fails(later, say=f"there is no command “{later}”", code=2)
    assert "tidemarkctl" in w.ctl("version").out
    assert w.ctl("version", "--json").json()["version"]
    assert w.ctl("--help").out == listed
    assert not os.path.exists(w.folder)


def test_usage():
    w = empty()
    w.ctl(code=2)
    w.ctl("venue", code=2)
    w.fails("venue", "add", say="needs", code=2)
    w.fails("venue", "add", "A", say="time zone", code=2)
    w.fails("venue", "list", "more", say="too much", code=2)
    w.fails("status", "--nonsense", say="nonsense", code=2)
    w.fails("runs", "--limit", "0", say="1 or more", code=2)
    w.fails("sync", "X", "--mode", "some", say="full nor incremental", code=2)
    w.fails("export", "orders", say="--format", code=2)
    w.fails("connect", "square", say="--venue", code=2)
    w.fails("connect", "square", "--venue", "V", "--set", "novalue", say="KEY=VALUE", code=2)
    w.fails("connect", "square", "--venue", "V", "--environment", "foo", say="--environment foo", code=2)
    w.fails("venue", "add", "A", "--timezone", "Nowhere/Zone", say="--timezone Nowhere/Zone", code=2)
    w.fails("runs", "--outcome", "bogus", say="problems, retried, done, pending, processing, completed, failed, paused, cancelled, awaiting_approval", code=2)
    for args in (["export", "orders"], ["snapshot", "export", "S"]):
        w.fails(*args, "--format", "parquet", "--output", "x", say="--format parquet: is not supported; there are csv", code=2)
        w.fails(*args, "--format", "csv", say="--output", code=2)
    assert not os.path.exists(w.folder)


def test_nothing_there():
    w = empty()
    for args in (["status"], ["runs"], ["connections"], ["venue", "list"], ["show", "X"], ["data", "orders"], ["doctor"],
                 ["sql", "SELECT 1"], ["snapshot", "list"], ["test", "X"], ["cancel", "X"], ["sync", "X"], ["queue"],
                 ["pause", "X"], ["resume"], ["stop", "square"], ["retry"], ["move", "X"], ["failures"], ["dismiss", "1"],
                 ["approvals"], ["approve", "1"], ["smart", "begin"], ["events"], ["audit"], ["settings"],
                 ["settings", "max-concurrent-runs", "2"]):
        assert "venue add" in w.fails(*args, say="no workspace in").err
    assert not os.path.exists(w.folder)
    assert "square" in w.ctl("provider", "list").out


def test_venues():
    w = empty()
    added = w.ctl("venue", "add", "Bäckerei 麦", "--timezone", "Europe/Berlin", "--json").json()
    assert added["name"] == "Bäckerei 麦" and added["timezone"] == "Europe/Berlin"
    w.ctl("venue", "add", "B", "--timezone", "America/New_York")
    w.fails("venue", "add", "B", "--timezone", "America/New_York", say="B")
    w.fails("venue", "add", "C", "--timezone", "Mars/Olympus", say="Mars/Olympus", code=2)
    listed = w.ctl("venue", "list").out.splitlines()
    # 麦 is two columns wide: the second column begins at the same place in each line.
    assert [line.index("E") for line in listed if "Berlin" in line] == [len("Bäckerei 麦") + 2], listed
    assert [line.index("A") for line in listed if "New_York" in line] == [len("Bäckerei 麦") + 3], listed
    assert [v["name"] for v in w.ctl("--json", "venue", "list").json()["venues"]] == ["B", "Bäckerei 麦"]


def test_providers():
    w = empty()
    assert [p["id"] for p in w.ctl("provider", "list", "--json").json()["providers"]] == ["square"]
    square = w.ctl("provider", "show", "square", "--json").json()
    assert [s["name"] for s in square["secrets"]] == ["access_token"]
    assert {"orders", "payments", "timesheets"} <= {s["entity"] for s in square["streams"]}
    assert "order_lines" in w.ctl("provider", "show", "square").out
    w.fails("provider", "show", "sqare", say="sqare")


def test_manifest_errors():
    w = empty()
    with open(os.path.join(HERE, "..", "data", "providers", "square.json")) as f:
        text = f.read()
    good, bad, broken = (os.path.join(w.root, name) for name in ("good.json", "bad.json", "broken.json"))
    with open(good, "w") as f:
        f.write(text.replace('"id": "square"', '"id": "squared"', 1))
    with open(bad, "w") as f:
        f.write(text.replace('"version"', '"versoin"', 1).replace('"name": "Square"', '"name": 7', 1))
    with open(broken, "w") as f:
        f.write("{\n  \"id\": \"x\",\n  oops\n}\n")

    assert "good manifest" in w.ctl("provider", "check", good).out
    assert w.ctl("provider", "check", good, "--json").json()["valid"] is True
    said = w.ctl("provider", "check", bad, code=1)
    assert re.search(r"bad\.json:\d+: /name: .+", said.out), said
    problems = w.ctl("provider", "check", bad, "--json", code=1).json()
    assert problems["valid"] is False
    assert all(p["line"] > 0 and p["reason"] for p in problems["problems"]), problems
    assert re.search(r"broken\.json:3: .+", w.ctl("provider", "check", broken, code=1).out)
    w.fails("provider", "check", os.path.join(w.root, "none.json"), say="none.json")

    w.ctl("provider", "add", bad, code=1)
    home = {**os.environ, "XDG_DATA_HOME": os.path.join(w.root, "data")}
    w.ctl("provider", "add", good, env=home)
    assert {"square", "squared"} == {p["id"] for p in w.ctl("provider", "list", "--json", env=home).json()["providers"]}
    assert len(w.ctl("provider", "list", "--json").json()["providers"]) == 1


def test_connect_refused():
    sandbox, w = Sandbox("--orders", "10"), empty()
    shared["own"].append(sandbox)
    w.ctl("venue", "add", VENUE, "--timezone", "Europe/London")
    base = ["connect", "square", "--venue", VENUE, "--name", "X", "--environment", "sandbox", "--base-url", sandbox.url]
    secret = ["--secret", "access_token=-"]

    said = w.fails(*base, "--secret", "access_token=pa55word", say="can be read by every program", code=2)
    assert "pa55word" not in said.err
    w.fails(*base, "--secret", "access_token", say="NAME=-", code=2)
    w.fails(*base, say="--secret access_token=-", code=2)
    w.fails(*base, *secret, "--set", "a=b", say="--set a: Square has no settings", code=2, input=TOKEN)
    w.fails(*base, *secret, say="nothing came", input="")
    w.fails(*base, "--secret", "pin=-", say="pin", code=2, input="1\n")
    w.fails(*base, *secret, say="401", input="wrong\n")
    w.fails("connect", "sqare", *base[2:], *secret, say="sqare", input=TOKEN)
    w.fails("connect", "square", "--venue", "Nowhere", *base[4:], *secret, say="Nowhere", input=TOKEN)
    said = w.fails(*base[:-1], "http://127.0.0.1:1", *secret, say="cannot reach 127.0.0.1", input=TOKEN)
    assert "Nothing was kept." in said.err and "read so far" not in said.err, said
    w.fails(*base[:-1], "http://example.com", *secret, say="https", code=2, input=TOKEN)
    w.fails(*base[:-1], "nonsense", *secret, say="nonsense", code=2, input=TOKEN)
    w.fails(*base, *secret, "--name", "", say="name", code=2, input=TOKEN)
    w.fails(*base[:6], "--environment", "test", "--base-url", sandbox.url, *secret, say="test", code=2,
            input=TOKEN)
    assert w.ctl("connections", "--json").json() == {"connections": []}
    assert secrets_kept() == 0 or "workspace" in shared, "a refused login was kept"


def secrets_kept():
    if shutil.which("secret-tool") is None:
        return 0
    done = subprocess.run(["secret-tool", "search", "--all", "name", "access_token"], text=True, capture_output=True,
                          timeout=DEADLINE)
    return (done.stdout + done.stderr).count("attribute.connection = ")


def test_connect():
    sandbox, w = fresh()
    listed = w.ctl("connections", "--json").json()["connections"]
    assert [(c["name"], c["provider"], c["venue"], c["environment"], c["account"]) for c in listed] == \
        [(NAME, "square", VENUE, "sandbox", "Harbour Coffee")], listed
    assert NAME in w.ctl("connections").out
    tested = w.ctl("test", NAME, "--json").json()
    assert tested["account"] == "Harbour Coffee" and len(tested["details"]) == 3 and tested["missing"] == []
    assert "The login works" in w.ctl("test", NAME).out
    w.fails("test", "Other", say="Other")
    w.fails("connect", "square", "--venue", VENUE, "--name", NAME, "--environment", "sandbox", "--base-url", sandbox.url,
            "--secret", "access_token=-", say=NAME, input=TOKEN)


def test_settings():
    """What a provider's manifest asks for can be set, and nothing else."""
    sandbox, w = Sandbox("--orders", "10"), empty()
    shared["own"].append(sandbox)
    with open(os.path.join(HERE, "..", "data", "providers", "square.json")) as f:
        text = f.read()
    manifest = os.path.join(w.root, "shop.json")
    with open(manifest, "w") as f:
        json.dump({**json.loads(text), "id": "shop", "name": "Shop", "settings": [{"name": "branch", "label": "Branch"}]}, f)
    home = {**os.environ, "XDG_DATA_HOME": os.path.join(w.root, "data")}
    w.ctl("provider", "add", manifest, env=home)
    w.ctl("venue", "add", VENUE, "--timezone", "Europe/London", env=home)
    base = ["connect", "shop", "--venue", VENUE, "--environment", "sandbox", "--base-url", sandbox.url, "--secret",
            "access_token=-"]
    w.fails(*base, "--set", "branch=1", "--set", "brunch=2", say="--set brunch: Shop has no setting of that name; it has branch",
            code=2, input=TOKEN, env=home)
    assert w.ctl(*base, "--set", "branch=1", "--json", input=TOKEN, env=home).json()["settings"] == {"branch": "1"}
    w.ctl("disconnect", f"Shop {VENUE}", "--yes", env=home)


def test_unreachable():
    """A test reads no records, so the advice does not speak of any."""
    w = empty()
    w.ctl("venue", "add", VENUE, "--timezone", "Europe/London")
    w.ctl("connect", "square", "--venue", VENUE, "--name", "X", "--base-url", "http://127.0.0.1:1", "--no-test", "--secret",
          "access_token=-", input=TOKEN)
    said = w.fails("test", "X", say="cannot reach 127.0.0.1").err
    assert "nothing was changed" in said and "read so far" not in said, said
    w.ctl("disconnect", "X", "--yes")


def test_disconnect():
    _, w = fresh()
    w.ctl("sync", NAME, "locations")
    before = secrets_kept()
    w.fails("disconnect", NAME, "--delete-data", say="--yes", code=2)
    w.fails("disconnect", "Other", say="Other")
    w.ctl("disconnect", NAME)
    assert w.ctl("connections", "--json").json() == {"connections": []}
    if shutil.which("secret-tool"):
        assert secrets_kept() == before - 1

    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    said = w.ctl("disconnect", NAME, "--delete-data", "--yes", "--json").json()
    assert said == {"disconnected": NAME, "recordsDeleted": True}
    assert w.query("SELECT count(*) FROM square_locations") == [(0,)]


def test_secret_nowhere():
    w = synced()
    w.ctl("doctor")
    w.ctl("snapshot", "take", "for-secrets")
    files = [path for path in glob.glob(w.folder + "/**", recursive=True) if os.path.isfile(path)]
    assert len(files) >= 3, files
    for path in files:
        with open(path, "rb") as f:
            assert TOKEN.encode() not in f.read(), f"{path} holds the token"


def test_sync_pipe():
    sandbox, w = fresh()
    first = w.ctl("sync", NAME)
    assert "\r" not in first.out and "\033" not in first.out, first
    lines = first.out.splitlines()
    assert len(lines) == 11 and lines[-1].startswith("10 streams: "), first
    assert all(line.startswith("✓ ") for line in lines[:-1]), first
    assert re.search(r"^✓ orders +600 read, 600 created · ", first.out, re.M), first
    again = w.ctl("sync", NAME)
    assert "created" not in again.out and "updated" not in again.out, again

    sandbox.call("POST", "/_sandbox/edit", {"entity": "orders", "count": 6})
    events = w.ctl("sync", NAME, "orders", "--json").lines()
    assert [e["event"] for e in events if e["event"] != "sync-progress"] == ["sync-started", "sync-completed"]
    counts = events[-1]["run"]["counts"]
    assert counts["updated"] == 6 and counts["created"] == 0, counts
    assert counts["read"] == sum(counts[k] for k in ("created", "updated", "unchanged", "failed", "skipped"))

    sync_id = events[-1]["run"]["syncId"]
    changes = w.ctl("show", sync_id, "--changes", "--json").lines()
    assert len(changes) == 6 and all(c["kind"] == "updated" and c["before"] != c["after"] for c in changes)
    assert w.ctl("show", sync_id, "--changes").out.count("updated ") >= 6
    assert all(set(line) == {"at", "level", "message"} for line in w.ctl("show", sync_id, "--log", "--json").lines())
    w.ctl("show", sync_id, "--log")


def test_sync_dry_run():
    _, w = fresh()
    said = w.ctl("sync", NAME, "locations", "customers", "--dry-run")
    assert "nothing written" in said.out and "created" in said.out, said
    assert w.query("SELECT count(*) FROM square_customers") == [(0,)]
    assert w.query("SELECT count(*) FROM square_locations") == [(0,)]


def test_sync_refused():
    w = synced()
    before = w.ctl("runs", "--json").out
    w.fails("sync", "Other", say="Other")
    w.fails("sync", NAME, "orders", "horoscopes", say="horoscopes")
    assert w.ctl("runs", "--json").out == before


def test_sync_partly():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "bad_record", "path": "/v2/orders/search"})
    said = w.ctl("sync", NAME, "orders", code=3)
    assert "▲ orders" in said.out and "1 failed" in said.out and "show RUN" in said.err, said
    run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
    assert run["counts"]["failed"] == 1 and run["status"] == "completed"
    assert "created_at" in w.ctl("show", run["syncId"]).out
    assert w.ctl("runs", "--outcome", "problems", "--json").json()["runs"]


def test_sync_login_expired():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "expired_token", "path": "/v2/orders", "times": -1})
    said = w.ctl("sync", NAME, "orders", code=1)
    assert "✕ orders" in said.out and "401" in said.out, said
    assert w.ctl("status", "--json").json()
    health = {s["stream"]: s["health"] for s in w.ctl("status", "--json").json()["streams"]}
    assert health["orders"] == "sign-in", health
    said = w.ctl("status").out
    assert "10 streams need you." in said and said.count("HTTP 401") == said.count(f'sign-in "{NAME}"') == 1, said
    sandbox.no_faults()
    secret = ["sign-in", NAME, "--secret", "access_token=-"]
    w.fails(*secret, input="wrong\n", say="401")
    w.fails("sign-in", NAME, "--secret", "key=-", input="wrong\n", say="no secret", code=2)
    w.fails("sign-in", "Other", "--secret", "access_token=-", input="wrong\n", say="Other")
    assert w.query("SELECT count(*) FROM connection_blocks") == [(1,)]
    assert "Signed in again" in w.ctl(*secret, input=TOKEN + "\n").out
    assert w.query("SELECT count(*) FROM connection_blocks") == [(0,)]
    assert w.ctl("audit", "--json").json()["entries"][0]["action"] == "secrets-replaced"
    w.ctl("sync", NAME, "orders")


def test_interrupt():
    sandbox, w = fresh()
    process = start_hanging(sandbox, w)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE)
    assert process.returncode == 130, (process.returncode, out, err)
    assert time.monotonic() - begin < 10, "it took long to stop"
    assert "Stopping" in err and "cancelled" in out, (out, err)
    run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
    assert run["status"] == "cancelled", run
    w.fails("cancel", run["syncId"], say="ended already")

    sandbox.no_faults()
    w.ctl("sync", NAME, "orders")
    assert w.query("SELECT count(*) FROM square_orders") == [(600,)]


def test_in_use():
    sandbox, w = fresh()
    process = start_hanging(sandbox, w)
    try:
        pid = f"process {process.pid}"
        w.fails("venue", "add", "Other", "--timezone", "Europe/London", say=pid)
        w.fails("disconnect", NAME, say=pid)
        run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
        assert run["status"] == "processing", run
        # Such as beside an older program, which does not listen.
        os.unlink(os.path.join(w.folder, "tidemark.sock"))
        for args in (["cancel", run["syncId"]], ["sync", NAME], ["pause", "--all"], ["approve", "1"]):
            w.fails(*args, say=pid)
        w.ctl("status")
        w.ctl("queue")
        w.ctl("connections")
        w.ctl("data", "locations")
        w.ctl("export", "locations", "--format", "csv", "--output", "-")
        w.ctl("doctor")
        w.ctl("snapshot", "take", "beside")
        w.ctl("snapshot", "verify", "beside")
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE)
    # What a dead program left in the middle waits for the next one, or for somebody who does not want it any more.
    assert "was stopped" in w.ctl("cancel", run["syncId"]).out
    assert w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]["status"] == "cancelled"


def test_cancel():
    """One tidemarkctl stops what goes in another."""
    sandbox, w = fresh()
    process = start_hanging(sandbox, w)
    socket = os.path.join(w.folder, "tidemark.sock")
    assert os.stat(socket).st_mode & 0o777 == 0o600, oct(os.stat(socket).st_mode)
    run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
    assert run["status"] == "processing", run
    w.fails("cancel", "AAAA-0000", say="AAAA-0000")
    assert process.poll() is None

    begin = time.monotonic()
    said = w.ctl("cancel", run["syncId"]).out
    assert said == f"Run {run['syncId']} was stopped; what it had read is kept.\n", said
    out, err = process.communicate(timeout=DEADLINE)
    assert time.monotonic() - begin < 10, "it took long to stop"
    assert process.returncode == 1 and "cancelled" in out, (process.returncode, out, err)
    assert w.ctl("show", run["syncId"], "--json").json()["status"] == "cancelled"
    assert not os.path.exists(socket)
    w.fails("cancel", run["syncId"], say="ended already")

    # A program that died has left its socket; one that comes after it listens in its place.
    process = start_hanging(sandbox, w)
    process.kill()
    process.communicate(timeout=DEADLINE)
    assert os.path.exists(socket)
    process = start_hanging(sandbox, w)
    run = w.ctl("runs", "--json", "--entity", "orders", "--limit", "1").json()["runs"][0]
    assert w.ctl("cancel", run["syncId"], "--json").json()["status"] == "cancelled"
    process.communicate(timeout=DEADLINE)

    sandbox.no_faults()
    w.ctl("sync", NAME, "orders")
    assert w.query("SELECT count(*) FROM square_orders") == [(600,)]


def test_cancel_long_path():
    """A folder's path may be longer than a socket's address has room for."""
    sandbox, w = Sandbox("--orders", "600"), empty()
    shared["own"].append(sandbox)
    w.folder = os.path.join(w.root, "long" * 30, "workspace")
    w.connect(sandbox)
    process = start_hanging(sandbox, w)
    run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
    w.ctl("cancel", run["syncId"])
    process.communicate(timeout=DEADLINE)
    assert process.returncode == 1, process.returncode
    assert w.ctl("show", run["syncId"], "--json").json()["status"] == "cancelled"


def test_looking():
    w = synced()
    streams = w.ctl("status", "--json").json()["streams"]
    assert len(streams) >= 10 and {s["health"] for s in streams} == {"fresh"}, streams
    assert all(s["lastRun"]["status"] == "completed" for s in streams if s["lastRun"])
    assert "Nothing needs you." in w.ctl("status").out

    runs = w.ctl("runs", "--json", "--limit", "3").json()["runs"]
    assert len(runs) == 3 and all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", r["startedAt"]) for r in runs)
    table = w.ctl("runs").out.splitlines()
    assert len(table) >= 11 and table[0].split() == ["Run", "Started", "Connection", "Stream", "Mode", "Status", "Read",
                                                     "Changed", "Failed", "Took"], table
    assert w.ctl("runs", "--entity", "orders", "--json").json()["runs"][0]["stream"] == "orders"
    w.fails("runs", "--connection", "Other", say="Other")
    said = w.fails("runs", "--entity", "bogus", say="--entity bogus: there is no such entity", code=2).err
    assert all(entity in said for entity in ("orders", "payments", "customers")), said
    assert "no such runs" in w.ctl("runs", "--entity", "orders", "--outcome", "failed").out
    assert w.ctl("show", runs[0]["syncId"], "--json").json() == {**runs[0], "approvals": []}
    assert runs[0]["syncId"] in w.ctl("show", runs[0]["syncId"]).out
    w.fails("show", "AAAA-0000", say="AAAA-0000")
    w.fails("show", runs[0]["syncId"], "--log", "--changes", say="exclude", code=2)


def test_runs_by_start():
    """Runs that were asked for together are listed as they began, not as they were asked for."""
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers", "team_members")
    with sqlite3.connect(w.database) as database:
        for id, at in ((1, "10:00:00"), (2, "12:00:00"), (3, "11:00:00")):
            database.execute("UPDATE sync_runs SET started_at = ? WHERE id = ?", (f"2026-03-01T{at}.000Z", id))
    database.close()
    started = [run["startedAt"][11:16] for run in w.ctl("runs", "--json").json()["runs"]]
    assert started == ["12:00", "11:00", "10:00"], started


def test_local_time():
    w = synced()
    run = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]
    shown = w.ctl("show", run["syncId"], env={**os.environ, "TZ": "Asia/Tokyo"}).out
    assert re.search(r"Started +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d JST", shown), shown


def test_data():
    w = synced()
    assert len(w.ctl("data", "orders", "--json").lines()) == 600
    few = w.ctl("data", "orders", "--limit", "3")
    assert len(few.out.splitlines()) == 4 and "more rows" in few.err, few
    assert len(w.ctl("data", "orders").out.splitlines()) == 51
    some = w.ctl("data", "orders", "--where", "total > 1000 -- pence", "--json").lines()
    assert some and all(order["total"] > 1000 and order["connection"] == NAME for order in some)
    assert "no rows" in w.ctl("data", "orders", "--where", "total < -1000000").out
    assert w.ctl("data", "order_lines", "--json", "--limit", "2").lines()[0]["order_id"]
    w.fails("data", "ordres", say="ordres")
    w.fails("data", "sqlite_schema", say="sqlite_schema")
    w.fails("data", 'x"; DROP TABLE venues', say="no entity")
    w.fails("data", "orders", "--where", "totl > 1", say="totl")

    assert w.ctl("sql", "SELECT 1 AS a, NULL AS b, 1.5 AS c, 'é' AS d", "--json").lines() == \
        [{"a": 1, "b": None, "c": 1.5, "d": "é"}]
    assert w.ctl("sql", "SELECT char(27) || '[31m' AS a").out.count("\033") == 0
    w.fails("sql", "SELEC 1", say="SELEC")
    for statement in ("DELETE FROM venues", "SELECT 1; DELETE FROM venues", "PRAGMA user_version = 9",
                      "ATTACH '/tmp/x' AS x", "CREATE TABLE x (y)", ""):
        w.fails("sql", statement, say="")
    assert w.query("SELECT count(*) FROM venues") == [(1,)]


def test_export():
    w = synced()
    where = os.path.join(w.root, "out")
    os.makedirs(where)
    csv, jsonl, db = (os.path.join(where, f"orders.{e}") for e in ("csv", "jsonl", "db"))
    assert "600 records" in w.ctl("export", "orders", "--format", "csv", "--output", csv).out
    assert w.ctl("export", "orders", "--format", "jsonl", "--output", jsonl, "--json").json()["records"] == 600
    w.ctl("export", "orders", "--format", "sqlite", "--output", db)
    with open(csv, newline="") as f:
        text = f.read()
    assert text.count("\r\n") == 601
    assert w.ctl("export", "orders", "--format", "csv", "--output", "-").out == text.replace("\r\n", "\n")
    with open(jsonl) as f:
        assert [json.loads(line) for line in f] == w.ctl("data", "orders", "--json").lines()
    with sqlite3.connect(db) as database:
        assert database.execute("SELECT count(*), sum(total) FROM orders").fetchall() == \
            w.query("SELECT count(*), sum(total) FROM orders")
    assert "tidemarkctl status" in w.fails("export", "nothing", "--format", "csv", "--output", csv, say="nothing").err
    w.fails("export", "orders", "--format", "csv", "--output", "/nonexistent/x.csv", say="/nonexistent/x.csv")
    assert sorted(os.listdir(where)) == ["orders.csv", "orders.db", "orders.jsonl"]

    with open("/dev/full", "w") as full:
        for args in (["export", "orders", "--format", "csv", "--output", "-"], ["data", "orders", "--json"], ["status"]):
            done = subprocess.run([CTL, "--workspace", w.folder, *args], stdout=full, stderr=subprocess.PIPE, text=True)
            assert done.returncode == 1 and done.stderr.startswith("tidemarkctl: "), (args, done)


def test_snapshots():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    assert "no snapshot yet" in w.ctl("snapshot", "list").out
    taken = w.ctl("snapshot", "take", "März", "--json").json()
    assert taken["name"] == "März" and len(taken["sha256"]) == 64 and taken["records"] > 3
    w.ctl("snapshot", "take")
    assert len(w.ctl("snapshot", "list", "--json").json()["snapshots"]) == 2
    assert taken["sha256"] in w.ctl("snapshot", "list").out
    assert "as it was taken" in w.ctl("snapshot", "verify", "März").out
    assert w.ctl("snapshot", "verify", "März", "--json").json()["sound"] is True
    assert subprocess.run(["sha256sum", taken["path"]], capture_output=True, text=True).stdout.split()[0] == taken["sha256"]
    w.fails("snapshot", "take", "März", say="already")
    w.fails("snapshot", "take", "../x", say="letter or digit")
    assert "snapshot list" in w.fails("snapshot", "verify", "none", say="none").err

    copy, folder = os.path.join(w.root, "copy.db"), os.path.join(w.root, "tables")
    w.ctl("snapshot", "export", "März", "--format", "sqlite", "--output", copy)
    w.ctl("snapshot", "export", "März", "--format", "csv", "--output", folder)
    assert "customers.csv" in os.listdir(folder) and "order_lines.csv" in os.listdir(folder)
    w.fails("snapshot", "export", "März", "--format", "jsonl", "--output", folder, say="already")

    os.chmod(taken["path"], 0o600)
    with open(taken["path"], "r+b") as f:
        f.seek(taken["size"] // 2)
        byte = f.read(1)
        f.seek(taken["size"] // 2)
        f.write(bytes([byte[0] ^ 1]))
    w.fails("snapshot", "verify", "März", say="was changed")
    os.unlink(taken["path"])
    w.fails("snapshot", "verify", "März", say="missing")


def digest(path):
    with open(path, "rb") as f:
        return f.read()


def test_bad_database():
    w = empty()
    os.makedirs(w.folder)
    for content, say in ((b"not a database at all, " * 1000, "tidemark.db"), (b"\0" * 5000, "tidemark.db")):
        with open(w.database, "wb") as f:
            f.write(content)
        w.fails("venue", "add", "A", "--timezone", "Europe/London", say=say)
        w.fails("status", say=say)
        assert digest(w.database) == content

    os.unlink(w.database)
    with sqlite3.connect(w.database) as database:
        database.execute("CREATE TABLE somebody_elses (x)")
    before = digest(w.database)
    w.fails("venue", "add", "A", "--timezone", "Europe/London", say="tidemark.db")
    w.fails("status", say="tidemark.db")
    assert digest(w.database) == before


def test_newer_database():
    w = empty()
    w.ctl("venue", "add", "A", "--timezone", "Europe/London")
    with sqlite3.connect(w.database) as database:
        database.execute("PRAGMA user_version = 999")
    w.fails("venue", "add", "B", "--timezone", "Europe/London", say="999")
    w.fails("venue", "list", say="999")


def older_workspace():
    """One of the first version, with a venue."""
    w = empty()
    os.makedirs(w.folder)
    schema = os.path.join(HERE, "..", "data", "migrations", "0001-initial.sql")
    with open(schema, encoding="utf-8") as f, sqlite3.connect(w.database) as database:
        database.executescript(f.read())
        database.executescript("""PRAGMA user_version = 1; PRAGMA application_id = 1416193125;
            INSERT INTO venues (name, timezone, created_at) VALUES ('A', 'Europe/London', '2026-01-01T00:00:00.000Z');""")
    return w


def test_older_database():
    """Whoever looks first after an update need not know that there was one."""
    for command, say in ((["venue", "list"], "Europe/London"), (["runs"], ""), (["queue"], "No run waits"), (["sync"], "No run waits")):
        w = older_workspace()
        assert say in w.ctl(*command).out
        assert w.query("PRAGMA user_version")[0][0] > 1


def test_unwritable():
    w = Workspace("/dev/null/workspace")
    shared.setdefault("own", []).append(w)
    w.fails("venue", "add", "A", "--timezone", "Europe/London", say="/dev/null/workspace")


def test_read_only():
    w = empty()
    w.ctl("venue", "add", "A", "--timezone", "Europe/London")
    inside = f'mount --bind -o ro "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    probe = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", inside, "sh", w.folder, "true"],
                           capture_output=True, text=True)
    if probe.returncode != 0:
        raise Skip("no read-only mounts here: " + probe.stderr.strip())
    for args, code in ((["venue", "list"], 0), (["status"], 0), (["venue", "add", "B", "--timezone", "Europe/London"], 1)):
        done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", inside, "sh", w.folder,
                               CTL, "--workspace", w.folder, *args], capture_output=True, text=True, timeout=DEADLINE)
        assert done.returncode == code, (args, done)
        assert code == 0 or "Read-only" in done.stderr, done


def small_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600 * 1024, 600 * 1024))


def test_full_disk():
    _, w = fresh()
    w.ctl("sync", NAME, "locations")
    said = w.ctl("sync", NAME, "orders", code=1, preexec_fn=small_disk)
    assert re.search("full|too large", said.out + said.err, re.I), said
    assert w.query("PRAGMA integrity_check") == [("ok",)]
    w.ctl("sync", NAME, "orders")
    assert w.query("SELECT count(*) FROM square_orders") == [(600,)]
    w.fails("snapshot", "take", "a", say="too large", preexec_fn=small_disk)
    assert glob.glob(os.path.join(w.folder, "snapshots", "*")) == []

    w = empty()
    tiny = lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    w.ctl("venue", "add", "A", "--timezone", "Europe/London", code=1, preexec_fn=tiny)
    assert not os.path.exists(w.database), "a half-made database was left"
    w.ctl("venue", "add", "A", "--timezone", "Europe/London")


def test_doctor():
    sandbox, w = fresh()
    assert "All is well" in w.ctl("doctor").out
    assert w.ctl("doctor", "--json").json()["sound"] is True
    no_bus = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY")}
    assert "dbus-run-session" in w.ctl("doctor", code=1, env=no_bus).out
    assert w.ctl("doctor", "--json", code=1, env=no_bus).json()["findings"]


def test_no_keyring():
    sandbox, w = fresh()
    no_bus = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY")}
    w.fails("connect", "square", "--venue", VENUE, "--name", "Two", "--environment", "sandbox", "--base-url", sandbox.url,
            "--secret", "access_token=-", say="dbus-run-session", input=TOKEN, env=no_bus)
    assert len(w.ctl("connections", "--json").json()["connections"]) == 1
    said = w.ctl("sync", NAME, "locations", code=1, env=no_bus)
    assert "dbus-run-session" in said.out, said


def test_terminal_sync():
    sandbox, w = fresh()
    terminal = Terminal(w, "sync", NAME)
    assert terminal.finish() == 0, terminal.text
    assert "\r" in terminal.text and "10 streams" in terminal.text

    process = Terminal(w, "runs")
    assert process.finish() == 0 and "\033[32mcompleted\033[0m" in process.text, process.text
    plain = Terminal(w, "runs", env={"NO_COLOR": "1"})
    assert plain.finish() == 0 and "\033" not in plain.text and "completed" in plain.text, plain.text


def test_terminal_bar():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    w.ctl("sync", NAME, "payments")
    sandbox.faults({"kind": "hang", "path": "/v2/payments", "nth": 3, "times": -1})
    terminal = Terminal(w, "sync", NAME, "payments", "--mode", "full")
    terminal.read_until("payments.*[█░]+ +[0-9]+ %")
    terminal.type("\x03")
    terminal.read_until("Stopping")
    assert terminal.finish() == 130, terminal.text
    assert max(len(re.sub("\033\\[K", "", line)) for line in re.split("[\r\n]", terminal.text)) < 300


def test_terminal_secret():
    sandbox, w = Sandbox("--orders", "10"), empty()
    shared["own"].append(sandbox)
    w.ctl("venue", "add", VENUE, "--timezone", "Europe/London")
    args = ["connect", "square", "--venue", VENUE, "--name", NAME, "--environment", "sandbox", "--base-url", sandbox.url]
    terminal = Terminal(w, *args)
    terminal.read_until("Access token: ")
    terminal.type("\x03")
    assert terminal.finish() == 130, terminal.text

    terminal = Terminal(w, *args)
    terminal.read_until("Access token: ")
    terminal.type(TOKEN + "\n")
    terminal.read_until("Connected as")
    assert terminal.finish() == 0 and TOKEN not in terminal.text, terminal.text

    for answer, code in (("\n", 1), ("n\n", 1), ("y\n", 0)):
        terminal = Terminal(w, "disconnect", NAME)
        terminal.read_until(r"\[y/N\] ")
        terminal.type(answer)
        assert terminal.finish() == code, terminal.text
    assert w.ctl("connections", "--json").json() == {"connections": []}


if __name__ == "__main__":
    sys.exit(run(globals()))
