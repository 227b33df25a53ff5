"""Transfers taken back, at the provider or by finance: owed again, and paid once more by a rerun."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from db.engine import create_engine, sessions
from db.reads.invariants.looking import look
from db.stores.payouts import reversals
from deploy.signals import begin
from domain.bank_transfers import bank_reference
from domain.ids import transfer_workflow_id
from domain.invariants import Invariant, Patience, Row
from domain.payouts import PayoutRunResult, TechnicianPaid
from domain.reversals import LookAtTransfers, Reversal, SentTransfer, TakeBackAsked, TransferRequest
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.support.people import a_person, a_submission
from tests.support.stripe_sandbox import API_KEY, refused_by_stripe
from tests.support.temporal import replay
from workflows.transfer.starting import start_options
from workflows.transfer.workflow import TransferWorkflow

MONTH = "2025-10"
IBAN = "FR1420041010050500013M02606"
KEYS = count(1)
# Which are about Stripe's own account, shared by all tests; another test looks at those.
OF_THE_ACCOUNT = {Invariant.PROVIDER_ENTRIES}


def key_of(technician: str) -> str:
    return f"payout:{MONTH}:{technician}:1"


async def a_paid_technician(finance: Finance) -> tuple[str, int]:
    """Paid by Stripe for what was earned in the month."""
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    return technician, owed


def payout(finance: Finance, technician: str) -> tuple[Any, ...]:
    """Status, transfer, failure, attempts and whether it has a day of payment."""
    [row] = finance.database.rows(
        "SELECT status, transfer, failure, attempts, paid_at IS NOT NULL FROM payouts WHERE key = %s",
        key_of(technician),
    )
    return row


def transfer_of(finance: Finance, technician: str) -> str:
    return str(payout(finance, technician)[1])


def at_the_dashboard(finance: Finance, transfer: str, **what: int) -> str:
    """Somebody takes a transfer back, all of it or `amount`, without a word to us. Answers the reversal."""
    answer = httpx.post(
        f"{finance.stripe_url}/v1/transfers/{transfer}/reversals",
        data=what,
        headers={"Authorization": f"Bearer {API_KEY}"},
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


async def news(finance: Finance, technician: str) -> None:
    """The provider's notice of it comes, and is acted upon."""
    request = TransferRequest(key_of(technician))
    assert await begin(finance.client, finance.task_queue, request, "transfer_news")
    await ended(finance, technician)


async def ended(finance: Finance, technician: str) -> None:
    """The look is over; its history is replayed."""
    name = transfer_workflow_id(key_of(technician))
    known = await finance.client.get_workflow_handle(name).describe()
    handle: WorkflowHandle[Any, Any] = finance.client.get_workflow_handle(name, run_id=known.run_id)
    await handle.result()
    await replay(await handle.fetch_history())


def asked_by_finance(finance: Finance) -> TakeBackAsked:
    person = a_person(finance.database, "finance")
    return TakeBackAsked(person, a_submission(finance.database, person, "payout_reason", reason="Erreur."))


async def take_back(
    finance: Finance, technician: str, asked: TakeBackAsked | None = None, key: str = ""
) -> None:
    """As the API asks it."""
    request = TransferRequest(key_of(technician))
    operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        TransferWorkflow.run,
        request,
        task_queue=finance.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        **start_options(request),
    )
    try:
        await finance.client.execute_update_with_start_workflow(
            "take_back",
            asked or asked_by_finance(finance),
            start_workflow_operation=operation,
            id=key or f"reversal-{next(KEYS)}",
        )
    finally:
        await ended(finance, technician)


async def refused_with(finance: Finance, technician: str) -> tuple[str | None, Any]:
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await take_back(finance, technician)
    cause: BaseException | None = failed.value.cause
    while cause is not None and not (isinstance(cause, ApplicationError) and cause.type):
        cause = cause.__cause__
    assert isinstance(cause, ApplicationError)
    return cause.type, cause.details[0]


def books(finance: Finance, technician: str) -> int:
    """What is owed to the technician."""
    return -finance.ledger(f"401:{technician}")


def postings(finance: Finance, technician: str) -> list[tuple[str, int]]:
    """What moved at the provider for this payout: the events and their cents on 5112."""
    return sorted(
        (event, cents)
        for event, cents in finance.database.rows(
            "SELECT split_part(transaction, ':', 1), amount_cents FROM ledger_lines "
            "WHERE account = '5112' AND position(%s IN transaction) > 0",
            key_of(technician),
        )
    )


async def violations(finance: Finance) -> dict[Invariant, list[Row]]:
    engine = create_engine(finance.database.url("omea_worker"))
    running = finance.database.rows("SELECT number, opened_at FROM tickets")
    async with sessions(engine)() as session:
        found = await look(session, datetime.now(UTC), dict(running), Patience())
    await engine.dispose()
    return {one.name: list(one.rows) for one in found if not one.ok and one.name not in OF_THE_ACCOUNT}


