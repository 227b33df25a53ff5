"""After a ticket was paid and closed: what goes back, whole or in part, and what becomes of the gain."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError

from db.engine import create_engine, sessions
from db.reads.claimable_gains import ClaimableTotal, claimable_totals
from deploy.signals import begin
from domain.ids import refund_workflow_id
from domain.messages import Ask, AskBecause
from domain.refunds import ExcessRequest, RefundAnswer, RefundAsked, RefundStatus
from domain.rulings import GainKind, GainRuling
from tests.support.played import Played
from tests.support.refunds import PlayedRefund, a_refund
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office
from tests.workflows.test_disputes_of_invoices import balances, gains

FULL, NONE = GainRuling(1, GainKind.FULL), GainRuling(1, GainKind.NONE)


async def paid(office: Office) -> PlayedTicket:
    """40 minutes are 3 slices, 45 euros; the technician earns 24. There is money to give it back."""
    await office.fund()
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=40)
    await ticket.act("review", ticket.satisfied())
    await ticket.pass_time(ticket.request.deadlines.payment_notice)
    assert await ticket.handle.result() == "paid"
    return ticket


async def asked(office: Office, ticket: PlayedTicket, n: int = 1) -> PlayedRefund:
    refund = await a_refund(ticket, office.task_queue, n=n)
    office.played.append(refund)
    return refund


async def claimable(office: Office) -> list[ClaimableTotal]:
    engine = create_engine(office.database.url("omea_worker"))
    async with sessions(engine)() as session:
        [(now,)] = office.database.rows("SELECT max(accepted_at) + interval '1 day' FROM gains")
        found = await claimable_totals(session, now)
    await engine.dispose()
    return found


async def sent_back(office: Office) -> list[int]:
    """What Stripe says it has sent, in order."""
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    found = await office.payments._stripe.refunds.list_async({"payment_intent": intent})
    return [refund.amount for refund in reversed(found.data)]


async def comes_back(office: Office, refund: PlayedRefund) -> None:
    """The client's bank gives the money back, and Stripe says so."""
    [(reference,)] = office.database.rows("SELECT reference FROM refunds ORDER BY attempt DESC LIMIT 1")
    office.stripe.play("fail_refund", refund=reference)
    await refund.handle.signal("refund_news")
    await refund.settle()


def subjects(office: Office, since: int) -> list[str]:
    return sorted(message.subject.partition(" (")[0] for message in office.mail.messages[since:])


def fee(office: Office) -> int:
    return balances(office)["627"]


async def test_all_of_it_goes_back_and_the_gain_with_it(office: Office) -> None:
    ticket = await paid(office)
    before = len(office.mail.messages)
    refund = await asked(office, ticket)
    # Held while it is looked at.
    assert await claimable(office) == []
    answer = await refund.act("ruling", refund.ruled("whole", NONE))
    assert answer == RefundAnswer(RefundStatus.SENDING)
    await refund.settle()
    invoice = office.invoice(ticket)
    [(credit,)] = office.database.rows("SELECT number FROM credit_notes WHERE invoice = %s", invoice)
    assert refund.case("status, kind, amount_cents, credit_note") == ("refunded", "whole", 4500, credit)
    assert await sent_back(office) == [4500]
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400)]
    # Sales stand and are given back by another account; the tax that was due no longer is; we keep the fee.
    assert balances(office) == {"706": -3750, "709": 3750, "5112": -fee(office), "627": fee(office)}
    assert subjects(office, before) == [
        f"Avoir {credit}\xa0: 45,00 €",
        "Remboursement de 45,00 €",
        "Votre demande de remboursement",
        "Votre gain a changé",
        f"À décider\xa0: remboursement de la facture {invoice}",
    ]
    await refund.pass_time(timedelta(days=31))
    assert await refund.handle.result() == "refunded"
    acts = [act for _, act, _, _ in ticket.journal()]
    assert acts[-4:] == ["paid", "refund", "refund_ruled", "refund_sent"]


async def test_a_part_goes_back_and_the_technician_keeps_theirs(office: Office) -> None:
    ticket = await paid(office)
    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("partial", FULL, minutes=16))
    await refund.settle()
    assert office.database.rows("SELECT slices, total_ttc_cents FROM credit_notes") == [(2, 3000)]
    assert await sent_back(office) == [3000]
    assert gains(office) == [(1, 0, 2400)]
    assert balances(office) == {
        "706": -3750,
        "709": 2500,
        "44571": -250,
        "5112": 1500 - fee(office),
        "627": fee(office),
        "611": 2400,
        "4081": -2400,
    }
    assert await claimable(office) == [ClaimableTotal(office.technician, 1, 2400)]
    # What is left may be asked back later; the case before is only watched by then.
    second = await asked(office, ticket, n=2)
    await second.act("ruling", second.ruled("whole", GainRuling(1, GainKind.REDUCED, 10)))
    await second.settle()
    assert await sent_back(office) == [3000, 1500]
    assert gains(office) == [(1, 0, 2400), (1, 1, -1600)]
    assert (await refused_opening(office, ticket, 3)) == "nothing_to_refund"


