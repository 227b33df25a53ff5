"""Money in integer euro cents; rates in basis points (2000 = 20 %); rounding half up. No float, ever."""

from dataclasses import dataclass

BASIS_POINTS = 10_000


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves away from zero. `denominator` must be positive."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


@dataclass(frozen=True)
class Price:
    """A sale price split by VAT; `ht_cents + vat_cents == ttc_cents` always."""

    ttc_cents: int
    ht_cents: int
    vat_cents: int


def price_from_ttc(ttc_cents: int, vat_bp: int) -> Price:
    """Split a price that includes VAT. With 20 % and a multiple of 6 cents the split is exact."""
    ht_cents = half_up(ttc_cents * BASIS_POINTS, BASIS_POINTS + vat_bp)
    return Price(ttc_cents=ttc_cents, ht_cents=ht_cents, vat_cents=ttc_cents - ht_cents)
