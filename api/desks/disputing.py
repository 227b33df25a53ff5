"""That a client is not satisfied, from the client's page or noted by the back office on the phone."""

from fastapi import Request

from api.acting import Acts
from api.dependencies import Dependencies
from api.desks.forms import Filled, Sent, tried
from api.desks.images import KEPT, with_images
from api.refund_cases import Refunds
from api.routes import client_acts
from api.shapes.acts import Dispute
from db.reads.people import KnownPerson


async def disputed(
    request: Request, given: Dependencies, person: KnownPerson, number: str, form: Sent, acts: Acts
) -> Filled | None:
    """None when it is done, with the images; else the form as it comes back. Once the ticket is paid and
    closed, it asks for a refund."""
    refunds = Refunds(given, acts.workflows, form.key)

    async def saying() -> None:
        nonlocal form
        form = await with_images(request, given, person, form)
        body = form.body(Dispute, attachments=form.lists[KEPT])
        await client_acts.dispute(person, number, body, acts, refunds)

    trouble = await tried(saying)
    return form.again(trouble) if trouble is not None else None
