# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as its owner meets it: a whole journey by mouse and keyboard, in TAP.

usage: with-display /usr/bin/python3 test_window.py TIDEMARK TIDEMARKCTL SANDBOX [PICTURES]
"""
import os
import sys

from demo import TOKEN, Demo
from tmui import wait
from window import Window, clipboard, journey

def opens_on_the_connections(app):
    app.sees("Square")
    app.sees("Demo")
    app.sees(lambda n: n in ("The first sync is running", "Nothing is synced yet"))
    app.row("Orders: ")
    assert app.sees(lambda n: n.startswith("Orders, last 24 hours: 0 hours synced"), "image")
    # no order is here yet, so nothing may say that all is well
    assert app.lacks("Everything is up to date")


def stops_when_told(app):
    """The sandbox does not answer for orders, so their sync goes on until it is stopped."""
    app.press("Sync Now")
    app.row("Orders: Syncing, ")
    app.row("Square: Syncing, ")
    app.press("Stop")
    wait("the button to go", lambda: app.lacks("Stop", "push button"))
    wait("all to stand still", lambda: app.lacks(lambda n: ": Syncing" in n, "list item"))
    assert app.lacks("Everything is up to date")


def syncs_on_demand(app, sandbox):
    sandbox.answer_again()
    app.press("Sync Now")
    app.sees("Everything is up to date", timeout=90)
    app.row("Orders: Fresh, last synced")
    app.row("Square: Fresh")
    assert app.lacks("Stop", "push button")


def lists_and_filters_runs(app):
    app.open_page("Runs")
    table = app.sees("Runs", "tree table")
    rows = wait("the runs", lambda: len(app.rows(table)) >= 8 and app.rows(table))
    assert {cells[0] for cells, _ in rows[:8]} == {"Done"}, rows
    assert any(cells[1] == "Orders" for cells, _ in rows), rows
    app.sees(lambda n: n.startswith("Runs of the last 7 days by hour"), "image")
    app.press("Problems Only")
    app.sees("No Runs Like That")
    app.press("Clear Filters")
    wait("the runs again", lambda: len(app.rows(table)) >= 8)
    app.mouse_click(app.sees("Search runs", "entry"))
    app.type("orders")
    wait("only orders", lambda: {c[1] for c, _ in app.rows(table)} == {"Orders"} and app.rows(table))


def opens_a_run(app):
    table = app.sees("Runs", "tree table")
    cells, row = app.rows(table)[0]
    app.mouse_click(row)
    app.sees(lambda n: n.startswith("Orders: ") and n.endswith("came or changed"))
    app.sees(lambda n: n.endswith("read, every one accounted for"))
    app.sees(lambda n: n.endswith(" new") and " read: " in n, "image")
    app.sees("What Changed")
    app.press("Copy Report")
    report = wait("the report on the clipboard", lambda: clipboard().startswith("Tidemark ") and clipboard())
    assert "What: Orders (square, stream orders)" in report and "Log:" in report, report
    assert TOKEN not in report
    app.key("alt+Left")
    app.sees("Runs", "tree table")


def refuses_a_wrong_key(app, url):
    app.open_page("Integrations")
    app.press("Connect Square")
    app.sees("What You Need")
    app.press("Continue")
    app.sees("Which Venue Is It?")
    app.press("Continue")
    app.sees("Step 3 of 5: Sign In")
    assert "sensitive" not in app.button("Continue").states, "nothing is filled in yet"
    app.fill("Access token", "wrong")
    app.mouse_click(app.row("Other address"))
    app.fill("Address", url)
    app.press("Continue")
    app.sees("That Did Not Work")
    app.sees(lambda n: "refuses the sign-in" in n)


def connects_with_the_right_key(app):
    app.press("Back")
    app.sees("Step 3 of 5: Sign In")
    app.fill("Access token", TOKEN)
    app.press("Continue")
    app.sees("This Is What Square Shows")
    app.press("Continue")
    app.sees("Ready to Start")
    app.fill("What you call it", "Second Square")
    app.press("Connect")
    app.sees(lambda n: n.startswith("Second Square: "), "list item")
    app.sees("Everything is up to date", timeout=90)


def disconnects(app):
    app.open_page("Integrations")
    app.mouse_click(app.sees("Second Square", "list item"))
    app.sees("What Is Kept Fresh")
    app.press("Disconnect…")
    app.sees("Disconnect Second Square?")
    app.press("Delete the Data")
    wait("its rows to go", lambda: app.lacks(lambda n: n.startswith("Second Square"), "list item"))
    app.open_page("Overview")
    app.row("Square: Fresh")


def moves_by_keyboard(app):
    """The charts' cell cursor: what it says changes with the arrow keys."""
    app.open_page("Runs")
    chart = app.sees(lambda n: n.startswith("Runs of the last 7 days"), "image")
    for _ in range(40):
        if "focused" in chart.states:
            break
        app.key("Tab")
    assert "focused" in chart.states, "the heat map cannot be reached by Tab"
    here = wait("what the cell says", lambda: chart.acc.get_description())
    assert here.startswith("Today, ") and "runs, " in here, here
    app.key("Up")
    there = wait("another cell", lambda: chart.acc.get_description() != here and chart.acc.get_description())
    assert there.endswith("No run"), there
    app.key("Down")
    wait("the first cell again", lambda: chart.acc.get_description() == here)
    app.key("Return")
    app.sees(lambda n: n.startswith("Today, ") and " to " in n)


def main():
    tidemark, ctl, sandbox = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None

    with Demo(ctl, sandbox, "--orders", "1500", "--months", "6", "--latency", "10") as demo:
        demo.workspace.connect(demo.sandbox)
        demo.sandbox.never_answer("/v2/orders/search")
        app = Window(tidemark, demo.workspace.folder, os.path.join(demo.scratch.name, "window.log"))
        sys.exit(journey(app, [
            ("opens on the connections", opens_on_the_connections),
            ("stops when told", stops_when_told),
            ("syncs on demand", lambda a: syncs_on_demand(a, demo.sandbox)),
            ("lists and filters runs", lists_and_filters_runs),
            ("opens a run", opens_a_run),
            ("charts move by keyboard", moves_by_keyboard),
            ("refuses a wrong key", lambda a: refuses_a_wrong_key(a, demo.sandbox.url)),
            ("connects with the right key", connects_with_the_right_key),
            ("disconnects", disconnects),
            ("quits without a warning", Window.quit),
        ], pictures))


main()
