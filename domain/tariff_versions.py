"""Versions of a tariff: which has effect when, and what a new one may say. None is ever edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.duration import CEILING_STEP_MINUTES
from domain.errors import Refusal, Refused
from domain.money import price_from_ttc
from domain.tariff import Tariff

# The ordinary rate (CGI art. 278). With it a price in multiples of 6 cents has an exact VAT, which no other
# rate gives: another rate is a change of the rules and not a figure to be typed.
VAT_BP = 2000
TTC_STEP_CENTS = 6
# Beyond these a figure was mistyped: euros for cents, or a year for another.
LOWEST_PRICE_CENTS, HIGHEST_PRICE_CENTS = 60, 30_000
LONGEST_NOTICE = timedelta(days=731)


class TariffState(StrEnum):
    PAST = "past"
    IN_FORCE = "in_force"
    TO_COME = "to_come"


def states(dates: Sequence[datetime], now: datetime) -> list[TariffState]:
    """Of the versions for one skill, by their dates of effect, the oldest first."""
    begun = sum(date <= now for date in dates)
    return [
        TariffState.TO_COME
        if number > begun
        else TariffState.IN_FORCE
        if number == begun
        else TariffState.PAST
        for number in range(1, len(dates) + 1)
    ]


@dataclass(frozen=True)
class NewTariff:
    """A version that is to have effect from an instant on, for one skill or (None) for all the others."""

    tariff: Tariff
    skill: str | None
    effective_from: datetime


def check_new_tariff(new: NewTariff, now: datetime) -> None:
    """Raises `Refused`: `TARIFF_PAST` or `TARIFF_TOO_FAR` for its date of effect, `TARIFF_PRICE`,
    `TARIFF_SLICES` or `TARIFF_GAIN` for its figures."""
    tariff = new.tariff
    if new.effective_from < now:
        raise Refused(Refusal.TARIFF_PAST)
    if new.effective_from > now + LONGEST_NOTICE:
        raise Refused(Refusal.TARIFF_TOO_FAR)
    if (
        tariff.price_ttc_cents % TTC_STEP_CENTS
        or not LOWEST_PRICE_CENTS <= tariff.price_ttc_cents <= HIGHEST_PRICE_CENTS
    ):
        raise Refused(Refusal.TARIFF_PRICE, price_ttc_cents=tariff.price_ttc_cents)
    if not _fits_ceilings(tariff):
        raise Refused(Refusal.TARIFF_SLICES)
    if not 0 < tariff.technician_ht_cents <= price_from_ttc(tariff.price_ttc_cents, tariff.vat_bp).ht_cents:
        raise Refused(Refusal.TARIFF_GAIN, technician_ht_cents=tariff.technician_ht_cents)


def _fits_ceilings(tariff: Tariff) -> bool:
    """The shortest ceiling must be a whole number of slices, and not fewer than the minimum: otherwise a
    client would be billed less than the minimum, or nothing. And a grace as long as a slice is a free one."""
    return (
        tariff.slice_minutes > 0
        and CEILING_STEP_MINUTES % tariff.slice_minutes == 0
        and 0 < tariff.minimum_slices * tariff.slice_minutes <= CEILING_STEP_MINUTES
        and 0 <= tariff.grace_minutes < tariff.slice_minutes
    )
