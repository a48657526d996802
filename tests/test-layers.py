#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-layers.py BUILD SOURCE: an include that points up must not compile.

For each layer the compiler is asked, with that layer's own flags, to include a header of each
other layer: those below must be found, all others must not. TAP on standard output.
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys

BUILD, SOURCE = sys.argv[1:3]

# Who may include whom (src/README.md); what is not named here may not.
BELOW = {
    "core": set(),
    "store": {"core"},
    "provider": {"core", "store"},
    "credentials": {"core", "store", "provider"},
    "sync": {"core", "store", "provider"},
    "schedule": {"core", "store", "provider"},
    "snapshot": {"core", "store", "provider"},
    "engine": {"core", "store", "provider", "credentials", "sync", "schedule", "snapshot"},
    "ctl": {"core", "engine"},
    "app": {"core", "engine"},
    "sandbox": set(),
}


def flags_of(layer, commands):
    """The sets of flags with which files of this layer are compiled, without file names."""
    found = {}
    for entry in commands:
        path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        if path.startswith(os.path.join(SOURCE, "src", layer) + os.sep):
            words = shlex.split(entry["command"])
            flags = [w for w in words[:words.index("-o")] if w not in ("-MD", "-MQ", "-MF") and not w.endswith((".d", ".o", ".c"))]
            found[tuple(w for w in flags if w.startswith("-I"))] = (entry["directory"], flags)
    return list(found.values())


def includes(layer, header, flag_sets):
    """Whether any file of the layer could include it."""
    return any(subprocess.run(flags + ["-w", "-fsyntax-only", "-x", "c", "-"], input=f'#include "{header}"\n', text=True,
                              cwd=directory, capture_output=True).returncode == 0 for directory, flags in flag_sets)


def headers_of(layer):
    names = sorted(os.path.basename(h) for h in glob.glob(f"{SOURCE}/src/{layer}/*.h"))
    return [n for n in names if not n.endswith("-private.h")][:3]


def main():
    with open(os.path.join(BUILD, "compile_commands.json")) as f:
        commands = json.load(f)
    n = bad = 0

    def report(ok, what):
        nonlocal n, bad
        n += 1
        bad += not ok
        print(f"{'ok' if ok else 'not ok'} {n} {what}")

    for layer, below in BELOW.items():
        flag_sets = flags_of(layer, commands)
        if not flag_sets:
            continue
        for other in BELOW:
            if other == layer:
                continue
            if other not in below:
                for header in headers_of(other):
                    report(not includes(layer, header, flag_sets), f"{layer} cannot include {other}/{header}")
        own = headers_of(layer)
        if own:
            report(includes(layer, own[0], flag_sets), f"{layer} can include its own {own[0]}")

    for path in glob.glob(f"{SOURCE}/src/*/*.[ch]"):
        with open(path) as f:
            sideways = re.search(r'#include\s+"[^"]*/', f.read())
        if sideways and "sandbox" not in path:
            report(False, f"{os.path.relpath(path, SOURCE)} includes by path: {sideways.group(0)}")
    report(n > 20, f"{n} includes were tried")
    print(f"1..{n}")
    return 1 if bad else 0


sys.exit(main())
