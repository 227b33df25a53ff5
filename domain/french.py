"""How French writes amounts, dates and durations, and where its spaces must not break."""

import re
import textwrap
from datetime import datetime, time, timedelta

from domain.opening_hours import PARIS

NBSP = "\N{NO-BREAK SPACE}"
NARROW_NBSP = "\N{NARROW NO-BREAK SPACE}"
TEXT_WIDTH = 72
_UNITS = "min|minutes?|h|heures?|jours?|mois|ans|secondes|chiffres|créneaux?|euros|Mo"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
# Where there is no room for more.
SHORT_MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juill.", "août", "sept.", "oct.", "nov.", "déc."),
)


def euros(cents: int) -> str:
    """`15,00 €`; thousands are grouped: `1 234,50 €`."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW_NBSP)
    return f"{'−' if cents < 0 else ''}{grouped},{rest:02d}{NBSP}€"


def percent(basis_points: int) -> str:
    """`20 %`, `5,5 %`."""
    whole, rest = divmod(basis_points, 100)
    decimals = f",{rest:02d}".rstrip("0").rstrip(",")
    return f"{whole}{decimals}{NBSP}%"


def minutes(count: int) -> str:
    """`45 minutes`, then `1 h`, `1 h 30`."""
    hours, rest = divmod(count, 60)
    if hours == 0:
        return f"{rest}{NBSP}minute{'s' if rest > 1 else ''}"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def length(duration: timedelta) -> str:
    """A deadline in its largest round unit: `7 jours`, `72 heures`, `10 minutes`; a demo's in seconds."""
    seconds = int(duration.total_seconds())
    # As people say them: 72 hours rather than 3 days, 60 minutes rather than 1 hour.
    units = ((86_400, "jour", 4), (3_600, "heure", 2), (60, "minute", 1), (1, "seconde", 0))
    for size, name, least in units:
        if seconds % size == 0 and seconds >= least * size:
            count = seconds // size
            return f"{count}{NBSP}{name}{'s' if count > 1 else ''}"
    raise AssertionError("whole seconds are always a multiple of one second")


def age(duration: timedelta) -> str:
    """How long something has lasted, roughly: `moins d’une minute`, `12 min`, `3 h`, `2 jours`."""
    minutes_ = int(duration.total_seconds()) // 60
    if minutes_ < 1:
        return "moins d’une minute"
    if minutes_ < 60:
        return f"{minutes_}{NBSP}min"
    if minutes_ < 48 * 60:
        return f"{minutes_ // 60}{NBSP}h"
    return f"{minutes_ // 1440}{NBSP}jours"


def day(instant: datetime) -> str:
    """`lundi 23 novembre 2026`, Paris time."""
    local = instant.astimezone(PARIS)
    return f"{_weekday_and_month(local)} {local.year}"


def month(text: str) -> str:
    """`2026-11` becomes `novembre 2026`."""
    year, _, number = text.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def hour(instant: datetime) -> str:
    """`14 h 30`, `9 h`, Paris time."""
    return clock(instant.astimezone(PARIS).time())


def clock(at: time) -> str:
    """`14 h 30`, `9 h`, as a clock shows it."""
    return f"{at.hour}{NBSP}h" + (f"{NBSP}{at.minute:02d}" if at.minute else "")


def moment(instant: datetime) -> str:
    """`lundi 23 novembre 2026 à 14 h 30 (heure de Paris)`."""
    return f"{day(instant)} à {hour(instant)} (heure de Paris)"


def exact_moment(instant: datetime) -> str:
    """`lundi 23 novembre 2026 à 14 h 30 min 05 s (heure de Paris, UTC+1)`, for what the law wants dated."""
    local = instant.astimezone(PARIS)
    offset = local.utcoffset()
    hours = int(offset.total_seconds()) // 3_600 if offset is not None else 0
    to_the_second = f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}{NBSP}min{NBSP}{local.second:02d}{NBSP}s"
    return f"{day(instant)} à {to_the_second} (heure de Paris, UTC+{hours})"


def short_moment(instant: datetime) -> str:
    """`lundi 23 novembre à 14 h 30`, for a subject line."""
    return f"{_weekday_and_month(instant.astimezone(PARIS))} à {hour(instant)}"


