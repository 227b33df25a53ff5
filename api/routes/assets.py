"""What our pages load, wherever they are."""

from fastapi import APIRouter, Response

from api.assets import asset_of
from api.codes import ApiCode
from api.errors import Problem

KEPT_FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-store"

# For pages, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/static/{name}", summary="What pages load")
async def read_asset(name: str) -> Response:
    asset, is_current = asset_of(name)
    if asset is None:
        raise Problem(ApiCode.NOT_FOUND)
    kept = KEPT_FOR_EVER if is_current else NOT_KEPT
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": kept})
