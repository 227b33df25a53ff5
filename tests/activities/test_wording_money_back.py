"""What people read about money that goes back: a refund, or a payment that is disputed at the bank."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from db.reads.notice_facts import ChargebackFacts, NoticeFacts, RefundFacts
from domain.catalogue import RECIPIENTS
from domain.chargebacks import ChargebackStatus
from domain.notices import Notice
from domain.refunds import RefundKind, RefundStatus
from domain.tickets import Role
from tests.activities.letters import FACTS, MONDAY, a_letter, plain, said

WHOLE = RefundFacts(RefundStatus.SENDING, RefundKind.WHOLE, 4500, "A2026-000012", None)
OPENED = ChargebackFacts(
    ChargebackStatus.TO_ANSWER,
    is_inquiry=False,
    reason="fraudulent",
    amount_cents=4500,
    answer_by=MONDAY + timedelta(days=9),
    answered_at=None,
)


def refunded(**changes: Any) -> NoticeFacts:
    return replace(FACTS, refund=replace(WHOLE, **changes))


def charged_back(**changes: Any) -> NoticeFacts:
    return replace(FACTS, chargeback=replace(OPENED, **changes))


@pytest.mark.parametrize(
    ("facts", "subject", "expected"),
    [
        (refunded(), "Remboursement de 45,00 €", "vous rembourser la totalité de la facture."),
        (
            refunded(amount_cents=3000),
            "Remboursement de 30,00 €",
            "vous rembourser tout ce qui restait de la facture.",
        ),
        (
            refunded(kind=RefundKind.PARTIAL, amount_cents=1500),
            "Remboursement de 15,00 €",
            "vous rembourser une partie de la facture.",
        ),
        (
            refunded(status=RefundStatus.REFUSED, kind=RefundKind.NONE, amount_cents=0, credit_note=None),
            "Décision sur votre remboursement",
            "a décidé de ne pas modifier la facture",
        ),
    ],
    ids=["all of it", "what was left", "a part", "nothing"],
)
def test_the_client_reads_what_goes_back(facts: NoticeFacts, subject: str, expected: str) -> None:
    letter = a_letter(Notice.REFUND_RULED, Role.CLIENT, facts)
    assert plain(letter.subject) == f"{subject} (demande n° 4829 1573)"
    text = said(Notice.REFUND_RULED, Role.CLIENT, facts)
    assert expected in text
    amount = subject.removeprefix("Remboursement de ")
    assert (f"Remboursement : {amount} TTC" in text) is bool(facts.refund and facts.refund.amount_cents)
    assert ("Avoir n° : A2026-000012" in text) is bool(facts.refund and facts.refund.credit_note)


def test_a_transfer_in_place_of_the_card_is_told_with_its_amount() -> None:
    text = said(
        Notice.REFUND_BY_BANK, Role.CLIENT, refunded(status=RefundStatus.REFUNDED, failure="returned")
    )
    assert "Nous vous avons donc fait un virement." in text
    assert "Montant viré : 45,00 €" in text


@pytest.mark.parametrize(
    ("failure", "cause", "advice"),
    [
        ("returned", "La banque du client a renvoyé l’argent", "rendez la somme par virement"),
        (
            "balance_insufficient",
            "Notre solde chez le prestataire de paiement ne suffit pas",
            "rendez la somme par virement",
        ),
        (
            "a_code_of_tomorrow",
            "Le prestataire de paiement n’en dit pas la raison",
            "rendez la somme par virement",
        ),
        (
            "charge_disputed",
            "Le client a contesté le paiement auprès de sa banque",
            "Ne faites pas de virement",
        ),
    ],
)
def test_the_team_reads_why_a_refund_did_not_go_through_and_what_to_do(
    failure: str, cause: str, advice: str
) -> None:
    facts = refunded(status=RefundStatus.FAILED, failure=failure)
    text = said(Notice.REFUND_FAILED, Role.BACK_OFFICE, facts)
    assert "Montant à rendre : 45,00 €" in text
    assert f"Motif : {cause}" in text
    # Money that a bank may give back is never sent by hand too.
    assert advice in text
    assert ("rendez la somme par virement" in text) is (failure != "charge_disputed")


def test_a_technician_reads_what_the_ticket_earns_now() -> None:
    assert FACTS.technician is not None
    changed = replace(FACTS, earned_cents={FACTS.technician.id: 800})
    assert "Votre gain pour cette demande : 8,00 € HT" in said(
        Notice.GAIN_CORRECTED, Role.TECHNICIAN, changed
    )
    nothing_left = said(Notice.GAIN_CORRECTED, Role.TECHNICIAN)
    assert "Votre gain pour cette demande : 0,00 € HT" in nothing_left
    assert "rien ne vous est réclamé autrement" in nothing_left


@pytest.mark.parametrize(
    ("inquiry", "expected"),
    [
        (True, "elle n’a pas repris l’argent pour l’instant"),
        (False, "La banque a repris l’argent en attendant."),
    ],
)
def test_the_team_reads_whether_the_bank_has_the_money(inquiry: bool, expected: str) -> None:
    text = said(Notice.CHARGEBACK_OPENED, Role.BACK_OFFICE, charged_back(is_inquiry=inquiry))
    assert expected in text
    assert "Montant contesté : 45,00 €" in text
    assert "Motif : Le porteur dit ne pas avoir payé" in text
    assert "Réponse à la banque avant : " in text


@pytest.mark.parametrize(
    ("notice", "facts", "subject", "title"),
    [
        (
            Notice.CHARGEBACK_CLOSED,
            charged_back(status=ChargebackStatus.WON),
            "Contestation gagnée",
            "La banque nous a donné raison",
        ),
        (
            Notice.CHARGEBACK_CLOSED,
            charged_back(status=ChargebackStatus.INQUIRY_CLOSED, is_inquiry=True),
            "Contestation sans suite",
            "La banque n’a pas donné suite",
        ),
        (
            Notice.CHARGEBACK_LOST,
            charged_back(status=ChargebackStatus.LOST, answered_at=MONDAY),
            "Contestation perdue",
            "La banque a donné raison au client",
        ),
        (
            Notice.CHARGEBACK_LOST,
            charged_back(status=ChargebackStatus.LOST),
            "Contestation perdue",
            "La contestation est perdue, sans réponse de notre part",
        ),
    ],
    ids=["won", "inquiry closed", "lost", "conceded"],
)
def test_the_team_reads_how_the_bank_decided(
    notice: Notice, facts: NoticeFacts, subject: str, title: str
) -> None:
    letter = a_letter(notice, Role.BACK_OFFICE, facts)
    assert plain(letter.subject) == f"{subject} (demande n° 4829 1573)"
    text = said(notice, Role.BACK_OFFICE, facts)
    assert title in text
    assert "Réponse à la banque avant" not in text


def test_only_the_team_reads_of_a_chargeback() -> None:
    told = {notice: RECIPIENTS[notice] for notice in Notice if notice.value.startswith("chargeback")}
    assert set(told.values()) == {(Role.BACK_OFFICE,)}
