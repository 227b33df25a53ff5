"""The texts that a client agrees to: shown first, then named by their version."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api import consent_text, express_request_text
from api.auth import AnyPerson
from api.documentation import SIGNED_IN, problems
from api.shapes.common import Shape

router = APIRouter(prefix="/v1", tags=["texts"])


class VersionedText(Shape):
    version: str
    text: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": consent_text.CURRENT_VERSION,
                    "text": consent_text.TEXTS[consent_text.CURRENT_VERSION],
                }
            ]
        }
    )


@router.get("/consent-text", summary="What a client consents to", responses=problems(*SIGNED_IN))
async def read_consent_text(_: AnyPerson) -> VersionedText:
    """The text in force, to show before asking for consent, and its version, to send with it."""
    version = consent_text.CURRENT_VERSION
    return VersionedText(version=version, text=consent_text.TEXTS[version])


@router.get("/express-request-text", summary="What an early start asks for", responses=problems(*SIGNED_IN))
async def read_express_request_text(_: AnyPerson) -> VersionedText:
    """The text in force, to show before a request for help; its version is recorded with that."""
    version = express_request_text.CURRENT_VERSION
    return VersionedText(version=version, text=express_request_text.TEXTS[version])
