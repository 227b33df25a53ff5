"""Leaving, for a client or technician who phoned or wrote: asked for, and withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.dependencies import GivenWorkflows
from api.desks.back_office.people_acts import Acting, on_person
from api.desks.sections import PEOPLE
from api.erasures import Erasures
from api.recording import recorded
from api.routes import erasures
from api.shapes.erasures import AskErasureFor
from domain.accesses import Act

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=f"{PEOPLE.path}/{{person}}/depart", tags=["pages"], include_in_schema=False)


Does = Annotated[Acting, Depends(on_person)]


@router.post(
    "",
    summary="Have somebody’s account erased, from the page",
    dependencies=[recorded(Act.ERASURE_ASKED, "person")],
)
async def ask(member: AnyBackOffice, does: Does, workflows: GivenWorkflows) -> Response:
    asked = Erasures(does.given, workflows, does.form.key)
    return await does(
        lambda: erasures.ask_for_erasure_of(member, does.whom, does.form.body(AskErasureFor), asked), "depart"
    )


@router.post(
    "/retrait",
    summary="Somebody stays after all, from the page",
    dependencies=[recorded(Act.ERASURE_WITHDRAWN, "person")],
)
async def withdraw(member: AnyBackOffice, does: Does, workflows: GivenWorkflows) -> Response:
    asked = Erasures(does.given, workflows, does.form.key)
    return await does(lambda: erasures.withdraw_erasure_of(member, does.whom, asked), "reste")
