"""Leaving: what is asked, and where it stands."""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict

from api import french_erasures as french
from api.formats import Body
from api.shapes.common import Labelled, Moment, Shape
from db.models.erasures import Erasure
from domain.erasures import AskedBy, ErasureStep, Outstanding, step_of


class AskErasureFor(Body):
    """How the person asked the team."""

    asked_by: Literal["phone", "mail"]

    model_config = ConfigDict(json_schema_extra={"examples": [{"asked_by": "phone"}]})


class OutstandingView(Shape):
    """`reference` is the number of a ticket, invoice or statement, or a year; null where there is none."""

    what: Labelled
    reference: str | None


class ErasureView(Shape):
    """`step` is `reflection` until `due_at`, then `waiting` for as long as something is `outstanding`, and
    ends as `erased` or `withdrawn`. `kept_records` counts what accounting keeps in the archive, until
    `kept_until` at the latest."""

    step: Labelled
    asked_by: Labelled
    asked_at: Moment
    due_at: Moment
    outstanding: list[OutstandingView]
    withdrawn_at: Moment | None
    erased_at: Moment | None
    kept_records: int | None
    kept_until: date | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "step": {"code": "reflection", "label": "délai pour changer d’avis"},
                    "asked_by": {"code": "person", "label": "la personne elle-même"},
                    "asked_at": "2026-11-24T10:00:00+01:00",
                    "due_at": "2026-12-24T10:00:00+01:00",
                    "outstanding": [
                        {
                            "what": {"code": "ticket", "label": "demande en cours"},
                            "reference": "00000420",
                        }
                    ],
                    "withdrawn_at": None,
                    "erased_at": None,
                    "kept_records": None,
                    "kept_until": None,
                }
            ]
        }
    )


def erasure_view(erasure: Erasure, outstanding: tuple[Outstanding, ...], now: datetime) -> ErasureView:
    step = step_of(
        due_at=erasure.due_at,
        withdrawn_at=erasure.withdrawn_at,
        erased_at=erasure.erased_at,
        now=now,
    )
    return ErasureView(
        step=_labelled(step),
        asked_by=_labelled(erasure.asked_by),
        asked_at=erasure.asked_at,
        due_at=erasure.due_at,
        outstanding=[
            OutstandingView(
                what=Labelled(code=one.what, label=french.AWAITED[one.what]), reference=one.reference
            )
            for one in outstanding
        ],
        withdrawn_at=erasure.withdrawn_at,
        erased_at=erasure.erased_at,
        kept_records=erasure.kept_records,
        kept_until=erasure.kept_until,
    )


def _labelled(value: ErasureStep | AskedBy) -> Labelled:
    labels = french.STEPS if isinstance(value, ErasureStep) else french.ASKED_BY
    return Labelled(code=value, label=labels[value])
