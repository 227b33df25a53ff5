"""Money on a ticket's invoice, when somebody asks for it: paying it now, or giving the debt up."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api.acting import GivenActs, Written
from api.auth import BackOfficeOrFinance, ClientOrBackOffice
from api.documentation import ACT, problems
from api.recording import recorded
from api.shapes.acts import Pay, WriteOff
from api.shapes.common import Labelled, Shape
from api.shapes.tickets import TicketView
from api.ticket_reading import NumberInPath, number_in_path
from db.models.tickets import SubmissionKind
from domain import messages
from domain.accesses import Reading
from domain.card_refusals import card_refusal
from domain.errors import Refusal
from domain.messages import Actor, Answer, PayAsked, WriteOffAsked
from domain.signed_links import payment_url
from domain.tickets import Command, Role

router = APIRouter(prefix="/v1/tickets", tags=["money"])


class PaymentTried(Shape):
    """`accepted` when the bank said yes: the money arrives within moments. Else either `confirm_url`, the
    bank's page on which the client confirms, or the `refusal`."""

    accepted: bool
    confirm_url: str | None
    refusal: Labelled | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"accepted": True, "confirm_url": None, "refusal": None},
                {
                    "accepted": False,
                    "confirm_url": None,
                    "refusal": {"code": "insufficient_funds", "label": "la provision était insuffisante"},
                },
            ]
        }
    )


@router.post("/{number}/pay", summary="Pay the invoice now", responses=problems(*ACT, Refusal.NOTHING_DUE))
async def pay(
    person: ClientOrBackOffice, number: NumberInPath, acts: GivenActs, body: Pay | None = None
) -> PaymentTried:
    """With the saved card; another one is saved first, to pay with another. A client may have to confirm with
    their bank. For one on the phone the card is tried as by itself: if their bank wants them to confirm, a
    mail leads them there. Whatever is tried at the same moment, the invoice is paid once."""
    asked = body or Pay()

    def message(who: Actor, _: str | None) -> PayAsked:
        if person.role is not Role.CLIENT:
            return PayAsked(who)
        given, ticket = acts.given, number_in_path(number)
        own = payment_url(given.public_url, given.token_key, ticket, person.id, given.clock())
        return PayAsked(who, asked.return_url or own)

    done = await acts.ask(person, number, Command.PAY, message, asked)
    return tried(done.answer)


@router.post(
    "/{number}/write-off",
    summary="Give a debt up",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT, Refusal.PAYMENT_ON_ITS_WAY, Refusal.PROVIDER_AWAY),
)
async def write_off(
    person: BackOfficeOrFinance, number: NumberInPath, body: WriteOff, acts: GivenActs
) -> TicketView:
    """Nothing can be collected any more, and what was left to pay is a loss."""
    return await acts.perform(
        person,
        number,
        Command.WRITE_OFF,
        lambda who, reason: WriteOffAsked(who, str(reason)),
        body,
        Written(SubmissionKind.WRITE_OFF, {"reason": body.reason}),
    )


def tried(answer: Answer) -> PaymentTried:
    payment = answer.payment or messages.PaymentTried()
    refusal = payment.refusal
    return PaymentTried(
        accepted=refusal is None and payment.confirm_url is None,
        confirm_url=payment.confirm_url,
        refusal=Labelled(code=refusal, label=card_refusal(refusal)) if refusal else None,
    )
