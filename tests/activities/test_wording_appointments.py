"""What people read about an appointment that moves, changes hands, or does not take place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.reads.notice_facts import RulingFacts
from domain.deadlines import PRODUCTION
from domain.notices import Notice
from domain.rulings import RulingKind
from domain.tickets import Role
from tests.activities.letters import BARE, FACTS, FRIDAY, MONDAY, a_person, said

FREE = replace(FACTS, ruling=RulingFacts(RulingKind.REWORK, None, FRIDAY))
HOUR = "lundi 23 novembre 2026 à 14 h 30 (heure de Paris)"


@pytest.mark.parametrize("notice", [Notice.RESCHEDULED, Notice.TECHNICIAN_CHANGED])
def test_after_a_change_the_client_knows_who_calls_when_and_what_is_void(notice: Notice) -> None:
    mail = said(notice, Role.CLIENT)
    assert "Jean-Marc vous appellera à l’heure ci-dessous" in mail
    assert f"Rendez-vous : {HOUR}" in mail
    assert "ses deux codes sont nouveaux, les anciens ne valent plus" in mail
    assert "même si vous l’aviez déjà donné" in mail
    assert "Pour votre sécurité" in mail
    assert "Leroy" not in mail


@pytest.mark.parametrize("notice", [Notice.BOOKED, Notice.RESCHEDULED, Notice.TECHNICIAN_CHANGED])
def test_a_technician_knows_until_when_to_confirm(notice: Notice) -> None:
    # Two working hours from Friday 14:30; booked on the Monday morning, an hour before the appointment.
    assert "À confirmer avant : vendredi 20 novembre 2026 à 16 h 30" in said(notice, Role.TECHNICIAN)
    morning = MONDAY - timedelta(hours=1, minutes=30)
    assert "À confirmer avant : lundi 23 novembre 2026 à 13 h 30" in said(
        notice, Role.TECHNICIAN, FACTS, morning
    )


def test_of_an_appointment_within_minutes_no_confirmation_is_asked() -> None:
    mail = said(Notice.BOOKED, Role.TECHNICIAN, FACTS, MONDAY - timedelta(minutes=10))
    assert "À confirmer avant" not in mail
    assert "déclinez-le sans attendre" in mail


def test_the_client_may_move_an_appointment_until_two_hours_before() -> None:
    assert "jusqu’au lundi 23 novembre 2026 à 12 h 30" in said(Notice.REMINDER, Role.CLIENT)
    late = said(Notice.REMINDER, Role.CLIENT, FACTS, MONDAY - PRODUCTION.reschedule_limit)
    assert "jusqu’au" not in late
    assert "Appelez-nous, ou annulez le rendez-vous" in late


def test_one_who_is_released_is_told_no_reason_and_led_nowhere() -> None:
    mail = said(Notice.RELEASED, Role.TECHNICIAN, replace(FACTS, named=a_person("Ana Costa")))
    assert "Bonjour Ana Costa," in mail
    assert "Vous n’avez plus à vous occuper de cette demande (Internet et Wi-Fi)." in mail
    assert "/tickets/" not in mail
    for reason in ("décliné", "confirmé", "appelé le client", "annul", "déplac", "Jean-Marc"):
        assert reason not in mail


def test_the_client_who_is_offered_other_slots_knows_until_when() -> None:
    mail = said(Notice.SLOTS_OFFERED, Role.CLIENT, BARE, MONDAY)
    assert f"Aucun technicien n’a pu assurer votre rendez-vous du {HOUR}" in mail
    assert "Rien n’est facturé." in mail
    assert "votre demande sera annulée sans frais au plus tard le lundi 30 novembre 2026 à 14 h 30" in mail
    free = said(Notice.SLOTS_OFFERED, Role.CLIENT, FREE, MONDAY)
    assert "l’équipe Omea reprendra votre dossier au plus tard le lundi 30 novembre" in free
    assert "annulée" not in free


def test_a_free_session_is_confirmed_without_a_price() -> None:
    mail = said(Notice.BOOKED, Role.CLIENT, FREE)
    assert "Prix : Séance gratuite" in mail
    assert "€" not in mail
    assert "ses deux codes sont nouveaux" in mail


def test_a_cancellation_says_what_was_asked_and_what_nobody_could_do() -> None:
    confirmed = said(Notice.CANCELLATION_CONFIRMED, Role.CLIENT)
    assert f"le rendez-vous du {HOUR} n’aura pas lieu. Rien n’est facturé." in confirmed
    any_time = said(Notice.CANCELLATION_CONFIRMED, Role.CLIENT, replace(BARE, flexible=True))
    assert "14 h 30" not in any_time
    assert "Nous avons cherché pendant 7 jours" in said(Notice.CANCELLED, Role.CLIENT, BARE)


def test_a_withdrawal_is_acknowledged_to_the_second() -> None:
    at = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
    mail = said(Notice.WITHDRAWN, Role.CLIENT, FACTS, at)
    for words in (
        "Accusé de réception de votre rétractation",
        "Rétractation transmise : lundi 23 novembre 2026 à 15 h 05 min 09 s (heure de Paris, UTC+1)",
        "Consommateur : Claire Petit",
        "Demande n° : 4829 1573",
        "Commandé : vendredi 20 novembre 2026 à 14 h 30 (heure de Paris)",
        "Vous ne devez rien, pas même pour cette séance",
        "sur support durable",
        "article L. 221-21 du code de la consommation",
    ):
        assert words in mail
    assert "aucune séance n’aura lieu. Vous ne devez rien" in said(Notice.WITHDRAWN, Role.CLIENT, BARE, at)


def test_a_withdrawal_leaves_the_team_a_gain_to_rule_only_if_a_session_had_begun() -> None:
    assert "décider du gain du technicien" in said(Notice.WITHDRAWN, Role.BACK_OFFICE)
    assert "Vous n’avez rien à faire." in said(Notice.WITHDRAWN, Role.BACK_OFFICE, BARE)


def test_an_absent_client_owes_nothing_and_may_ask_again() -> None:
    mail = said(Notice.CLIENT_ABSENT, Role.CLIENT)
    assert "Jean-Marc a essayé au moins trois fois de vous joindre" in mail
    assert "Rien n’est facturé." in mail
    assert "Faites une nouvelle demande et choisissez un autre créneau." in mail


def test_an_incident_is_signalled_without_its_text() -> None:
    mail = said(Notice.INCIDENT, Role.BACK_OFFICE, replace(FACTS, named=a_person("Ana Costa")))
    assert "Technicien : Ana Costa" in mail
    assert "décrit sur la page de la demande" in mail


def test_at_the_ceiling_nothing_more_is_billed_unless_it_is_raised() -> None:
    client = said(Notice.CEILING_REACHED, Role.CLIENT)
    assert "que vous avez acceptée : 1 h, soit 60,00 € TTC au plus" in client
    assert "Rien n’est facturé au-delà, sauf si vous augmentez cette durée." in client
    assert "€" not in said(Notice.CEILING_REACHED, Role.CLIENT, FREE)
    assert "Demandez au client s’il veut augmenter cette durée" in said(
        Notice.CEILING_REACHED, Role.TECHNICIAN
    )


def test_a_session_that_nobody_ended_has_no_proven_duration() -> None:
    due = said(Notice.SESSION_TIMED_OUT, Role.TECHNICIAN, replace(FACTS, report=None))
    assert "close d’office 12 heures après son début" in due
    assert "Rédigez-le dès que possible" in due
    assert "Rédigez-le" not in said(Notice.SESSION_TIMED_OUT, Role.TECHNICIAN)
    assert "Rien ne prouve sa durée" in said(Notice.SESSION_TIMED_OUT, Role.BACK_OFFICE)


def test_the_team_is_told_of_a_request_for_any_time_as_such() -> None:
    assert f"Créneau demandé : {HOUR}" in said(Notice.TO_ASSIGN, Role.BACK_OFFICE, BARE)
    any_time = said(Notice.TO_ASSIGN, Role.BACK_OFFICE, replace(BARE, flexible=True))
    assert f"Créneau demandé : Dès que possible à partir du {HOUR}" in any_time


def test_the_one_who_did_not_call_is_named_even_once_another_has_the_ticket() -> None:
    mail = said(Notice.NO_CALL, Role.BACK_OFFICE, replace(FACTS, named=a_person("Ana Costa")))
    assert "Technicien : Ana Costa" in mail
    assert "Leroy" not in mail
