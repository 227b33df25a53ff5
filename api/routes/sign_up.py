"""Signing up, and the texts that an account comes with. Its pages are in `sign_up_pages.py`."""

from fastapi import APIRouter, Request, Response

from api.accepted_texts import IN_FORCE, WORDS
from api.codes import ApiCode
from api.dependencies import Given, GivenWorkflows
from api.documentation import problems
from api.routes.sign_in import BODY
from api.shapes.admissions import AskToSignUp, SignUpAsked, TextInForce, TextsInForce
from api.sign_up import Stranger, ask, remember
from domain.admissions import SIGN_UP_LASTS, AcceptedText

router = APIRouter(prefix="/v1", tags=["signing up"])


@router.post(
    "/sign-up",
    status_code=202,
    summary="Ask for an account",
    responses=problems(
        *BODY,
        ApiCode.CROSS_SITE_REQUEST,
        ApiCode.TOO_MANY_SIGN_UPS,
        ApiCode.CONSENT_TEXT_OUTDATED,
        ApiCode.NO_WORKER,
        ApiCode.TEMPORAL_UNAVAILABLE,
    ),
)
async def ask_to_sign_up(
    asked: AskToSignUp, given: Given, workflows: GivenWorkflows, request: Request, response: Response
) -> SignUpAsked:
    """Mails a link to that address, whose page opens a client's account; who has one already is told so in
    the mail. The answer is the same. The link works in any browser, and signs in the one that asked. Too
    many askings for an address, or from a network address, are refused for up to an hour."""
    said = Stranger(asked.name, asked.mail, asked.terms, asked.privacy)
    remember(response, given, await ask(given, workflows, request, said))
    return SignUpAsked(link_lasts=int(SIGN_UP_LASTS.total_seconds()))


@router.get("/terms", summary="The terms of service and the privacy notice")
async def read_terms() -> TextsInForce:
    """In force now, to show before an account is opened; their versions are sent with what is accepted."""
    return TextsInForce(terms=_in_force(AcceptedText.TERMS), privacy=_in_force(AcceptedText.PRIVACY))


def _in_force(text: AcceptedText) -> TextInForce:
    return TextInForce(version=IN_FORCE[text], text=WORDS[text])
