"""Files uploaded as evidence: https://docs.stripe.com/file-upload."""

from deploy.sandbox.stripe import lists
from deploy.sandbox.stripe.call import Call, Upload
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject, missing_parameter, no_such
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id

PURPOSE = "dispute_evidence"
MAXIMUM_BYTES = 5_000_000
MEDIA_TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf", "png": "image/png"}
# By their first bytes: Stripe looks at the file, not at what it is called.
_TYPES = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def create(call: Call) -> StripeObject:
    if call.upload is None:
        raise missing_parameter("file")
    if call.get("purpose") != PURPOSE:
        raise InvalidParameter(
            "The sandbox only takes files that are evidence of a dispute.",
            code="sandbox_not_simulated",
            param="purpose",
        )
    file = _new_file(call, call.upload)
    call.store.insert(file)
    call.store.connection.execute(
        "INSERT INTO file_contents (file, content) VALUES (?, ?)", (file["id"], call.upload.content)
    )
    record_event(call, "file.created", file)
    return file


def retrieve(call: Call) -> StripeObject:
    return call.named("file", "file")


def list_files(call: Call) -> StripeObject:
    return lists.page(call, "file", "/v1/files", purpose=call.get("purpose"))


def content(call: Call) -> tuple[StripeObject, bytes]:
    """What was uploaded, as it came."""
    row = call.store.connection.execute(
        "SELECT content FROM file_contents WHERE file = ?", (call.ids["file"],)
    ).fetchone()
    if row is None:
        raise no_such("file", call.ids["file"], "file")
    return call.named("file", "file"), row["content"]


def _new_file(call: Call, upload: Upload) -> StripeObject:
    file_id = new_id("file")
    return {
        "id": file_id,
        "object": "file",
        "created": call.now,
        "expires_at": None,
        "filename": upload.name.rpartition("/")[2],
        "links": {"object": "list", "data": [], "has_more": False, "url": f"/v1/file_links?file={file_id}"},
        "purpose": PURPOSE,
        "size": len(upload.content),
        "title": None,
        "type": _type(upload.content),
        "url": f"{call.url}/v1/files/{file_id}/contents",
    }


def _type(content: bytes) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise InvalidParameter(
            "File size must not exceed 5 MB.", code="file_size_exceeds_limit", param="file"
        )
    for beginning, name in _TYPES.items():
        if content.startswith(beginning):
            return name
    raise InvalidParameter(
        "The file you uploaded is not supported. Evidence must be a PDF, JPEG, or PNG file.", param="file"
    )
