"""That a client is not satisfied, from the client's page or noted by the back office on the phone."""

from enum import Enum, auto

from fastapi import Request

from api.acting import Acts
from api.dependencies import Dependencies
from api.desks.forms import Filled, Sent, tried
from api.desks.images import KEPT, with_images
from api.refund_cases import Refunds
from api.routes import client_acts
from api.shapes.acts import Dispute
from api.shapes.tickets import TicketView
from db.reads.people import KnownPerson


class Disputed(Enum):
    """What became of it: the ticket is suspended, or, paid and closed, a refund is asked for."""

    SUSPENDED = auto()
    REFUND_ASKED = auto()


async def disputed(
    request: Request, given: Dependencies, person: KnownPerson, number: str, form: Sent, acts: Acts
) -> Filled | Disputed:
    """What was done, with the images; else the form as it comes back."""
    refunds = Refunds(given, acts.workflows, form.key)

    seen: list[TicketView] = []

    async def saying() -> None:
        nonlocal form
        form = await with_images(request, given, person, form)
        body = form.body(Dispute, attachments=form.lists[KEPT])
        seen.append(await client_acts.dispute(person, number, body, acts, refunds))

    trouble = await tried(saying)
    if trouble is not None:
        return form.again(trouble)
    return Disputed.SUSPENDED if seen[0].outcome is None else Disputed.REFUND_ASKED
