#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-ctl-queue.py TIDEMARKCTL SANDBOX: what tidemarkctl does with runs and what comes of them, alone and beside another
program that has the workspace. Speaks TAP."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True

from ctl_fixture import (DEADLINE, NAME, VENUE, empty, fresh, run, start_hanging, synced, wait_until)  # noqa: E402


class Owner:
    """Another tidemarkctl that has the workspace, held by a run of orders that hangs; others go beside it."""

    def __init__(self):
        self.sandbox, self.w = fresh()
        self.w.ctl("settings", "max-concurrent-runs", "4")
        self.process = start_hanging(self.sandbox, self.w)
        self.sync_id = self.w.ctl("runs", "--entity", "orders", "--json").json()["runs"][0]["syncId"]

    def __enter__(self):
        return self.sandbox, self.w, self.process, self.sync_id

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=DEADLINE)


def status_of(w, sync_id):
    return w.ctl("show", sync_id, "--json").json()["status"]


def queue_of(w):
    return w.ctl("queue", "--json").json()["queue"]


def test_usage():
    w = empty()
    for args, say in ((["sync", "--dry-run"], "without a connection"), (["sync", "X", "--priority", "11"], "1 to 10"),
                      (["sync", "X", "--priority", "0"], "1 to 10"), (["sync", "X", "--allow", "all"], "deletes nor changes"),
                      (["sync", "X", "--id", "1"], "exactly one entity"), (["sync", "X", "a", "b", "--filter", "a=b"], "exactly one entity"),
                      (["sync", "X", "a", "--filter", "ab"], "NAME=VALUE"), (["sync", "X", "a", "--filter", "=b"], "NAME=VALUE"),
                      (["sync", "X", "a", "--id", ""], "is empty"), (["sync", "X", "a", "b", "--idempotency-key", "k"], "one entity"),
                      (["sync", "X", "--idempotency-key", ""], "1 to 200"), (["sync", "X", "--idempotency-key", "k" * 201], "1 to 200"),
                      (["pause"], "either a run or --all"), (["pause", "X", "--all"], "either a run or --all"),
                      (["resume", "--venue", "V"], "needs a provider"), (["retry", "--venue", "V"], "needs a provider"),
                      (["stop"], "needs"), (["cancel"], "needs"), (["move"], "needs"), (["move", "A", "B"], "too much"),
                      (["queue", "--limit", "0"], "1 or more"), (["failures", "--limit", "0"], "1 or more"),
                      (["failures", "show", "x"], "no failure's number"), (["failures", "show"], "needs"),
                      (["dismiss"], "either failures, --all"), (["dismiss", "1", "--all"], "either failures, --all"),
                      (["dismiss", "x"], "no failure's number"), (["reopen", "0"], "no failure's number"), (["reopen"], "needs"),
                      (["approve", "x"], "no approval's number"), (["refuse", "0"], "no approval's number"), (["approve"], "needs"),
                      (["smart"], "begin, end"), (["smart", "end"], "needs"), (["events", "--limit", "0"], "1 or more"),
                      (["events", "--after", "-2"], "0 or more"), (["audit", "--limit", "-1"], "1 or more"),
                      (["settings", "colour"], "no setting “colour”"), (["settings", "paused", "maybe"], "no whole number"),
                      (["settings", "max-concurrent-runs", "9"], "max-concurrent-runs")):
        w.fails(*args, say=say, code=2)
    assert not os.path.exists(w.folder)


