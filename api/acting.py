"""One act on a ticket, from the request to the ticket as it is afterwards. All eight acts go this way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import actor
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem
from api.idempotency import IdempotencyKey, asking, update_id_of
from api.processes import Workflows
from api.shapes.tickets import TicketView
from api.ticket_reading import number_in_path, read_ticket, seen_ticket
from db.models.tickets import SubmissionKind, Ticket
from db.reads.people import KnownPerson
from db.reads.ticket_file import has_consent
from db.stores import attachments, submissions
from db.stores.requests import attach, remember
from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.tickets import Command, check_legal


@dataclass(frozen=True)
class Written:
    """What the person wrote or gave with the act."""

    kind: SubmissionKind
    body: dict[str, str]
    attachments: Sequence[str] = ()


@dataclass(frozen=True)
class Acts:
    given: Dependencies
    workflows: Workflows
    key: str

    async def perform(
        self,
        person: KnownPerson,
        path: str,
        command: Command,
        message: Callable[[Actor, str | None], object],
        body: BaseModel | None = None,
        written: Written | None = None,
    ) -> TicketView:
        """`message` makes the update's argument from who acts and the id of what they wrote.

        What is written is kept with the key in one transaction, so that a retry says the same thing; an act
        that is plainly impossible now is refused before, and leaves nothing.
        """
        number = number_in_path(path)
        asked = asking(person, self.key, f"{command.value} {number}", body)
        async with self.given.sessions.begin() as session:
            row = await seen_ticket(session, number, person)
            known = await remember(session, asked)
            submission_id = known.submission_id
            if known.is_new:
                await self._refuse_the_impossible(session, command, row.ticket)
                if written is not None:
                    submission_id = await submissions.keep(session, person.id, written.kind, **written.body)
                    await attachments.bind(
                        session, person.id, written.attachments, submission_id, self.given.clock()
                    )
                    await attach(session, asked, submission_id=submission_id)
        argument = message(actor(person), submission_id)
        answer = await self.workflows.act(number, command, argument, update_id_of(asked))
        if not answer.accepted:
            raise Problem(Refusal.WRONG_CODE)
        return await read_ticket(self.given, person, number)

    async def _refuse_the_impossible(self, session: AsyncSession, command: Command, ticket: Ticket) -> None:
        """A look at what is committed. The workflow has the last word: it may still refuse."""
        check_legal(command, ticket.status)
        if command is Command.START and not await has_consent(session, ticket.number):
            raise Refused(Refusal.CONSENT_MISSING)


def acts(given: Given, workflows: GivenWorkflows, key: IdempotencyKey) -> Acts:
    return Acts(given, workflows, key)


GivenActs = Annotated[Acts, Depends(acts)]
