"""Erasures, step by step. Each may be repeated: what was done stays as it was done the first time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.erasures import Erasure
from db.models.people import Person
from db.reads.erasures import erasure_of_key, leaver, outstanding
from domain.erasures import (
    REFLECTION,
    Erase,
    ErasureMail,
    ErasureRequest,
    Outstanding,
    WithdrawErasure,
    check_may_leave,
)
from domain.errors import Refusal, Refused


@dataclass(frozen=True)
class ErasureToTell:
    """`mail` is where it goes: the person's own address until they are erased."""

    id: str
    person_id: str
    name: str
    mail: str
    asked_at: datetime
    due_at: datetime
    erased_at: datetime | None
    kept_records: int
    kept_until: date | None


async def open_erasure(session: AsyncSession, request: ErasureRequest) -> str:
    """The key of the erasure that stands: this one, or that which was asked for before. Raises `Refused`."""
    person = await leaver(session, request.person_id)
    if person is None:
        raise Refused(Refusal.ERASURE_OVER)
    check_may_leave(person.role)
    await session.execute(
        insert(Erasure)
        .values(
            person_id=request.person_id,
            key=request.key,
            asked_by=request.asked_by,
            actor_id=request.actor.id,
            asked_at=request.at,
            due_at=request.at + REFLECTION,
        )
        .on_conflict_do_nothing()
    )
    standing = await session.scalar(
        select(Erasure.key).where(Erasure.person_id == request.person_id, Erasure.withdrawn_at.is_(None))
    )
    if standing is None:
        # Withdrawn since, this very request's or the other one's.
        raise Refused(Refusal.ERASURE_OVER)
    return standing


async def withdraw(session: AsyncSession, message: WithdrawErasure) -> None:
    """Raises `Refused(ERASURE_OVER)` for one that is done."""
    await session.execute(
        update(Erasure)
        .where(Erasure.key == message.key, Erasure.withdrawn_at.is_(None), Erasure.erased_at.is_(None))
        .values(withdrawn_at=message.at, withdrawn_by=message.actor.id)
    )
    erasure = await erasure_of_key(session, message.key)
    if erasure is None or erasure.withdrawn_at is None:
        raise Refused(Refusal.ERASURE_OVER)


async def erase(session: AsyncSession, message: Erase) -> tuple[Outstanding, ...]:
    """Erase the person, or answer what has to be settled first. What counts as personal, and how each of it
    goes, is `db.personal_data` and the database's own function: the worker may do it in no other way."""
    erasure = (await session.scalars(select(Erasure).where(Erasure.key == message.key))).one()
    if erasure.erased_at is not None:
        return ()
    waits_for = await outstanding(session, erasure.person_id, message.at)
    if not waits_for:
        await run_erasure(session, message.key, message.at)
    return waits_for


async def run_erasure(session: AsyncSession, key: str, at: datetime) -> None:
    """The database's own function: it refuses (`IntegrityError`) what is not due then, or was withdrawn."""
    # It reads whole tables; see `workflows.options.ERASURE`.
    await session.execute(select(func.set_config("statement_timeout", "100s", True)))
    await session.execute(select(func.erase_person(key, at)))


async def customer_to_forget(session: AsyncSession, key: str) -> str | None:
    """Of somebody erased: the provider's reference, until it has forgotten them."""
    return await session.scalar(select(Erasure.customer_reference).where(Erasure.key == key))


async def customer_forgotten(session: AsyncSession, key: str) -> None:
    await session.execute(update(Erasure).where(Erasure.key == key).values(customer_reference=None))


async def to_tell(session: AsyncSession, key: str, mail: ErasureMail) -> ErasureToTell | None:
    """None once it makes no sense any more: a certificate whose address is forgotten, a date or a failure of
    what was withdrawn or is done."""
    row = (
        await session.execute(
            select(Erasure, Person.name, Person.mail)
            .join(Person, Person.id == Erasure.person_id)
            .where(Erasure.key == key)
            .options(undefer(Erasure.mail))
        )
    ).one_or_none()
    if row is None:
        return None
    erasure = row.Erasure
    name, address = ("", erasure.mail) if mail is ErasureMail.CERTIFICATE else (row.name, row.mail)
    if mail is ErasureMail.FAILED:
        # The team finds who it is behind a sign-in.
        name = ""
    ended = erasure.withdrawn_at or erasure.erased_at
    too_late = ended and mail in (ErasureMail.ASKED, ErasureMail.FAILED)
    if address is None or too_late:
        return None
    return ErasureToTell(
        id=erasure.id,
        person_id=erasure.person_id,
        name=name,
        mail=address,
        asked_at=erasure.asked_at,
        due_at=erasure.due_at,
        erased_at=erasure.erased_at,
        kept_records=erasure.kept_records or 0,
        kept_until=erasure.kept_until,
    )


async def forget_address(session: AsyncSession, key: str) -> None:
    """The certificate was sent, or cannot be: nothing is left to be written to."""
    await session.execute(update(Erasure).where(Erasure.key == key).values(mail=None))


async def destroy_archived(session: AsyncSession) -> int:
    """What was kept long enough by the database's own clock, and how much that was: it alone may."""
    return int(await session.scalar(select(func.destroy_archived())) or 0)
