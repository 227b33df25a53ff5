"""Who may read in clear what Temporal keeps; asked by the codec server (`deploy/codec_server.py`)."""

from fastapi import APIRouter

from api.auth import AnyBackOffice
from api.documentation import SIGNED_IN, problems
from api.recording import recorded
from domain.accesses import Reading

router = APIRouter(prefix="/v1/histories", tags=["back office"])


@router.get(
    "/clearance",
    status_code=204,
    summary="Whether I may read histories in clear",
    dependencies=[recorded(Reading.HISTORIES)],
    responses=problems(*SIGNED_IN),
)
async def read_clearance(_: AnyBackOffice) -> None:
    """Asked each time before anything is shown, and entered as the reading that it lets through."""
