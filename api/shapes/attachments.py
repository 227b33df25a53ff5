"""Images, as what they are attached to shows them, and as their upload is answered."""

from typing import Any

from pydantic import ConfigDict

from api.shapes.common import Moment, Shape

EXAMPLE: dict[str, Any] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b40",
    "content_type": "image/png",
    "bytes": 48213,
    "width": 1280,
    "height": 720,
}


class AttachmentShown(Shape):
    """Pixels as they are to be shown: the image is turned upright already."""

    id: str
    content_type: str
    bytes: int
    width: int
    height: int


class AttachmentKept(AttachmentShown):
    """`sha256` and `bytes` are those of the image as it is kept, which is not as it was sent. Unless it is
    attached to something until `expires_at`, it is deleted; null once it is attached."""

    sha256: str
    expires_at: Moment | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **EXAMPLE,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "expires_at": "2026-11-24T16:12:08+01:00",
                }
            ]
        }
    )
