"""A client has their bank take a payment back: held, answered in time, won or lost."""

from datetime import timedelta
from typing import Any

import pytest

from deploy.signals import begin
from domain.chargebacks import ChargebackAnswer, ChargebackStatus
from domain.french import NBSP
from domain.messages import Ask
from tests.support.chargebacks import PlayedChargeback, a_chargeback
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office
from tests.workflows.test_disputes_of_invoices import balances, gains
from tests.workflows.test_refunds import (
    NONE,
    asked,
    claimable,
    comes_back,
    paid,
    refused_opening,
    sent_back,
    subjects,
)

FEE = 2000


async def disputed(
    office: Office, ticket: PlayedTicket, *, inquiry: bool = False, reason: str = "fraudulent"
) -> PlayedChargeback:
    """The bank has taken the money back, or asks, and the first notice of it came."""
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    dispute = office.stripe.play("dispute", payment=intent, inquiry=inquiry, reason=reason)
    played = await a_chargeback(
        office.environment,
        office.database,
        office.task_queue,
        reference=dispute["id"],
        intent=str(intent),
        as_back_office=ticket.as_back_office,
    )
    office.played.append(played)
    await played.settle()
    return played


async def decided(office: Office, chargeback: PlayedChargeback, outcome: str) -> None:
    office.stripe.play("decide_dispute", dispute=chargeback.request.chargeback, outcome=outcome)
    await chargeback.handle.signal("chargeback_news")


async def overturned(office: Office, chargeback: PlayedChargeback) -> None:
    """Lost, and over; then the bank gives the money back after all."""
    office.stripe.play("decide_dispute", dispute=chargeback.request.chargeback, outcome="overturned")
    client = office.environment.client
    assert await begin(client, office.task_queue, chargeback.request, "chargeback_news")
    assert await client.get_workflow_handle(chargeback.handle.id).result() == "won"


def provider_cents(office: Office, chargeback: PlayedChargeback) -> int:
    """What the provider's books say that the chargeback has moved, answering aside."""
    return sum(
        int(str(entry["net"]))
        for entry in office.stripe.balance_transactions()
        if entry["source"] == chargeback.request.chargeback and entry["reporting_category"] != "fee"
    )


async def evidence(office: Office, chargeback: PlayedChargeback) -> Any:
    found = await office.payments._stripe.disputes.retrieve_async(chargeback.request.chargeback)
    return found.evidence, found.evidence_details


async def test_a_chargeback_holds_the_gain_until_it_is_won(office: Office) -> None:
    ticket = await paid(office)
    before, fee = len(office.mail.messages), balances(office)["627"]
    chargeback = await disputed(office, ticket)
    assert chargeback.row("status, withdrawn_cents, returned_cents, fee_cents") == (
        "to_answer",
        4500,
        0,
        FEE,
    )
    assert await claimable(office) == []
    assert balances(office)["411"] == 4500
    assert subjects(office, before) == [f"À traiter{NBSP}: paiement contesté auprès de la banque"]
    assert await refused_opening(office, ticket, 1) == "charged_back"

    answer = await chargeback.act("answer", chargeback.said())
    assert answer == ChargebackAnswer(ChargebackStatus.ANSWERED)
    assert await chargeback.refused("answer", chargeback.said()) == "chargeback_closed"
    await decided(office, chargeback, "won")
    assert await chargeback.handle.result() == "won"
    assert chargeback.row("status, returned_cents") == ("won", 4500)
    # All is as before but the fee; what answering costs is read from the provider's own books.
    assert balances(office) == {
        "611": 2400,
        "4081": -2400,
        "706": -3750,
        "44571": -750,
        "627": fee + FEE,
        "5112": 4500 - fee - FEE,
    }
    assert provider_cents(office, chargeback) == -FEE
    [total] = await claimable(office)
    assert total.total_cents == 2400
    assert [act for _, act, _, _ in ticket.journal()][-4:] == [
        "chargeback",
        "chargeback_answered",
        "chargeback",
        "chargeback",
    ]


