"""Asking for a refund, and acting on a case: what the routes have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import actor
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem
from api.idempotency import IdempotencyKey, Key, asking, update_id_of
from api.processes import Workflows
from api.seen_refunds import seen_case
from api.shapes.refunds import RefundView
from api.ticket_reading import seen_ticket
from db.models.tickets import SubmissionKind
from db.reads.people import KnownPerson
from db.reads.refunds import CaseFile, case_of_submission, cases_of_ticket, check_refundable, next_number
from db.reads.tickets import TicketRow
from db.stores import attachments, submissions
from db.stores.requests import Asking, attach, remember
from domain.messages import Actor
from domain.refunds import RefundRequest
from domain.tickets import Role


@dataclass(frozen=True)
class Refunds:
    given: Dependencies
    workflows: Workflows
    key: Key

    async def ask(
        self, person: KnownPerson, path: str, body: BaseModel, reason: str, images: Sequence[str]
    ) -> RefundView:
        """Open a case, or find the one that this same request opened. Raises `Refused`, and then nothing is
        kept."""
        async with self.given.sessions.begin() as session:
            row = await seen_ticket(session, path, person)
            asked = asking(person, self.key, f"refund {row.ticket.number}", body)
            known = await remember(session, asked)
            submission_id = known.submission_id
            if submission_id is None:
                await check_refundable(session, row.ticket)
                submission_id = await submissions.keep(
                    session, person.id, SubmissionKind.REFUND, reason=reason
                )
                await attachments.bind(session, person.id, images, submission_id, self.given.clock())
                await attach(session, asked, submission_id=submission_id)
            request = await self._request(session, person, row, submission_id)
        if request is not None:
            await self.workflows.open_refund(request, update_id_of(asked))
        async with self.given.sessions() as session:
            cases = await cases_of_ticket(session, row.ticket.number)
        [opened] = [one for one in cases if one.case.submission_id == submission_id]
        return seen_case(opened, person.role)

    async def _request(
        self, session: AsyncSession, person: KnownPerson, row: TicketRow, submission_id: str
    ) -> RefundRequest | None:
        """What the case's workflow is started with; None when the case is there already."""
        if await case_of_submission(session, submission_id) is not None:
            return None
        invoice = await check_refundable(session, row.ticket)
        by_phone = person.role is Role.BACK_OFFICE
        return RefundRequest(
            invoice=invoice,
            n=await next_number(session, invoice),
            ticket=row.ticket.number,
            client_id=row.ticket.client_id,
            actor=actor(person, row.ticket.client_id if by_phone else None),
            submission_id=submission_id,
            deadlines=self.given.deadlines,
            hours=self.given.hours,
        )

    async def act(
        self,
        person: KnownPerson,
        path: str,
        n: int,
        command: str,
        message: Callable[[Actor, str | None], object],
        body: BaseModel | None = None,
        written: tuple[SubmissionKind, str] | None = None,
    ) -> RefundView:
        """Ask the case; what is written is kept with the key in one transaction, so that a retry says the
        same thing."""
        async with self.given.sessions.begin() as session:
            row = await seen_ticket(session, path, person)
            found = await _case(session, row, n)
            asked = asking(person, self.key, f"refund {command} {found.case.invoice} {n}", body)
            submission_id = await _kept(session, person, asked, written)
        await self.workflows.act_on_refund(
            found.case.invoice, n, command, message(actor(person), submission_id), update_id_of(asked)
        )
        async with self.given.sessions() as session:
            return seen_case(await _case(session, row, n), person.role)


async def _case(session: AsyncSession, row: TicketRow, n: int) -> CaseFile:
    for one in await cases_of_ticket(session, row.ticket.number):
        if one.case.n == n:
            return one
    raise Problem(ApiCode.REFUND_NOT_FOUND)


async def _kept(
    session: AsyncSession, person: KnownPerson, asked: Asking, written: tuple[SubmissionKind, str] | None
) -> str | None:
    known = await remember(session, asked)
    if written is None or not known.is_new:
        return known.submission_id
    kind, reason = written
    submission_id = await submissions.keep(session, person.id, kind, reason=reason)
    await attach(session, asked, submission_id=submission_id)
    return submission_id


def refunds(given: Given, workflows: GivenWorkflows, key: IdempotencyKey) -> Refunds:
    return Refunds(given, workflows, key)


GivenRefunds = Annotated[Refunds, Depends(refunds)]