async def refused_opening(office: Office, ticket: PlayedTicket, n: int) -> str:
    refund = await a_refund(ticket, office.task_queue, n=n, wait=False)
    with pytest.raises(WorkflowFailureError) as failed:
        await refund.handle.result()
    cause: Any = failed.value.cause
    return str(cause.cause.type)


async def test_a_claim_that_is_not_founded_changes_nothing(office: Office) -> None:
    ticket = await paid(office)
    settled = balances(office)
    refund = await asked(office, ticket)
    assert await refund.act("ruling", refund.ruled("none", FULL)) == RefundAnswer(RefundStatus.REFUSED)
    assert await refund.handle.result() == "refused"
    assert (balances(office), office.database.counts()["credit_notes"]) == (settled, 0)
    assert await claimable(office) == [ClaimableTotal(office.technician, 1, 2400)]
    assert await sent_back(office) == []


async def test_nothing_goes_back_of_what_is_not_paid(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=40)
    await ticket.act("review", ticket.satisfied())
    assert await refused_opening(office, ticket, 1) == "nothing_to_refund"
    assert office.database.counts()["refund_cases"] == 0


async def test_one_claim_at_a_time(office: Office) -> None:
    ticket = await paid(office)
    refund = await asked(office, ticket)
    assert await refused_opening(office, ticket, 2) == "refund_open"
    # Another request that was given the same number is told so too.
    assert await refund.refused("opened", RefundAsked("another")) == "refund_open"


MISFITS: list[tuple[str, int | None, list[GainRuling], str]] = [
    ("partial", None, [FULL], "refund_minutes"),
    ("partial", 40, [FULL], "refund_minutes"),
    ("whole", 10, [FULL], "refund_minutes"),
    ("whole", None, [], "gain_rulings"),
    ("whole", None, [FULL, FULL], "gain_rulings"),
    ("whole", None, [GainRuling(2, GainKind.NONE)], "gain_rulings"),
    ("whole", None, [GainRuling(1, GainKind.REDUCED)], "gain_rulings"),
    ("whole", None, [GainRuling(1, GainKind.REDUCED, 61)], "gain_rulings"),
    ("whole", None, [GainRuling(1, GainKind.FULL, 10)], "gain_rulings"),
]


async def test_a_ruling_that_does_not_fit_is_refused_whole(office: Office) -> None:
    ticket = await paid(office)
    refund = await asked(office, ticket)
    await refund.settle()
    rulings = [(refund.ruled(kind, *ruled, minutes=minutes), code) for kind, minutes, ruled, code in MISFITS]
    before = office.database.counts()
    for said, code in rulings:
        assert await refund.refused("ruling", said) == code
    assert office.database.counts() == before
    assert refund.case("status") == ("open",)


async def test_a_case_that_nobody_rules_is_recalled_every_day(office: Office) -> None:
    ticket = await paid(office)
    refund = await asked(office, ticket)
    await refund.settle()
    before = len(office.mail.messages)
    for _ in range(3):
        await refund.pass_time(timedelta(days=1))
        await refund.settle()
    assert (
        subjects(office, before)
        == [f"Toujours à décider\xa0: remboursement de la facture {office.invoice(ticket)}"] * 3
    )


async def test_money_that_a_bank_gives_back_is_owed_until_it_is_sent_again(office: Office) -> None:
    ticket = await paid(office)
    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("whole", FULL))
    await refund.settle()
    before = len(office.mail.messages)
    await comes_back(office, refund)
    assert refund.case("status, failure") == ("failed", "returned")
    # We have it again, and owe it.
    assert balances(office)["411"] == -4500
    assert subjects(office, before) == [
        f"À traiter\xa0: remboursement non abouti, facture {office.invoice(ticket)}"
    ]
    await refund.act("retry", Ask(refund.as_back_office))
    await refund.settle()
    assert refund.case("status, failure") == ("refunded", None)
    await comes_back(office, refund)
    assert refund.case("status, failure") == ("failed", "returned")
    reason = refund.written(refund.as_back_office.id, "refund_ruling")
    answer = await refund.act("settle", AskBecause(refund.as_back_office, reason))
    assert answer == RefundAnswer(RefundStatus.REFUNDED)
    assert await refund.handle.result() == "refunded"
    settled = balances(office)
    assert (settled["512"], settled["5112"] + settled["627"], settled.get("411")) == (-4500, 4500, None)


async def test_a_refund_asked_again_after_a_crash_is_sent_once(office: Office) -> None:
    """The provider forgets our key after a day: what it has sent is looked up first."""
    ticket = await paid(office)
    refund = await asked(office, ticket)
    with office.database.out_of_reach("refunds"):
        await refund.act("ruling", refund.ruled("whole", FULL))
        for _ in range(200):
            if await sent_back(office):
                break
        office.stripe.forget_keys()
    await refund.settle_by(timedelta(minutes=1))
    assert refund.case("status") == ("refunded",)
    assert await sent_back(office) == [4500]


