# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs the owner, and what goes and waits: met by mouse and keyboard, in TAP.

usage: with-display /usr/bin/python3 test_attention.py TIDEMARK TIDEMARKCTL SANDBOX [PICTURES]
"""
import os
import sys

from demo import TOKEN, Demo
from tmui import wait
from window import Window, clipboard, journey

PAYMENTS = "Payments: 3 put aside"


def needs(app, count):
    """The badge, the sentence and the page say the same number, and the page lists as many."""
    words = "1 thing needs you" if count == 1 else f"{count} things need you"
    app.sees(f"Attention: {words}", "list item", timeout=60)
    app.open_page("Overview")
    app.sees(words)
    app.open_page("Attention")
    app.sees(f"Needs You · {count}")
    wait(f"{count} rows", lambda: len(app.sees("Needs You", "list").children) == count)


def records(app):
    """Those that are shown of the group that is open."""
    return [n for n in app.sees("Records put aside", "list").children if n.shown]


def counts_the_same_everywhere(app):
    needs(app, 2)


def opens_from_overview(app):
    app.open_page("Overview")
    app.sees("3 records of Payments could not be read from Square")
    app.press("Show Them")
    app.sees("Needs You · 2")
    wait("the records", lambda: len(records(app)) == 3)
    app.sees(lambda n: "is not as expected. They are kept as received" in n)
    assert app.lacks(lambda n: "created_at" in n), "nothing raw is to be seen before it is opened"


def tells_what_exactly(app):
    app.mouse_click(records(app)[0])
    app.sees("What exactly, and the record as received")
    app.sees(lambda n: "created_at: " in n)
    app.press("Copy")
    wait("the record on the clipboard", lambda: clipboard().startswith("{") and clipboard())
    assert TOKEN not in clipboard()


def dismisses_by_key_and_undoes(app):
    app.mouse_click(records(app)[1])
    app.key("Delete")
    app.sees("1 record dismissed")
    app.sees("Payments: 2 put aside")
    wait("it to go", lambda: len(records(app)) == 2)
    app.press("Undo")
    app.sees(PAYMENTS)
    wait("it to come back", lambda: len(records(app)) == 3)


def selects_several(app):
    app.press("Select")
    app.sees("0 selected")
    boxes = [n for n in app.sees("Records put aside", "list").all("check box")]
    assert len(boxes) == 3, boxes
    app.mouse_click(boxes[0])
    app.mouse_click(boxes[2])
    app.sees("2 selected")
    app.key("Escape")
    wait("the selection to end", lambda: app.lacks(lambda n: n.endswith(" selected")))
    assert app.lacks(lambda n: n.endswith("dismissed")), "nothing was done by leaving"
    app.press("Select")
    app.press("All")
    app.sees("3 selected")
    app.key("Delete")
    app.sees("3 records dismissed")
    needs(app, 1)
    app.press("Undo")
    needs(app, 2)


def fetches_again(app, sandbox):
    sandbox.answer_again()
    app.mouse_click(app.row(PAYMENTS))
    app.press("Fetch All Again")
    app.sees("Fetching 3 records again")
    needs(app, 1)
    assert [n.name.split(":")[0] for n in app.sees("Needs You", "list").children] == ["Orders"]


def dismisses_a_group(app):
    app.mouse_click(app.row("Orders: 1 put aside"))
    app.press("Dismiss It")
    app.sees("Nothing Needs You", timeout=30)
    app.open_page("Overview")
    app.sees("Everything is up to date", timeout=30)
    app.row("Orders: Fresh")


def live_customers(demo):
    """Asked of the store itself."""
    out = demo.workspace.ctl("--json", "sql", "SELECT count(*) AS n FROM square_customers WHERE NOT _deleted")
    return int("".join(c for c in out if c.isdigit()))


def check_customers(demo):
    demo.workspace.ctl("sync", "Square", "customers", "--mode", "full", "--detach")


def refuses(app, demo):
    """Customers vanish at Square: the sync halts and asks, and a refusal keeps them."""
    before = live_customers(demo)
    demo.sandbox.delete("customers", 40)
    check_customers(demo)
    needs(app, 1)
    app.mouse_click(app.row("Customers: your decision"))
    app.sees("40 records of Customers are gone from Square: mark them as deleted here?")
    app.sees("Would be marked as deleted")
    box = app.sees("Do Not Ask Again for This", "check box")
    assert "checked" not in box.states, "nothing with consequences is chosen beforehand"
    app.press("Refuse")
    app.sees(lambda n: n.startswith("Refused"))
    app.sees("Nothing Needs You", timeout=30)
    assert live_customers(demo) == before


def approves(app, demo):
    before = live_customers(demo)
    check_customers(demo)
    needs(app, 1)
    app.mouse_click(app.row("Customers: your decision"))
    app.mouse_click(app.sees("Do Not Ask Again for This", "check box"))
    app.press("Approve")
    app.sees(lambda n: n.startswith("Approved"))
    app.sees("Nothing Needs You", timeout=30)
    wait("them to be marked", lambda: live_customers(demo) == before - 40)
    demo.sandbox.delete("customers", 40)
    check_customers(demo)
    wait("more of them to be marked without asking", lambda: live_customers(demo) == before - 80, 30)
    assert app.lacks("Needs You · 1")


def signs_in_again(app, demo):
    """However many streams it stops, a refused sign-in is one thing; the key mends it."""
    demo.sandbox.go_wrong("expired_token", "/v2/")
    demo.workspace.ctl("sync", "Square", "--detach")
    needs(app, 1)
    app.mouse_click(app.row("Square: sign in again"))
    app.sees("Square needs you to sign in again")
    app.press("Sign In Again…")
    demo.sandbox.answer_again()
    app.fill("Access token", TOKEN)
    app.press("Sign In")
    app.sees("Attention", "list item", timeout=60)
    app.sees("Nothing Needs You", timeout=30)
    app.sees("Mended Today · 1", timeout=60)


def tries_again_by_itself(app, demo):
    """Needs nobody: it is not counted, and stands apart; who does not want to wait need not."""
    demo.sandbox.go_wrong("unavailable", "/v2/labor")
    demo.workspace.ctl("sync", "Square", "timesheets", "--detach")
    app.open_page("Attention")
    app.sees("Being Tried Again · 1", timeout=120)
    app.sees("Attention", "list item")
    app.mouse_click(app.row("Square: Timesheets. Square does not answer; "))
    app.sees("Timesheets of Square is being tried again")
    demo.sandbox.answer_again()
    app.press("Try Now")
    wait("it to come through", lambda: app.lacks(lambda n: n.startswith("Being Tried Again")), 60)
    app.open_page("Overview")
    app.row("Timesheets: Fresh")


def queue(app):
    """What stands in the queue, in order."""
    return [n.name for n in app.sees("Now and next", "list").children if n.role == "list item"]


def shows_the_queue(app, sandbox):
    app.open_page("Overview")
    assert app.lacks("Now and Next"), "nothing goes yet"
    sandbox.never_answer("/v2/orders/search")
    app.press("Sync Now")
    app.sees("Now and Next")
    wait("orders to go", lambda: queue(app)[0].startswith("Orders, Square · Harbour Coffee: Goes now"))
    wait("the others to wait", lambda: len(queue(app)) == 8 and queue(app)[1].endswith(": Is next"))
    app.sees("and 2 more", "push button")


def steers_the_queue(app):
    name = queue(app)[4].split(",")[0]
    app.press(f"Let {name} go first")
    wait(f"{name} to be next", lambda: queue(app)[1] == f"{name}, Square · Harbour Coffee: Is next")
    # by keyboard: down behind the one below it, and up again
    second = queue(app)[2].split(",")[0]
    app.mouse_click(app.button(f"Let {second} go first"))
    wait(f"{second} to be next", lambda: queue(app)[1].startswith(second + ","))
    app.key("alt+Down")
    wait(f"{second} to be behind {name}", lambda: queue(app)[1].startswith(name + ","))
    app.key("alt+Up")
    wait(f"{second} to be next", lambda: queue(app)[1].startswith(second + ","))
    app.key("alt+Down")
    wait(f"{name} to be next", lambda: queue(app)[1].startswith(name + ","))
    app.press(f"Pause {name}")
    wait(f"{name} to be paused", lambda: any(n.startswith(name) and n.endswith(": Paused") for n in queue(app)))
    app.press(f"Resume {name}")
    wait(f"{name} to wait", lambda: not any(n.endswith(": Paused") for n in queue(app)))
    app.press(f"Take {name} out of the line")
    wait(f"{name} to go", lambda: not any(n.startswith(name) for n in queue(app)))


def holds_the_queue(app, sandbox):
    app.press("Pause All")
    app.press("Resume All")
    wait("one to go", lambda: any(": Goes now" in n for n in queue(app)))
    sandbox.answer_again()
    # the request that was left without an answer stays so; after a pause it is sent anew
    app.press("Pause All")
    app.press("Resume All")
    wait("all to be done", lambda: app.lacks("Now and Next"), 90)
    app.sees("Everything is up to date", timeout=60)


def main():
    tidemark, ctl, sandbox = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None

    with Demo(ctl, sandbox, "--orders", "1500", "--months", "6", "--customers", "300") as demo:
        demo.workspace.connect(demo.sandbox)
        demo.sandbox.go_wrong("bad_record", "/v2/orders/search", times=1)
        demo.sandbox.go_wrong("bad_record", "/v2/payments", times=3)
        demo.workspace.ctl("sync", "Square", status=3)
        app = Window(tidemark, demo.workspace.folder, os.path.join(demo.scratch.name, "window.log"))
        sys.exit(journey(app, [
            ("one count everywhere", counts_the_same_everywhere),
            ("opens from Overview", opens_from_overview),
            ("tells what exactly", tells_what_exactly),
            ("dismisses by key, and undoes", dismisses_by_key_and_undoes),
            ("selects several", selects_several),
            ("fetches again", lambda a: fetches_again(a, demo.sandbox)),
            ("dismisses a group", dismisses_a_group),
            ("refuses", lambda a: refuses(a, demo)),
            ("approves", lambda a: approves(a, demo)),
            ("signs in again", lambda a: signs_in_again(a, demo)),
            ("tries again by itself", lambda a: tries_again_by_itself(a, demo)),
            ("shows the queue", lambda a: shows_the_queue(a, demo.sandbox)),
            ("steers the queue", steers_the_queue),
            ("holds the queue", lambda a: holds_the_queue(a, demo.sandbox)),
            ("quits without a warning", Window.quit),
        ], pictures))


main()