def test_unknown():
    w = synced()
    for args, say in ((["cancel", "AAAA-0000"], "AAAA-0000"), (["pause", "AAAA-0000"], "AAAA-0000"),
                      (["resume", "AAAA-0000"], "AAAA-0000"), (["retry", "AAAA-0000"], "AAAA-0000"),
                      (["move", "AAAA-0000"], "AAAA-0000"), (["stop", "sqare"], "sqare"), (["resume", "sqare", "--venue", VENUE], "sqare"),
                      (["stop", "square", "--venue", "Nowhere"], "Nowhere"), (["retry", "square", "--venue", "Nowhere"], "Nowhere"),
                      (["failures", "show", "77"], "failure 77"), (["dismiss", "77"], "failure 77"), (["reopen", "77"], "failure 77"),
                      (["retry", "77"], "failure 77"), (["approve", "77"], "approval 77"), (["refuse", "77"], "approval 77"),
                      (["failures", "--connection", "Other"], "Other"), (["dismiss", "--connection", "Other"], "Other"),
                      (["sync", NAME, "customers", "--filter", "colour=red"], "colour"),
                      (["smart", "begin", "--venue", "Nowhere"], "Nowhere"), (["smart", "end", "nonsense"], "nonsense")):
        w.fails(*args, say=say)
    done = w.ctl("runs", "--json", "--limit", "1").json()["runs"][0]["syncId"]
    for command in ("cancel", "pause", "resume", "retry", "move"):
        w.fails(command, done, say=done)
    assert queue_of(w) == []


def test_settings():
    _, w = fresh()
    listed = {s["name"]: s for s in w.ctl("settings", "--json").json()["settings"]}
    assert listed["max-concurrent-runs"]["value"] == 1 and listed["max-concurrent-runs"]["max"] == 8, listed
    assert "max-concurrent-runs" in w.ctl("settings").out
    assert w.ctl("settings", "max-concurrent-runs", "3").out == "3\n"
    assert w.ctl("settings", "max-concurrent-runs").out == "3\n"
    assert w.ctl("settings", "max-concurrent-runs", "2", "--json").json()["value"] == 2
    entries = w.ctl("audit", "--json").json()["entries"]
    assert [e["actor"] for e in entries[:2]] == ["owner", "owner"] and "max-concurrent-runs" in json.dumps(entries[:2]), entries


def test_detached():
    """What is put in the queue waits for a program that syncs, and makes no other command sync."""
    sandbox, w = fresh()
    before = sandbox.requests("/v2/customers")
    said = w.ctl("sync", NAME, "locations", "--detach")
    assert "No program syncs" in said.out and "pending" in said.out, said
    done = w.ctl("sync", NAME, "customers", "team_members", "--detach", "--json").json()
    assert done["replayed"] is False and [r["status"] for r in done["runs"]] == ["pending", "pending"], done
    customers, members = (r["syncId"] for r in done["runs"])
    queue = queue_of(w)
    assert [e["position"] for e in queue] == [1, 2, 3] and {e["hold"] for e in queue} == {"turn"}, queue
    assert queue[0]["run"]["stream"] == "customers", queue
    table = w.ctl("queue").out
    assert "others go first" in table and members in table, table
    assert "3 waiting" in w.ctl("status").out
    assert w.ctl("status", "--json").json()["queue"]["pending"] == 3

    w.ctl("move", members)
    assert queue_of(w)[0]["run"]["syncId"] == members
    assert w.ctl("move", customers, "--before", members, "--json").json()["syncId"] == customers
    assert [e["run"]["syncId"] for e in queue_of(w)][:2] == [customers, members]
    said = w.ctl("pause", members).out
    assert "is paused" in said, said
    assert [e["hold"] for e in queue_of(w) if e["run"]["syncId"] == members] == ["paused"]
    assert w.ctl("resume", members, "--json").json()["status"] == "pending"
    assert "was stopped" in w.ctl("cancel", members).out
    assert status_of(w, members) == "cancelled"
    w.fails("pause", members, say=members)

    w.ctl("venue", "add", "Other", "--timezone", "Europe/London")
    w.ctl("settings", "max-concurrent-runs", "2")
    assert sandbox.requests("/v2/customers") == before
    assert {e["run"]["status"] for e in queue_of(w)} == {"pending"}
    said = w.ctl("sync")
    assert "✓ customers" in said.out and "✓ locations" in said.out and "team_members" not in said.out, said
    assert queue_of(w) == [] and "No run waits" in w.ctl("queue").out
    assert "No run waits" in w.ctl("sync").out