def statements(finance: Finance) -> list[tuple[Any, ...]]:
    return finance.database.rows(
        "SELECT s.*, c.gain_id FROM statements s JOIN gain_claims c ON statement = key"
    )


async def test_a_transfer_taken_back_at_the_dashboard_is_sent_again_by_a_rerun(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    first, before = transfer_of(finance, technician), statements(finance)
    assert await violations(finance) == {}

    at_the_dashboard(finance, first)
    # However often it is told.
    for _ in range(3):
        await news(finance, technician)
        assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
        assert books(finance, technician) == owed
        assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
    assert await violations(finance) == {}

    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    # And late.
    await news(finance, technician)
    second = transfer_of(finance, technician)
    assert payout(finance, technician) == ("paid", second, None, 2, True)
    assert second != first
    assert books(finance, technician) == 0
    assert postings(finance, technician) == [
        ("transfer", -owed),
        ("transfer", -owed),
        ("transfer-reversed", owed),
    ]
    assert finance.transfers() == [(key_of(technician), owed)] * 2
    assert statements(finance) == before
    assert await violations(finance) == {}
    assert (await finance.run(MONTH)).technicians == ()


async def test_a_part_taken_back_is_told_until_the_rest_is_too(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    transfer = transfer_of(finance, technician)
    for part in (100, 250):
        at_the_dashboard(finance, transfer, amount=part)
    await news(finance, technician)
    assert payout(finance, technician) == ("paid", transfer, None, 1, True)
    assert books(finance, technician) == 350
    assert await violations(finance) == {
        Invariant.TRANSFERS_WHOLE: [{"reference": key_of(technician), "reversed_cents": 350}]
    }
    # No run makes up for it.
    assert (await finance.run(MONTH)).technicians == ()

    at_the_dashboard(finance, transfer)
    await news(finance, technician)
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert books(finance, technician) == owed
    assert await violations(finance) == {}
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    assert books(finance, technician) == 0


async def test_older_answers_that_are_recorded_late_change_nothing(finance: Finance) -> None:
    """Two looks at once: the one that knows less, or knows of no later transfer, is recorded last."""
    technician, owed = await a_paid_technician(finance)
    first = transfer_of(finance, technician)
    part = at_the_dashboard(finance, first, amount=100)
    older = [SentTransfer(first, owed, (Reversal(part, 100),))]
    rest = at_the_dashboard(finance, first)
    whole = [SentTransfer(first, owed, (Reversal(part, 100), Reversal(rest, owed - 100)))]
    assert await finance.payments.transfers_of(key_of(technician)) == whole
    await news(finance, technician)
    await finance.run(MONTH)
    paid = payout(finance, technician)
    engine = create_engine(finance.database.url("omea_worker"))
    for answer in (older, whole, older):
        async with sessions(engine).begin() as session:
            message = LookAtTransfers(key_of(technician), datetime.now(UTC))
            await reversals.record_seen(session, message, answer)
        assert payout(finance, technician) == paid
        assert books(finance, technician) == 0
    await engine.dispose()


async def test_taken_back_before_its_sending_was_recorded(finance: Finance) -> None:
    """The worker is dead between Stripe's yes and our record; the notice comes first, the record after."""
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    handle = await finance.start(MONTH)
    await finance.payments.killed.wait()
    [sent] = await finance.payments.transfers_of(key_of(technician))
    at_the_dashboard(finance, sent.reference)
    await news(finance, technician)
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]

    # As long as Stripe knows the key, the step is told of the same transfer again: that is no payment.
    finance.payments.kills = 0
    await handle.result()
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]

    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
    assert len(finance.transfers()) == 2
    assert await violations(finance) == {}


