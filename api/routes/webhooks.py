"""The payment provider's notices: checked, kept, answered. What they say is dealt with afterwards."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from pydantic import ConfigDict

from api.auth import BackOfficeOrFinance
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.errors import Problem
from api.pagination import LONGEST_PAGE
from api.shapes.common import Moment, Shape
from db.askers import Purpose, for_purpose
from db.reads.inbox import parked_events
from db.stores import inbox

router = APIRouter(prefix="/v1/webhooks", tags=["machines"])


class Received(Shape):
    received: Literal[True] = True


class ParkedNotice(Shape):
    """`id` finds it in Stripe's dashboard; `type` is Stripe's word."""

    id: str
    type: str
    received_at: Moment


class ParkedNotices(Shape):
    """The oldest hundred; `more` tells that there are others."""

    parked: list[ParkedNotice]
    more: bool

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parked": [
                        {
                            "id": "evt_1SbcdE2eZvKYlo2C",
                            "type": "topup.succeeded",
                            "received_at": "2026-11-24T10:00:00+01:00",
                        }
                    ],
                    "more": False,
                }
            ]
        }
    )


@router.get("/parked", summary="Notices that nobody could be told of", responses=problems(*SIGNED_IN))
async def read_parked_notices(_: BackOfficeOrFinance, given: Given) -> ParkedNotices:
    """Of a kind that nobody has decided about, or without the mark that says whom they concern. Once a
    release knows what to do with them, `omea webhooks retry` hands them out again."""
    async with given.sessions() as session:
        events = await parked_events(session, LONGEST_PAGE + 1)
    return ParkedNotices(
        parked=[
            ParkedNotice(id=event.id, type=event.type, received_at=event.received_at)
            for event in events[:LONGEST_PAGE]
        ],
        more=len(events) > LONGEST_PAGE,
    )


@router.post(
    "/stripe",
    summary="Receive a notice of Stripe",
    responses=problems(ApiCode.SIGNATURE_INVALID, ApiCode.BODY_TOO_LARGE, ApiCode.DATABASE_UNAVAILABLE),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    },
)
async def receive_stripe_notice(
    request: Request,
    given: Given,
    signature: Annotated[str, Header(alias="Stripe-Signature", description="Made by Stripe.")] = "",
) -> Received:
    """Answers 200 once the notice is in the inbox, the first time and every time it is sent again. Only the
    ids in it are kept."""
    notice = given.verify_webhook(await request.body(), signature)
    if notice is None:
        raise Problem(ApiCode.SIGNATURE_INVALID)
    async with given.sessions(info=for_purpose(Purpose.NOTICES)) as session, session.begin():
        await inbox.keep(session, notice.id, notice.type, notice.subject)
    return Received()
