"""The address that people remember: it leads each to their own desk."""

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import AnyPerson
from api.desks.sections import home_of
from api.pages import see

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/", summary="Home")
async def home(person: AnyPerson) -> Response:
    return see(home_of(person.role).path)
