"""What I am told, by mail and by SMS, and what of it I do without."""

from fastapi import APIRouter

from api.auth import AnyPerson, ClientOrTechnician
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.idempotency import IdempotencyKey, asking
from api.shapes.messages import MessagesAsked, MyMessages, Told
from db.reads.people import KnownPerson
from db.reads.preferences import Preferences, preferences_of
from db.stores.preferences import choose
from db.stores.requests import remember
from domain.catalogue import Switch, told

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/messages", summary="What I am told", responses=problems(*SIGNED_IN))
async def read_messages(person: AnyPerson, given: Given) -> MyMessages:
    """Who has chosen nothing is told everything."""
    return await _shown(given, person)


@router.put("/messages", summary="Choose what I am told", responses=problems(*COMMAND))
async def choose_messages(
    person: ClientOrTechnician, body: MessagesAsked, key: IdempotencyKey, given: Given
) -> MyMessages:
    """All three, in place of those before. What is owed to a person is sent whatever they choose: contracts,
    money, safety, their account."""
    async with given.sessions.begin() as session:
        if (await remember(session, asking(person, key, "messages", body))).is_new:
            chosen = Preferences(body.sms, body.reminders, body.phone)
            await choose(session, person.id, chosen, given.clock())
    return await _shown(given, person)


async def _shown(given: Dependencies, person: KnownPerson) -> MyMessages:
    async with given.sessions() as session:
        chosen = await preferences_of(session, person.id)
    return MyMessages(
        sms=chosen.sms,
        reminders=chosen.reminders,
        phone=chosen.phone,
        sms_sent=given.sends_sms,
        told=[
            Told(
                when=kind.when,
                by_sms=given.sends_sms and person.role in kind.sms,
                may_be_off=kind.switch is Switch.REMINDERS,
            )
            for kind in told(person.role)
        ],
    )