def test_own_first():
    """A sync does not wait for what another program left behind."""
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "hang", "path": "/v2/orders/search", "times": -1})
    left = w.ctl("sync", NAME, "orders", "--priority", "10", "--detach", "--json").json()["runs"][0]["syncId"]
    assert "✓ customers" in w.ctl("sync", NAME, "customers").out
    assert status_of(w, left) == "pending"


def test_paused():
    _, w = fresh()
    assert w.ctl("pause", "--all", "--json").json() == {"paused": True}
    assert w.ctl("status", "--json").json()["queue"]["allPaused"] is True
    assert "Everything is paused" in w.ctl("queue").out and "Everything is paused" in w.ctl("status").out
    assert "resume" in w.fails("sync", NAME, say="everything is paused").err
    w.ctl("sync", NAME, "locations", "--detach")
    assert [e["hold"] for e in queue_of(w)] == ["all-paused"]
    assert "begun again" in w.ctl("resume").out
    assert w.ctl("queue", "--json").json()["paused"] is False
    assert "✓ locations" in w.ctl("sync").out


def test_key():
    _, w = fresh()
    args = ["sync", NAME, "locations", "--idempotency-key", "monday"]
    first = w.ctl(*args, "--json").lines()[-1]["run"]
    again = w.ctl(*args)
    assert "it is the same run" in again.out and "✓ locations" in again.out, again
    detached = w.ctl(*args, "--detach", "--json").json()
    assert detached["replayed"] is True and [r["syncId"] for r in detached["runs"]] == [first["syncId"]], detached
    assert len(w.ctl("runs", "--json").json()["runs"]) == 1
    w.fails("sync", NAME, "customers", "--idempotency-key", "monday", say="monday")
    assert len(w.ctl("runs", "--json").json()["runs"]) == 1


def test_part():
    """Some records by id, and those that fit a filter."""
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    ids = [row[0] for row in w.query("SELECT _id FROM square_customers ORDER BY _id LIMIT 2")]
    events = w.ctl("sync", NAME, "customers", "--id", ids[0], "--id", ids[1], "--json").lines()
    done = events[-1]["run"]
    assert done["ids"] == ids and done["counts"]["read"] == done["counts"]["unchanged"] == 2, done
    shown = w.ctl("show", done["syncId"]).out
    assert ids[0] in shown and re.search(r"^Attempts +1$", shown, re.M), shown
    email = w.query("SELECT email FROM square_customers WHERE email IS NOT NULL LIMIT 1")[0][0]
    done = w.ctl("sync", NAME, "customers", "--mode", "full", "--filter", f"email={email}", "--json").lines()[-1]["run"]
    assert done["filters"] == {"email": email} and done["counts"]["read"] >= 1, done
    assert done["counts"]["read"] < w.query("SELECT count(*) FROM square_customers")[0][0]
    assert email in w.ctl("show", done["syncId"]).out


def test_dry_run():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    sandbox.call("POST", "/_sandbox/edit", {"entity": "customers", "count": 3})
    said = w.ctl("sync", NAME, "customers", "--dry-run").out
    sync_id = re.search(r"tidemarkctl show (\S+) --changes", said).group(1)
    assert "3 updated" in said and "nothing written" in said, said
    changes = w.ctl("show", sync_id, "--changes", "--json").lines()
    assert len(changes) == 3 and all(c["kind"] == "updated" and c["before"] != c["after"] for c in changes), changes
    lines = w.ctl("sync", NAME, "customers", "--dry-run", "--json").lines()
    assert [line["event"] for line in lines].count("would-change") == 3, lines
    assert "3 updated" in w.ctl("sync", NAME, "customers").out


def test_provider_down():
    """Where nobody else syncs, a sync that cannot get through ends and says so."""
    sandbox, w = fresh()
    sandbox.process.kill()
    sandbox.process.wait(20)
    begin = time.monotonic()
    said = w.ctl("sync", NAME, "locations", code=1)
    assert time.monotonic() - begin < 30, "it took long to give up"
    assert "✕ locations" in said.out and "goes on where it stopped" in said.err, said
    assert queue_of(w) == []