async def short_of_money(office: Office) -> str:
    """All that we have at the provider is on its way to our bank. Answers the payout, which may fail."""
    return str(office.stripe.play("pay_out")["id"])


async def news(office: Office, refund: PlayedRefund) -> None:
    await refund.handle.signal("refund_news")
    await refund.settle()


async def test_a_refund_waits_at_the_provider_until_there_is_money_for_it(office: Office) -> None:
    ticket = await paid(office)
    payout = await short_of_money(office)
    refund = await asked(office, ticket)
    before, known = len(office.mail.messages), balances(office)["5112"]
    await refund.act("ruling", refund.ruled("whole", FULL))
    await refund.settle()
    assert refund.case("status, failure, closed_at") == ("sending", None, None)
    # Nothing has left: we owe it.
    assert (balances(office)["411"], balances(office)["5112"]) == (-4500, known)
    assert await refused_opening(office, ticket, 2) == "refund_open"
    await refund.pass_time(timedelta(days=1))
    await refund.settle()
    waiting = f"À traiter\xa0: remboursement en attente de solde, facture {office.invoice(ticket)}"
    assert [one for one in subjects(office, before) if "solde" in one] == [waiting] * 2

    office.stripe.play("fail_payout", payout=payout)
    for _ in range(200):
        if refund_entries(office):
            break
        await asyncio.sleep(0.05)
    await news(office, refund)
    assert refund_entries(office) == [-4500]
    assert refund.case("status, failure") == ("refunded", None)
    assert "411" not in balances(office)
    assert balances(office)["5112"] == known - 4500
    await refund.pass_time(timedelta(days=31))
    assert await refund.handle.result() == "refunded"
    assert [act for _, act, _, _ in ticket.journal()][-2:] == ["refund_sent", "refund_funded"]


async def test_a_chargeback_overtakes_a_refund_that_waits(office: Office) -> None:
    """It never left: our books say so, as the provider's do."""
    ticket = await paid(office)
    payout = await short_of_money(office)
    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("partial", FULL, minutes=16))
    await refund.settle()
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    office.stripe.play("dispute", payment=intent)
    # All offices share the balance.
    office.stripe.play("fail_payout", payout=payout)
    await news(office, refund)
    assert refund.case("status, failure") == ("failed", "charge_disputed")
    assert refund_entries(office) == []
    assert office.database.rows("SELECT key FROM ledger_transactions WHERE key LIKE 'refund%%'") == []
    assert balances(office)["411"] == -3000


def refund_entries(office: Office) -> list[int]:
    """What the provider's books say of our refunds."""
    ours = {reference for (reference,) in office.database.rows("SELECT reference FROM refunds")}
    return [
        int(str(entry["net"])) for entry in office.stripe.balance_transactions() if entry["source"] in ours
    ]


async def an_excess(office: Office, ticket: PlayedTicket) -> Played[None]:
    """The provider has news of what the ticket itself sent back."""
    client, request = (
        office.environment.client,
        ExcessRequest(office.invoice(ticket), ticket.request.deadlines),
    )
    assert await begin(client, office.task_queue, request, "refund_news")
    known = await client.get_workflow_handle(refund_workflow_id(request.invoice, 0)).describe()
    handle = client.get_workflow_handle(known.id, run_id=known.run_id)
    office.played.append(Played(office.environment, office.database, handle))
    return office.played[-1]


async def test_an_excess_that_a_bank_gives_back_is_owed_until_a_refund_sends_it(office: Office) -> None:
    await office.fund()
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=40)
    await ticket.act("review", ticket.satisfied())
    await ticket.pass_time(timedelta(minutes=1))
    # The card was accepted, and nobody has told us; then nothing is owed after all.
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.act("ruling", ticket.ruled("waive", FULL))
    assert await ticket.handle.result() == "waived"
    assert await refused_opening(office, ticket, 1) == "nothing_to_refund"
    settled = balances(office)

    [(reference,)] = office.database.rows("SELECT reference FROM refunds WHERE n = 0")
    office.stripe.play("fail_refund", refund=reference)
    before = len(office.mail.messages)
    watched = await an_excess(office, ticket)
    await watched.pass_time(timedelta(hours=25))
    await watched.settle()
    assert balances(office)["411"] == -4500
    told = f"À traiter\xa0: trop-perçu revenu, facture {office.invoice(ticket)}"
    assert subjects(office, before) == [told] * 2
    assert "À rendre au client : 45,00 €" in office.mail.messages[-1].text.replace("\xa0", " ")

    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("none", FULL))
    await refund.settle()
    assert refund.case("status, amount_cents, credit_note") == ("refunded", 4500, None)
    assert balances(office) == settled
    await watched.pass_time(timedelta(days=1))
    await watched.handle.result()
    # A later notice finds nothing new.
    await (await an_excess(office, ticket)).handle.result()
    assert (balances(office), await sent_back(office)) == (settled, [4500, 4500])
    assert subjects(office, before).count(told) == 2
