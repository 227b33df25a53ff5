"""What people read about a suspension, and about the ruling that ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.reads.notice_facts import GainRulingFacts, NoticeFacts, ReportFacts, RulingFacts, SuspensionCase
from domain.catalogue import RECIPIENTS
from domain.notices import Notice
from domain.rulings import GainKind, RulingKind
from domain.ticket_steps import Evidence
from domain.tickets import Role, Status
from tests.activities.letters import FACTS, FRIDAY, MONDAY, a_letter_to, a_person, plain, said

RULED_AT = MONDAY + timedelta(hours=5)


def ruled(
    kind: RulingKind,
    status: Status,
    *,
    minutes: int | None = None,
    gain: GainRulingFacts | None = None,
) -> NoticeFacts:
    return replace(
        FACTS,
        status=status,
        ruling=RulingFacts(kind, minutes, RULED_AT),
        reduced_minutes=minutes,
        gain_rulings={FACTS.technician.id: gain} if gain and FACTS.technician else {},
    )


@pytest.mark.parametrize(
    ("case", "client", "technician", "cause"),
    [
        (
            SuspensionCase.DISPUTE,
            "Vous nous avez dit que quelque chose n’allait pas",
            "Le client a signalé que quelque chose n’allait pas.",
            "Insatisfaction du client",
        ),
        (
            SuspensionCase.DURATION,
            "La durée indiquée pour votre séance doit être vérifiée",
            "La durée déclarée doit être vérifiée",
            "Durée de la séance à vérifier",
        ),
        (
            SuspensionCase.FREE_SESSION_ABSENT,
            "Jean-Marc a essayé au moins trois fois de vous joindre pour votre séance gratuite",
            "Le client n’a pas répondu à vos appels",
            "Client absent à la séance gratuite",
        ),
        (
            SuspensionCase.FREE_SESSION_CANCELLED,
            "Comme vous nous l’avez demandé, votre séance gratuite est annulée.",
            "La séance gratuite prévue pour cette demande n’aura pas lieu.",
            "Séance gratuite annulée par le client",
        ),
        (
            SuspensionCase.FREE_SESSION_NOBODY,
            "Nous n’avons pas trouvé de technicien disponible pour votre séance gratuite",
            "La séance gratuite prévue pour cette demande n’aura pas lieu.",
            "Aucun technicien pour la séance gratuite",
        ),
        (
            SuspensionCase.WITHDRAWAL,
            "Votre rétractation est enregistrée et le contrat a pris fin : vous n’avez rien à payer.",
            "Le client s’est rétracté pendant la séance",
            "Rétractation pendant la séance",
        ),
    ],
)
def test_a_suspension_says_why_to_each(
    case: SuspensionCase, client: str, technician: str, cause: str
) -> None:
    mails = {
        role: said(Notice.SUSPENDED, role, replace(FACTS, suspension=case))
        for role in RECIPIENTS[Notice.SUSPENDED]
    }
    assert client in mails[Role.CLIENT]
    assert technician in mails[Role.TECHNICIAN]
    assert f"Cause : {cause}" in mails[Role.BACK_OFFICE]
    assert f"Cause : {cause}" in said(
        Notice.STILL_SUSPENDED, Role.BACK_OFFICE, replace(FACTS, suspension=case)
    )
    depends = case in {SuspensionCase.DISPUTE, SuspensionCase.DURATION, SuspensionCase.WITHDRAWAL}
    assert ("Votre gain pour cette séance dépend de la décision" in mails[Role.TECHNICIAN]) is depends


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.BACK_OFFICE])
def test_a_duration_without_evidence_is_not_called_measured(role: Role) -> None:
    report = ReportFacts(40, 0, Evidence.NONE, 3, False, MONDAY)
    facts = replace(FACTS, suspension=SuspensionCase.DURATION, report=report)
    assert "Durée mesurée : Inconnue" in said(Notice.SUSPENDED, role, facts)
    assert "Durée mesurée : 40 minutes" in said(
        Notice.SUSPENDED, role, replace(FACTS, suspension=SuspensionCase.DURATION)
    )


def test_a_ruled_duration_is_put_to_the_client_for_three_days_from_the_ruling() -> None:
    facts = ruled(RulingKind.REDUCE, Status.IN_REVIEW, minutes=25)
    for mail in (said(Notice.RULED, Role.CLIENT, facts), said(Notice.REVIEW_DUE, Role.CLIENT, facts)):
        assert "Durée facturée : 30 minutes" in mail
        assert "Montant prévu : 30,00 € TTC" in mail
        assert "Réponse avant : jeudi 26 novembre 2026 à 19 h 30 (heure de Paris)" in mail
    assert "Durée retenue : 25 minutes" in said(Notice.RULED, Role.CLIENT, facts)


def test_a_reduction_never_exceeds_what_the_client_accepted() -> None:
    facts = replace(ruled(RulingKind.REDUCE, Status.IN_REVIEW, minutes=59), ceiling_minutes=30)
    assert facts.expected_slices == 2


def test_after_a_dispute_the_invoice_follows() -> None:
    mail = said(Notice.RULED, Role.CLIENT, ruled(RulingKind.BILL, Status.INVOICED))
    assert "La facture suit, dans un autre message." in mail
    assert "Montant : 45,00 € TTC" in mail
    assert "Durée retenue" not in mail
    assert "votre avis" not in mail


def test_nothing_is_billed_when_the_team_says_so() -> None:
    waived = ruled(RulingKind.WAIVE, Status.CLOSED)
    mail = said(Notice.RULED, Role.CLIENT, waived)
    assert "a décidé que rien ne vous serait facturé" in mail
    assert "€" not in mail
    withdrawn = replace(waived, suspension=SuspensionCase.WITHDRAWAL)
    assert "votre rétractation, rien ne vous est facturé" in said(Notice.RULED, Role.CLIENT, withdrawn)


def test_a_free_session_is_announced_with_its_hour_and_its_technician() -> None:
    facts = ruled(RulingKind.REWORK, Status.SCHEDULED)
    mail = said(Notice.RULED, Role.CLIENT, facts)
    assert "Rendez-vous : lundi 23 novembre 2026 à 14 h 30 (heure de Paris)" in mail
    assert "Technicien : Jean-Marc" in mail
    assert "Prix : Séance gratuite" in mail


@pytest.mark.parametrize(
    ("gain", "shown"),
    [
        (GainRulingFacts(GainKind.FULL, None), "Votre gain : En entier, selon votre compte rendu"),
        (GainRulingFacts(GainKind.REDUCED, 30), "Votre gain : Réduit (durée retenue : 30 minutes)"),
        (GainRulingFacts(GainKind.NONE, None), "Votre gain : Aucun"),
    ],
)
def test_each_technician_reads_their_own_gain(gain: GainRulingFacts, shown: str) -> None:
    facts = ruled(RulingKind.BILL, Status.INVOICED, gain=gain)
    mail = said(Notice.RULED, Role.TECHNICIAN, facts)
    assert shown in mail
    assert ("Ce gain s’ajoute aux vôtres de ce mois." in mail) is (gain.kind is not GainKind.NONE)
    other = a_person("Ana Costa")
    elses = plain(a_letter_to(other, Notice.RULED, Role.TECHNICIAN, facts).text)
    assert "Votre gain" not in elses


def test_the_technician_of_the_first_session_knows_who_holds_the_free_one() -> None:
    facts = ruled(RulingKind.REWORK, Status.SCHEDULED, gain=GainRulingFacts(GainKind.FULL, None))
    own = said(Notice.RULED, Role.TECHNICIAN, facts)
    assert "vous est confiée. Un autre message vous en donne l’heure" in own
    assert "Ce gain sera compté une fois la demande réglée." in own
    moved = replace(facts, technician=a_person("Ana Costa"))
    lost = plain(a_letter_to(facts.last_technician, Notice.RULED, Role.TECHNICIAN, moved).text)
    assert "Une nouvelle séance est confiée à un autre technicien." in lost
    assert "Costa" not in lost
    assert "/interventions/" in own
    assert "/interventions/" not in lost


def test_after_a_free_session_the_first_one_is_what_is_billed() -> None:
    facts = replace(
        FACTS, ruling=RulingFacts(RulingKind.REWORK, None, FRIDAY), technician=a_person("Ana Costa")
    )
    ready = said(Notice.REPORT_READY, Role.CLIENT, replace(facts, first_slices=2))
    assert "Prix : Séance gratuite" in ready
    assert "Montant prévu pour la première séance : 30,00 € TTC" in ready
    nothing = said(Notice.REPORT_READY, Role.CLIENT, replace(facts, first_slices=None))
    assert "Rien ne vous sera facturé." in nothing
    assert "€" not in nothing
    assert "€" not in said(Notice.REVIEW_DUE, Role.CLIENT, replace(facts, first_slices=None))
    # A reduction ruled before the free session still holds.
    assert replace(facts, reduced_minutes=10).expected_slices == 1
