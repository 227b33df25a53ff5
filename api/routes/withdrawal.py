"""Withdrawing from the contract, in two steps: the statement to confirm, then its confirmation."""

from fastapi import APIRouter
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.acting import GivenActs
from api.auth import ClientOrBackOffice
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import ACT, SIGNED_IN, problems
from api.errors import Problem
from api.recording import recorded
from api.shapes.acts import Withdraw
from api.shapes.common import Shape
from api.shapes.tickets import TicketView
from api.ticket_reading import NumberInPath, seen_ticket
from api.withdrawal_text import CURRENT_VERSION, STATEMENTS
from db.models.tickets import Ticket
from db.reads.ticket_file import is_free_session
from domain import messages
from domain.accesses import Reading
from domain.errors import Refusal, Refused
from domain.french import dated_moment
from domain.ids import format_ticket_number
from domain.tickets import Command, Status, check_legal

router = APIRouter(prefix="/v1/tickets", tags=["client's acts"])


class StatementToConfirm(Shape):
    """`confirm` is the label of the button that sends the withdrawal with this `version`."""

    version: str
    title: str
    contract: str
    consequence: str
    confirm: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": CURRENT_VERSION,
                    "title": "Vous renoncez au contrat ici",
                    "contract": (
                        "Je notifie à OmeaSupport ma rétractation du contrat portant sur la demande "
                        "n° 0000 0420, « Internet et Wi-Fi », passée le 23/11/2026 à 16 h 12."
                    ),
                    "consequence": "Le rendez-vous est annulé et rien ne vous est facturé.",
                    "confirm": "Confirmer la rétractation",
                }
            ]
        }
    )


@router.get(
    "/{number}/withdrawal",
    summary="Read what a withdrawal confirms",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *SIGNED_IN,
        ApiCode.TICKET_NOT_FOUND,
        Refusal.NOT_ALLOWED_IN_STATUS,
        Refusal.TICKET_CLOSED,
        Refusal.WITHDRAWAL_OVER,
    ),
)
async def read_statement(
    person: ClientOrBackOffice, number: NumberInPath, given: Given
) -> StatementToConfirm:
    """The first step: which contract is given up, and what follows."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        check_legal(Command.WITHDRAW, row.ticket.status)
        await _check_right(session, row.ticket)
    return statement_of(row.ticket, row.skill_label)


def statement_of(ticket: Ticket, skill: str) -> StatementToConfirm:
    """Of a ticket that can be withdrawn from; `skill` as it is called."""
    statement = STATEMENTS[CURRENT_VERSION]
    return StatementToConfirm(
        version=CURRENT_VERSION,
        title=statement.title,
        contract=statement.contract.format(
            number=format_ticket_number(ticket.number),
            skill=skill,
            ordered=dated_moment(ticket.opened_at),
        ),
        consequence=statement.during if ticket.status is Status.IN_SESSION else statement.before,
        confirm=statement.confirm,
    )


@router.post(
    "/{number}/withdraw",
    summary="Withdraw from the contract",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT, ApiCode.WITHDRAWAL_STATEMENT_OUTDATED, Refusal.WITHDRAWAL_OVER),
)
async def withdraw(
    person: ClientOrBackOffice, number: NumberInPath, body: Withdraw, acts: GivenActs
) -> TicketView:
    """The second step. Possible until the session ends; nothing is billed."""
    if body.statement_version != CURRENT_VERSION:
        raise Problem(ApiCode.WITHDRAWAL_STATEMENT_OUTDATED, current=CURRENT_VERSION)
    return await acts.perform(
        person,
        number,
        Command.WITHDRAW,
        lambda who, _: messages.WithdrawalConfirmed(who, body.statement_version),
        body,
        check=_check_right,
    )


async def _check_right(session: AsyncSession, ticket: Ticket) -> None:
    """It ended with the session that was to be paid for."""
    if await is_free_session(session, ticket.number):
        raise Refused(Refusal.WITHDRAWAL_OVER)
