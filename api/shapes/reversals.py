"""Transfers taken back, as finance sees and asks for them."""

from collections.abc import Sequence

from pydantic import ConfigDict

from api import french
from api.formats import Body, RunReason
from api.shapes.common import Labelled, Moment, Shape
from db.reads.reversals import RequestLine, ReversalLine


class ReversalAsked(Body):
    """`reason` is kept with it."""

    reason: RunReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Versé à un compte qui n’est plus le sien."}]}
    )


class ReversalView(Shape):
    """What is back of a transfer, whoever took it: `reversal` and `transfer` are the provider's references;
    `at` is when we learnt of it."""

    statement: str
    transfer: str
    reversal: str
    amount_cents: int
    at: Moment


class ReversalRequestView(Shape):
    """`actor_id` is a person's id; `failure` is why the provider refused, null if it did not."""

    statement: str
    transfer: str
    actor_id: str
    reason: str
    asked_at: Moment
    failure: Labelled | None


class MonthReversals(Shape):
    month: str
    reversals: list[ReversalView]
    requests: list[ReversalRequestView]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "reversals": [
                        {
                            "statement": "AF0001-00007",
                            "transfer": "tr_1SXyZ2",
                            "reversal": "trr_1SYbA4",
                            "amount_cents": 1600,
                            "at": "2026-12-02T10:15:01+01:00",
                        }
                    ],
                    "requests": [
                        {
                            "statement": "AF0001-00007",
                            "transfer": "tr_1SXyZ2",
                            "actor_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14",
                            "reason": "Versé à un compte qui n’est plus le sien.",
                            "asked_at": "2026-12-02T10:15:00+01:00",
                            "failure": None,
                        }
                    ],
                }
            ]
        }
    )


def month_reversals(
    month: str, reversals: Sequence[ReversalLine], requests: Sequence[RequestLine]
) -> MonthReversals:
    return MonthReversals(
        month=month,
        reversals=[
            ReversalView(
                statement=line.number,
                transfer=line.reversal.transfer,
                reversal=line.reversal.reference,
                amount_cents=line.reversal.amount_cents,
                at=line.reversal.at,
            )
            for line in reversals
        ],
        requests=[
            ReversalRequestView(
                statement=line.number,
                transfer=line.request.transfer,
                actor_id=line.request.actor_id,
                reason=line.reason,
                asked_at=line.request.asked_at,
                failure=_failure(line.request.refusal),
            )
            for line in requests
        ],
    )


def _failure(code: str | None) -> Labelled | None:
    if code is None:
        return None
    return Labelled(code=code, label=french.REVERSAL_FAILURES.get(code, french.REVERSAL_FAILED))