def short_day(instant: datetime) -> str:
    """`lundi 23 novembre`, Paris time, where the year is known."""
    return _weekday_and_month(instant.astimezone(PARIS))


def when(instant: datetime, now: datetime) -> str:
    """`aujourd’hui à 14 h 30`, `demain à 9 h`, else `lundi 23 novembre à 14 h 30`, Paris time."""
    local = instant.astimezone(PARIS)
    days = (local.date() - now.astimezone(PARIS).date()).days
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}.get(days)
    if near is not None:
        return f"{near} à {hour(instant)}"
    year = "" if local.year == now.astimezone(PARIS).year else f" {local.year}"
    return f"{_weekday_and_month(local)}{year} à {hour(instant)}"


def of_when(instant: datetime, now: datetime) -> str:
    """What `when` says, after `de`: `d’hier à 14 h 30`, `de demain à 9 h`, `du lundi 23 novembre à 9 h`."""
    said = when(instant, now)
    if said.startswith("demain"):
        return f"de {said}"
    return f"d’{said}" if said.startswith(("hier", "aujourd’hui")) else f"du {said}"


def phone(number: str) -> str:
    """`+33612345678` becomes `06 12 34 56 78`; numbers of other countries stay as they are."""
    if not re.fullmatch(r"\+33[1-9][0-9]{8}", number):
        return number
    digits = f"0{number[3:]}"
    return NBSP.join(digits[place : place + 2] for place in range(0, 10, 2))


def by_threes(digits: str) -> str:
    """`123456789` becomes `123 456 789`, as AnyDesk shows it."""
    first = len(digits) % 3
    groups = [digits[:first], *(digits[place : place + 3] for place in range(first, len(digits), 3))]
    return NBSP.join(group for group in groups if group)


def sentence(text: str) -> str:
    """With a capital at its beginning; the names in it stay as they are."""
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """A person's text made harmless for a header or a line: no line breaks, no invisible characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def first_name(name: str) -> str:
    """The first name of a full name written in the usual order."""
    return one_line(name).partition(" ")[0]


def card(label: str) -> str:
    """`visa 4242`, as the card was saved, becomes `Visa se terminant par 4242`."""
    brand, _, digits = one_line(label).rpartition(" ")
    return (
        f"{brand.title()} se terminant par{NBSP}{digits}" if brand and digits.isdigit() else one_line(label)
    )


def typeset(text: str) -> str:
    """Make unbreakable the spaces that French puts before and inside its punctuation, and those that hold
    together a number and its unit (`2 min`), an hour, its `à` and its zone, a telephone number, an article of
    law."""
    text = re.sub(r" (?=[:;?!»])", NBSP, text)
    text = re.sub(rf"(?<=\d) (?=(?:{_UNITS})\b)", NBSP, text)
    text = re.sub(rf"(?<=\bà) (?=\d{{1,2}}{NBSP}h\b)", NBSP, text)
    text = re.sub(r"\b0\d(?: \d\d){4}\b", lambda found: found[0].replace(" ", NBSP), text)
    text = text.replace("heure de Paris", f"heure{NBSP}de{NBSP}Paris")
    text = re.sub(r"(article) (L\.) ", rf"\1{NBSP}\2{NBSP}", text)
    return re.sub(r"(?<=«|°) ", NBSP, text)


def wrapped(text: str, indent: str = "") -> str:
    """One paragraph of a plain-text mail; `indent` goes before every line but the first."""
    # Not str.split(): it would break at the unbreakable spaces as well.
    paragraph = typeset(re.sub(r"[ \t\r\n]+", " ", text).strip(" "))
    return textwrap.fill(
        paragraph,
        TEXT_WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


def of_month(name: str) -> str:
    """`de novembre 2026`, `d’octobre 2026`."""
    said = month(name)
    return f"d’{said}" if said[0] in "ao" else f"de {said}"


def dated(instant: datetime) -> str:
    """`24/11/2026`, Paris time, for the lines of a table."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y}"


def dated_moment(instant: datetime) -> str:
    """`24/11/2026 à 9 h 05`, Paris time."""
    return f"{dated(instant)} à {hour(instant)}"


def _weekday_and_month(local: datetime) -> str:
    number = "1er" if local.day == 1 else str(local.day)
    return f"{DAYS[local.weekday()]} {number}{NBSP}{MONTHS[local.month - 1]}"
