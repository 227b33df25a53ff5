"""What the team does of a colleague: role, closing and opening their account, their second factor."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.desks.back_office.people_acts import Acting, on_colleague
from api.desks.sections import PEOPLE
from api.recording import recorded
from api.routes import colleagues, second_factors
from api.shapes.colleagues import RoleAsked
from domain.accesses import Act

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=f"{PEOPLE.path}/{{colleague}}", tags=["pages"], include_in_schema=False)


Does = Annotated[Acting, Depends(on_colleague)]


@router.post(
    "/role",
    summary="Change a colleague’s role, from the page",
    dependencies=[recorded(Act.COLLEAGUE_ROLE_SET, "colleague")],
)
async def set_role(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: colleagues.set_role(person, does.whom, does.form.body(RoleAsked), does.form.key, does.given),
        "role",
    )


@router.post(
    "/fermer",
    summary="Close a colleague’s account, from the page",
    dependencies=[recorded(Act.COLLEAGUE_CLOSED, "colleague")],
)
async def close(person: AnyBackOffice, does: Does) -> Response:
    return await does(lambda: colleagues.close_account(person, does.whom, does.form.key, does.given), "ferme")


@router.post(
    "/rouvrir",
    summary="Reopen a colleague’s account, from the page",
    dependencies=[recorded(Act.COLLEAGUE_REOPENED, "colleague")],
)
async def reopen(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: colleagues.reopen_account(person, does.whom, does.form.key, does.given), "rouvert"
    )


@router.post(
    "/second-facteur",
    summary="Reset a colleague’s second factor, from the page",
    dependencies=[recorded(Act.SECOND_FACTOR_RESET, "colleague")],
)
async def reset_second_factor(person: AnyBackOffice, does: Does) -> Response:
    return await does(
        lambda: second_factors.reset_second_factor(person, does.whom, does.form.key, does.given),
        "second-facteur",
    )
