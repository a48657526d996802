# SPDX-License-Identifier: GPL-3.0-or-later
"""Tidemark's window for tests: words for what is done and seen there, and a journey through it in TAP."""
import os
import subprocess
import traceback

from tmui import App, wait

PAGES = {"Overview": "alt+1", "Attention": "alt+2", "Data": "alt+3", "Runs": "alt+4", "Integrations": "alt+5"}


class Window(App):
    """Tidemark, with words for what is done and seen there."""

    def __init__(self, program, workspace, log):
        # A warning of GTK or GLib ends the program, and with it the test.
        super().__init__([program, "--workspace", workspace, "--demo"], log=log, env={"G_DEBUG": "fatal-warnings"})

    def windows(self):
        return self.root.children

    def sees(self, text, role="label", timeout=None):
        """Waits until a shown widget of that role has that name (or matches, if it is a function)."""
        def look():
            for window in reversed(self.windows()):      # a dialog before what lies behind it
                found = window.first(role, text)
                if found:
                    return found
        return wait(f"{role} {text!r}", look, timeout)

    def lacks(self, text, role="label"):
        return not any(w.first(role, text) for w in self.windows())

    def button(self, name):
        # GTK 4.8 names a button with a mnemonic twice: "_Back Back"
        return self.sees(lambda n: n == name or n.replace("_", "") == f"{name} {name}", "push button")

    def press(self, name):
        wait(f"{name} to be ready", lambda: "sensitive" in self.button(name).states)
        self.click(self.button(name))

    def row(self, begins):
        return self.sees(lambda n: n.startswith(begins), "list item")

    def open_page(self, name):
        self.key(PAGES[name])
        self.sees(name)

    def fill(self, title, text):
        self.sees(title, "text").set_text(text)

    def quit(self):
        self.key("ctrl+q")
        assert self.proc.wait(20) == 0, f"the program ended with {self.proc.returncode}"


def clipboard():
    return subprocess.run(["xclip", "-selection", "clipboard", "-o"], capture_output=True, text=True).stdout


def journey(app, steps, pictures=None):
    """Takes the steps, [(name, function)], one after another until one fails. Returns the exit status."""
    failed = False

    print(f"1..{len(steps)}")
    for number, (name, step) in enumerate(steps, 1):
        try:
            step(app)
            print(f"ok {number} {name}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print("#", line)
            if pictures:
                app.screenshot(os.path.join(pictures, "failure.png"))
            break
    app.close()
    with open(app.log.name) as f:
        for line in f:
            print("#", line.rstrip())
    return 1 if failed else 0
