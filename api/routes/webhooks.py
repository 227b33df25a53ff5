"""The payment provider's notices: checked, kept, answered. What they say is dealt with afterwards."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request

from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import problems
from api.errors import Problem
from api.shapes.common import Shape
from db.stores import inbox

router = APIRouter(prefix="/v1/webhooks", tags=["machines"])


class Received(Shape):
    received: Literal[True] = True


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
    async with given.sessions.begin() as session:
        await inbox.keep(session, notice.id, notice.type, notice.subject)
    return Received()