async def test_a_lost_one_is_a_loss_and_takes_the_gain_back(office: Office) -> None:
    ticket = await paid(office)
    before, fee = len(office.mail.messages), balances(office)["627"]
    chargeback = await disputed(office, ticket)
    await decided(office, chargeback, "lost")
    assert await chargeback.handle.result() == "lost"
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400)]
    # The tax stays due: the sale took place.
    assert balances(office) == {
        "706": -3750,
        "44571": -750,
        "654": 4500,
        "627": fee + FEE,
        "5112": -fee - FEE,
    }
    assert subjects(office, before) == [
        "Contestation perdue",
        "Votre gain a changé",
        f"À traiter{NBSP}: paiement contesté auprès de la banque",
    ]
    assert await refused_opening(office, ticket, 1) == "charged_back"


async def test_a_lost_one_that_the_bank_gives_back_after_all_is_as_one_that_was_won(office: Office) -> None:
    ticket = await paid(office)
    before, settled = len(office.mail.messages), balances(office)
    chargeback = await disputed(office, ticket)
    await decided(office, chargeback, "lost")
    assert await chargeback.handle.result() == "lost"

    await overturned(office, chargeback)
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400), (1, 2, 2400)]
    assert balances(office) == settled | {"627": settled["627"] + FEE, "5112": settled["5112"] - FEE}
    assert provider_cents(office, chargeback) == -FEE
    assert chargeback.row("status, returned_cents") == ("won", 4500)
    assert subjects(office, before) == [
        "Contestation gagnée",
        "Contestation perdue",
        "Votre gain a changé",
        "Votre gain vous est rendu",
        f"À traiter{NBSP}: paiement contesté auprès de la banque",
    ]
    assert [act for _, act, _, _ in ticket.journal()][-4:] == ["chargeback", "chargeback_gains"] * 2


async def test_what_a_lost_one_made_needless_to_send_back_is_owed_again_once_it_is_given_back(
    office: Office,
) -> None:
    """The client's bank had given them what a refund had granted. Then it took it away again."""
    ticket = await paid(office)
    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("whole", NONE))
    await refund.settle()
    await comes_back(office, refund)
    chargeback = await disputed(office, ticket)
    await decided(office, chargeback, "lost")
    assert await chargeback.handle.result() == "lost"
    await refund.act("retry", Ask(refund.as_back_office))
    assert await refund.handle.result() == "refunded"
    assert refund.case("status, amount_cents") == ("refunded", 0)
    assert "411" not in balances(office)

    before = len(office.mail.messages)
    await overturned(office, chargeback)
    assert balances(office)["411"] == -4500
    [told] = office.mail.messages[before:]
    assert "Ces 45,00 € reviennent au client" in told.text.replace(NBSP, " ")
    second = await asked(office, ticket, n=2)
    await second.act("ruling", second.ruled("whole"))
    await second.settle()
    assert second.case("status, amount_cents, credit_note") == ("refunded", 4500, None)
    assert await sent_back(office) == [4500, 4500]
    assert "411" not in balances(office)


async def test_the_team_may_give_in(office: Office) -> None:
    ticket = await paid(office)
    chargeback = await disputed(office, ticket)
    answer = await chargeback.act("concede", chargeback.said())
    assert answer == ChargebackAnswer(ChargebackStatus.LOST)
    assert await chargeback.handle.result() == "lost"
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400)]


