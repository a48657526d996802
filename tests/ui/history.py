# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a workspace's history of runs by SQL: four weeks of a café's syncs, always the same but for the time of day.

usage: history.py WORKSPACE [DAYS]
"""
import datetime
import os
import random
import sqlite3
import sys

# stream: minutes between runs, records of an ordinary run
STREAMS = {"orders": (10, 10), "payments": (30, 16), "timesheets": (60, 2)}


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def row(number, time, stream, usual, chance):
    """A run: nearly always it goes well and brings the usual; now and then not."""
    draw = chance.random()
    new = max(0, round(chance.gauss(usual, usual * 0.15)))
    status, failed, retries, attempts, code = "completed", 0, 0, 1, None
    if draw < 0.005:
        new = round(usual * 5)
    elif draw < 0.010:
        retries = 2
    elif draw < 0.012:
        status, attempts, code, new = "failed", 5, "provider", 0
    elif draw < 0.014:
        failed = 2
    return (f"past-{number:06d}", stream, stream, status, stamp(time), stamp(time),
            stamp(time + datetime.timedelta(seconds=2 + draw * 9)), new * 3 + failed, new, new * 2, failed, retries,
            attempts, code, "no answer" if code else None)


def fill(folder, days=28):
    """Runs of the last days, and one of each state that waits for something."""
    chance = random.Random(7)
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    rows = []
    for stream, (minutes, records) in STREAMS.items():
        time = (now - datetime.timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        while time < now - datetime.timedelta(minutes=30):
            rush = 2.5 if 11 <= time.hour <= 14 else 1
            rows.append((time, stream, records * rush))
            time += datetime.timedelta(minutes=minutes)
    rows = [row(n, *each, chance) for n, each in enumerate(sorted(rows))]
    with sqlite3.connect(os.path.join(folder, "tidemark.db"), timeout=20) as db:
        db.executemany("INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, status, requested_by,"
                       " requested_at, started_at, ended_at, read, created, unchanged, failed, retries, attempts,"
                       " error_code, error_message)"
                       " VALUES (?, 1, ?, ?, 'incremental', ?, 'schedule', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return len(rows)


def add_waiting(folder):
    """A run that is paused, one that asks, one that will be tried again, and a rehearsal."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    past = stamp(now - datetime.timedelta(minutes=9))
    due = stamp(now + datetime.timedelta(minutes=40))
    with sqlite3.connect(os.path.join(folder, "tidemark.db"), timeout=20) as db:
        add = ("INSERT INTO sync_runs (connection_id, requested_by, requested_at, started_at, attempts, sync_id, stream,"
               " entity, mode, status, read, unchanged, error_code, error_message, due_at, stalled)"
               f" VALUES (1, 'owner', '{past}', '{past}', 2, ?, ?, ?, 'full', ?, ?, ?, ?, ?, ?, 2)")
        db.execute(add, ("wait-paused", "payouts", "payouts", "paused", 40, 40, None, None, None))
        db.execute(add, ("wait-asks", "products", "products", "awaiting_approval", 11, 11, None,
                         "28 of 39 records are no longer there", None))
        db.execute(add, ("wait-retry", "refunds", "refunds", "pending", 0, 0, "provider", "no answer", due))
        db.execute("INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total) SELECT 'deletes', id, ?,"
                   " '28 of 39 records would be marked as deleted', 28, 39 FROM sync_runs WHERE sync_id = 'wait-asks'",
                   (past,))
        db.execute("INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, dry_run, status, requested_by,"
                   " requested_at, started_at, ended_at, attempts, read, created, updated, unchanged, ids)"
                   f" VALUES ('rehearsal', 1, 'customers', 'customers', 'incremental', 1, 'completed', 'owner', '{past}',"
                   f" '{past}', '{past}', 1, 20, 1, 1, 18, '[\"CUST1\", \"CUST2\"]')")
        for change in (("CUST1", "created", None, '{"given_name":"Ana","family_name":"Ferreira"}'),
                       ("CUST2", "updated", '{"given_name":"Tom","phone_number":"1"}',
                        '{"given_name":"Tom","phone_number":"2"}')):
            db.execute("INSERT INTO rehearsed_changes (run_id, record_id, kind, before, after)"
                       " SELECT id, ?, ?, ?, ? FROM sync_runs WHERE sync_id = 'rehearsal'", change)


if __name__ == "__main__":
    print(fill(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 28))
