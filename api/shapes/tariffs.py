"""Tariffs as finance sets them and the team reads them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from api import french
from api.formats import Body, Instant, SkillCode
from api.shapes.common import Labelled, Moment, Named, Shape
from db.models.money import TariffVersion
from domain.tariff_versions import HIGHEST_PRICE_CENTS, LOWEST_PRICE_CENTS, states

VersionName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$"),
    Field(description="Its name for ever; tickets show it.", examples=["2027-01-printer"]),
]


class TariffAsked(Body):
    """`skill` is what it is for: null for all that have none of their own. `effective_from` is null for now.
    Cents a slice: the price with VAT, the technician's gain without."""

    version: VersionName
    skill: SkillCode | None = None
    effective_from: Instant | None = None
    slice_minutes: Annotated[int, Field(ge=1, le=15)] = 15
    minimum_slices: Annotated[int, Field(ge=1, le=15)] = 1
    grace_minutes: Annotated[int, Field(ge=0, le=14)] = 2
    price_ttc_cents: Annotated[int, Field(ge=LOWEST_PRICE_CENTS, le=HIGHEST_PRICE_CENTS)]
    technician_ht_cents: Annotated[int, Field(ge=1, le=HIGHEST_PRICE_CENTS)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": "2027-01-printer",
                    "skill": "printer",
                    "effective_from": "2027-01-01T00:00:00+01:00",
                    "slice_minutes": 15,
                    "minimum_slices": 1,
                    "grace_minutes": 2,
                    "price_ttc_cents": 1800,
                    "technician_ht_cents": 900,
                }
            ]
        }
    )


TARIFF_EXAMPLE: dict[str, Any] = {
    "version": "2027-01-printer",
    "skill": {"code": "printer", "label": "Imprimante et scanner"},
    "state": {"code": "to_come", "label": "à venir"},
    "effective_from": "2027-01-01T00:00:00+01:00",
    "until": None,
    "slice_minutes": 15,
    "minimum_slices": 1,
    "grace_minutes": 2,
    "price_ttc_cents": 1800,
    "vat_bp": 2000,
    "technician_ht_cents": 900,
    "set_by": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14", "name": "Paul Omea"},
    "set_at": "2026-11-24T09:00:00+01:00",
}


class TariffView(Shape):
    """`skill` is null for all that have no version of their own in force; `until` is when the next version of
    the same skill has effect. `set_by` and `set_at` are null for the tariff that the service began with."""

    version: str
    skill: Labelled | None
    state: Labelled
    effective_from: Moment
    until: Moment | None
    slice_minutes: int
    minimum_slices: int
    grace_minutes: int
    price_ttc_cents: int
    vat_bp: int
    technician_ht_cents: int
    set_by: Named | None
    set_at: Moment | None

    model_config = ConfigDict(json_schema_extra={"examples": [TARIFF_EXAMPLE]})


class Tariffs(Shape):
    """Those for all skills first, then skill by skill, each from the oldest to the newest."""

    tariffs: list[TariffView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"tariffs": [TARIFF_EXAMPLE]}]})


def tariff_views(
    rows: Sequence[TariffVersion], skills: Mapping[str, str], names: Mapping[str, str], now: datetime
) -> list[TariffView]:
    """`rows` are in the order of `db.reads.tariffs.all_versions`."""
    views: list[TariffView] = []
    for _, group in groupby(rows, key=lambda row: row.skill):
        versions = list(group)
        starts = [row.effective_from for row in versions]
        for row, state, until in zip(versions, states(starts, now), [*starts[1:], None], strict=True):
            skill = Labelled(code=row.skill, label=skills[row.skill]) if row.skill else None
            views.append(
                TariffView(
                    version=row.version,
                    skill=skill,
                    state=Labelled(code=state, label=french.TARIFFS[state]),
                    effective_from=row.effective_from,
                    until=until,
                    slice_minutes=row.slice_minutes,
                    minimum_slices=row.minimum_slices,
                    grace_minutes=row.grace_minutes,
                    price_ttc_cents=row.price_ttc_cents,
                    vat_bp=row.vat_bp,
                    technician_ht_cents=row.technician_ht_cents,
                    set_by=Named(id=row.set_by, name=names.get(row.set_by, "")) if row.set_by else None,
                    set_at=row.set_at,
                )
            )
    return views