def test_retry_run():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "unavailable", "path": "/v2/customers", "times": -1})
    failed = w.ctl("sync", NAME, "customers", "--json", code=1).lines()[-1]["run"]
    assert failed["status"] == "failed" and failed["error"]["code"] == "provider", failed
    sandbox.no_faults()
    said = w.ctl("retry", failed["syncId"])
    assert "tries again" in said.out and "No program syncs" in said.out, said
    shown = w.ctl("show", failed["syncId"], "--json").json()
    assert shown["status"] == "pending" and shown["attempts"] == 0, shown
    assert "✓ customers" in w.ctl("sync").out
    assert status_of(w, failed["syncId"]) == "completed"

    sandbox.faults({"kind": "unavailable", "path": "/v2/customers", "times": -1})
    w.ctl("sync", NAME, "customers", code=1)
    sandbox.no_faults()
    assert w.ctl("retry", "square", "--venue", VENUE, "--json").json()["runs"] == 1
    assert "✓ customers" in w.ctl("sync").out


def test_failures():
    sandbox, w = fresh()
    assert "No such record" in w.ctl("failures").out and w.ctl("failures", "--json").json() == {"total": 0, "failures": []}
    w.ctl("sync", NAME, "locations")
    sandbox.faults({"kind": "bad_record", "path": "/v2/orders/search"})
    w.ctl("sync", NAME, "orders", code=3)
    sandbox.no_faults()
    listed = w.ctl("failures", "--json").json()
    assert listed["total"] == 1, listed
    failure = listed["failures"][0]
    number = str(failure["id"])
    assert failure["stream"] == "orders" and failure["connection"] == NAME and "created_at" in failure["reason"], failure
    assert failure["recordId"] in w.ctl("failures", "--connection", NAME, "--stream", "orders", "--search", "created_at").out
    assert "No such record" in w.ctl("failures", "--stream", "payments").out
    shown = w.ctl("failures", "show", number, "--json").json()
    assert json.loads(shown["payload"])["id"] == failure["recordId"], shown
    assert failure["recordId"] in w.ctl("failures", "show", number).out

    assert "1 failure was dismissed" in w.ctl("dismiss", number).out
    assert w.ctl("failures", "--json").json()["total"] == 0
    dismissed = w.ctl("failures", "--dismissed", "--json").json()["failures"]
    assert [f["id"] for f in dismissed] == [failure["id"]] and dismissed[0]["dismissedBy"] == "owner", dismissed
    assert w.ctl("reopen", number, "--json").json() == {"reopened": 1}
    assert w.ctl("dismiss", "--all", "--json").json() == {"dismissed": 1}
    w.ctl("reopen", number)
    assert w.ctl("dismiss", "--stream", "payments", "--json").json() == {"dismissed": 0}

    runs = w.ctl("retry", number, "--json").json()["runs"]
    assert [r["stream"] for r in runs] == ["orders"] and runs[0]["ids"] == [failure["recordId"]], runs
    assert "✓ orders" in w.ctl("sync").out
    assert w.ctl("failures", "--json").json()["total"] == 0
    assert w.ctl("retry", "--json").json() == {"runs": []}


def halted(sandbox, w):
    """A run that would delete too much, and its question's number."""
    sandbox.call("POST", "/_sandbox/delete", {"entity": "customers", "count": 25})
    said = w.ctl("sync", NAME, "customers", "--mode", "full", code=1)
    assert "waits for approval" in said.out and "tidemarkctl approvals" in said.err, said
    waiting = w.ctl("approvals", "--json").json()["approvals"]
    assert len(waiting) == 1 and waiting[0]["kind"] == "deletes" and waiting[0]["affected"] == 25, waiting
    return waiting[0]


