"""How people reach the Omea team, and when: what every page and mail says at its foot.

Source: the public FAQ (telephone, hours, mail).
"""

from datetime import datetime

from domain.french import DAYS, clock
from domain.opening_hours import PRODUCTION, OpeningHours

PHONE = "09 71 38 04 96"
PHONE_LINK = "tel:+33971380496"
MAIL = "contact@omeasupport.com"


def hours_in_words(hours: OpeningHours) -> str:
    """`du lundi au samedi, de 8 h à 19 h`; `tous les jours, à toute heure` for one that never closes."""
    if hours.always:
        return "tous les jours, à toute heure"
    return f"{_days(sorted(hours.weekdays))}, de {clock(hours.opens)} à {clock(hours.closes)}"


def closing(hours: OpeningHours, at: datetime) -> datetime | None:
    """Until when the team answers without a break; None when it does not answer at that instant."""
    following = hours.next_opening(at)
    return next((end for begin, end in hours.intervals(at, following) if begin <= at < end), None)


def _days(weekdays: list[int]) -> str:
    names = [DAYS[weekday] for weekday in weekdays]
    if len(names) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return f"du {names[0]} au {names[-1]}"
    *first, last = names
    return f"le {', le '.join(first)} et le {last}" if first else f"le {last}"


# What is said where the settings are not at hand: mails, the foot of every page.
HOURS = hours_in_words(PRODUCTION)
