"""Where the payment provider's page sends a technician back. Anybody may come: nothing of anyone is shown."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages import page

RETURNED = "/v1/account-page/returned"
EXPIRED = "/v1/account-page/expired"

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], default_response_class=HTMLResponse, include_in_schema=False)


@router.get(RETURNED, summary="Back from the page that completes an account")
async def returned() -> HTMLResponse:
    """Whoever left the page, by its end or before: what is missing then, their space says."""
    return page("account_returned.html.j2")


@router.get(EXPIRED, summary="A link to that page which is no longer good")
async def expired() -> HTMLResponse:
    return page("account_expired.html.j2")
