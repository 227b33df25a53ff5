"""Refunds as people read them."""

from pydantic import ConfigDict

from api.shapes.common import Labelled, Moment, Shape
from api.shapes.disputes import GainRuled


class RefundRuled(Shape):
    """`minutes` is what stays billed where a part goes back; the reason and the gains are the team's own."""

    kind: Labelled
    minutes: int | None
    amount_cents: int
    credit_note: str | None
    reason: str | None
    gains: list[GainRuled] | None
    ruled_at: Moment


class RefundView(Shape):
    """`failure` tells the team why the money could not be sent, or came back."""

    number: int
    status: Labelled
    reason: str | None
    asked_at: Moment
    ruling: RefundRuled | None
    failure: str | None
    closed_at: Moment | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": 1,
                    "status": {"code": "open", "label": "à l’étude"},
                    "reason": "La panne est revenue le soir même, à l’identique.",
                    "asked_at": "2026-12-01T18:20:00+01:00",
                    "ruling": None,
                    "failure": None,
                    "closed_at": None,
                }
            ]
        }
    )


class RefundCases(Shape):
    refunds: list[RefundView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"refunds": []}]})
