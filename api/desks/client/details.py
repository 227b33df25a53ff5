"""The third step of asking for help: what is wrong, how to be reached, the card, the express request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from api.dependencies import Dependencies
from api.desks.forms import Filled, Sent
from api.desks.images import KEPT
from api.desks.sections import NEW_REQUEST
from api.desks.showing import DONE, desk_page
from api.express_request_text import CURRENT_VERSION, TEXTS, needs_express_request
from api.processes import Workflows
from api.recording import Declared
from api.routes import holds as hold_routes
from api.routes import opening
from api.slot_search import length_of
from db.askers import Purpose, for_purpose
from db.models.people import Card, Skill
from db.reads.gathered import Wanted as Rows
from db.reads.gathered import gather
from db.reads.people import KnownPerson
from db.reads.tariffs import tariff_in_force
from db.stores.holds import live_hold
from domain.accesses import Reading
from domain.errors import Refusal, Refused
from domain.slots import earliest_start


@dataclass(frozen=True)
class Wanted:
    """Without a start, as soon as possible. `minutes` are the most that the client accepts to pay for."""

    skill: str
    minutes: int
    start: datetime | None = None


async def holding(given: Dependencies, person: KnownPerson, form: Sent, wanted: Wanted) -> None:
    """Hold that slot for the client. Raises `Refused`, and `Problem(SLOT_TAKEN)` with others."""
    asked = form.body(hold_routes.HoldAsked, skill=wanted.skill, start=wanted.start, minutes=wanted.minutes)
    await hold_routes.hold_slot(person, asked, form.key, given)


async def opening_of(
    given: Dependencies, workflows: Workflows, person: KnownPerson, form: Sent, wanted: Wanted
) -> str:
    """Ask for help: in the slot that the page held, or as soon as possible. Answers the ticket's number."""
    images = {KEPT: form.lists.get(KEPT)}
    if wanted.start is None:
        asked = form.body(opening.TicketAsked, skill=wanted.skill, minutes=wanted.minutes, **images)
    elif form.value("hold_id"):
        # The slot says what for and how long.
        asked = form.without("minutes").body(opening.TicketAsked, **images)
    else:
        raise Refused(Refusal.HOLD_EXPIRED)
    shown = Declared(Reading.TICKET, given.clock())
    view = await opening.open_ticket(shown, person, asked, form.key, given, workflows, Response())
    return view.number


async def details_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    wanted: Wanted,
    back: str,
    form: Filled | None = None,
    others: Sequence[datetime] = (),
) -> HTMLResponse:
    """`others` are the times that are free where the one that was wanted is taken."""
    now, start = given.clock(), wanted.start
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        found = await gather(
            session,
            Rows(Skill, Skill.code == wanted.skill, (Skill.code,)),
            Rows(Card, (Card.client_id == person.id) & Card.card_reference.is_not(None), (Card.client_id,)),
        )
        skill, card = found.last(Skill), found.last(Card)
        if skill is None:
            raise Refused(Refusal.UNKNOWN_SKILL)
        tariff = await tariff_in_force(session, now, wanted.skill)
        held = None
        if start is not None:
            end = start + length_of(given, wanted.minutes)
            held = await live_hold(session, person.id, wanted.skill, start, end, now)
    begins = start or earliest_start(given.slot_rules, now, now)
    awaits_card = card is None and request.query_params.get(DONE) == "carte"
    return desk_page(
        request,
        person,
        "desk/client/ask_who.html.j2",
        NEW_REQUEST,
        form=form,
        live=awaits_card,
        skill=skill.label,
        wanted=wanted,
        held=held,
        others=others,
        card=card.label if card else None,
        awaits_card=awaits_card,
        tariff=tariff,
        at_most_cents=tariff.price(wanted.minutes // tariff.slice_minutes).ttc_cents,
        express_text=TEXTS[CURRENT_VERSION] if needs_express_request(begins, now) else None,
        back=back,
        now=now,
    )
