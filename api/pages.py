"""Pages that a person sees. They work without a script, and load nothing from anywhere else."""

import re
from http import HTTPStatus
from pathlib import Path

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.assets import address_of
from api.shapes.common import in_paris
from domain import contact, french
from domain.ids import format_ticket_number
from domain.refund_failures import refund_failure

TEMPLATES = Path(__file__).parent / "templates"

# Our own stylesheet and images, and nothing else. No `form-action`: forms lead to us and, by our own
# redirection, to the payment provider's pages and from there to the banks', whose addresses nobody knows.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
# What is live besides: one script of ours, and what it asks of us.
LIVE_POLICY = POLICY.replace("; base-uri", "; script-src 'self'; connect-src 'self'; base-uri")

# What fills it is shown as it was typed.
_FIELD = re.compile(r"(<textarea.*?</textarea>|<input[^>]*>)", re.DOTALL)

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    age=french.age,
    by_threes=french.by_threes,
    card=french.card,
    dated=french.dated,
    day=french.day,
    euros=french.euros,
    hour=french.hour,
    iso=in_paris,
    length=french.length,
    minutes=french.minutes,
    moment=french.moment,
    month=french.month,
    of_month=french.of_month,
    of_when=french.of_when,
    percent=french.percent,
    phone=french.phone,
    refund_failure=refund_failure,
    sentence=french.sentence,
    short_day=french.short_day,
    short_moment=french.short_moment,
    ticket_number=format_ticket_number,
    typeset=french.typeset,
    when=french.when,
)
_environment.globals.update(
    contact=contact,
    style_address=address_of("omea.css"),
    script_address=address_of("omea.js"),
    icon_address=address_of("omea.svg"),
)


def page(
    template: str, status: HTTPStatus = HTTPStatus.OK, live: bool = False, /, **words: object
) -> HTMLResponse:
    """Never kept by a browser or a proxy; see `api/security_headers.py` for what else holds. `live` lets our
    script run in it."""
    text = _environment.get_template(template).render(words | {"live": live})
    return HTMLResponse(
        "".join(part if place % 2 else french.typeset(part) for place, part in enumerate(_FIELD.split(text))),
        status.value,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": LIVE_POLICY if live else POLICY,
        },
    )


def form_page(
    template: str, status: HTTPStatus = HTTPStatus.OK, live: bool = False, /, **words: object
) -> HTMLResponse:
    """A page whose forms act with a cookie."""
    shown = page(template, status, live, **words)
    # A form on a page without a referrer says that it comes from nowhere (`Origin: null`), and old browsers
    # say nothing else. The page's address is told to nobody but us.
    shown.headers["Referrer-Policy"] = "same-origin"
    return shown


def see(path: str) -> RedirectResponse:
    """The page of ours to go to, after a form."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
