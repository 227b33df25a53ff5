"""The page of each thing that can go wrong: what it is, and what to do now. No code, no id, no trace."""

from http import HTTPStatus

from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.types import Scope

from api.codes import STATUS, ApiCode
from api.errors import RETRY_AFTER_SECONDS, Problem
from api.french_errors import ADVICE, OWN_ADVICE
from api.french_refusals import SENTENCES
from api.pages import page

# Of what is under /v1, these are pages, or what a page leads to.
PAGES = ("/v1/sign-in", "/v1/sign-up", "/v1/payments/", "/v1/account-page/")
# The title of the page says it all, or the sentence speaks of headers, which people do not send.
TITLE_ONLY = {
    *(ApiCode.NOT_FOUND, ApiCode.METHOD_NOT_ALLOWED, ApiCode.INVALID_INPUT),
    *(ApiCode.IDEMPOTENCY_KEY_MISSING, ApiCode.IDEMPOTENCY_KEY_INVALID, ApiCode.IDEMPOTENCY_KEY_REUSED),
}


def wants_page(scope: Scope) -> bool:
    """Whether it is a person's browser that asks for one of our pages, or for a file that one leads to."""
    path: str = scope["path"]
    is_page = not path.startswith("/v1") or path.startswith(PAGES) or path.endswith(".pdf")
    return is_page and "text/html" in Headers(scope=scope).get("accept", "")


def error_page(problem: Problem) -> HTMLResponse:
    status = STATUS[problem.code]
    advice = OWN_ADVICE.get(problem.code) or ADVICE.get(status) or ADVICE[HTTPStatus.INTERNAL_SERVER_ERROR]
    shown = page(
        "desk/error.html.j2",
        status,
        desk=None,
        title=advice.title,
        sentence=None if problem.code in TITLE_ONLY else SENTENCES[problem.code],
        to_do=advice.to_do,
    )
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        shown.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    shown.headers.update(problem.headers)
    return shown
