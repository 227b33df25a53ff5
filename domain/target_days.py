"""The days on which banks settle transfers in euros: those on which TARGET is open.

Source: the European Central Bank's calendar, closed on Saturdays, Sundays, 1 January, Good Friday, Easter
Monday, 1 May, 25 and 26 December.
"""

from datetime import date, timedelta

import holidays

# Looked up when this is loaded, like the French ones (`domain.opening_hours`).
TARGET_CLOSED = frozenset(holidays.financial_holidays("ECB", years=range(2020, 2101)))
SATURDAY = 5


def next_target_day(day: date) -> date:
    """The first one after that day, never the day itself: a file may be handed in after the hour at which
    banks stop taking them for the day."""
    following = day + timedelta(days=1)
    while following.weekday() >= SATURDAY or following in TARGET_CLOSED:
        following += timedelta(days=1)
    return following
