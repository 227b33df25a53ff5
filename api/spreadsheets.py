"""Tables for a spreadsheet, as French ones open them: semicolons, decimal commas, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from fastapi import Response

from api.documentation import Responses
from domain.opening_hours import PARIS

MEDIA_TYPE = "text/csv; charset=utf-8"
TABLE: Responses = {
    200: {"description": "The table", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
# What a spreadsheet takes for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(header: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    """Its file is called `name`.csv. Texts that would be formulas are shown as texts."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return Response(
        written.getvalue().encode("utf-8-sig"),
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-cache",
        },
    )


def euros(cents: int) -> str:
    """`-12,50`: a number for the spreadsheet."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"


def day(instant: datetime | None) -> str:
    """`24/11/2026`, in Paris; nothing where there is none."""
    return instant.astimezone(PARIS).strftime("%d/%m/%Y") if instant is not None else ""


def _harmless(cell: str) -> str:
    is_number = cell.lstrip("-").replace(",", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(FORMULA) and not is_number else cell
