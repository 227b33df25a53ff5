"""Chargebacks as the team reads them, and what it says to them."""

from pydantic import ConfigDict

from api.formats import Body, LongText, Reason
from api.shapes.common import Labelled, Moment, Shape


class ChargebackView(Shape):
    """`reference` and `reason` are the provider's. An inquiry has moved no money yet. In cents: what was
    taken from us, given back, and what it cost."""

    reference: str
    ticket: str
    invoice: str
    status: Labelled
    is_inquiry: bool
    reason: str
    amount_cents: int
    withdrawn_cents: int
    returned_cents: int
    fee_cents: int
    opened_at: Moment
    answer_by: Moment | None
    answered_at: Moment | None
    closed_at: Moment | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reference": "du_1QxYz",
                    "ticket": "00000420",
                    "invoice": "F2026-000123",
                    "status": {"code": "to_answer", "label": "réponse attendue"},
                    "is_inquiry": False,
                    "reason": "fraudulent",
                    "amount_cents": 4500,
                    "withdrawn_cents": 4500,
                    "returned_cents": 0,
                    "fee_cents": 2000,
                    "opened_at": "2026-12-01T18:20:00+01:00",
                    "answer_by": "2026-12-10T00:59:59+01:00",
                    "answered_at": None,
                    "closed_at": None,
                }
            ]
        }
    )


class Chargebacks(Shape):
    chargebacks: list[ChargebackView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"chargebacks": []}]})


class ChargebackAnswered(Body):
    """The text is optional: what we know goes to the bank in any case."""

    text: LongText | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "La cliente a dit avoir confondu deux paiements."}]}
    )


class ChargebackConceded(Body):
    reason: Reason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "La carte avait été volée à une autre personne."}]}
    )
