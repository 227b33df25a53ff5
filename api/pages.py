"""Pages that a person sees. They need no script, and nothing from anywhere else."""

import base64
import hashlib
from http import HTTPStatus
from pathlib import Path

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain import french
from domain.ids import format_ticket_number

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8")

# Their own style, known by its hash, and nothing else. No `form-action`: forms lead to us and, by our own
# redirection, to the payment provider's pages and from there to the banks', whose addresses nobody knows.
POLICY = (
    "default-src 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    card=french.card,
    euros=french.euros,
    short_moment=french.short_moment,
    ticket_number=format_ticket_number,
    typeset=french.typeset,
)


_environment.globals["style"] = Markup(STYLE)  # noqa: S704  # a file of ours


def page(template: str, /, **words: object) -> HTMLResponse:
    """Never kept by a browser or a proxy; see `api/security_headers.py` for what else holds."""
    return HTMLResponse(
        french.typeset(_environment.get_template(template).render(words)),
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
        },
    )


def form_page(template: str, /, status: HTTPStatus = HTTPStatus.OK, **words: object) -> HTMLResponse:
    """A page whose forms act with a cookie."""
    shown = page(template, **words)
    shown.status_code = status.value
    # A form on a page without a referrer says that it comes from nowhere (`Origin: null`), and old browsers
    # say nothing else. The page's address is told to nobody but us.
    shown.headers["Referrer-Policy"] = "same-origin"
    return shown


def see(path: str) -> RedirectResponse:
    """The page of ours to go to, after a form."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