def test_approvals():
    sandbox, w = fresh()
    assert "Nothing waits" in w.ctl("approvals").out
    w.ctl("sync", NAME, "locations", "customers")
    before = w.query("SELECT count(*) FROM square_customers WHERE _deleted = 0")[0][0]
    asked = halted(sandbox, w)
    assert asked["syncId"] in w.ctl("approvals").out
    assert [e["hold"] for e in queue_of(w)] == ["approval"]
    assert re.search(r"^Approval +\d+ \(open\)", w.ctl("show", asked["syncId"]).out, re.M)
    assert w.ctl("show", asked["syncId"], "--json").json()["approvals"] == [asked]
    decided = w.ctl("refuse", str(asked["id"]), "--json").json()
    assert decided["state"] == "refused" and decided["decidedBy"] == "owner", decided
    assert status_of(w, asked["syncId"]) == "cancelled"
    w.fails("approve", str(asked["id"]), say="decided")
    assert w.query("SELECT count(*) FROM square_customers WHERE _deleted = 0") == [(before,)]
    assert w.ctl("approvals", "--json").json() == {"approvals": []}
    assert len(w.ctl("approvals", "--all", "--json").json()["approvals"]) == 1

    w.ctl("sync", NAME, "customers", "--mode", "full", code=1)
    asked = w.ctl("approvals", "--json").json()["approvals"][0]
    said = w.ctl("approve", str(asked["id"]), "--always").out
    assert "Approved" in said and "No program syncs" in said, said
    assert "25 deleted" in w.ctl("sync").out
    assert status_of(w, asked["syncId"]) == "completed"
    # For always.
    sandbox.call("POST", "/_sandbox/delete", {"entity": "customers", "count": 8})
    assert "8 deleted" in w.ctl("sync", NAME, "customers", "--mode", "full").out

    # And back again.
    assert w.ctl("brakes", NAME, "customers", "--json").json()["brakes"] is False
    assert "halts and asks" in w.ctl("brakes", NAME, "customers", "on").out
    assert w.ctl("brakes", NAME, "customers", "--json").json()["brakes"] is True
    assert w.ctl("audit", "--json").json()["entries"][0]["action"] == "brakes-on"
    sandbox.call("POST", "/_sandbox/delete", {"entity": "customers", "count": 8})
    assert "waits for approval" in w.ctl("sync", NAME, "customers", "--mode", "full", code=1).out
    w.fails("brakes", NAME, "horoscopes", say="horoscopes")
    w.fails("brakes", NAME, "customers", "maybe", say="neither on nor off", code=2)


def test_asked_twice():
    """What is asked about twice is answered once: the second question goes with the first."""
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    sandbox.call("POST", "/_sandbox/edit", {"entity": "customers", "count": 50})
    for _ in range(2):
        w.ctl("sync", NAME, "customers", code=1)
    second, first = w.ctl("approvals", "--json").json()["approvals"]
    assert first["kind"] == second["kind"] == "changes" and first["syncId"] != second["syncId"], (first, second)
    w.ctl("approve", str(first["id"]))
    w.ctl("sync")
    assert status_of(w, first["syncId"]) == "completed" and status_of(w, second["syncId"]) == "cancelled"
    assert w.ctl("approvals", "--json").json() == {"approvals": []} and queue_of(w) == []


def test_allow():
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    sandbox.call("POST", "/_sandbox/delete", {"entity": "customers", "count": 25})
    assert "25 deleted" in w.ctl("sync", NAME, "customers", "--mode", "full", "--allow", "deletes").out


