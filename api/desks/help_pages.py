"""The help pages: for clients and for technicians, open to all, and there while the database is away."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.answers import DATABASE_AWAY
from api.dependencies import Dependencies, Given
from api.desks.client.request import ANYDESK
from api.desks.sections import CLIENTS_HELP, HOME, TECHNICIANS_HELP, Section
from api.desks.showing import Desk
from api.pages import page
from db.reads.tariffs import tariffs_in_force
from domain.contact import closing, hours_in_words
from domain.erasures import REFLECTION
from domain.opening_hours import OpeningHours
from domain.payees import CONTESTABLE_DAYS, MINIMUM_CENTS
from domain.sign_ins import LINK_LASTS
from domain.tariff import Tariff

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/aide", tags=["pages"], include_in_schema=False)


@router.get("", summary="Help for clients")
async def clients(given: Given) -> HTMLResponse:
    return _page(
        "desk/help/clients.html.j2", CLIENTS_HELP, given, anydesk=ANYDESK, tariff=await _tariff(given)
    )


@router.get("/techniciens", summary="Help for technicians")
async def technicians(given: Given) -> HTMLResponse:
    # What technicians earn is between them and us: no amount here.
    return _page(
        "desk/help/technicians.html.j2",
        TECHNICIANS_HELP,
        given,
        anydesk=ANYDESK,
        contestable_days=CONTESTABLE_DAYS,
        minimum_cents=MINIMUM_CENTS,
    )


async def _tariff(given: Dependencies) -> Tariff | None:
    """That of whatever has no prices of its own; None while nobody can say."""
    try:
        async with given.sessions() as session:
            return (await tariffs_in_force(session, given.clock())).get(None)
    except DATABASE_AWAY:
        return None


def _page(template: str, section: Section, given: Dependencies, **words: object) -> HTMLResponse:
    now = given.clock()
    sections = (CLIENTS_HELP, TECHNICIANS_HELP, HOME)
    return page(
        template,
        desk=Desk(sections, section.path, None, section.path, is_signed_in=False),
        deadlines=given.deadlines,
        reflection=REFLECTION,
        link_lasts=LINK_LASTS,
        hours=hours_in_words(given.hours),
        closed_on_holidays=given.hours.closed_on_holidays and not given.hours.always,
        now=now,
        **_standing(given.hours, now),
        **words,
    )


def _standing(hours: OpeningHours, now: datetime) -> dict[str, datetime | None]:
    """Until when the team answers, or from when on; neither where it always does."""
    until = None if hours.always else closing(hours, now)
    opens = None if hours.always or until else hours.next_opening(now)
    return {"open_until": until, "opens_at": opens}
