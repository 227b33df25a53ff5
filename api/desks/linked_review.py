"""The page on which a client reviews a request by the link of a mail, without signing in."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import Given
from api.desks.forms import BLANK, Filled, FormActs, SentForm, tried
from api.desks.showing import DONE
from api.pages import form_page, see
from api.routes import reviews
from api.routes.reviews import ReviewByLink, Token
from api.shapes.acts import Review
from domain.ids import parse_ticket_number

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/avis", tags=["pages"], include_in_schema=False)


@router.get("/{token}", summary="The page to review by a mail's link")
async def show(request: Request, token: Token, given: Given) -> HTMLResponse:
    seen = await reviews.read_review(token, given)
    said = seen.review
    form = BLANK.anew(stars=said.stars if said else None, comment=said.comment if said else None)
    return _page(token, seen, form, given=request.query_params.get(DONE) == "avis")


@router.post("/{token}", summary="Review by a mail's link, from the page")
async def give(token: Token, given: Given, form: SentForm, acts: FormActs) -> Response:
    """As on the page of the request; who is not satisfied signs in to say so."""
    satisfied = form.value("satisfied") == "true"
    trouble = await tried(lambda: reviews.give_review(token, form.body(Review, satisfied=satisfied), acts))
    if trouble is not None:
        return _page(token, await reviews.read_review(token, given), form.again(trouble))
    return see(f"/avis/{token}?{DONE}=avis")


def _page(token: str, seen: ReviewByLink, form: Filled, *, given: bool = False) -> HTMLResponse:
    return form_page(
        "desk/linked_review.html.j2",
        form.status,
        desk=None,
        seen=seen,
        form=form,
        own=f"/avis/{token}",
        request_path=f"/demandes/{parse_ticket_number(seen.spoken_number)}",
        given=given,
    )