def test_beside():
    """A sync goes in the process that has the workspace, and is shown here."""
    with Owner() as (sandbox, w, process, sync_id):
        said = w.ctl("sync", NAME, "customers", "team_members")
        assert "✓ customers" in said.out and "✓ team_members" in said.out and "2 streams" in said.out, said
        events = w.ctl("sync", NAME, "payments", "--json").lines()
        assert [e["event"] for e in events if e["event"] != "sync-progress"] == ["sync-started", "sync-completed"], events
        assert events[-1]["run"]["counts"]["created"] > 0, events[-1]
        assert w.ctl("show", events[-1]["run"]["syncId"], "--json").json()["status"] == "completed"
        assert w.ctl("brakes", NAME, "customers", "off", "--json").json()["brakes"] is False
        assert w.ctl("brakes", NAME, "customers", "--json").json()["brakes"] is False
        w.fails("brakes", NAME, "horoscopes", "off", say="horoscopes")
        detached = w.ctl("sync", NAME, "locations", "--detach")
        assert "No program syncs" not in detached.out, detached
        w.fails("sync", NAME, "horoscopes", say="horoscopes")
        w.fails("sync", NAME, "customers", "--filter", "colour=red", say="colour")
        assert process.poll() is None
        assert status_of(w, sync_id) == "processing"

        # All it can be asked for otherwise.
        assert w.ctl("settings", "keep-runs-days", "500").out == "500\n"
        assert w.ctl("pause", "--all", "--json").json() == {"paused": True}
        left = w.ctl("sync", NAME, "refunds", "--detach", "--json").json()["runs"][0]["syncId"]
        w.ctl("move", left)
        w.ctl("pause", left)
        assert {e["run"]["stream"]: e["hold"] for e in queue_of(w)} == {"orders": None, "refunds": "paused"}
        w.ctl("resume", left)
        w.ctl("cancel", left)
        assert status_of(w, left) == "cancelled"
        w.ctl("resume")
        status = w.ctl("status", "--json").json()
        assert status["queue"]["processing"] == 1 and status["smartSessions"] == 0, status["queue"]
        assert [r["connection"] for r in status["rates"]] == [NAME], status["rates"]
        wait_until("the entry", lambda: w.ctl("audit", "--json").json()["entries"][0]["action"] == "all-resumed")
        assert "run-cancelled" in [e["action"] for e in w.ctl("audit", "--json").json()["entries"]]
        said = w.ctl("cancel", sync_id).out
        assert "was stopped" in said, said
        process.communicate(timeout=DEADLINE)
        assert process.returncode == 1


def start_beside(sandbox, w):
    """A sync that hangs in the process that has the workspace, and is waited for here."""
    sandbox.faults({"kind": "hang", "path": "/v2/refunds", "times": -1})
    before = sandbox.requests("/v2/refunds")
    process = w.start("sync", NAME, "refunds")
    wait_until("the request", lambda: sandbox.requests("/v2/refunds") > before)
    return process


def test_beside_interrupt():
    """Ctrl+C stops what was asked for here, and nothing else."""
    with Owner() as (sandbox, w, process, sync_id):
        mine = start_beside(sandbox, w)
        mine.send_signal(signal.SIGINT)
        out, err = mine.communicate(timeout=DEADLINE)
        assert mine.returncode == 130 and "Stopping" in err and "cancelled" in out, (mine.returncode, out, err)
        assert process.poll() is None and status_of(w, sync_id) == "processing"
        assert w.ctl("runs", "--entity", "refunds", "--outcome", "cancelled", "--json").json()["runs"]


def test_beside_killed():
    """The other process dies in the middle."""
    with Owner() as (sandbox, w, process, sync_id):
        mine = start_beside(sandbox, w)
        process.kill()
        out, err = mine.communicate(timeout=DEADLINE)
        assert mine.returncode == 1 and "has ended in the middle" in err and "tidemarkctl queue" in err, (mine.returncode, out, err)
        process.communicate(timeout=DEADLINE)
        assert sorted(e["run"]["stream"] for e in queue_of(w)) == ["orders", "refunds"]
        sandbox.no_faults()
        said = w.ctl("sync").out
        assert "✓ orders" in said and "✓ refunds" in said, said
        assert w.query("SELECT count(*) FROM square_orders") == [(600,)]


