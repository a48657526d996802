#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py DRIVER: cron expressions against python3-croniter, over 100 zones and ten years.

Three rounds for each zone:
- around every change of its clock, all expressions: croniter's calendar, and the rule for changes put in another way;
- the whole decade, some expressions, in the same way;
- croniter with its own time zones, near every change and at times picked at random. Where it is in the wrong is named in deviations.py.

TAP on standard output. The decade is 2010 to 2019, as in it Apia skips a day, Caracas, Pyongyang and Istanbul change their
offsets for good, and Moscow does so twice.
"""
import collections
import datetime
import os
import random
import subprocess
import sys

try:
    import croniter  # noqa: F401
except ImportError:
    print("1..0 # SKIP python3-croniter is not installed")
    sys.exit(0)

from deviations import name_of
from reference import DAY, UTC, Calendar, Zone, croniter_next, expect, times_of, fields_of

DRIVER = sys.argv[1]
FIRST, LAST = 2010, 2019
START = int(datetime.datetime(FIRST, 1, 1, tzinfo=UTC).timestamp())
END = int(datetime.datetime(LAST + 1, 1, 1, tzinfo=UTC).timestamp())
# Readings are asked for a little beyond.
CALENDAR = Calendar(START - 60 * DAY, END + 60 * DAY)

ZONES = 100
SPECIAL = """Pacific/Apia Australia/Lord_Howe Asia/Kathmandu America/Caracas Asia/Pyongyang Europe/Istanbul Europe/Moscow
  Africa/Casablanca Africa/Cairo Africa/Tripoli Africa/Windhoek Africa/Juba Africa/Sao_Tome America/Havana America/Sao_Paulo
  America/Santiago America/Asuncion America/Nuuk America/Scoresbysund America/St_Johns America/Port-au-Prince America/Cancun
  America/New_York America/Los_Angeles America/Metlakatla Antarctica/Casey Antarctica/Troll Asia/Amman Asia/Beirut Asia/Gaza
  Asia/Tehran Asia/Ulaanbaatar Asia/Kolkata Asia/Novosibirsk Atlantic/Azores Atlantic/Stanley Australia/Sydney Europe/Rome
  Europe/London Europe/Dublin Europe/Volgograd Pacific/Auckland Pacific/Chatham Pacific/Fiji Pacific/Fakaofo Pacific/Norfolk
  Pacific/Tongatapu Pacific/Bougainville Pacific/Marquesas Etc/UTC""".split()

# Rhythms, times of day, days.
EXPRESSIONS = """
* * * * *|*/5 * * * *|*/7 * * * *|*/15 * * * *|10-50/20 * * * *|0 * * * *|7 * * * *|30 * * * *|59 * * * *|@hourly
0,30 * * * *|*/5 2 * * *|*/10 0 * * *|*/20 1-3 * * *|0 */2 * * *|30 */3 * * *|15 1-23/2 * * *|45 */12 * * *|*/30 0-4/2 * * *
0 0-23 * * *|0-59 2 * * *|*/15 8-17 * * mon-fri|5,20 * * * sat,sun
0 12 * * *|@daily|30 0 * * *|0 1 * * *|30 1 * * *|0 2 * * *|15 2 * * *|30 2 * * *|59 2 * * *|0 3 * * *|30 3 * * *|59 23 * * *
30 23 * * *|0 2,3 * * *|30 1,2,3 * * *|0,15,30,45 2 * * *|0 0,12 * * *|15,45 0-3 * * *
0 2 * * 0|30 2 * * 7|30 1 * * sat-sun|@weekly|0 9 * * MON|30 2 * * mon-fri|0 0 * * */2
@monthly|30 2 1 * *|0 0 31 * *|30 2 L * *|0 12 15,L * *|30 2 */2 * *|0 6 29 2 *|0 0 1 1 *|@yearly|30 12 30 12 *
0 0 * * 5L|30 2 * * sunL|0 12 * * 1,5L|0 0 13 * 5|30 2 L * sun|0 3 1-7 * */7|30 2 */3 * sun|0 0 */2 * 1-5|30 2 25-31 3,10 *
30 1 * mar,Nov 0|0 5 31 jan,3,MAY-jul/2 *|0 0 13 * friL
""".replace("\n", "|").strip("|").split("|")


def pick_zones():
    """Those with something special about them, and others from all over the list."""
    with open("/usr/share/zoneinfo/zone1970.tab") as table:
        names = sorted(line.split("\t")[2].strip() for line in table if not line.startswith("#"))
    others = [name for name in names if name not in SPECIAL]
    wanted = ZONES - len(SPECIAL)
    return SPECIAL + [others[i * len(others) // wanted] for i in range(wanted)]


def ask(questions):
    """The driver's answers to (zone, expression, after, until, most): lists of (instant, note)."""
    text = "".join("\t".join(map(str, question)) + "\n" for question in questions)
    done = subprocess.run([DRIVER], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"Bail out! the driver ended with {done.returncode}: {done.stderr}")
    answers = [[(int(word[:-1]), word[-1]) for word in line.split()] for line in done.stdout.splitlines()]
    assert len(answers) == len(questions)
    return answers


