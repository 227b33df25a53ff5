"""An SMS says who and when, to who wants it, once; real Postgres."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.gateways.sms import Sms, SmsUnavailable
from activities.gateways.smtp_mail import SmtpMail
from activities.notifications import NotificationActivities
from activities.text_messages import Outcome, TextMessageActivities
from activities.wording.texts import HERE, LETTERS, LONGEST, text_of
from db.engine import sessions
from domain.catalogue import OF_A_TICKET
from domain.deadlines import PRODUCTION
from domain.notices import Notice, Notify
from domain.opening_hours import PRODUCTION as HOURS
from domain.text_messages import TextMessage
from domain.tickets import Role
from tests.activities.desk import BACK_OFFICE, NOW, SECRETS, SENDER, TICKET, Desk
from tests.activities.letters import FACTS, a_person
from tests.support.keys import TOKEN_KEY
from tests.support.sms import SentSms

BY_SMS = [(notice, role) for notice, kind in OF_A_TICKET.items() for role in kind.sms]
# As it is given with a request; the desk's own is as it is typed.
MOBILE, OTHER_MOBILE = "+33612345678", "+33612345679"


@pytest.mark.parametrize(("notice", "role"), BY_SMS)
@pytest.mark.parametrize("name", ["Jean-Marc Leroy", "Françoise‑Œuvre-Anne-Bérénice Ťhăng Nguyễn", "李明"])
def test_each_is_one_message_in_the_letters_of_every_telephone(notice: Notice, role: Role, name: str) -> None:
    said = text_of(notice, role, replace(FACTS, technician=a_person(name)))
    assert len(said) <= LONGEST
    assert set(said) <= LETTERS
    assert "14 h 30 (heure de Paris)" in said
    # By the number of their request clients know who calls: it goes to technicians only.
    assert ("4829 1573" in said) is (role is Role.TECHNICIAN)
    assert "Claire" not in said
    assert "Leroy" not in said


def test_every_kind_that_goes_by_sms_has_its_words_and_no_other() -> None:
    assert {path.name for path in HERE.iterdir()} == {f"{notice}.{role}.j2" for notice, role in BY_SMS}


def a_message(notice: Notice = Notice.BOOKED, role: Role = Role.CLIENT, occasion: str = "") -> TextMessage:
    notify = Notify(TICKET, notice.value, NOW, PRODUCTION, HOURS, occasion)
    return TextMessage(f"{TICKET}:{notice}:{occasion}:{role}", notify, role, NOW + timedelta(days=3))


async def sent(desk: Desk, sms: Sms | None, message: TextMessage) -> Outcome:
    activities = TextMessageActivities(sessions(desk.engine), sms, SENDER)
    outcome = await ActivityEnvironment().run(activities.send_text_message, message)
    assert isinstance(outcome, Outcome)
    return outcome


def gives(desk: Desk, phone: str) -> None:
    body = json.dumps({"phone": phone})
    desk.database.execute("UPDATE submissions SET body = %s WHERE kind = 'request'", body)


def chooses(desk: Desk, person: str, *, sms: bool = True, reminders: bool = True, phone: str | None) -> None:
    desk.database.execute(
        "INSERT INTO message_preferences VALUES (%s, %s, %s, %s, %s)", person, sms, reminders, phone, NOW
    )


async def test_it_is_sent_once_and_recorded(desk: Desk) -> None:
    gives(desk, MOBILE)
    sms = SentSms()
    assert await sent(desk, sms, a_message()) is Outcome.SENT
    assert await sent(desk, sms, a_message()) is Outcome.ALREADY
    [(number, text)] = sms.messages
    assert number == MOBILE
    assert "Thomas vous appellera" in text
    recorded = "SELECT key, kind, channel, recipient_id::text, sent_at IS NULL FROM notifications"
    assert desk.database.rows(recorded) == [
        (f"{TICKET}:booked::client:sms", "booked", "sms", desk.client, False)
    ]


async def test_what_was_not_taken_is_tried_again(desk: Desk) -> None:
    gives(desk, MOBILE)
    sms = SentSms(failures=2)
    for _ in range(2):
        with pytest.raises(SmsUnavailable):
            await sent(desk, sms, a_message())
    assert await sent(desk, sms, a_message()) is Outcome.SENT
    assert len(sms.messages) == 1


@dataclass
class KilledAfterTheYes:
    accepted: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, _number: str, _text: str) -> None:
        self.accepted.set()
        await asyncio.Event().wait()


async def test_killed_between_the_yes_and_our_record_it_is_not_repeated(desk: Desk) -> None:
    gives(desk, MOBILE)
    taking = KilledAfterTheYes()
    killed = asyncio.create_task(sent(desk, taking, a_message()))
    await taking.accepted.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    sms = SentSms()
    assert await sent(desk, sms, a_message()) is Outcome.ALREADY
    assert sms.messages == []


async def test_a_technician_gives_their_number_or_gets_none(desk: Desk) -> None:
    sms, message = SentSms(), a_message(role=Role.TECHNICIAN)
    gives(desk, MOBILE)
    assert await sent(desk, sms, message) is Outcome.NO_NUMBER
    chooses(desk, desk.technician, phone=OTHER_MOBILE)
    assert await sent(desk, sms, message) is Outcome.SENT
    assert [number for number, _ in sms.messages] == [OTHER_MOBILE]


@pytest.mark.parametrize("phone", ["+33971380496", "+33139980000"])
async def test_no_sms_goes_to_a_telephone_on_a_wall(desk: Desk, phone: str) -> None:
    gives(desk, phone)
    assert await sent(desk, SentSms(), a_message()) is Outcome.NO_NUMBER


async def test_who_does_without_gets_none(desk: Desk) -> None:
    gives(desk, MOBILE)
    chooses(desk, desk.client, reminders=False, phone=None)
    sms = SentSms()
    assert await sent(desk, sms, a_message(Notice.REMINDER)) is Outcome.NOT_WANTED
    assert await sent(desk, sms, a_message()) is Outcome.SENT
    desk.database.execute("UPDATE message_preferences SET sms = false")
    assert await sent(desk, sms, a_message(Notice.RESCHEDULED)) is Outcome.NOT_WANTED


async def test_what_is_no_longer_so_is_not_sent(desk: Desk) -> None:
    gives(desk, MOBILE)
    desk.becomes("scheduled", sequence=1)
    assert await sent(desk, SentSms(), a_message(Notice.RESCHEDULED, occasion="")) is Outcome.STALE
    desk.becomes("closed")
    assert await sent(desk, SentSms(), a_message(Notice.REMINDER, occasion="1")) is Outcome.STALE
    desk.becomes("scheduled")
    desk.database.execute("UPDATE people SET active = false WHERE id = %s", desk.client)
    assert await sent(desk, SentSms(), a_message(occasion="1")) is Outcome.STALE


async def test_without_a_provider_nothing_is_said_to_be_sent(desk: Desk) -> None:
    gives(desk, MOBILE)
    assert await sent(desk, None, a_message()) is Outcome.NO_PROVIDER
    assert desk.database.rows("SELECT 1 FROM notifications") == []


@dataclass
class Begun:
    messages: list[TextMessage] = field(default_factory=list)

    async def begin(self, message: TextMessage) -> None:
        self.messages.append(message)


async def test_each_mail_that_has_an_sms_begins_it(desk: Desk) -> None:
    begun = Begun()
    mail = SmtpMail(desk.office.url)
    given = (sessions(desk.engine), mail, SENDER, BACK_OFFICE, "https://omeasupport.test", TOKEN_KEY)
    activities = NotificationActivities(*given, begun)
    for notice in (Notice.BOOKED, Notice.RELEASED):
        message = Notify(TICKET, notice.value, NOW, PRODUCTION, HOURS)
        await ActivityEnvironment().run(activities.notify, message)
    assert [(one.key, one.role) for one in begun.messages] == [
        (f"{TICKET}:booked::client", Role.CLIENT),
        (f"{TICKET}:booked::technician", Role.TECHNICIAN),
    ]
    assert {one.until for one in begun.messages} == {NOW + timedelta(days=3)}
    assert not any(secret in repr(begun.messages) for secret in SECRETS.values())


async def test_who_does_without_reminders_gets_no_mail_of_them_but_all_others(desk: Desk) -> None:
    chooses(desk, desk.client, reminders=False, phone=None)
    await desk.notify(Notice.REMINDER)
    assert [mail.recipient for mail in desk.office.delivered] == [desk.technician_address]
    await desk.notify(Notice.BOOKED)
    assert len(desk.office.to(desk.client_address)) == 1


async def test_a_mail_refused_for_good_is_recorded_and_one_that_may_still_go_is_not(desk: Desk) -> None:
    desk.office.answers = {desk.client_address: "550 no", desk.technician_address: "451 later"}
    with pytest.raises(Exception, match="mail server"):
        await desk.notify(Notice.BOOKED)
    refused = "SELECT key, refused_code, refused_at IS NULL, sent_at IS NULL FROM notifications ORDER BY key"
    assert desk.database.rows(refused) == [
        (f"{TICKET}:booked::client", 550, False, True),
        (f"{TICKET}:booked::technician", None, True, True),
    ]
