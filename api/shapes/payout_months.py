"""A month of payouts as finance sees it: its runs, what is due, what was paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Moment, Named, Shape
from api.shapes.payouts import STATEMENT_EXAMPLE, StatementGain, StatementView, gains_view, statement_view
from db.models.money import Gain
from db.models.payouts import PayoutStatus
from db.reads.payouts import RunLine, StatementLine


class RunView(Shape):
    """`actor_id` is a person's id, `schedule`, or `omea` for the command line; `finished_at` is null while it
    goes on."""

    n: int
    cut_off: Moment
    reason: str | None
    actor_id: str
    started_at: Moment
    finished_at: Moment | None


RUN_EXAMPLE: dict[str, Any] = {
    "n": 2,
    "cut_off": "2026-12-01T00:00:00+01:00",
    "reason": "Compte de Thomas complété.",
    "actor_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14",
    "started_at": "2026-12-02T09:00:00+01:00",
    "finished_at": "2026-12-02T09:00:01+01:00",
}


class PayoutMonth(Shape):
    """`total_cents` is what the statements come to, `paid_cents` what was transferred of it."""

    month: str
    runs: list[RunView]
    statements: list[StatementView]
    total_cents: int
    paid_cents: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "runs": [RUN_EXAMPLE],
                    "statements": [STATEMENT_EXAMPLE],
                    "total_cents": 1600,
                    "paid_cents": 1600,
                }
            ]
        }
    )


class TechnicianPreview(Shape):
    """`total_cents` of the new gains; `carried_over` when it is not positive, so that nothing is claimed.
    `unpaid` are the statements of the month that a run would try to send again."""

    technician: Named
    gains: list[StatementGain]
    total_cents: int
    carried_over: bool
    unpaid: list[StatementView]


class Preview(Shape):
    """`to_pay_cents` is all that a run would send: new statements and unpaid ones."""

    month: str
    cut_off: Moment
    technicians: list[TechnicianPreview]
    to_pay_cents: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "cut_off": "2026-12-01T00:00:00+01:00",
                    "technicians": [
                        {
                            "technician": {
                                "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
                                "name": "Thomas Leroy",
                            },
                            "gains": STATEMENT_EXAMPLE["gains"],
                            "total_cents": 1600,
                            "carried_over": False,
                            "unpaid": [],
                        }
                    ],
                    "to_pay_cents": 1600,
                }
            ]
        }
    )


class TechnicianOutcome(Shape):
    """`paid_cents` is what this run sent; `failure` the code of what stopped it."""

    technician_id: str
    paid_cents: int
    failure: str | None


class RunAnswer(Shape):
    """`run` is null until it is recorded; `technicians` while it goes on, or once a later run has come."""

    month: str
    run: RunView | None
    technicians: list[TechnicianOutcome] | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "run": RUN_EXAMPLE,
                    "technicians": [
                        {
                            "technician_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
                            "paid_cents": 1600,
                            "failure": None,
                        }
                    ],
                }
            ]
        }
    )


def run_view(line: RunLine) -> RunView:
    run = line.run
    return RunView(
        n=run.n,
        cut_off=run.cut_off,
        reason=line.reason,
        actor_id=run.actor_id,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def payout_month(
    month: str, runs: Sequence[RunLine], lines: Sequence[StatementLine], names: Mapping[str, str]
) -> PayoutMonth:
    return PayoutMonth(
        month=month,
        runs=[run_view(run) for run in runs],
        statements=[statement_view(line, names.get(line.statement.technician_id, "")) for line in lines],
        total_cents=sum(line.statement.total_cents for line in lines),
        paid_cents=sum(line.statement.total_cents for line in lines if _is_paid(line)),
    )


def preview(
    month: str,
    cut_off: datetime,
    gains: Sequence[Gain],
    lines: Sequence[StatementLine],
    names: Mapping[str, str],
) -> Preview:
    unpaid = [line for line in lines if not _is_paid(line)]
    ids = {gain.technician_id for gain in gains} | {line.statement.technician_id for line in unpaid}
    technicians = [
        _technician(
            Named(id=technician_id, name=names.get(technician_id, "")),
            [gain for gain in gains if gain.technician_id == technician_id],
            [line for line in unpaid if line.statement.technician_id == technician_id],
        )
        for technician_id in sorted(ids)
    ]
    return Preview(
        month=month,
        cut_off=cut_off,
        technicians=technicians,
        to_pay_cents=sum(one.total_cents for one in technicians if not one.carried_over)
        + sum(line.statement.total_cents for line in unpaid),
    )


def _technician(
    technician: Named, gains: Sequence[Gain], unpaid: Sequence[StatementLine]
) -> TechnicianPreview:
    total = sum(gain.amount_cents for gain in gains)
    return TechnicianPreview(
        technician=technician,
        gains=gains_view(sorted(gains, key=lambda gain: (gain.accepted_at, gain.id))),
        total_cents=total,
        carried_over=bool(gains) and total <= 0,
        unpaid=[statement_view(line, technician.name) for line in unpaid],
    )


def _is_paid(line: StatementLine) -> bool:
    return line.payout.status is PayoutStatus.PAID
