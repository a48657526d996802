# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the data, by mouse and keyboard, in TAP.

usage: with-display /usr/bin/python3 test_data.py TIDEMARK TIDEMARKCTL SANDBOX [PICTURES]
"""
import csv
import os
import re
import sqlite3
import sys

from choose import choose
from demo import Demo
from tmui import wait
from window import Window, clipboard, journey


def ask(demo, sql):
    with sqlite3.connect(f"file:{demo.workspace.folder}/tidemark.db?mode=ro", uri=True, timeout=20) as db:
        return [row[0] for row in db.execute(sql)]


def rows(app):
    return app.rows(app.sees("Records", "tree table"))


def opens_on_the_newest(app, demo):
    n = ask(demo, "SELECT count(*) FROM orders")[0]
    app.open_page("Data")
    app.sees(f"Orders: {n}")
    ids = ask(demo, "SELECT id FROM orders ORDER BY created_at DESC, id LIMIT 3")
    named = ask(demo, "SELECT COALESCE(NULLIF(number, ''), '…' || substr(id, -6)) FROM orders ORDER BY created_at DESC LIMIT 3")
    wait("the newest on top", lambda: [c[0] for c, _ in rows(app)[:3]] == named)
    assert len(ids) == 3


def searches(app, demo):
    n = ask(demo, "SELECT count(*) FROM orders WHERE number LIKE '%Table 1%'")[0]
    of_all = ask(demo, "SELECT count(*) FROM orders")[0]
    app.mouse_click(app.sees("Search records", "entry"))
    app.type("table 1")
    app.sees(f"Orders: {n}")
    app.sees(f"shown of {of_all}")
    wait("only those", lambda: rows(app) and all(c[0].startswith("Table 1") for c, _ in rows(app)))
    app.type(" nowhere")
    app.sees("Nothing Like That")
    app.press("Clear the Search")
    app.sees(f"Orders: {of_all}")


def sorts_by_a_header(app, demo):
    header = [n for n in app.root.walk(True) if n.name == "GtkColumnViewTitle" and "Total" in n.label][0]
    app.mouse_click(header)
    least = ask(demo, "SELECT min(total) FROM orders")[0]
    wait("the smallest first", lambda: f"£{least / 100:.2f}" in rows(app)[0][0])
    app.mouse_click(header)
    most = ask(demo, "SELECT max(total) FROM orders")[0]
    wait("the largest first", lambda: f"£{most / 100:.2f}" in rows(app)[0][0])


def drawer_is_open(app):
    # a widget that was shown once keeps its box when it is hidden: the button tells
    return not {"pressed", "checked"}.isdisjoint(app.sees("Show the chosen record", "push button").states)


def shows_a_record(app, demo):
    dearest = ask(demo, "SELECT _raw FROM square_orders WHERE NOT _deleted ORDER BY total DESC, _key DESC LIMIT 1")[0]
    app.mouse_click(rows(app)[0][1])
    app.sees("Own Number There")
    assert drawer_is_open(app)
    assert app.lacks(lambda n: n.startswith("{")), "what was received is folded"
    app.mouse_click(app.sees("As Received"))
    app.sees(lambda n: n.startswith("{"))
    app.press("Copy")
    wait("the record on the clipboard", lambda: clipboard() == dearest)
    app.key("F9")
    wait("the drawer to close", lambda: not drawer_is_open(app))
    app.key("F9")
    wait("the drawer to open", lambda: drawer_is_open(app))
    app.press("Close the record")
    wait("the drawer to close again", lambda: not drawer_is_open(app))


def sessions(demo):
    names = ask(demo, "SELECT name FROM events WHERE name LIKE 'smart-sync-%' ORDER BY id")
    return names.count("smart-sync-started"), names.count("smart-sync-ended")


def refreshes_customers_only(app, demo):
    assert sessions(demo) == (0, 0), "orders are looked at without a session"
    choose(app, "Kind of data", "Customers")
    app.sees(lambda n: re.fullmatch(r"Fresh as of \d\d:\d\d", n) is not None, timeout=60)
    wait("the session", lambda: sessions(demo) == (1, 0))
    choose(app, "Kind of data", "Payments")
    wait("the session to end", lambda: sessions(demo) == (1, 1))
    assert app.lacks(lambda n: n.startswith("Fresh as of"))
    choose(app, "Kind of data", "Customers")
    wait("another session", lambda: sessions(demo) == (2, 1))
    app.open_page("Overview")
    wait("it to end with the page", lambda: sessions(demo) == (2, 2))
    app.open_page("Data")
    wait("it to begin with the page", lambda: sessions(demo) == (3, 2))


def exports_what_is_shown(app, demo, folder):
    choose(app, "Kind of data", "Customers")
    app.mouse_click(app.sees("Search records", "entry"))
    app.type("Canterbury")
    expected = ask(demo, "SELECT id FROM customers WHERE locality LIKE '%Canterbury%' ORDER BY id")
    assert expected
    app.sees(f"Customers: {len(expected)}")
    app.press("Export…")
    app.sees("Export Customers?", "dialog")
    path = os.path.join(folder, "canterbury.csv")
    app.press("Table (CSV)")
    app.sees("Export", "filler")
    app.key("ctrl+a")
    app.type(path)
    app.key("Return")
    app.sees(lambda n: n.startswith(f"{len(expected)} records written to"))
    with open(path, newline="") as f:
        assert sorted(r["id"] for r in csv.DictReader(f)) == sorted(expected)


def main():
    tidemark, ctl, sandbox = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None

    with Demo(ctl, sandbox, "--orders", "700", "--months", "3") as demo:
        demo.workspace.connect(demo.sandbox)
        demo.workspace.ctl("sync", "Square")
        app = Window(tidemark, demo.workspace.folder, os.path.join(demo.scratch.name, "window.log"))
        status = journey(app, [
            ("opens on the newest", lambda a: opens_on_the_newest(a, demo)),
            ("searches", lambda a: searches(a, demo)),
            ("sorts by a header", lambda a: sorts_by_a_header(a, demo)),
            ("shows a record", lambda a: shows_a_record(a, demo)),
            ("refreshes customers, and only those", lambda a: refreshes_customers_only(a, demo)),
            ("exports what is shown", lambda a: exports_what_is_shown(a, demo, demo.scratch.name)),
            ("quits without a warning", Window.quit),
        ], pictures)
        assert status != 0 or sessions(demo)[0] == sessions(demo)[1], "a session outlived the window"
        return status


sys.exit(main())
