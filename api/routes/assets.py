"""What our pages load, wherever they are."""

from fastapi import APIRouter, Response

from api.assets import ASSETS, VERSION
from api.codes import ApiCode
from api.errors import Problem

KEPT_FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-store"

# For pages, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/static/{version}/{name}", summary="What pages load")
async def read_asset(version: str, name: str) -> Response:
    """A page of another release than this process's, while they are replaced, gets what there is here."""
    asset = ASSETS.get(name)
    if asset is None:
        raise Problem(ApiCode.NOT_FOUND)
    kept = KEPT_FOR_EVER if version == VERSION else NOT_KEPT
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": kept})
