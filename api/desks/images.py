"""Images that come with a form: kept first, as the JSON route keeps them, then named in the body."""

from dataclasses import replace

from fastapi import Request

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.desks.forms import Sent
from api.errors import Problem
from api.idempotency import Key
from api.images import LARGEST_BYTES
from api.routes.attachments import keep_image, room_to_decode
from db.reads.people import KnownPerson

# The field of the ids of those that are kept already, when a form comes back.
KEPT = "attachments"


async def with_images(request: Request, given: Dependencies, person: KnownPerson, form: Sent) -> Sent:
    """The form with the ids of its images under `attachments`. Raises `Problem` and `Refused`."""
    ids = list(form.lists.get(KEPT, ()))
    for place, file in enumerate(form.files):
        content = await file.read()
        if len(content) > LARGEST_BYTES:
            raise Problem(ApiCode.ATTACHMENT_TOO_LARGE)
        key = Key(f"{form.key.text}-{place}")
        room = room_to_decode(request)
        image = await keep_image(given, room, person, key, file.content_type or "", content)
        ids.append(image.id)
    return replace(form, lists={**form.lists, KEPT: ids}, files=())