class Service:
    """A program that has the workspace and syncs it by itself, as the window does."""

    def __init__(self, w):
        self.w = w
        self.process = subprocess.Popen([os.environ["TIDEMARK_OWNER"], w.folder], stdin=subprocess.DEVNULL,
                                        env={**os.environ, "G_MESSAGES_DEBUG": ""})
        wait_until("the socket", lambda: os.path.exists(os.path.join(w.folder, "tidemark.sock")))

    def __enter__(self):
        return self.process

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(DEADLINE) == 0


def test_service_retries():
    """A program that stays tries again by itself; whoever waits for it is told, and may leave."""
    sandbox, w = fresh()
    w.ctl("sync", NAME)
    sandbox.faults({"kind": "unavailable", "path": "/v2/refunds", "times": -1})
    with Service(w) as service:
        mine = w.start("sync", NAME, "refunds")
        line = mine.stdout.readline()
        assert line.startswith("▲ refunds") and "tries again at" in line, line
        sync_id = w.ctl("runs", "--entity", "refunds", "--json").json()["runs"][0]["syncId"]
        assert status_of(w, sync_id) in ("pending", "processing")
        assert w.ctl("show", sync_id, "--json").json()["attempts"] >= 1
        mine.send_signal(signal.SIGINT)
        out, err = mine.communicate(timeout=DEADLINE)
        assert mine.returncode == 130 and "cancelled" in out, (mine.returncode, out, err)
        assert status_of(w, sync_id) == "cancelled"
        sandbox.no_faults()
        assert "✓ refunds" in w.ctl("sync", NAME, "refunds").out

        left = w.ctl("sync", NAME, "customers", "--mode", "full", "--detach", "--json").json()["runs"][0]["syncId"]
        wait_until("the run", lambda: status_of(w, left) == "completed")
        assert service.poll() is None


def test_service_ends():
    """It is ended in an orderly way, in the middle of what somebody waits for."""
    sandbox, w = fresh()
    w.ctl("sync", NAME)
    with Service(w) as service:
        mine = start_beside(sandbox, w)
        service.terminate()
        out, err = mine.communicate(timeout=DEADLINE)
        assert mine.returncode == 1 and "has ended in the middle" in err, (mine.returncode, out, err)
        assert service.wait(DEADLINE) == 0
    assert [(e["run"]["stream"], e["run"]["status"]) for e in queue_of(w)] == [("refunds", "pending")]
    sandbox.no_faults()
    assert "✓ refunds" in w.ctl("sync").out


def test_stop_provider():
    with Owner() as (sandbox, w, process, sync_id):
        said = w.ctl("stop", "square", "--venue", VENUE)
        assert "1 run stops" in said.out, said
        out, err = process.communicate(timeout=DEADLINE)
        assert process.returncode == 1 and "paused" in out and "tidemarkctl resume" in err, (process.returncode, out, err)
        assert status_of(w, sync_id) == "paused"
        sandbox.no_faults()
        assert "No run waits" in w.ctl("sync").out
        assert w.ctl("resume", "square", "--json").json() == {"runs": 1}
        assert "✓ orders" in w.ctl("sync").out
        assert status_of(w, sync_id) == "completed"
        assert w.query("SELECT count(*) FROM square_orders") == [(600,)]


def test_smart_alone():
    """Where no other program syncs, a session is its refresh."""
    sandbox, w = fresh()
    w.ctl("sync", NAME, "locations", "customers")
    sandbox.call("POST", "/_sandbox/edit", {"entity": "customers", "count": 2})
    said = w.ctl("smart", "begin", "--venue", VENUE).out
    assert "No program syncs" in said and "✓ customers" in said, said
    assert queue_of(w) == []


