"""A person leaves: they have 30 days, all is settled, and then nothing names them outside the archive."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ActivityError, ApplicationError

from activities.erasures import ErasureActivities
from db.engine import create_engine, sessions
from db.reads.invariants.looking import look
from domain.erasures import (
    REFLECTION,
    AskedBy,
    Erase,
    ErasureMail,
    ErasureOpened,
    ErasureRequest,
    ErasureWithdrawn,
    OfErasure,
    Settled,
    TellOfErasure,
)
from domain.errors import Refusal
from domain.french import typeset
from domain.invariants import Invariant, Patience
from domain.messages import Actor, AskBecause
from domain.tickets import Role
from tests.api import rows
from tests.support.keys import TOKEN_KEY
from tests.support.leavers import IBAN, pay
from tests.support.people import a_person, a_sign_in, a_submission
from tests.support.played import Played
from tests.support.traces import books, decoded_histories, tables_with
from tests.workflows.conftest import Office
from workflows.erasure.starting import start_options
from workflows.erasure.workflow import ErasureWorkflow

NAME, MAIL, PHONE, ANYDESK = "Zélie Quatrefages", "zelie@quatrefages.fr", "+33698765432", "123456789"
TEXTS = (
    *("Plus de Wi-Fi chez moi", "Pilote réinstallé.", "Merci à Thomas", "Appelée deux fois"),
    "Écran noir chez elle",
)
IMAGE, DEVICE, KEY = "pixels-de-zelie", "Firefox de Zélie", "cle-de-zelie"
THEIRS, THEIR_MAIL = "Gwendal Kerbrat", "kerbrat@exemple.fr"
# The brand and last digits of the card, too.
PERSONAL = (NAME, MAIL, PHONE, ANYDESK, *TEXTS, IMAGE, DEVICE, KEY, "visa 4242")


class PlayedErasure(Played[ErasureOpened]):
    answer_type = ErasureOpened


@dataclass
class Leaving:
    office: Office
    played: PlayedErasure
    request: ErasureRequest

    def erasure(self, columns: str) -> tuple[object, ...]:
        [row] = self.office.database.rows(f"SELECT {columns} FROM erasures WHERE key = %s", self.request.key)
        return row

    async def pass_days(self, days: int) -> None:
        await self.played.pass_time(timedelta(days=days))
        await self.played.settle()


async def asked(office: Office, person: str | None = None, by: AskedBy = AskedBy.PERSON) -> Leaving:
    leaver = person or office.client
    role = Role.TECHNICIAN if leaver == office.technician else Role.CLIENT
    actor = Actor(leaver, role) if by is AskedBy.PERSON else Actor(office.back_office, Role.BACK_OFFICE)
    request = ErasureRequest(leaver, uuid4().hex, actor, datetime.now(UTC), by)
    handle = await office.environment.client.start_workflow(
        ErasureWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
    )
    played = PlayedErasure(office.environment, office.database, handle)
    office.played.append(played)
    assert await handle.execute_update("opened", result_type=ErasureOpened) == ErasureOpened(request.key)
    return Leaving(office, played, request)


async def violated(office: Office) -> set[Invariant]:
    engine = create_engine(office.database.url("omea_worker"))
    try:
        async with sessions(engine)() as session:
            found = await look(session, datetime.now(UTC), {}, Patience())
    finally:
        await engine.dispose()
    return {one.name for one in found if one.total}


async def a_paid_ticket(office: Office) -> str:
    """Of a client all of whose traces are known: played to its end, with everything that people say in it."""
    database = office.database
    database.execute("UPDATE people SET name = %s, mail = %s WHERE id = %s", NAME, MAIL, office.client)
    ticket = await office.a_ticket()
    database.execute(
        "UPDATE submissions SET body = %s WHERE id = %s",
        *(json.dumps({"description": TEXTS[0], "phone": PHONE}), ticket.request.submission_id),
    )
    await ticket.reach_review()
    await ticket.act("incident", ticket.incident())
    comment = a_submission(database, office.client, "review", comment=TEXTS[2])
    review = ticket.satisfied(stars=4)
    await ticket.act("review", type(review)(review.actor, 4, comment, satisfied=True))
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    return ticket.number


def other_traces(office: Office, ticket: str) -> None:
    database, client = office.database, office.client
    [(incident,)] = database.rows("SELECT details ->> 'submission' FROM journal WHERE act = 'incident'")
    database.execute(
        "UPDATE submissions SET body = %s WHERE id = %s", json.dumps({"text": TEXTS[3]}), incident
    )
    database.execute(
        "INSERT INTO attachments (author_id, submission_id, content_type, width, height, size_bytes, sha256, "
        "content, recorded_at) SELECT %s, request_id, 'image/png', 1, 1, %s, '', %s, now() FROM tickets "
        "WHERE number = %s",
        *(client, len(IMAGE), IMAGE.encode(), ticket),
    )
    # Asked for on the phone; the ticket was never booked.
    a_submission(database, office.back_office, "request", description="Écran noir chez elle", phone=PHONE)
    sign_in = a_sign_in(database, client, datetime.now(UTC))
    database.execute("UPDATE sign_ins SET device = %s WHERE id = %s", DEVICE, sign_in)
    rows.insert(database, "requests", actor_id=client, key=KEY, command="hold", body_hash="")


async def test_after_a_client_has_left_nothing_names_them_outside_the_archive(office: Office) -> None:
    database = office.database
    ticket = await a_paid_ticket(office)
    other_traces(office, ticket)
    assert all(tables_with(database, PERSONAL).values()), "a trace that the test could not find"
    before, untrue = books(database), await violated(office)
    [(customer,)] = database.rows("SELECT customer_reference FROM cards")

    leaving = await asked(office)
    await leaving.played.pass_time(REFLECTION - timedelta(hours=1))
    assert leaving.erasure("erased_at") == (None,)
    await leaving.played.pass_time(timedelta(hours=2))
    assert await leaving.played.handle.result() == "erased"

    assert tables_with(database, PERSONAL) == {value: set() for value in PERSONAL}
    # Of the mails no copy is kept: that one went out, and to whom by id, but not a line of it.
    lines = {line for one in office.mail.messages for line in one.text.splitlines() if len(line) > 20}
    assert len(lines) > 50
    assert tables_with(database, lines) == {line: set() for line in lines}
    said = await decoded_histories(office.environment.client, office.task_queue)
    assert office.client in said
    others = [text for row in database.rows("SELECT name, mail FROM people WHERE active") for text in row]
    assert [value for value in (*PERSONAL, *others) if value.lower() in said.lower()] == []
    assert books(database) == before
    assert await violated(office) == untrue
    assert database.rows("SELECT name, active, role FROM people WHERE id = %s", office.client) == [
        ("Personne effacée", False, "client")
    ]
    # The technician and the team are whole.
    assert database.rows("SELECT name FROM people WHERE active ORDER BY name") == [
        ("Sophie Roux",),
        ("Thomas Leroy",),
    ]
    # The archive has the invoice, with the name that is on it.
    [(facts, pdf, until)] = database.rows("SELECT facts::text, pdf, destroy_after FROM archived_records")
    [(issued,)] = database.rows("SELECT issued_at FROM invoices")
    assert NAME in facts
    assert bytes(pdf).startswith(b"%PDF")
    assert (until.year, until.month, until.day) == (issued.year + 10, 12, 31)
    # The certificate went to the address that is kept no longer.
    assert leaving.erasure("mail, customer_reference, kept_records, kept_until") == (None, None, 1, until)
    [request, certificate] = [one for one in office.mail.messages if "uppression" in one.subject]
    assert (request.to, certificate.to) == (MAIL, MAIL)
    assert f"{until:%d/%m/%Y}" in certificate.text
    assert "123-22" in certificate.text
    assert NAME not in certificate.text
    gone = await office.payments._stripe.customers.retrieve_async(customer)
    assert gone.to_dict() == {"id": customer, "object": "customer", "deleted": True}


async def test_after_a_technician_has_left_nothing_names_them_either(office: Office) -> None:
    database, technician = office.database, office.technician
    await a_paid_ticket(office)
    database.execute("UPDATE people SET name = %s, mail = %s WHERE id = %s", THEIRS, THEIR_MAIL, technician)
    database.execute("UPDATE payees SET legal_name = %s WHERE technician_id = %s", THEIRS, technician)
    [(gain,)] = database.rows("SELECT id::text FROM gains")
    # In a year that was declared long ago.
    pay(database, technician, gain, a_person(database, "finance"), datetime(2024, 11, 1, 9, tzinfo=UTC))
    database.execute("UPDATE bank_orders SET name = %s", THEIRS)
    of_theirs = (THEIRS, THEIR_MAIL, IBAN, "Pilote réinstallé.", "Merci à Thomas")
    assert all(tables_with(database, of_theirs).values()), "a trace that the test could not find"
    before = books(database)

    leaving = await asked(office, technician)
    await leaving.played.pass_time(REFLECTION + timedelta(hours=1))
    assert await leaving.played.handle.result() == "erased"

    assert tables_with(database, of_theirs) == {value: set() for value in of_theirs}
    said = await decoded_histories(office.environment.client, office.task_queue)
    assert technician in said
    assert [value for value in of_theirs if value.lower() in said.lower()] == []
    assert books(database) == before
    # The client's own words, and their invoice, are theirs.
    assert tables_with(database, [TEXTS[0], NAME]) == {
        TEXTS[0]: {"submissions"},
        NAME: {"people", "documents"},
    }


async def test_who_changes_their_mind_stays_and_may_ask_again(office: Office) -> None:
    leaving = await asked(office, by=AskedBy.PHONE)
    await leaving.pass_days(29)
    again = await leaving.played.handle.execute_update("opened", result_type=ErasureOpened)
    assert again == ErasureOpened(leaving.request.key)
    await leaving.played.handle.execute_update("withdraw", ErasureWithdrawn(leaving.request.actor))
    assert await leaving.played.handle.result() == "withdrawn"
    assert office.database.rows("SELECT name, active FROM people WHERE id = %s", office.client) == [
        ("Claire Petit", True)
    ]
    assert leaving.erasure("withdrawn_by::text, erased_at") == (office.back_office, None)
    [(address,)] = office.database.rows("SELECT mail FROM people WHERE id = %s", office.client)
    assert office.mail.subjects_to(address) == [
        "Votre demande de suppression de compte",
        "Votre compte est conservé",
    ]
    await asked(office)
    assert office.database.rows("SELECT withdrawn_at IS NULL FROM erasures ORDER BY recorded_at") == [
        (False,),
        (True,),
    ]


async def test_two_requests_at_once_are_one_erasure(office: Office) -> None:
    leaving = await asked(office)
    request = replace(leaving.request, key=uuid4().hex)
    handle = await office.environment.client.start_workflow(
        ErasureWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
    )
    told = await handle.execute_update("opened", result_type=ErasureOpened)
    assert told == ErasureOpened(leaving.request.key)
    assert await handle.result() == "asked_before"
    assert office.database.rows("SELECT key FROM erasures") == [(leaving.request.key,)]


async def test_what_is_not_settled_is_waited_for(office: Office) -> None:
    ticket = await office.a_ticket()
    leaving = await asked(office)
    await leaving.pass_days(33)
    assert leaving.erasure("erased_at") == (None,)
    await ticket.act("cancel", AskBecause(ticket.as_client))
    await leaving.played.pass_time(timedelta(days=1, minutes=1))
    assert await leaving.played.handle.result() == "erased"


REFUSED = "REVOKE EXECUTE ON FUNCTION erase_person(text, timestamptz) FROM omea_worker"
ALLOWED = "GRANT EXECUTE ON FUNCTION erase_person(text, timestamptz) TO omea_worker"


@pytest.mark.parametrize("ending", ["withdrawn", "erased"])
async def test_an_erasure_that_fails_locks_nobody_in_and_is_tried_the_next_day(
    office: Office, ending: str
) -> None:
    leaving = await asked(office)
    office.database.execute(REFUSED)
    try:
        await leaving.played.pass_time(REFLECTION + timedelta(hours=2))
        if ending == "withdrawn":
            async with asyncio.timeout(10):
                await leaving.played.handle.execute_update(
                    "withdraw", ErasureWithdrawn(leaving.request.actor)
                )
    finally:
        office.database.execute(ALLOWED)
    await leaving.played.pass_time(timedelta(days=1, hours=1))
    assert await leaving.played.handle.result() == ending
    [alert] = [one for one in office.mail.messages if one.to == "equipe@example.fr"]
    assert alert.subject == typeset("À vérifier : la suppression d’un compte échoue")
    assert f"/personnes/{office.client}" in alert.text
    assert "Claire Petit" not in alert.text + alert.html


async def test_every_step_may_be_repeated_after_a_crash_in_the_middle_of_it(office: Office) -> None:
    database, client = office.database, office.client
    [(customer, address)] = database.rows(
        "SELECT customer_reference, mail FROM cards JOIN people ON id = client_id"
    )
    engine = create_engine(database.url("omea_worker"))
    steps = ErasureActivities(
        sessions(engine),
        office.payments,
        office.mail,
        "contact@example.fr",
        "equipe@example.fr",
        "http://localhost",
        TOKEN_KEY,
    )
    now = datetime.now(UTC)
    key, later = uuid4().hex, now + REFLECTION
    request = ErasureRequest(client, key, Actor(client, Role.CLIENT), now, AskedBy.PERSON)
    try:
        for _ in range(2):
            assert await steps.open_erasure(request) == ErasureOpened(key)
            await steps.tell_of_erasure(TellOfErasure(key, ErasureMail.ASKED))
        for _ in range(2):
            assert await steps.erase_person(Erase(key, later)) == Settled()
        # Killed once Stripe had deleted the customer, and before that was recorded.
        await office.payments.delete_customer(customer)
        for _ in range(2):
            await steps.forget_customer(OfErasure(key))
        for _ in range(2):
            await steps.tell_of_erasure(TellOfErasure(key, ErasureMail.CERTIFICATE))
        for _ in range(2):
            await steps.forget_address(OfErasure(key))
        await steps.tell_of_erasure(TellOfErasure(key, ErasureMail.CERTIFICATE))
    finally:
        await engine.dispose()
    assert office.mail.subjects_to(address) == [
        "Votre demande de suppression de compte",
        "Attestation de suppression de votre compte",
    ]
    assert database.rows("SELECT mail, customer_reference, erased_at FROM erasures") == [(None, None, later)]
    assert tables_with(database, [address, customer]) == {address: set(), customer: set()}


async def test_the_team_does_not_leave_this_way(office: Office) -> None:
    colleague = a_person(office.database, "finance", "Nadia Faure")
    actor = Actor(office.back_office, Role.BACK_OFFICE)
    request = ErasureRequest(colleague, uuid4().hex, actor, datetime.now(UTC), AskedBy.MAIL)
    handle = await office.environment.client.start_workflow(
        ErasureWorkflow.run, request, task_queue=office.task_queue, **start_options(request)
    )
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await handle.execute_update("opened")
    assert isinstance(failed.value.cause, ActivityError)
    assert isinstance(failed.value.cause.cause, ApplicationError)
    assert failed.value.cause.cause.type == Refusal.ERASURE_OF_STAFF
