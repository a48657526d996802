# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing from a drop-down by its words, for tests of the window."""
from tmui import wait


def chosen(app, drop):
    labels = app.sees(drop, "combo box").all("label")
    return labels[0].text if labels else ""


def choose(app, drop, text):
    """Opens the drop-down of that name and chooses by keyboard what says text."""
    box = app.sees(drop, "combo box")
    app.click(box.find("push button"))
    items = wait(f"the choices of {drop}", lambda: [n.label for n in box.all("list item")])
    app.key("Home", *["Down"] * items.index(text), "Return")
    wait(f"{text} to be chosen", lambda: chosen(app, drop) == text)
