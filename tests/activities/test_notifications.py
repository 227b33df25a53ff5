"""Each person concerned gets one mail of each kind, whatever breaks: real Postgres, real SMTP."""

import asyncio
import traceback
from dataclasses import dataclass
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.gateways.mail import Mail, MailRefused, MailUnavailable, Message
from activities.gateways.smtp_mail import SmtpMail
from activities.notifications import ABOUT_A_CHARGEBACK, ABOUT_A_REFUND
from domain import ids
from domain.catalogue import RECIPIENTS
from domain.deadlines import PRODUCTION
from domain.notices import Notice, Notify
from domain.opening_hours import PRODUCTION as HOURS
from domain.tickets import Role
from tests.activities.desk import (
    BACK_OFFICE,
    NOW,
    SECRETS,
    TICKET,
    Desk,
    a_refund_is_asked,
    it_is_charged_back,
    it_is_credited,
    it_is_made,
    it_is_paid,
    it_is_ruled,
    the_charge_is_refused,
    the_session_is_reported,
)
from tests.support.people import a_technician


async def test_each_one_concerned_gets_one_mail(desk: Desk) -> None:
    await desk.notify(Notice.BOOKED)
    [to_client], [to_technician] = (
        desk.office.to(desk.client_address),
        desk.office.to(desk.technician_address),
    )
    assert len(desk.office.delivered) == 2
    assert to_client.message_id != to_technician.message_id
    assert to_client.message_id.endswith("@omeasupport.test>")
    assert "Thomas" in to_client.body("plain")
    assert "Thomas" in to_client.body("html")
    assert desk.recorded() == {
        f"{TICKET}:booked::client": (desk.client, True),
        f"{TICKET}:booked::technician": (desk.technician, True),
    }
    assert desk.database.rows("SELECT message_id FROM notifications ORDER BY key") == [
        (to_client.message_id,),
        (to_technician.message_id,),
    ]


async def test_a_repeat_sends_nothing_and_another_occasion_does(desk: Desk) -> None:
    await desk.notify(Notice.REMINDER, "2026-11-22")
    await desk.notify(Notice.REMINDER, "2026-11-22")
    assert len(desk.office.delivered) == 2
    await desk.notify(Notice.REMINDER, "2026-11-23")
    assert len({mail.message_id for mail in desk.office.delivered}) == 4


async def test_the_back_offices_mailbox_is_nobodys_own(desk: Desk) -> None:
    await desk.notify(Notice.NO_CALL)
    assert [mail.recipient for mail in desk.office.delivered] == [BACK_OFFICE]
    assert desk.recorded() == {f"{TICKET}:no_call::back_office": (None, True)}


@dataclass
class KilledAfterTheYes:
    """The server took the mail, and nothing more happens here: the worker is gone."""

    mail: Mail
    accepted: asyncio.Event

    async def send(self, message: Message) -> MailRefused | None:
        answer = await self.mail.send(message)
        self.accepted.set()
        await asyncio.Event().wait()
        return answer


async def test_a_kill_between_the_yes_and_our_record_repeats_the_same_message_id(desk: Desk) -> None:
    desk.becomes("to_report")
    accepted = asyncio.Event()
    killed = asyncio.create_task(
        desk.notify(Notice.REPORT_OVERDUE, mail=KilledAfterTheYes(SmtpMail(desk.office.url), accepted))
    )
    await accepted.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert desk.recorded() == {f"{TICKET}:report_overdue::back_office": (None, False)}

    await desk.notify(Notice.REPORT_OVERDUE)
    first, second = desk.office.delivered
    assert first.message_id == second.message_id
    assert desk.recorded() == {f"{TICKET}:report_overdue::back_office": (None, True)}
    await desk.notify(Notice.REPORT_OVERDUE)
    assert len(desk.office.delivered) == 2


async def test_one_who_must_wait_does_not_repeat_the_other(desk: Desk) -> None:
    desk.office.answers[desk.client_address] = "451 greylisted, come back"
    with pytest.raises(MailUnavailable):
        await desk.notify(Notice.BOOKED)
    assert [mail.recipient for mail in desk.office.delivered] == [desk.technician_address]

    desk.office.answers.clear()
    await desk.notify(Notice.BOOKED)
    assert [mail.recipient for mail in desk.office.delivered] == [
        desk.technician_address,
        desk.client_address,
    ]


async def test_an_address_refused_for_good_ends_it_once_the_others_are_told(desk: Desk) -> None:
    desk.office.answers[desk.client_address] = f"550 no mailbox {desk.client_address}"
    with pytest.raises(ApplicationError) as refused:
        await desk.notify(Notice.BOOKED)
    assert refused.value.type == "mail_refused"
    assert refused.value.non_retryable
    assert refused.value.details == ("client: 550",)
    assert_says_nobodys_address(refused.value)
    assert desk.recorded() == {
        f"{TICKET}:booked::client": (desk.client, False),
        f"{TICKET}:booked::technician": (desk.technician, True),
    }


async def test_a_breakdown_comes_before_a_refusal(desk: Desk) -> None:
    desk.office.answers = {desk.client_address: "550 no", desk.technician_address: "451 later"}
    with pytest.raises(MailUnavailable):
        await desk.notify(Notice.BOOKED)


