"""French pages from templates, and how moments and amounts are written there."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

PARIS = ZoneInfo("Europe/Paris")

# Nothing from elsewhere, no script, and forms that lead here or, by a redirection, back to the shop.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def euros(cents: int) -> str:
    """-1234567 → « −12 345,67 € »."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", "\u202f")
    return f"{'−' if cents < 0 else ''}{grouped},{rest:02}\u00a0€"


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, PARIS).strftime("%d/%m/%Y %H:%M:%S")


_templates = Jinja2Templates(directory=Path(__file__).with_name("templates"))
_templates.env.filters |= {"euros": euros, "moment": moment}
_templates.env.trim_blocks = True
_templates.env.lstrip_blocks = True


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    return _templates.TemplateResponse(request, template, context, status_code=status, headers=HEADERS)