async def test_what_nobody_answers_is_answered_the_day_before_it_is_too_late(office: Office) -> None:
    ticket = await paid(office)
    chargeback = await disputed(office, ticket)
    before = len(office.mail.messages)
    [answer_by] = chargeback.row("answer_by")
    half = (answer_by - timedelta(days=1) - await chargeback.now()) / 2
    await chargeback.pass_time(half + timedelta(minutes=1))
    await chargeback.settle()
    assert subjects(office, before) == [f"Rappel{NBSP}: répondre à la banque"]
    _, details = await evidence(office, chargeback)
    assert details.submission_count == 0
    await chargeback.pass_time_until(answer_by - timedelta(hours=23))
    await chargeback.settle()
    told, details = await evidence(office, chargeback)
    assert (details.submission_count, chargeback.row("status")) == (1, ("answered",))
    assert "Internet et Wi-Fi" in told.product_description
    assert f"facture {office.invoice(ticket)} de 45,00" in told.product_description
    said = told.access_activity_log.replace(NBSP, " ")
    for act in ("consentement du client", "le client a lu au technicien le code", "compte rendu remis"):
        assert act in said
    assert "Séance 1, commencée le" in told.uncategorized_text
    assert "« Pilote réinstallé. »" in told.uncategorized_text.replace(NBSP, " ")
    file = await office.payments._stripe.files.retrieve_async(str(told.receipt))
    assert (file.purpose, file.filename) == ("dispute_evidence", "facture.pdf")
    await chargeback.pass_time(timedelta(days=3))
    await chargeback.settle()
    _, details = await evidence(office, chargeback)
    assert details.submission_count == 1
    await decided(office, chargeback, "won")
    assert await chargeback.handle.result() == "won"


async def test_an_inquiry_moves_nothing_and_may_become_a_chargeback(office: Office) -> None:
    ticket = await paid(office)
    settled = balances(office)
    chargeback = await disputed(office, ticket, inquiry=True)
    assert chargeback.row("is_inquiry, withdrawn_cents") == (True, 0)
    assert (balances(office), await claimable(office)) == (settled, [])
    await chargeback.act("answer", chargeback.said(written=False))
    await decided(office, chargeback, "escalated")
    await chargeback.settle()
    assert chargeback.row("is_inquiry, status, withdrawn_cents") == (False, "to_answer", 4500)
    await decided(office, chargeback, "won")
    assert await chargeback.handle.result() == "won"
    assert "411" not in balances(office)


async def test_an_inquiry_that_goes_no_further_leaves_all_as_it_was(office: Office) -> None:
    ticket = await paid(office)
    settled = balances(office)
    chargeback = await disputed(office, ticket, inquiry=True)
    await decided(office, chargeback, "lost")
    assert await chargeback.handle.result() == "inquiry_closed"
    assert balances(office) == settled
    [total] = await claimable(office)
    assert total.total_cents == 2400


@pytest.mark.parametrize("outcome", ["won", "lost"])
async def test_notices_that_come_late_together_or_again_end_alike(office: Office, outcome: str) -> None:
    """All of them after the end: what counts is what the provider says when it is asked."""
    ticket = await paid(office)
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    dispute = office.stripe.play("dispute", payment=intent)["id"]
    office.stripe.play("decide_dispute", dispute=dispute, outcome=outcome)
    chargeback = await a_chargeback(
        office.environment,
        office.database,
        office.task_queue,
        reference=dispute,
        intent=str(intent),
        as_back_office=ticket.as_back_office,
    )
    office.played.append(chargeback)
    assert await chargeback.handle.result() == outcome
    settled = (balances(office), gains(office))
    for _ in range(2):
        assert await begin(
            office.environment.client, office.task_queue, chargeback.request, "chargeback_news"
        )
    assert (balances(office), gains(office)) == settled
    assert settled[0].get("654", 0) == (4500 if outcome == "lost" else 0)


async def test_a_payment_that_is_none_of_ours_is_left_alone(office: Office) -> None:
    customer = await office.payments.open_customer("somebody-else")
    intent = await office.payments.prepare_charge(
        invoice="X-1", ticket="00000000", amount_cents=1200, customer=customer, card=""
    )
    await office.payments.charge(intent=intent, invoice="X-1", attempt=1, card="pm_card_visa")
    dispute = office.stripe.play("dispute", payment=intent)["id"]
    ticket = await office.a_ticket()
    chargeback = await a_chargeback(
        office.environment,
        office.database,
        office.task_queue,
        reference=dispute,
        intent=intent,
        as_back_office=ticket.as_back_office,
    )
    await chargeback.pass_time(timedelta(days=4))
    assert await chargeback.handle.result() == "unknown"
    assert office.database.counts()["chargebacks"] == 0
