"""What a mail reads of its ticket: suspensions, rulings, and which technician it is about."""

import pytest

from db.reads.notice_facts import GainRulingFacts, SuspensionCase
from domain.notices import Notice
from domain.rulings import GainKind, RulingKind
from tests.activities.desk import TICKET, Desk, it_is_ruled, the_session_is_reported
from tests.support.people import a_technician


async def test_a_new_ticket_has_no_suspension_no_ruling_and_its_own_technician(desk: Desk) -> None:
    facts = await desk.facts()
    assert (facts.suspension, facts.ruling, facts.reduced_minutes, facts.first_slices) == (None,) * 4
    assert (facts.named, facts.last_technician, facts.gain_rulings) == (None, None, {})
    assert facts.concerned == facts.technician
    assert facts.technician is not None
    assert facts.technician.id == desk.technician
    assert (facts.sequence, facts.flexible, facts.is_free, facts.expected_slices) == (0, False, False, 0)


@pytest.mark.parametrize(
    ("act", "role", "case"),
    [
        ("dispute", "client", SuspensionCase.DISPUTE),
        ("report", "technician", SuspensionCase.DURATION),
        ("absent", "technician", SuspensionCase.FREE_SESSION_ABSENT),
        ("cancel", "client", SuspensionCase.FREE_SESSION_CANCELLED),
        ("cancel", "back_office", SuspensionCase.FREE_SESSION_CANCELLED),
        ("cancel", "system", SuspensionCase.FREE_SESSION_NOBODY),
        ("withdraw", "client", SuspensionCase.WITHDRAWAL),
    ],
)
async def test_the_act_that_suspended_last_says_why(
    desk: Desk, act: str, role: str, case: SuspensionCase
) -> None:
    desk.journal("dispute" if act != "dispute" else "report")
    desk.journal(act, role)
    # Neither of these is a reason: the one leaves the ticket as it is, the other did not suspend it.
    desk.journal("take_over", "back_office")
    desk.journal("report", "technician", after="in_review")
    assert (await desk.facts()).suspension is case


@pytest.mark.parametrize("before", ["invoiced", "unpaid"])
async def test_a_dispute_of_an_invoice_is_told_apart(desk: Desk, before: str) -> None:
    desk.journal("dispute", before=before)
    assert (await desk.facts()).suspension is SuspensionCase.INVOICE_DISPUTE


async def test_the_latest_ruling_counts_and_an_earlier_reduction_still_holds(desk: Desk) -> None:
    the_session_is_reported(desk)
    assert (await desk.facts()).expected_slices == 3
    it_is_ruled(desk, "reduce", 20, gains={1: ("reduced", 30)})
    it_is_ruled(desk, "rework")
    facts = await desk.facts()
    assert facts.ruling is not None
    assert (facts.ruling.kind, facts.ruling.minutes) == (RulingKind.REWORK, None)
    assert facts.is_free
    assert (facts.reduced_minutes, facts.expected_slices) == (20, 2)
    assert facts.gain_rulings == {desk.technician: GainRulingFacts(GainKind.REDUCED, 30)}


async def test_of_two_sessions_each_technician_has_their_own_gain(desk: Desk) -> None:
    other = a_technician(desk.database, name="Ana Costa")
    the_session_is_reported(desk)
    it_is_ruled(desk, "rework", gains={1: ("none", None)})
    the_session_is_reported(desk, 2, other)
    it_is_ruled(desk, "bill", gains={2: ("full", None)})
    facts = await desk.facts()
    assert facts.last_technician is not None
    assert facts.last_technician.id == other
    # The free session adds nothing to what the first one comes to.
    assert (facts.first_slices, facts.expected_slices) == (3, 3)
    assert facts.gain_rulings == {
        desk.technician: GainRulingFacts(GainKind.NONE, None),
        other: GainRulingFacts(GainKind.FULL, None),
    }


async def test_a_ruling_is_told_to_whoever_held_the_session(desk: Desk) -> None:
    the_session_is_reported(desk)
    it_is_ruled(desk, "rework", gains={1: ("reduced", 15)})
    desk.becomes("scheduled", technician_id=a_technician(desk.database, name="Ana Costa"))
    await desk.notify(Notice.RULED, "1")
    [mail] = desk.office.to(desk.technician_address)
    said = " ".join(mail.body("plain").split())
    assert "Réduit (durée retenue : 15 minutes)" in said
    assert "Une nouvelle séance est confiée à un autre technicien." in said
    assert sorted(desk.office.tried) == sorted([desk.client_address, desk.technician_address])


async def test_the_one_named_is_the_one_it_is_about(desk: Desk) -> None:
    named = a_technician(desk.database, name="Ana Costa")
    facts = await desk.facts(named)
    assert facts.concerned == facts.named
    assert facts.named is not None
    assert facts.named.name == "Ana Costa"
    await desk.notify(Notice.NO_CALL, technician=named)
    [mail] = desk.office.delivered
    assert "Technicien : Ana Costa" in " ".join(mail.body("plain").split())
    assert desk.recorded() == {f"{TICKET}:no_call::back_office": (None, True)}


async def test_one_who_has_left_is_not_written_to(desk: Desk) -> None:
    left = a_technician(desk.database)
    desk.database.execute("UPDATE people SET active = false WHERE id = %s", left)
    await desk.notify(Notice.RELEASED, "1", technician=left)
    assert desk.office.tried == []
