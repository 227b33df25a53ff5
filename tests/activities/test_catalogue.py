"""Every message stands in the catalogue, and every message of it has its words: as text and as HTML."""

from pathlib import Path

import pytest

from activities.wording.letters import HERE, _environment
from domain.admissions import AdmissionLetter
from domain.catalogue import CATALOGUE, OF_A_TICKET, Switch, told
from domain.earnings import EarningsMail
from domain.erasures import ErasureMail
from domain.notices import Notice
from domain.tickets import Role

TEMPLATES = HERE / "notices"
WANTED = sorted(name for kind, one in CATALOGUE.items() for name in one.templates(kind))


def is_a_letter(path: Path) -> bool:
    """And not a part that letters share."""
    return "{% extends" in path.read_text()


def test_every_template_has_its_entry_and_every_entry_its_templates() -> None:
    assert sorted(path.name for path in TEMPLATES.glob("*.j2") if is_a_letter(path)) == WANTED


@pytest.mark.parametrize("form", ["text", "html"])
def test_every_message_has_both_forms(form: str) -> None:
    environment = _environment(form, autoescape=form == "html")
    for name in WANTED:
        assert "subject" in environment.get_template(name).blocks


def test_every_event_is_in_it() -> None:
    assert set(OF_A_TICKET) == set(Notice)
    assert set(CATALOGUE) >= {one.value for one in (*AdmissionLetter, *EarningsMail, *ErasureMail)}


def test_what_is_owed_to_people_cannot_be_switched_off() -> None:
    """Money, contracts, safety, the end of an account. Reminders of what was told before may be."""
    switched = {kind for kind, one in CATALOGUE.items() if one.switch is Switch.REMINDERS}
    assert switched == {Notice.REMINDER, Notice.REPORT_DUE}
    assert not any(one.switch is Switch.SMS for one in CATALOGUE.values())


def test_each_is_told_to_somebody_and_by_sms_to_no_more_than_by_mail() -> None:
    for kind in CATALOGUE.values():
        assert kind.to
        assert set(kind.sms) <= set(kind.to) & {Role.CLIENT, Role.TECHNICIAN}
        assert kind.when[0].islower()
    assert {role: len(told(role)) for role in Role if role is not Role.SYSTEM} == {
        Role.CLIENT: 28,
        Role.TECHNICIAN: 25,
        Role.BACK_OFFICE: 2,
        Role.FINANCE: 2,
    }
