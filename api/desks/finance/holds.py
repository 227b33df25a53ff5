"""What is not paid and why: gains that are held with their request, technicians from whom something is
missing, changes of bank that wait for the team's call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from api import french
from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Given
from api.desks.finance import words
from api.desks.finance.months import month_to_pay
from api.desks.sections import PAYOUTS
from api.desks.showing import desk_page
from api.errors import Problem
from api.formats import Id
from api.recording import recorded
from api.shapes.payees import payee_view
from db.reads.claimable_gains import ClaimableTotal, unclaimed_totals
from db.reads.held_pages import held_gains
from db.reads.payees import PayeeFile, payee_files
from domain.accesses import Reading
from domain.opening_hours import PARIS
from domain.payees import Hold, carried_over, holds

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/retenues", tags=["pages"], include_in_schema=False)

SHOWN = 200


@dataclass(frozen=True)
class HeldPayee:
    file: PayeeFile
    holds: tuple[Hold, ...]
    waiting_cents: int


@router.get("", summary="What is held", dependencies=[recorded(Reading.PAYOUTS)])
async def show(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    now = given.clock()
    async with given.sessions() as session:
        gains = await held_gains(session, SHOWN)
        totals = await unclaimed_totals(session, now)
        files = await payee_files(session)
    held = _held(files.values(), totals, now.astimezone(PARIS).date())
    pressing = [one for one in held if one.waiting_cents > 0 or Hold.BANK_CHANGE_PENDING in one.holds]
    return desk_page(
        request,
        person,
        "desk/finance/holds.html.j2",
        PAYOUTS,
        month=month_to_pay(now),
        gains=[(one, words.HELD_BY[one.by]) for one in gains],
        gains_cents=sum(one.gain.amount_cents for one in gains),
        pressing=pressing,
        others=[one for one in held if one not in pressing and one.file.active],
        reasons=french.PAYOUT_FAILURES,
        who=words.WHO_MENDS,
        now=now,
    )


@router.get(
    "/{technician}",
    summary="A technician's payment file",
    dependencies=[recorded(Reading.PAYEE, "technician")],
)
async def show_payee(
    request: Request, person: AnyFinance, technician: Annotated[Id, Path()], given: Given
) -> HTMLResponse:
    now = given.clock()
    async with given.sessions() as session:
        totals = await unclaimed_totals(session, now, technician)
        files = await payee_files(session, [technician])
    if technician not in files:
        raise Problem(ApiCode.TECHNICIAN_NOT_FOUND)
    file = files[technician]
    due = sum(one.total_cents for one in totals)
    held = holds(file.standing, _new_cents(due), now.astimezone(PARIS).date())
    return desk_page(
        request,
        person,
        "desk/finance/payee.html.j2",
        PAYOUTS,
        view=payee_view(file.payee, held),
        name=file.name,
        billed_cents=file.standing.billed_cents,
        waiting_cents=due,
        holds=[(french.PAYOUT_FAILURES[hold], words.WHO_MENDS[hold]) for hold in held],
        month=month_to_pay(now),
        now=now,
    )


def _held(files: Iterable[PayeeFile], totals: Iterable[ClaimableTotal], today: date) -> list[HeldPayee]:
    """Those from whom something is missing, who waits for most money first."""
    waiting = {one.technician_id: one.total_cents for one in totals}
    found = []
    for file in files:
        cents = waiting.get(file.payee.technician_id, 0)
        held = holds(file.standing, _new_cents(cents), today)
        if held:
            found.append(HeldPayee(file, held, cents))
    return sorted(found, key=lambda one: (-one.waiting_cents, one.file.name))


def _new_cents(cents: int) -> int:
    """What a statement would be made of."""
    return 0 if carried_over(cents) else cents
