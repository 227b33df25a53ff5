"""The client's card: given on the provider's own page, never to us."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api.auth import AnyClient
from api.card_pages import card_page_url
from api.codes import ApiCode
from api.dependencies import Given, GivenWorkflows
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.formats import Body, WebAddress
from api.idempotency import IdempotencyKey
from api.shapes.common import Moment, Shape
from db.reads.cards import saved_card

router = APIRouter(prefix="/v1", tags=["cards"])


class CardAsked(Body):
    """`return_url` is where the provider's page sends the client afterwards; our own, if not given."""

    return_url: WebAddress | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"return_url": "https://omea.example/demandes"}]}
    )


class CardPage(Shape):
    url: str

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://checkout.stripe.com/c/pay/cs_test_a1b2"}]}
    )


class CardSaved(Shape):
    label: str
    saved_at: Moment


class MyCard(Shape):
    card: CardSaved | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"card": {"label": "Visa •••• 4242", "saved_at": "2026-11-23T16:10:00+01:00"}}]
        }
    )


@router.get("/cards", summary="My card", responses=problems(*SIGNED_IN))
async def read_card(person: AnyClient, given: Given) -> MyCard:
    """Its brand and last four digits; null while none is saved."""
    async with given.sessions() as session:
        card = await saved_card(session, person.id)
    if card is None or card.label is None or card.saved_at is None:
        return MyCard(card=None)
    return MyCard(card=CardSaved(label=card.label, saved_at=card.saved_at))


@router.post(
    "/cards",
    status_code=201,
    summary="Open the page to give a card",
    responses=problems(*THROUGH_TEMPORAL, ApiCode.CARD_PAGE_CLOSED),
)
async def open_card_page(
    person: AnyClient,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
    body: CardAsked | None = None,
) -> CardPage:
    """The address of a page of the payment provider; it is good for a day. The card is saved once given."""
    wanted = body or CardAsked()
    return_url = wanted.return_url or given.public_url
    return CardPage(url=await card_page_url(given, workflows, person, key, return_url, wanted))
