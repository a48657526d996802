# SPDX-License-Identifier: GPL-3.0-or-later
"""What cron expressions mean, by python3-croniter, and what zones do, by Python's zoneinfo.

croniter is asked twice. For a wall clock that is never changed (naive times) it is the reference for everything about
the calendar. With a time zone it is the reference between changes of the clock only: see deviations.py.
"""
import bisect
import datetime
import functools
import zoneinfo

import pytz
from croniter import croniter

DAY = 86400
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
SHORTCUTS = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
             "@yearly": "0 0 1 1 *"}


def fields_of(expression):
    return SHORTCUTS.get(expression, expression).split()


@functools.cache
def is_rhythmic(expression):
    """Whether it asks for a rhythm: a star or a step in the minute or the hour, or all of them."""
    minute, hour = fields_of(expression)[:2]
    return minute == "0-59" or hour == "0-23" or any(sign in field for field in (minute, hour) for sign in "*/")


def split_weekdays(field):
    """Plain weekdays, and last weekdays as croniter writes them (5L is L5)."""
    plain, last = [], []
    names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    for item in field.lower().split(","):
        if item.endswith("l"):
            day = item[:-1]
            last.append("L" + str(names.index(day) if day in names else int(day) % 7))
        else:
            plain.append(item)
    return [",".join(part) for part in (plain, last) if part]


@functools.cache
def in_croniter(expression):
    """The same for croniter: a list of (expression, day_or), of which it means any. It differs in two points:

    - the last Friday is L5, not 5L, and must not be mixed with plain weekdays, nor with a day of month by "or" (it then finds
      either a wrong day or none): so each goes by itself;
    - a day field such as */2 is a restriction to it, not to vixie cron ("DOM or DOW starts with *"), so there it is told
      to want both (day_or=False).
    """
    minute, hour, day, month, weekday = fields_of(expression)
    either = not day.startswith("*") and not weekday.startswith("*")
    asked = []
    for part in split_weekdays(weekday):
        if either:
            asked.append((f"{minute} {hour} * {month} {part}", False))
        else:
            asked.append((f"{minute} {hour} {day} {month} {part}", False))
    if either:
        asked.append((f"{minute} {hour} {day} {month} *", False))
    return asked


def walk(expression, start, end):
    """croniter's naive times from start up to before end, as seconds since 1970 on that clock."""
    found = set()
    for text, day_or in in_croniter(expression):
        times = croniter(text, EPOCH + datetime.timedelta(seconds=start - 1), day_or=day_or)
        while True:
            time = int(times.get_next(float))
            if time >= end:
                break
            found.add(time)
    return sorted(found)


@functools.cache
def days_of(day, month, weekday, start, end):
    return walk(f"0 0 {day} {month} {weekday}", start, end)


@functools.cache
def times_of(minute, hour):
    return walk(f"{minute} {hour} * * *", 0, DAY)


class Calendar:
    """Readings of a clock that fit, in a stretch of years. A day fits or not, a time of day fits or not: so croniter is asked for the
    days and for the times."""

    def __init__(self, start, end):
        self.start, self.end = start, end

    def readings(self, expression, start, end):
        """Those from start on, before end."""
        assert self.start <= start and end <= self.end
        minute, hour, *days = fields_of(expression)
        dates = days_of(*days, self.start, self.end)
        times = times_of(minute, hour)
        for date in dates[bisect.bisect_right(dates, start - DAY):bisect.bisect_left(dates, end)]:
            for time in times:
                if start <= date + time < end:
                    yield date + time

    def fits(self, expression, reading):
        return any(True for _ in self.readings(expression, reading, reading + 1))


class Zone:
    """A zone's changes in a stretch of years."""

    def __init__(self, name, start, end):
        self.name = name
        self.info = zoneinfo.ZoneInfo(name)
        self.pytz = pytz.timezone(name)
        self.spans = [(start, self.offset(start))]  # since when, seconds ahead of UTC
        step = DAY
        for at in range(start, end, step):
            if self.offset(at + step) != self.spans[-1][1]:
                change = bisect.bisect_left(range(at, at + step), True, key=lambda t: self.offset(t) != self.offset(at)) + at
                self.spans.append((change, self.offset(change)))
        self.starts = [since for since, _ in self.spans]
        self.changes = self.starts[1:]
        self.end = end

    def offset(self, instant):
        return int(datetime.datetime.fromtimestamp(instant, self.info).utcoffset().total_seconds())

    def changed_between(self, first, last):
        return bisect.bisect_right(self.changes, first) != bisect.bisect_right(self.changes, last)

    def spans_of(self, start, end):
        """(from, until, offset) of each span that has something of start to end."""
        first = bisect.bisect_right(self.starts, start) - 1
        for i in range(first, len(self.spans)):
            since, offset = self.spans[i]
            if since >= end:
                break
            until = self.spans[i + 1][0] if i + 1 < len(self.spans) else self.end
            yield max(since, start), min(until, end), offset


def expect(calendar, zone, expression, after, until):
    """What is to happen later than after, not later than until, each with the letter of its note: tide-cron.h's rule, put in another way.

    All readings are listed with the instants at which the clock shows them, from and to a little beyond: as much as
    the clock is put forward or back about that time.
    """
    offsets = [offset for _, _, offset in zone.spans_of(after - 3 * DAY, until + 3 * DAY)]
    margin = max(offsets) - min(offsets) + 3600
    start, end = after - margin, until + margin
    shown = {}      # reading: the instants, in order
    late = set()
    newest = None   # the reading up to which the clock has come, not including it
    for since, to, offset in zone.spans_of(start, end):
        if newest is not None and since + offset > newest:
            swallowed = next(calendar.readings(expression, newest, since + offset), None)
            # The first swallowed time on a clock that would not have been changed.
            unchanged = since + swallowed - newest if swallowed is not None else None
            if swallowed is not None and not (
                    any(True for _ in calendar.readings(expression, since + offset, unchanged + offset + 1))
                    if is_rhythmic(expression) else calendar.fits(expression, since + offset)):
                late.add(since)
        for reading in calendar.readings(expression, since + offset, to + offset):
            shown.setdefault(reading, []).append(reading - offset)
        newest = max(to + offset, newest if newest is not None else to + offset)

    happenings = [(instant, "L") for instant in late]
    for instants in shown.values():
        happenings.append((instants[0], "1" if len(instants) > 1 else "-"))
        if is_rhythmic(expression):
            happenings.extend((instant, "2") for instant in instants[1:])
    return sorted(h for h in happenings if after < h[0] <= until)


@functools.cache
def parsed(text, day_or):
    return croniter(text, EPOCH, day_or=day_or)


def croniter_next(zone, expression, after):
    """croniter's own answer, time zone and all. Its zones are pytz's: with others it is wrong three times as often."""
    start = datetime.datetime.fromtimestamp(after, zone.pytz)
    return min(int(parsed(text, day_or).get_next(float, start_time=start)) for text, day_or in in_croniter(expression))