async def test_a_technician_paid_by_bank_since_is_paid_again_by_bank_and_once(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    at_the_dashboard(finance, transfer_of(finance, technician))
    await news(finance, technician)
    finance.set_rail(technician, IBAN)
    result = await finance.run(MONTH)
    assert result == PayoutRunResult(
        MONTH, 2, (TechnicianPaid(technician, 0, None, owed),), f"OMEA-{MONTH}-1"
    )
    await news(finance, technician)
    ordered = ("ordered", bank_reference(key_of(technician), 2), None, 1, False)
    assert payout(finance, technician) == ordered
    assert finance.transfers() == [(key_of(technician), owed)]
    assert books(finance, technician) == 0
    # What our bank pays is not the provider's to take back.
    assert await refused_with(finance, technician) == ("not_paid_by_provider", {})
    assert await violations(finance) == {}


async def test_a_payout_that_is_not_ours_is_left_alone(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    [(account,)] = finance.database.rows("SELECT account_reference FROM technicians")
    sent = await finance.payments.transfer(
        payout=key_of(technician), attempt=1, account=account, amount_cents=500
    )
    at_the_dashboard(finance, str(getattr(sent, "transfer", "")))
    before = finance.database.counts()
    await news(finance, technician)
    assert finance.database.counts() == before


async def test_finance_takes_a_transfer_back_once(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    first, asked = transfer_of(finance, technician), asked_by_finance(finance)
    finance.payments.kills_of_reversals = 2
    for _ in range(2):
        await take_back(finance, technician, asked, "the-same")
        assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    requests = (
        "SELECT key, transfer, attempt, n, actor_id::text, reason_id::text, refusal FROM reversal_requests"
    )
    request = ("the-same", first, 1, 1, asked.actor_id, asked.reason_id, None)
    assert finance.database.rows(requests) == [request]
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
    assert await refused_with(finance, technician) == ("not_paid_by_provider", {})

    # Paid again since, it is not taken back by a repetition.
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    await take_back(finance, technician, asked, "the-same")
    assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
    # The second one may be: under a key of its own.
    await take_back(finance, technician)
    assert (payout(finance, technician)[2:4], books(finance, technician)) == (("transfer_reversed", 2), owed)
    assert await violations(finance) == {}


async def test_a_provider_that_does_not_answer_is_told_and_what_it_did_is_entered(
    environment: WorkflowEnvironment, finance: Finance
) -> None:
    technician, owed = await a_paid_technician(finance)
    finance.payments.kills_of_reversals = 1_000
    asking = asyncio.create_task(refused_with(finance, technician))
    async with asyncio.timeout(30):
        while finance.payments.kills_of_reversals == 1_000:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.02)
    handle = finance.client.get_workflow_handle(transfer_workflow_id(key_of(technician)))
    await environment.fast_forward(handle, timedelta(seconds=61))
    assert await asking == ("provider_away", {})
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]


async def test_a_key_that_stripe_has_forgotten_takes_back_once(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done, and nobody knows; a day later Stripe does not know the key any more, and is looked at first."""
    technician, owed = await a_paid_technician(finance)
    transfer = transfer_of(finance, technician)
    monkeypatch.setattr("domain.ids.reversal_key", lambda *_: f"another-{next(KEYS)}")
    finance.payments.kills_of_reversals = 1
    await take_back(finance, technician)
    [known] = await finance.payments.transfers_of(key_of(technician))
    assert (known.reference, [one.amount_cents for one in known.reversals]) == (transfer, [owed])


async def test_money_that_is_no_longer_in_the_technicians_account_is_a_refusal_for_its_try(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    technician, owed = await a_paid_technician(finance)
    transfer, reversals_of = transfer_of(finance, technician), finance.payments._stripe.transfers.reversals
    create, keys = reversals_of.create_async, []

    async def unfunded(reference: str, params: Any, options: Any) -> Any:
        keys.append(options["idempotency_key"])
        raise refused_by_stripe(codes.pop(0))

    for code, refused in (
        ("balance_insufficient", "reversal_unfunded"),
        ("something_new", "reversal_refused"),
    ):
        codes = [code]
        monkeypatch.setattr(type(reversals_of), "create_async", lambda _, *given: unfunded(*given))
        assert await refused_with(finance, technician) == (refused, {"reason": code})
        assert payout(finance, technician) == ("paid", transfer, None, 1, True)
    monkeypatch.setattr(type(reversals_of), "create_async", lambda _, *given: create(*given))
    assert keys == [f"reversal:{key_of(technician)}:1:{n}" for n in (1, 2)]
    rows = finance.database.rows("SELECT n, refusal FROM reversal_requests ORDER BY n")
    assert rows == [(1, "balance_insufficient"), (2, "something_new")]
    await take_back(finance, technician)
    assert books(finance, technician) == owed


async def test_a_run_and_a_reversal_at_the_same_moment_pay_once(finance: Finance) -> None:
    technician, _ = await a_paid_technician(finance)
    a_gain(finance.database, technician, "2025-10-06 10:00")
    for n in range(3):
        handle, _ = await asyncio.gather(
            finance.start(MONTH, key=f"race:{technician}:{n}"), take_back(finance, technician)
        )
        await handle.result()
        # What the run did not see as unpaid is for the next.
        await finance.run(MONTH)
        standing = [
            one
            for one in await finance.payments.transfers_of(key_of(technician))
            if sum(part.amount_cents for part in one.reversals) < one.amount_cents
        ]
        assert [one.reference for one in standing] == [transfer_of(finance, technician)]
        assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
        assert await violations(finance) == {}


async def test_finance_asks_twice_at_the_same_moment(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    answers = await asyncio.gather(
        *(take_back(finance, technician) for _ in range(3)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == [
        "NoneType",
        "WorkflowUpdateFailedError",
        "WorkflowUpdateFailedError",
    ]
    assert books(finance, technician) == owed
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
