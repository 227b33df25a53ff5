"""Handing over a document of record, or another file that never changes: always the same bytes."""

from typing import Annotated

from fastapi import Header, Response

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.documentation import Responses
from api.errors import Problem
from db.reads.documents import document_of
from db.reads.erasures import is_of_somebody_erased

MEDIA_TYPE = "application/pdf"
FILE: Responses = {
    200: {
        "description": "PDF/A-3, with the data of the document (Factur-X, EN 16931) embedded.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {
            "ETag": {"description": "The SHA-256 of the file, quoted.", "schema": {"type": "string"}}
        },
    },
    304: {"description": "Unchanged: it never changes once it is made."},
}
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of the file that one has already.")]


async def download(given: Dependencies, ticket: str | None, number: str, known: str | None) -> Response:
    """The file of that number, of that ticket (of none for a statement); `known` are the tags of what the
    person has already. Raises `Problem` with `DOCUMENT_NOT_MADE`, or `DOCUMENT_ARCHIVED` once its person has
    left."""
    async with given.sessions() as session:
        document = await document_of(session, number, ticket=ticket)
        has_left = document is None and await is_of_somebody_erased(session, number, ticket=ticket)
    if document is None:
        raise Problem(ApiCode.DOCUMENT_ARCHIVED if has_left else ApiCode.DOCUMENT_NOT_MADE)
    return handed_over(document.pdf, document.sha256, MEDIA_TYPE, f"{document.number}.pdf", known)


def handed_over(content: bytes, sha256: str, media_type: str, name: str, known: str | None) -> Response:
    """A file that never changes. Kept by the person's own browser only, and asked about again each time: who
    may see it may change."""
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, no-cache",
    }
    if known is not None and headers["ETag"] in {tag.strip() for tag in known.split(",")}:
        return Response(status_code=304, headers=headers)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers | disposition)
