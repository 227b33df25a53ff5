"""What must always be true of the money and the tickets, as the last check found it."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api.auth import BackOfficeOrFinance
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.shapes.common import Labelled, Moment, Shape
from db.reads.invariant_checks import LastCheck, last_checks
from domain.invariants import EXPLANATIONS, Invariant

router = APIRouter(prefix="/v1", tags=["finance"])


class InvariantView(Shape):
    """`since`: how long it has been so. `rows` are the first twenty of the `total` offending ones: ids, and
    cents where a name ends so."""

    name: Labelled
    ok: bool
    since: Moment
    checked_at: Moment
    total: int
    rows: list[dict[str, str | int]]


class Invariants(Shape):
    """An invariant that was never checked yet is not there."""

    invariants: list[InvariantView]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invariants": [
                        {
                            "name": {
                                "code": "vat_pending",
                                "label": EXPLANATIONS[Invariant.VAT_PENDING],
                            },
                            "ok": False,
                            "since": "2026-11-24T10:05:00+01:00",
                            "checked_at": "2026-11-24T10:35:00+01:00",
                            "total": 1,
                            "rows": [{"invoice": "F2026-000123", "ledger_cents": -500, "expected_cents": 0}],
                        }
                    ]
                }
            ]
        }
    )


@router.get("/invariants", summary="What must always be true", responses=problems(*SIGNED_IN))
async def read_invariants(_: BackOfficeOrFinance, given: Given) -> Invariants:
    """The last outcome of each check. They run every quarter of an hour and repair nothing; the team is
    mailed of what is new, once a day of what lasts, and of its end."""
    async with given.sessions() as session:
        last = {one.check.name: one for one in await last_checks(session)}
    return Invariants(invariants=[_view(name, last[name]) for name in Invariant if name in last])


def _view(name: Invariant, last: LastCheck) -> InvariantView:
    return InvariantView(
        name=Labelled(code=name.value, label=EXPLANATIONS[name]),
        ok=last.check.ok,
        since=last.since,
        checked_at=last.check.at,
        total=last.check.total,
        rows=last.check.rows,
    )
