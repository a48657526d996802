# SPDX-License-Identifier: GPL-3.0-or-later
"""Where croniter 1.3.5 with a time zone is in the wrong, or means another thing, and how that is told.

croniter adds to a wall clock's reading as if that clock were never changed, and mends the sum by the difference of the
offsets, in some cases. So none of these goes for a question with no change of the clock between the asking and an answer,
nor in the day's remainder after it; and each has to be shown by the two answers themselves. What is excepted
here is still checked, against croniter's calendar and the rule that is written down in tide-cron.h.
"""
from reference import DAY, is_rhythmic


def name_of(calendar, zone, expression, after, ours, theirs):
    """The deviation that explains why ours, (instant, note), is not theirs, an instant; None if there is none."""
    instant, note = ours
    reading = theirs + zone.offset(theirs)
    again = any(theirs - since < 2 * DAY and reading < since + before
                for since, before in ends_before(zone, theirs))

    # It goes back to the first of the two rounds of an hour.
    if theirs <= after:
        return "its answer is before the question"
    # It says noon and means 11:00: the clock's own reading at its answer is not one that the expression allows.
    if not calendar.fits(expression, reading):
        return "its answer is no time that was asked for"
    # Ours comes first, is a time that was asked for, and it passed over that.
    if instant < theirs and note in "-1" and calendar.fits(expression, instant + zone.offset(instant)):
        return "it passes over a time that was asked for"
    # The clock leaves the time out. Ours is right after the gap; croniter forgets the day.
    if instant < theirs and note == "L":
        return "it forgets a time that the clock leaves out"
    # The clock shows the hour again; croniter drops a rhythm's second round.
    if instant < theirs and note == "2" and is_rhythmic(expression):
        return "it pauses while the clock shows an hour again"
    # The clock shows a time of day again, which had its turn before the question was asked.
    if theirs < instant and again and not is_rhythmic(expression):
        return "it repeats a time of day"
    return None


def ends_before(zone, instant):
    """(change, offset before it) of the changes up to instant."""
    return [(zone.spans[i][0], zone.spans[i - 1][1]) for i in range(1, len(zone.spans)) if zone.spans[i][0] <= instant]
