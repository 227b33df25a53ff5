"""What must always be true of the money, as the last look found it."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import AnyFinance
from api.dependencies import Given
from api.desks.finance.months import current_month
from api.desks.sections import BOOKS
from api.desks.showing import desk_page
from api.routes import invariants
from domain.french import euros
from domain.ids import format_ticket_number
from domain.invariants import COLUMNS, VALUES

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

# Ids of people and of rows say nothing to a reader.
UNSAID = {"technician", "event", "entry", "reading"}


@router.get("/controles", summary="What must always be true, to read")
async def show(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    found = (await invariants.read_invariants(person, given)).invariants
    checked: datetime | None = max((one.checked_at for one in found), default=None)
    return desk_page(
        request,
        person,
        "desk/finance/checks.html.j2",
        BOOKS,
        month=current_month(given.clock()),
        broken=[(one, [differences(row) for row in one.rows]) for one in found if not one.ok],
        held=[one for one in found if one.ok],
        checked_at=checked,
        now=given.clock(),
    )


def differences(row: dict[str, str | int]) -> str:
    """One offending row as it is read: `facture F2026-000123, au grand livre −5,00 €, attendu 0,00 €`."""
    return (
        ", ".join(
            f"{COLUMNS[name]} {_said(name, row[name])}"
            for name in COLUMNS
            if name in row and name not in UNSAID
        )
        or "voir le courriel d’alerte"
    )


def _said(name: str, value: str | int) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return euros(value)
    if name == "ticket":
        return f"n° {format_ticket_number(str(value))}"
    if name == "account":
        return str(value).partition(":")[0]
    return VALUES.get(str(value), str(value))