def per_day(expression):
    return len(times_of(*fields_of(expression)[:2]))


def windows(zone, number):
    """The questions of the first two rounds."""
    for change in zone.changes:
        shift = abs(zone.offset(change) - zone.offset(change - 1))
        around = 14 if shift <= 7200 else 27
        for expression in EXPRESSIONS:
            near = per_day(expression) > 48
            yield (zone.name, expression, change - (2 if near else around) * 3600 - 1,
                   change + (3 if near else around) * 3600, 1000000)
    rare = [e for e in EXPRESSIONS if per_day(e) <= 4]
    for expression in rare[number % 8::8]:
        yield zone.name, expression, START, END, 1000000


def moments(zone, number, rng):
    """The questions of the third round: near changes, and anywhere."""
    for i, change in enumerate(zone.changes):
        for expression in EXPRESSIONS[(number + i) % 6::6]:
            yield zone.name, expression, change + rng.randrange(-DAY, 2 * 3600), END + 60 * DAY, 1
    for expression in EXPRESSIONS[number % 2::2]:
        yield zone.name, expression, rng.randrange(START, END), END + 60 * DAY, 1


class Check:
    def __init__(self):
        self.compared = self.asked = self.number = self.failed = 0
        self.notes = collections.Counter()
        self.deviations = collections.Counter()
        self.quiet = 0

    def report(self, complaints, what):
        self.number += 1
        self.failed += bool(complaints)
        print(f"{'not ok' if complaints else 'ok'} {self.number} - {what}")
        for complaint in complaints[:5]:
            print(f"# {complaint}")

    def calendar(self, zone, number):
        questions = list(windows(zone, number))
        complaints = []
        for (_, expression, after, until, _), ours in zip(questions, ask(questions)):
            wanted = expect(CALENDAR, zone, expression, after, until)
            self.compared += len(wanted)
            self.notes.update(note for _, note in wanted)
            if ours != wanted:
                odd = sorted(set(ours) ^ set(wanted))[:4]
                complaints.append(f"{zone.name} \"{expression}\" after {after}: " + ", ".join(
                    f"{'ours' if one in ours else 'theirs'} {one[0]}{one[1]}" for one in odd))
        return complaints

    def croniter(self, zone, number, rng):
        questions = list(moments(zone, number, rng))
        complaints = []
        for (_, expression, after, _, _), ours in zip(questions, ask(questions)):
            if not ours:
                continue
            theirs = croniter_next(zone, expression, after)
            changed = zone.changed_between(after - DAY, max(ours[0][0], theirs))
            self.asked += 1
            self.quiet += not changed
            if ours[0][0] == theirs:
                continue
            name = name_of(CALENDAR, zone, expression, after, ours[0], theirs) if changed else None
            if name is None:
                complaints.append(f"{zone.name} \"{expression}\" after {after}: ours {ours[0]}, croniter {theirs}")
            else:
                self.deviations[name] += 1
        return complaints


def main():
    check = Check()
    zones = pick_zones()
    seed = int(os.environ.get("TIDEMARK_CRON_SEED", "1"))
    rng = random.Random(seed)

    print(f"# {len(zones)} zones, {len(EXPRESSIONS)} expressions, {FIRST} to {LAST}, seed {seed}")
    changes = 0
    for number, name in enumerate(zones):
        zone = Zone(name, START - 60 * DAY, END + 60 * DAY)
        zone.changes = [change for change in zone.changes if START <= change < END]
        changes += len(zone.changes)
        complaints = check.calendar(zone, number) + check.croniter(zone, number, rng)
        check.report(complaints, f"{name}, {len(zone.changes)} changes of the clock")

    excepted = sum(check.deviations.values())
    print(f"# by croniter's calendar: {check.compared} times around {changes} changes and over the decade,"
          f" of them {check.notes['L']} late, {check.notes['1']} the first of two, {check.notes['2']} the second; no exceptions")
    print(f"# by croniter's zones: {check.asked} times, {check.quiet} with no change of the clock near (no exceptions there),"
          f" {excepted} excepted as croniter is in the wrong:")
    for name, count in check.deviations.most_common():
        print(f"#   {count}: {name}")
    check.report([] if len(set(zones)) == ZONES and changes > 900 and check.compared > 1000000 and
                 min(check.notes[note] for note in "L12") > 1000 else ["too few"], "enough was compared")
    check.report([] if check.asked > 10000 and check.quiet > check.asked // 4 and excepted < check.asked // 4 else ["too many"],
                 "not everything was excepted")
    print(f"1..{check.number}")
    return 1 if check.failed else 0


sys.exit(main())
