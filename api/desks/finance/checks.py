"""What must always be true, as the last look found it. The back office, who gets its mail, reads it too."""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import BackOfficeOrFinance
from api.dependencies import Given
from api.desks.finance import words
from api.desks.finance.months import current_month
from api.desks.sections import BOOKS, QUEUE
from api.desks.showing import desk_page
from api.routes import invariants
from domain.chart_of_accounts import kind_label, kind_of
from domain.fec import DOCUMENT
from domain.french import euros
from domain.invariants import COLUMNS, VALUES
from domain.tickets import Role

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

# Ids of people and of rows say nothing to a reader.
UNSAID = {"technician", "event", "entry", "reading"}
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAYOUT = re.compile(r"payout:([0-9]{4}-[0-9]{2}):")
STATEMENT = re.compile(r"AF[0-9]+-[0-9]+")


@router.get("/controles", summary="What must always be true, to read")
async def show(request: Request, person: BackOfficeOrFinance, given: Given) -> HTMLResponse:
    for_finance = person.role is Role.FINANCE
    found = (await invariants.read_invariants(person, given)).invariants
    checked: datetime | None = max((one.checked_at for one in found), default=None)
    return desk_page(
        request,
        person,
        "desk/finance/checks.html.j2",
        BOOKS if for_finance else QUEUE,
        for_finance=for_finance,
        month=current_month(given.clock()),
        broken=[(one, [difference(row) for row in one.rows]) for one in found if not one.ok],
        held=[one for one in found if one.ok],
        checked_at=checked,
        now=given.clock(),
    )


@dataclass(frozen=True)
class Difference:
    """An offending row as it is read: `facture F2026-000123, au grand livre −5,00 €, attendu 0,00 €`; and
    where to look, if there is a page of it."""

    said: str
    path: str | None


def difference(row: dict[str, str | int]) -> Difference:
    said = [
        f"{COLUMNS[name]} {_said(name, row[name])}" for name in COLUMNS if name in row and name not in UNSAID
    ]
    named = next((str(row[name]) for name in ("reference", "transaction") if name in row), "")
    payout = PAYOUT.search(named)
    path = f"/virements/{payout[1]}" if payout else None
    if STATEMENT.fullmatch(named):
        path = f"/releves/{named}"
    return Difference(", ".join(said) or words.NAMED_IN_THE_ALERT, path)


def _said(name: str, value: str | int) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return euros(value)
    text = str(value)
    if name == "ticket":
        return words.numbered(text)
    if name == "account":
        return text.partition(":")[0]
    if name == "transaction":
        return words.of_kind(kind_label(kind_of(text)), _reference(text.partition(":")[2]))
    return VALUES.get(text) or _reference(text)


def _reference(text: str) -> str:
    """Without the ids of people that keys have in them."""
    if document := DOCUMENT.search(text):
        return document.group()
    if payout := PAYOUT.search(text):
        return words.of_a_statement(payout[1])
    return ID.sub("…", text)
