"""A month of payouts as finance sees it: its runs, what is due, what was paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from api import french
from api.shapes.common import Labelled, Moment, Named, Shape
from api.shapes.payees import hold_view
from api.shapes.payouts import STATEMENT_EXAMPLE, StatementGain, StatementView, statement_view
from db.models.payouts import PayoutStatus
from db.reads.payout_previews import TechnicianDue
from db.reads.payouts import RunLine, StatementLine
from domain.payouts import PayoutRunProgress, TechnicianPaid


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
    """`total_cents` is what the statements come to, VAT included, `paid_cents` what was transferred of it,
    `ordered_cents` what is with the bank."""

    month: str
    runs: list[RunView]
    statements: list[StatementView]
    total_cents: int
    paid_cents: int
    ordered_cents: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "runs": [RUN_EXAMPLE],
                    "statements": [STATEMENT_EXAMPLE],
                    "total_cents": 1600,
                    "paid_cents": 1600,
                    "ordered_cents": 0,
                }
            ]
        }
    )


class TechnicianPreview(Shape):
    """`total_cents` of the `gains` that no statement has yet, and the VAT that comes with them. `holds` keep
    everything back, what must be mended first comes first; what is `carried_over` waits for a later month.
    `unpaid` are the statements of the month that a run would try to send again, and `due_cents` is all that
    it would send now."""

    technician: Named
    gains: int
    total_cents: int
    vat_cents: int
    carried_over: Labelled | None
    holds: list[Labelled]
    unpaid: list[StatementView]
    due_cents: int


TECHNICIAN_EXAMPLE: dict[str, Any] = {
    "technician": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12", "name": "Thomas Leroy"},
    "gains": 1,
    "total_cents": 1600,
    "vat_cents": 0,
    "carried_over": None,
    "holds": [],
    "unpaid": [],
    "due_cents": 1600,
}


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
                    "technicians": [TECHNICIAN_EXAMPLE],
                    "to_pay_cents": 1600,
                }
            ]
        }
    )


class PreviewLines(Shape):
    """The exact lines of what would be one technician's statement, oldest first."""

    month: str
    cut_off: Moment
    technician: TechnicianPreview
    lines: list[StatementGain]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "cut_off": "2026-12-01T00:00:00+01:00",
                    "technician": TECHNICIAN_EXAMPLE,
                    "lines": STATEMENT_EXAMPLE["gains"],
                }
            ]
        }
    )


OUTCOME_EXAMPLE: dict[str, Any] = {
    "technician_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
    "paid_cents": 1600,
    "ordered_cents": 0,
    "failure": None,
}


class TechnicianOutcome(Shape):
    """`paid_cents` is what this run sent, `ordered_cents` what it handed over to our bank; `failure` is what
    stopped it."""

    technician_id: str
    paid_cents: int
    ordered_cents: int
    failure: Labelled | None


class RunProgress(Shape):
    """How many `technicians` the open run is for, and what it did for those dealt with. `waits_until` is set
    while it waits for the provider to have enough of our money, and says how long at most."""

    month: str
    n: int
    technicians: int
    done: list[TechnicianOutcome]
    paid_cents: int
    waits_until: Moment | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "n": 1,
                    "technicians": 12,
                    "done": [OUTCOME_EXAMPLE],
                    "paid_cents": 1600,
                    "waits_until": None,
                }
            ]
        }
    )


class RunAnswer(Shape):
    """`run` is null until it is recorded; `technicians` while it goes on, or once a later run has come.
    `file` is the message id of the file of transfers that it made for the bank, if any."""

    month: str
    run: RunView | None
    technicians: list[TechnicianOutcome] | None
    file: str | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "run": RUN_EXAMPLE,
                    "technicians": [OUTCOME_EXAMPLE],
                    "file": None,
                }
            ]
        }
    )


def outcome_view(one: TechnicianPaid) -> TechnicianOutcome:
    failure = None
    if one.failure is not None:
        label = french.PAYOUT_FAILURES.get(one.failure, french.PAYOUT_FAILED)
        failure = Labelled(code=one.failure, label=label)
    return TechnicianOutcome(
        technician_id=one.technician_id,
        paid_cents=one.paid_cents,
        ordered_cents=one.ordered_cents,
        failure=failure,
    )


def run_progress(month: str, progress: PayoutRunProgress) -> RunProgress:
    return RunProgress(
        month=month,
        n=progress.n,
        technicians=progress.technicians,
        done=[outcome_view(one) for one in progress.done],
        paid_cents=sum(one.paid_cents for one in progress.done),
        waits_until=progress.waits_until,
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
    month: str,
    runs: Sequence[RunLine],
    lines: Sequence[StatementLine],
    names: Mapping[str, str],
    now: datetime,
) -> PayoutMonth:
    return PayoutMonth(
        month=month,
        runs=[run_view(run) for run in runs],
        statements=[statement_view(line, names.get(line.statement.technician_id, ""), now) for line in lines],
        total_cents=sum(line.statement.due_cents for line in lines),
        paid_cents=_cents(lines, PayoutStatus.PAID),
        ordered_cents=_cents(lines, PayoutStatus.ORDERED),
    )


def technician_preview(one: TechnicianDue[StatementLine], name: str, now: datetime) -> TechnicianPreview:
    return TechnicianPreview(
        technician=Named(id=one.technician_id, name=name),
        gains=one.gains,
        total_cents=one.total_cents,
        vat_cents=one.vat_cents,
        carried_over=Labelled(code=one.carried_over, label=french.CARRIED_OVER[one.carried_over])
        if one.carried_over
        else None,
        holds=[hold_view(hold) for hold in one.holds],
        unpaid=[statement_view(line, name, now) for line in one.unpaid],
        due_cents=one.due_cents,
    )


def preview(
    month: str,
    cut_off: datetime,
    due: Sequence[TechnicianDue[StatementLine]],
    names: Mapping[str, str],
    now: datetime,
) -> Preview:
    return Preview(
        month=month,
        cut_off=cut_off,
        technicians=[technician_preview(one, names.get(one.technician_id, ""), now) for one in due],
        to_pay_cents=sum(one.due_cents for one in due),
    )


def _cents(lines: Sequence[StatementLine], status: PayoutStatus) -> int:
    return sum(line.statement.due_cents for line in lines if line.payout.status is status)
