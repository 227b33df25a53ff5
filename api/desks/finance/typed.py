"""What finance types into forms, as JSON has it: amounts in euros, a day in Paris."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import BeforeValidator

from api.formats import FIRST_YEAR, LAST_YEAR, wrong
from domain.opening_hours import PARIS

MOST_EUROS_DIGITS = 7


def _cents(typed: Any) -> int:
    """`15,60`, `15.6`, `-8 €`; spaces count for nothing."""
    plain = re.sub(r"[\s€]", "", str(typed)).replace("−", "-").replace(",", ".")
    match = re.fullmatch(rf"([+-]?)(\d{{1,{MOST_EUROS_DIGITS}}})(?:\.(\d{{1,2}}))?", plain, re.ASCII)
    if match is None:
        raise wrong("not_an_amount")
    sign, whole, rest = match.groups()
    cents = int(whole) * 100 + int((rest or "0").ljust(2, "0"))
    return -cents if sign == "-" else cents


def _midnight(typed: Any) -> datetime:
    """The beginning of that day, as a browser's field of dates sends it."""
    try:
        day = date.fromisoformat(str(typed))
    except ValueError:
        raise wrong("not_a_day") from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise wrong("not_a_day")
    return datetime.combine(day, time(), PARIS)


Euros = Annotated[int, BeforeValidator(_cents)]
Day = Annotated[datetime, BeforeValidator(_midnight)]