def test_smart():
    with Owner() as (sandbox, w, process, sync_id):
        session = w.ctl("smart", "begin", "--venue", VENUE, "--json").json()["sessionId"]
        assert w.ctl("smart", "begin", "--session", session, "--json").json() == {"sessionId": session}
        wait_until("the refresh", lambda: sandbox.requests("/v2/customers/search") + sandbox.requests("/v2/customers") > 0)
        assert w.ctl("status", "--json").json()["smartSessions"] == 1
        assert "1 form is being filled in" in w.ctl("status").out
        left = w.ctl("sync", NAME, "payments", "--detach", "--json").json()["runs"][0]["syncId"]
        assert [e["hold"] for e in queue_of(w) if e["run"]["syncId"] == left] == ["smart-sync"]
        w.fails("smart", "begin", "--venue", "Nowhere", say="Nowhere")
        w.fails("smart", "end", "nonsense", say="nonsense")
        assert "has ended" in w.ctl("smart", "end", session).out
        w.fails("smart", "end", session, say=session)
        wait_until("the others", lambda: status_of(w, left) == "completed")


def read_lines(stream, lines):
    for line in stream:
        lines.append(json.loads(line))


def test_events():
    _, w = fresh()
    w.ctl("sync", NAME, "locations")
    events = w.ctl("events", "--after", "0", "--json").lines()
    names = [e["name"] for e in events]
    assert names.index("sync-started") < names.index("sync-completed"), names
    ids = [e["id"] for e in events]
    assert ids == sorted(set(ids)) and all(set(e) == {"id", "at", "name", "data"} for e in events), events
    assert w.ctl("events", "--after", str(ids[1]), "--limit", "2", "--json").lines() == events[2:4]
    assert w.ctl("events", "--after", str(ids[-1])).out == ""
    assert "sync-completed" in w.ctl("events").out

    follower, lines = w.start("events", "--follow", "--after", str(ids[-1]), "--json"), []
    reader = threading.Thread(target=read_lines, args=(follower.stdout, lines))
    reader.start()
    w.ctl("sync", NAME, "team_members")
    wait_until("the event", lambda: any(e["name"] == "sync-completed" for e in list(lines)))
    follower.send_signal(signal.SIGINT)
    assert follower.wait(DEADLINE) == 130
    reader.join()
    follower.stderr.close()
    seen = [e["id"] for e in lines]
    assert seen == sorted(set(seen)) and seen[0] > ids[-1], seen
    assert [e["data"]["stream"] for e in lines if e["name"] == "sync-completed"] == ["team_members"], lines


def test_follow_owner():
    """What passes is told too, by the process that knows."""
    with Owner() as (sandbox, w, process, sync_id):
        follower, lines = w.start("events", "--follow", "--json"), []
        reader = threading.Thread(target=read_lines, args=(follower.stdout, lines))
        reader.start()
        deadline = time.monotonic() + DEADLINE
        while not any(e["name"] == "sync-completed" for e in list(lines)):
            assert time.monotonic() < deadline, lines
            w.ctl("sync", NAME, "customers", "--mode", "full")
        follower.send_signal(signal.SIGINT)
        assert follower.wait(DEADLINE) == 130
        reader.join()
        follower.stderr.close()
        seen = [e["id"] for e in lines]
        assert seen == sorted(set(seen)), seen


def test_audit():
    _, w = fresh()
    w.ctl("sync", NAME, "locations")
    entries = w.ctl("audit", "--json").json()["entries"]
    assert entries and all(e["actor"] == "owner" for e in entries), entries
    assert [e["id"] for e in entries] == list(range(len(entries), 0, -1)), entries
    assert entries[0]["action"] in w.ctl("audit").out
    assert len(w.ctl("audit", "--limit", "1", "--json").json()["entries"]) == 1
    assert f"The audit log has {len(entries)} entr" in w.ctl("doctor").out
    assert w.ctl("doctor", "--json").json()["auditEntries"] == len(entries)

    with sqlite3.connect(w.database) as database:
        database.execute("DROP TRIGGER audit_log_keeps_text")
        database.execute("UPDATE audit_log SET actor = 'somebody' WHERE id = 1")
    database.close()
    said = w.ctl("doctor", code=1).out
    assert "The audit log is not as it was written" in said, said
    assert w.ctl("doctor", "--json", code=1).json()["auditEntries"] is None


if __name__ == "__main__":
    sys.exit(run(globals()))
