"""What a session would cost, line by line, before anything is booked. The same rule as the bill's."""

from dataclasses import dataclass

from domain.duration import CEILING_STEP_MINUTES, duration
from domain.money import Price
from domain.tariff import Tariff


@dataclass(frozen=True)
class PriceLine:
    """One slice. A session of up to `until_minutes` (whole minutes) has no more slices than this one."""

    slice: int
    until_minutes: int
    price: Price


@dataclass(frozen=True)
class PricePreview:
    """`total` is the price of `minutes` under a ceiling of `ceiling_minutes`, `at_most` that of a session
    that reaches the ceiling. `gain_cents` is what the technician earns of `total`, VAT excluded."""

    minutes: int
    ceiling_minutes: int
    lines: tuple[PriceLine, ...]
    total: Price
    at_most: Price
    gain_cents: int


def shortest_ceiling(minutes: int) -> int:
    """The ceiling that a client who expects so long a session would accept: the next multiple of 15."""
    return -(-minutes // CEILING_STEP_MINUTES) * CEILING_STEP_MINUTES


def preview(tariff: Tariff, minutes: int, ceiling_minutes: int) -> PricePreview:
    """`minutes` as declared and measured alike."""
    slices = duration(tariff, declared=minutes, measured=minutes, ceiling=ceiling_minutes).billed_slices
    return PricePreview(
        minutes=minutes,
        ceiling_minutes=ceiling_minutes,
        lines=tuple(_line(tariff, number) for number in range(1, slices + 1)),
        total=tariff.price(slices),
        at_most=tariff.price(ceiling_minutes // tariff.slice_minutes),
        gain_cents=tariff.gain_cents(slices),
    )


def _line(tariff: Tariff, number: int) -> PriceLine:
    covered = max(number, tariff.minimum_slices)
    return PriceLine(number, covered * tariff.slice_minutes + tariff.grace_minutes, tariff.price(1))
