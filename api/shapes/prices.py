"""Prices as everybody may know them: the list, and what a session would cost."""

from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Labelled, Shape
from domain.price_preview import PricePreview
from domain.tariff import Tariff

PRICE_EXAMPLE: dict[str, Any] = {
    "skill": {"code": "printer", "label": "Imprimante et scanner"},
    "tariff": "2026-01",
    "slice_minutes": 15,
    "minimum_slices": 1,
    "grace_minutes": 2,
    "slice_price_ttc_cents": 1500,
    "vat_bp": 2000,
}


class SkillPrice(Shape):
    """A started slice costs its price, VAT included, once `grace_minutes` of it have passed; never fewer than
    `minimum_slices` are billed."""

    skill: Labelled
    tariff: str
    slice_minutes: int
    minimum_slices: int
    grace_minutes: int
    slice_price_ttc_cents: int
    vat_bp: int


class PriceList(Shape):
    prices: list[SkillPrice]

    model_config = ConfigDict(json_schema_extra={"examples": [{"prices": [PRICE_EXAMPLE]}]})


class PreviewLine(Shape):
    """A slice; a session of up to `until_minutes` has no further one."""

    slice: int
    until_minutes: int
    price_ttc_cents: int


class PricePreviewed(SkillPrice):
    """What `minutes` cost under a ceiling of `ceiling_minutes`; `at_most_ttc_cents` is what a session that
    reaches the ceiling costs. The gains are null for clients."""

    minutes: int
    ceiling_minutes: int
    lines: list[PreviewLine]
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int
    at_most_ttc_cents: int
    slice_gain_ht_cents: int | None
    gain_ht_cents: int | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                PRICE_EXAMPLE
                | {
                    "minutes": 25,
                    "ceiling_minutes": 30,
                    "lines": [
                        {"slice": 1, "until_minutes": 17, "price_ttc_cents": 1500},
                        {"slice": 2, "until_minutes": 32, "price_ttc_cents": 1500},
                    ],
                    "total_ht_cents": 2500,
                    "total_vat_cents": 500,
                    "total_ttc_cents": 3000,
                    "at_most_ttc_cents": 3000,
                    "slice_gain_ht_cents": None,
                    "gain_ht_cents": None,
                }
            ]
        }
    )


def _terms(skill: Labelled, tariff: Tariff) -> dict[str, Any]:
    return {
        "skill": skill,
        "tariff": tariff.version,
        "slice_minutes": tariff.slice_minutes,
        "minimum_slices": tariff.minimum_slices,
        "grace_minutes": tariff.grace_minutes,
        "slice_price_ttc_cents": tariff.price_ttc_cents,
        "vat_bp": tariff.vat_bp,
    }


def skill_price(skill: Labelled, tariff: Tariff) -> SkillPrice:
    return SkillPrice(**_terms(skill, tariff))


def price_previewed(
    skill: Labelled, tariff: Tariff, previewed: PricePreview, *, with_gains: bool
) -> PricePreviewed:
    return PricePreviewed(
        **_terms(skill, tariff),
        minutes=previewed.minutes,
        ceiling_minutes=previewed.ceiling_minutes,
        lines=[
            PreviewLine(
                slice=line.slice, until_minutes=line.until_minutes, price_ttc_cents=line.price.ttc_cents
            )
            for line in previewed.lines
        ],
        total_ht_cents=previewed.total.ht_cents,
        total_vat_cents=previewed.total.vat_cents,
        total_ttc_cents=previewed.total.ttc_cents,
        at_most_ttc_cents=previewed.at_most.ttc_cents,
        slice_gain_ht_cents=tariff.technician_ht_cents if with_gains else None,
        gain_ht_cents=previewed.gain_cents if with_gains else None,
    )