async def test_while_the_server_is_away_it_is_tried_again(desk: Desk) -> None:
    with pytest.raises(MailUnavailable) as away:
        await desk.notify(Notice.BOOKED, mail=SmtpMail("smtp://127.0.0.1:9"))
    assert_says_nobodys_address(away.value)
    assert set(desk.recorded().values()) == {(desk.client, False), (desk.technician, False)}
    # Back again, and under another name: what was entered keeps its Message-ID.
    entered = desk.database.rows("SELECT message_id FROM notifications ORDER BY key")
    await desk.notify(Notice.BOOKED)
    sent = sorted(desk.office.delivered, key=lambda mail: mail.recipient)
    assert [(mail.message_id,) for mail in sent] == entered


async def test_a_closed_account_is_left_in_peace(desk: Desk) -> None:
    desk.database.execute("UPDATE people SET active = false WHERE id = %s", desk.client)
    await desk.notify(Notice.BOOKED)
    assert desk.office.tried == [desk.technician_address]
    assert list(desk.recorded()) == [f"{TICKET}:booked::technician"]


async def test_an_unknown_ticket_is_not_tried_for_days(desk: Desk) -> None:
    unknown = Notify(ids.ticket_number(1), Notice.BOOKED.value, NOW, PRODUCTION, HOURS)
    with pytest.raises(ApplicationError) as refused:
        await ActivityEnvironment().run(desk.activities().notify, unknown)
    assert refused.value.non_retryable


STATUS_OF: dict[Notice, str] = {
    Notice.SLOTS_OFFERED: "to_assign",
    Notice.REPORT_DUE: "to_report",
    Notice.REVIEW_DUE: "in_review",
    Notice.PAYMENT_REFUSED: "invoiced",
    Notice.SUSPENDED: "suspended",
    Notice.RULED: "in_review",
    Notice.CEILING_REACHED: "in_session",
    Notice.TO_ASSIGN: "to_assign",
    Notice.LONG_SESSION: "in_session",
    Notice.REPORT_OVERDUE: "to_report",
    Notice.STILL_SUSPENDED: "suspended",
    Notice.PAYMENT_LATE: "invoiced",
    Notice.UNPAID: "unpaid",
    Notice.STILL_UNPAID: "unpaid",
}


CASE_OF = {Notice.REFUND_FAILED: "failed", Notice.REFUND_UNFUNDED: "sending"}


async def what_it_is_about(notice: Notice, desk: Desk) -> str:
    """As the notice needs it. Answers the notice's occasion."""
    match notice:
        case Notice.INVOICE_ISSUED:
            await it_is_made(desk)
            return ""
        case Notice.CREDIT_NOTE_ISSUED:
            it_is_credited(desk)
            await it_is_made(desk, "A2026-000012")
            return "A2026-000012"
        case Notice.DOCUMENT_LATE:
            return "F2026-000123:2026-11-24"
        case _ if notice in ABOUT_A_REFUND:
            a_refund_is_asked(desk, CASE_OF.get(notice, "open"))
            return "1"
        case Notice.EXCESS_RETURNED:
            it_is_paid(desk)
            it_is_credited(desk)
            return ""
        case _ if notice in ABOUT_A_CHARGEBACK:
            it_is_charged_back(desk)
            return "du_1"
        case _:
            return ""


@pytest.mark.parametrize("notice", list(Notice))
async def test_every_notice_reaches_everyone_and_gives_nothing_away(desk: Desk, notice: Notice) -> None:
    the_session_is_reported(desk)
    the_charge_is_refused(desk)
    it_is_ruled(desk, "bill")
    desk.journal("dispute")
    desk.becomes(STATUS_OF.get(notice, "scheduled"))
    occasion = await what_it_is_about(notice, desk)
    named = a_technician(desk.database) if notice is Notice.RELEASED else None
    await desk.notify(notice, occasion, technician=named, at=NOW + timedelta(days=4))
    addresses = {
        Role.CLIENT: desk.client_address,
        Role.TECHNICIAN: desk.address(named or desk.technician),
        Role.BACK_OFFICE: BACK_OFFICE,
    }
    assert sorted(mail.recipient for mail in desk.office.delivered) == sorted(
        addresses[role] for role in RECIPIENTS[notice]
    )
    for mail in desk.office.delivered:
        for body in (mail.body("plain"), mail.body("html"), mail.mail["Subject"]):
            assert not [secret for secret in SECRETS.values() if secret in body]


async def test_a_refused_payment_reads_its_latest_attempt(desk: Desk) -> None:
    the_charge_is_refused(desk)
    desk.becomes("invoiced")
    await desk.notify(Notice.PAYMENT_REFUSED, "2")
    [mail] = desk.office.delivered
    said = " ".join(mail.body("plain").split())
    assert "Motif : La carte a expiré" in said
    # Three days after the first refusal, of 24 November.
    assert "Prochain essai : vendredi 27 novembre 2026" in said
    assert "Visa se terminant par 4242" in said


def assert_says_nobodys_address(failure: BaseException) -> None:
    """Neither in the failure nor in the log that shows it."""
    shown = "".join(traceback.format_exception(failure))
    assert "@example.fr" not in shown
