# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the runs, over four weeks of them, by mouse and keyboard, in TAP.

usage: with-display /usr/bin/python3 test_runs.py TIDEMARK TIDEMARKCTL SANDBOX [PICTURES]
"""
import os
import re
import sqlite3
import sys

from choose import choose
from demo import Demo
from history import add_waiting, fill
from tmui import wait
from window import Window, journey


def ask(demo, sql):
    with sqlite3.connect(f"file:{demo.workspace.folder}/tidemark.db?mode=ro", uri=True, timeout=20) as db:
        return db.execute(sql).fetchone()[0]


def table(app):
    return app.sees("Runs", "tree table")


def rows(app):
    return app.rows(table(app))


def counts(app):
    """The counts line as numbers: {"runs": 2316, "done": 2309, ...}."""
    total = app.sees(lambda n: re.fullmatch(r"[\d,]+ runs?", n) is not None).name
    parts = app.sees(lambda n: re.match(r"[\d,]+ (done|retried|need)", n) is not None).name
    found = {"runs": int(total.split()[0].replace(",", ""))}
    for number, word in re.findall(r"(\d[\d,]*) (\D+?)(?=, \d|$)", parts):
        found[word] = int(number.replace(",", ""))
    return found


def heat_map(app):
    return app.sees(lambda n: n.startswith("Runs of the last 7 days by hour"), "image")


def counts_add_up(app, demo):
    app.open_page("Runs")
    wait("the runs", lambda: len(rows(app)) >= 8)
    found = wait("the counts", lambda: counts(app))
    assert found["runs"] == sum(v for k, v in found.items() if k != "runs"), found
    assert found["runs"] > 1000, found
    choose(app, "Period", "Any time")
    all_runs = ask(demo, "SELECT count(*) FROM sync_runs")
    wait("all of them", lambda: abs(counts(app)["runs"] - all_runs) < 40)
    wait("the sum of all", lambda: counts(app)["runs"] == sum(v for k, v in counts(app).items() if k != "runs"))


def moves_over_the_map(app):
    chart = heat_map(app)
    for _ in range(40):
        if "focused" in chart.states:
            break
        app.key("Tab")
    assert "focused" in chart.states, "the heat map cannot be reached by Tab"
    here = wait("what the cell says", lambda: chart.acc.get_description())
    assert here.startswith("Today, "), here
    app.key("End")
    last = wait("the last cell", lambda: chart.acc.get_description() != here and chart.acc.get_description())
    assert not last.startswith("Today") and "23:00 to 00:00" in last, last
    assert "planned" in last, last
    app.key("Return")                                     # nothing to list there yet
    assert app.lacks(lambda n: " to 00:00" in n), "a planned hour was listed"


def lists_an_hour(app, demo):
    chart = heat_map(app)
    app.key("Home", "Down", "Right", "Right")             # the second of the days shown, at two
    said = wait("the cell", lambda: ", 02:00 to 03:00" in chart.acc.get_description() and chart.acc.get_description())
    number = int(re.search(r"(\d+) runs?,", said).group(1))
    assert number > 5, said
    app.key("Return")
    app.sees(lambda n: n.endswith(", 02:00 to 03:00"))
    wait("as many runs as the cell says", lambda: counts(app)["runs"] == number)
    wait("only those", lambda: len(rows(app)) == number)
    app.key("Return")
    wait("all again", lambda: counts(app)["runs"] > 1000)


def shows_problems_only(app):
    app.press("Problems Only")
    wait("only problems", lambda: rows(app) and {c[0] for c, _ in rows(app)} <= {"Failed", "Partly", "Asks you"})
    app.press("All Runs")
    wait("all again", lambda: "Done" in {c[0] for c, _ in rows(app)})


def tells_what_is_usual(app):
    choose(app, "Kind of data", "Orders")
    app.sees("Records in Each Run: Orders, Square")
    app.sees(lambda n: re.fullmatch(r"\d+ runs were not as usual", n) is not None)
    app.sees(lambda n: re.search(r"records in each of \d+ runs; [1-9]\d* with more than usual", n) is not None, "image")
    app.sees("more than usual")
    choose(app, "Kind of data", "Payouts")
    app.sees(lambda n: re.fullmatch(r"What is usual is known after 14 days; \d so far", n) is not None)
    choose(app, "Kind of data", "Any data")
    wait("the card to go", lambda: app.lacks(lambda n: n.startswith("Records in Each Run")))


def open_run(app, word):
    wait(f"a run that is {word}", lambda: [r for c, r in rows(app) if c[0] == word])
    app.mouse_click([r for c, r in rows(app) if c[0] == word][0])


def rehearsals_say_would(app):
    app.open_page("Runs")
    open_run(app, "Rehearsed")
    app.sees("Rehearsal: Customers")
    app.sees("Customers: would create 1 and change 1")
    app.sees("Only these 2 records: CUST1 and CUST2")
    app.sees("What Would Change")
    app.sees("would be created")
    app.sees("Ana Ferreira")
    app.key("alt+Left")


def tries_again_at_once(app):
    open_run(app, "Retrying")
    app.sees(lambda n: n.startswith("Tried 2 times; next try "))
    app.press("Retry Now")
    app.sees(lambda n: n.startswith("Refunds: ") and ("nothing had changed" in n or "came or changed" in n), timeout=60)
    app.key("alt+Left")


def resumes(app):
    open_run(app, "Paused")
    app.sees("Payouts: paused after 40")
    app.press("Resume")
    app.sees(lambda n: n.startswith("Payouts: ") and ("nothing had changed" in n or "came or changed" in n), timeout=60)
    app.key("alt+Left")


def refuses(app, demo):
    open_run(app, "Asks you")
    app.sees("It would mark 28 of 39 records as deleted")
    assert "checked" not in app.sees(lambda n: n.startswith("Do not ask again"), "check box").states
    app.press("Refuse")
    app.sees(lambda n: n.startswith("Products: stopped"), timeout=60)
    assert ask(demo, "SELECT state FROM approvals") == "refused"
    assert ask(demo, "SELECT count(*) FROM square_products WHERE _deleted") == 0
    app.key("alt+Left")


def main():
    tidemark, ctl, sandbox = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None

    with Demo(ctl, sandbox, "--orders", "400", "--months", "3") as demo:
        demo.workspace.connect(demo.sandbox)
        demo.workspace.ctl("sync", "Square")
        fill(demo.workspace.folder)
        add_waiting(demo.workspace.folder)
        app = Window(tidemark, demo.workspace.folder, os.path.join(demo.scratch.name, "window.log"))
        return journey(app, [
            ("counts runs by how they went", lambda a: counts_add_up(a, demo)),
            ("moves over the heat map by keyboard", moves_over_the_map),
            ("lists an hour of it", lambda a: lists_an_hour(a, demo)),
            ("shows problems only", shows_problems_only),
            ("tells what is usual", tells_what_is_usual),
            ("shows a rehearsal", rehearsals_say_would),
            ("tries again at once", tries_again_at_once),
            ("resumes what was paused", resumes),
            ("refuses what it asks", lambda a: refuses(a, demo)),
            ("quits without a warning", Window.quit),
        ], pictures)


sys.exit(main())
