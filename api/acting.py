"""One act on a ticket, from the request to the ticket as it is afterwards. All commands go this way."""

from collections.abc import Awaitable, Callable, Sequence
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
from api.shapes.tickets import TicketView
from api.ticket_reading import number_in_path, read_ticket
from db.models.tickets import SubmissionKind, Ticket
from db.reads.people import KnownPerson
from db.reads.ticket_file import has_consent
from db.reads.tickets import find_ticket
from db.stores import attachments, submissions
from db.stores.requests import attach, recall, remember
from domain.errors import Refusal, Refused
from domain.messages import Actor, Answer, Ask
from domain.tickets import CLIENT_COMMANDS, Command, Role, check_legal

# Raises the refusal of what is plainly impossible now.
Check = Callable[[AsyncSession, Ticket], Awaitable[None]]


@dataclass(frozen=True)
class Written:
    """What the person wrote or gave with the act."""

    kind: SubmissionKind
    body: dict[str, str]
    attachments: Sequence[str] = ()


@dataclass(frozen=True)
class Done:
    """An act that its ticket accepted: the ticket's number, and what it answered."""

    number: str
    answer: Answer


@dataclass(frozen=True)
class Acts:
    given: Dependencies
    workflows: Workflows
    key: Key

    async def perform(
        self,
        person: KnownPerson,
        path: str,
        command: Command,
        message: Callable[[Actor, str | None], object] = lambda who, _: Ask(who),
        body: BaseModel | None = None,
        written: Written | None = None,
        check: Check | None = None,
    ) -> TicketView:
        """Do it, and answer the ticket as it is afterwards; see `ask`."""
        done = await self.ask(person, path, command, message, body, written, check)
        return await read_ticket(self.given, person, done.number)

    async def ask(
        self,
        person: KnownPerson,
        path: str,
        command: Command,
        message: Callable[[Actor, str | None], object] = lambda who, _: Ask(who),
        body: BaseModel | None = None,
        written: Written | None = None,
        check: Check | None = None,
    ) -> Done:
        """`message` makes the update's argument from who acts and the id of what they wrote.

        What is written is kept with the key in one transaction, so that a retry says the same thing; an act
        that is plainly impossible now is refused before, and leaves nothing. Somebody whose act took the
        ticket out of their sight may repeat it.
        """
        number = number_in_path(path)
        asked = asking(person, self.key, f"{command.value} {number}", body)
        async with self.given.sessions.begin() as session:
            row = await find_ticket(session, number, person)
            known = await (recall(session, asked) if row is None else remember(session, asked))
            if known is None:
                raise Problem(ApiCode.TICKET_NOT_FOUND)
            submission_id = known.submission_id
            if row is not None and known.is_new:
                await self._refuse_the_impossible(session, command, row.ticket)
                if check is not None:
                    await check(session, row.ticket)
                if written is not None:
                    submission_id = await submissions.keep(session, person.id, written.kind, **written.body)
                    await attachments.bind(
                        session, person.id, written.attachments, submission_id, self.given.clock()
                    )
                    await attach(session, asked, submission_id=submission_id)
            by_phone = person.role is Role.BACK_OFFICE and command in CLIENT_COMMANDS
            who = actor(person, row.ticket.client_id if row is not None and by_phone else None)
        try:
            answer = await self.workflows.act(
                number, command, message(who, submission_id), update_id_of(asked)
            )
        except Problem as problem:
            if problem.code is Refusal.NOT_YOUR_TICKET:
                # It was theirs a moment ago; from now on it looks like any other stranger's.
                raise Problem(ApiCode.TICKET_NOT_FOUND) from None
            raise
        if not answer.accepted:
            raise Problem(Refusal.WRONG_CODE)
        return Done(number, answer)

    async def _refuse_the_impossible(self, session: AsyncSession, command: Command, ticket: Ticket) -> None:
        """A look at what is committed. The workflow has the last word: it may still refuse."""
        check_legal(command, ticket.status)
        if command is Command.START and not await has_consent(session, ticket):
            raise Refused(Refusal.CONSENT_MISSING)


def acts(given: Given, workflows: GivenWorkflows, key: IdempotencyKey) -> Acts:
    return Acts(given, workflows, key)


GivenActs = Annotated[Acts, Depends(acts)]
