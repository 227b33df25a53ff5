"""Screenshots: uploaded first, named in what they belong to, then shown to whoever may read that."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.auth import AnyPerson, Writer
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import KEYED, SIGNED_IN, problems
from api.errors import Problem
from api.idempotency import IdempotencyKey, asking_file
from api.images import clean_image
from api.recording import recorded
from api.shapes.attachments import AttachmentKept
from api.shown_images import attachment_shown
from api.ticket_reading import NumberInPath, view_of
from api.visibility import attachments_in
from db.askers import Purpose, for_purpose
from db.models.attachments import Attachment, ImageType
from db.reads.attachments import attachment_of, content_of
from db.stores import attachments
from db.stores.requests import attach, remember
from domain.accesses import Reading
from domain.errors import Refusal, Refused

router = APIRouter(prefix="/v1", tags=["attachments"])

FILE = {"schema": {"type": "string", "format": "binary"}}
FILES = {kind.value: FILE for kind in ImageType}
SUFFIXES = {ImageType.PNG: "png", ImageType.JPEG: "jpg", ImageType.WEBP: "webp"}


def room_to_decode(request: Request) -> asyncio.Semaphore:
    room: asyncio.Semaphore = request.app.state.room_to_decode
    return room


@router.post(
    "/attachments",
    status_code=201,
    summary="Upload an image",
    responses=problems(
        *SIGNED_IN,
        *KEYED,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.ATTACHMENT_TOO_LARGE,
        ApiCode.ATTACHMENT_NOT_AN_IMAGE,
        ApiCode.ATTACHMENT_TYPE_MISMATCH,
        ApiCode.ATTACHMENT_ANIMATED,
        Refusal.ATTACHMENT_TOO_MANY,
        Refusal.ATTACHMENT_UNKNOWN,
    ),
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def upload(
    person: Writer,
    key: IdempotencyKey,
    given: Given,
    request: Request,
    room: Annotated[asyncio.Semaphore, Depends(room_to_decode)],
) -> AttachmentKept:
    """The body is the image itself: PNG, JPEG or WebP, up to 5 MiB and 40 megapixels, not animated. Only its
    pixels are kept: turned upright, without position, date or any other metadata.

    Name it in a request, a report or a dispute within 24 hours; 20 may wait for that at a time. A retry whose
    image is gone is answered `attachment_unknown`."""
    content = await request.body()
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    asked = asking_file(person, key, "attachment", said, content)
    async with room:
        image = await asyncio.to_thread(clean_image, content, said)
    async with given.sessions(info=for_purpose(Purpose.UPLOADS)) as session, session.begin():
        known = await remember(session, asked)
        if known.is_new:
            kept = await attachments.keep(session, person.id, image, given.clock())
            await attach(session, asked, attachment_id=kept.id)
        else:
            found = await attachment_of(session, known.attachment_id) if known.attachment_id else None
            if found is None:
                raise Refused(Refusal.ATTACHMENT_UNKNOWN)
            kept = found
    return _kept(kept)


@router.get(
    "/tickets/{number}/attachments/{attachment_id}",
    summary="Read an image",
    response_class=Response,
    dependencies=[recorded(Reading.IMAGE, "number", "attachment_id")],
    responses={
        **problems(*SIGNED_IN, ApiCode.TICKET_NOT_FOUND, ApiCode.ATTACHMENT_NOT_FOUND),
        200: {"description": "The image itself.", "content": FILES},
    },
)
async def read_image(
    person: AnyPerson,
    number: NumberInPath,
    attachment_id: Annotated[str, Path(description="As the ticket names it.")],
    given: Given,
) -> Response:
    """For those who may read the text that it is attached to, as the ticket shows it to them now."""
    async with given.sessions() as session:
        shown = attachments_in(await view_of(session, given, person, number)).get(attachment_id)
        content = await content_of(session, shown.id) if shown is not None else None
    if shown is None or content is None:
        raise Problem(ApiCode.ATTACHMENT_NOT_FOUND)
    return Response(
        content,
        media_type=shown.content_type,
        headers={
            "Content-Disposition": f'inline; filename="{shown.id}.{SUFFIXES[ImageType(shown.content_type)]}"',
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        },
    )


def _kept(attachment: Attachment) -> AttachmentKept:
    expires_at = attachment.recorded_at + attachments.UNATTACHED_FOR
    return AttachmentKept(
        **dict(attachment_shown(attachment)),
        sha256=attachment.sha256,
        expires_at=expires_at if attachment.submission_id is None else None,
    )
