"""What a technician earns: the lines of a month, the next transfer, and what is not accepted yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import french, payees
from api.auth import AnyTechnician
from api.dependencies import Given
from api.desks.sections import GAIN
from api.desks.showing import desk_page
from api.desks.technician.words import GAIN_TONES, HOLDS
from api.routes import me
from api.shapes.common import Labelled
from db.reads.estimates import estimates_of
from domain.opening_hours import paris_month
from domain.payees import MINIMUM_CENTS, carried_over
from domain.payouts import next_run, parse_month

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/gain", tags=["pages"], include_in_schema=False)

InMonth = Annotated[str | None, Query(alias="mois", max_length=7)]


@dataclass(frozen=True)
class Outlook:
    """What the next run would transfer as things are, in cents, VAT excluded; `carried` says why it would
    transfer nothing of it, `holds` what must be mended first."""

    at: datetime
    cents: int
    carried: str | None
    holds: list[tuple[Labelled, str]]


@router.get("", summary="My gain")
async def show(request: Request, person: AnyTechnician, given: Given, mois: InMonth = None) -> HTMLResponse:
    now = given.clock()
    this_month = paris_month(now)
    month = parse_month(mois or this_month)
    gains = await me.read_gains(person, given, str(month))
    at = next_run(now)
    ends = parse_month(paris_month(at)).start
    payee, cents = await payees.due(given, person.id, min(now, ends))
    async with given.sessions() as session:
        estimates = await estimates_of(session, person)
    carried = carried_over(cents) if cents else None
    return desk_page(
        request,
        person,
        "desk/technician/gain.html.j2",
        GAIN,
        gains=gains,
        tones=GAIN_TONES,
        outlook=Outlook(
            at=at,
            cents=cents,
            carried=french.CARRIED_OVER[carried] if carried else None,
            holds=[(one, HOLDS[one.code]) for one in payee.holds],
        ),
        review=given.deadlines.review,
        minimum_cents=MINIMUM_CENTS,
        estimates=estimates,
        estimated_cents=sum(one.cents or 0 for one in estimates),
        earlier=str(month.previous()),
        later=str(month.next()) if str(month) < this_month else None,
        is_current=str(month) == this_month,
        now=now,
    )
