#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill.py CTL SANDBOX [KILLS]: SIGKILL at random instants of a 20 000-record sync, resumed each time.

A sync is killed and started again until it ends by itself, and its store must then equal that of an
undisturbed one, record by record; then the next sync begins, until KILLS kills have hit a
running process. Each store is examined after each kill, too.
"""
import random
import signal
import sys
import time

from tidemark_campaign import Sandbox, Workspace, content, differences, examine

CTL, SANDBOX = sys.argv[1:3]
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 25
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 20261


def undisturbed(sandbox):
    """The store of a sync that nobody disturbs, and how long it took."""
    workspace = Workspace(CTL, sandbox)
    began = time.monotonic()
    workspace.run("sync", "Café")
    took = time.monotonic() - began
    with workspace.database() as database:
        store = content(database)
    workspace.remove()
    return store, took


def killed_once(workspace, delay):
    """Runs the sync for at most `delay` seconds. Returns True if it was killed, False if it ended well."""
    process = workspace.start("sync", "Café")
    try:
        process.wait(delay)
    except Exception:
        process.send_signal(signal.SIGKILL)
    error = process.communicate()[1].decode()
    if process.returncode == -signal.SIGKILL:
        return True
    if process.returncode != 0:
        raise AssertionError(f"the sync failed with {process.returncode}: {error}")
    return False


def main():
    dice = random.Random(SEED)
    kills = syncs = bad = 0
    mid_kills = 0
    with Sandbox(SANDBOX, "--orders", "8000", "--months", "12", "--seed", "7", "--latency", "2") as sandbox:
        expected, took = undisturbed(sandbox)
        records = sum(len(rows) for rows in expected.values())
        print(f"# {records} records, {took:.2f} s undisturbed, seed {SEED}")
        if records < 20000:
            print(f"not ok 1 - only {records} records to sync")
            return 1
        while kills < KILLS:
            workspace = Workspace(CTL, sandbox)
            syncs += 1
            # Full first, then killed anywhere: early deaths and late ones, also in the last moments.
            while kills < KILLS and killed_once(workspace, dice.uniform(0.005, took)):
                kills += 1
                with workspace.database() as database:
                    wrong = examine(database)
                    held = sum(len(rows) for rows in content(database).values())
                mid_kills += 0 < held < records
                if wrong:
                    bad += 1
                    print(f"# after kill {kills}: {'; '.join(wrong)}")
            workspace.run("sync", "Café")
            with workspace.database() as database:
                wrong = examine(database) + differences(expected, content(database))
            if wrong:
                bad += 1
                print(f"# sync {syncs}, after kill {kills}: {'; '.join(wrong)}")
            workspace.remove()
    print(f"# {kills} kills ({mid_kills} with the store half filled), {syncs} syncs")
    print(f"{'not ok' if bad else 'ok'} 1 - every store equals the undisturbed one")
    print(f"{'ok' if mid_kills * 4 > kills else 'not ok'} 2 - the kills fell into the sync, not beside it")
    print("1..2")
    return 1 if bad or mid_kills * 4 <= kills else 0


sys.exit(main())
