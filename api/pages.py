"""Pages that a person sees. They need no script, and nothing from anywhere else."""

from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain import french
from domain.ids import format_ticket_number

# Forms lead to us and, through our own redirection, to the payment provider's pages.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
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


def page(template: str, /, **words: object) -> HTMLResponse:
    """Never kept by a browser or a proxy, never shown in another page; its address, which may be a secret, is
    told to nobody."""
    return HTMLResponse(
        french.typeset(_environment.get_template(template).render(words)),
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
        },
    )
