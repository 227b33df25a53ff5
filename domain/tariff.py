"""Tariffs: what a started slice costs the client and earns the technician. Frozen on a ticket at booking."""

from dataclasses import dataclass

from domain.money import Price, price_from_ttc


@dataclass(frozen=True)
class Tariff:
    """One version of the prices, in force from its date of effect until a later one replaces it.

    Minutes are whole minutes; `price_ttc_cents` is per slice, VAT included, a multiple of 6 cents so that
    VAT at 20 % is exact; `technician_ht_cents` is per slice, VAT excluded.
    """

    version: str
    slice_minutes: int
    minimum_slices: int
    grace_minutes: int
    price_ttc_cents: int
    vat_bp: int
    technician_ht_cents: int

    def slices(self, minutes: int) -> int:
        """Started slices in `minutes`, the grace taken off: max(minimum, ceil((minutes − grace) / slice))."""
        started = -(-(minutes - self.grace_minutes) // self.slice_minutes)
        return max(self.minimum_slices, started)

    def price(self, slices: int) -> Price:
        """What the client pays for that many slices."""
        return price_from_ttc(slices * self.price_ttc_cents, self.vat_bp)

    def gain_cents(self, slices: int) -> int:
        """What the technician earns for that many slices, VAT excluded."""
        return slices * self.technician_ht_cents
