"""The demonstration notices any figure that is not what people read, and any line that is no JSON of ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.evidence import Evidence
from deploy.demo.figures import FIELDS, OURS, Figure, _expected, _wrong, unreadable_lines

CHECK = {"name": {"code": "sales"}, "total": 0, "checked_at": "2026-11-24T09:05:00+01:00"}
WAITING = {"reason": {"code": "suspended"}, "urgency": {"code": "late"}}
RIGHT: dict[Figure, float] = {
    ("omea_source_up", "postgres"): 1,
    ("omea_source_up", "temporal"): 1,
    ("omea_tickets", "suspended"): 1,
    ("omea_tickets", "unpaid"): 0,
    ("omea_tickets_waiting", "suspended"): 1,
    ("omea_tickets_late", "suspended"): 1,
    ("omea_payouts", "2026-11", "paid"): 1,
    ("omea_payouts_cents", "2026-11", "paid"): 1600,
    ("omea_invariant_violations", "sales"): 0,
    ("omea_invariants_checked_timestamp_seconds",): 1795507500.25,
    ("omea_task_queue_backlog", "activity", "omea"): 0,
    ("omea_task_queue_pollers", "activity", "omea"): 2,
    ("omea_build_pinned", "first", "draining"): 0,
    ("omea_build_has_workers", "second", "current"): 1,
}


def a_statement(month: str, cents: int) -> dict[str, Any]:
    return {"month": month, "due_cents": cents, "payout": {"status": {"code": "paid"}}}


def wrong(told: dict[Figure, float]) -> list[str]:
    tickets = [{"status": {"code": "suspended"}}, {"status": {"code": "closed"}}]
    # A statement of months ago is told by no figure.
    statements = [a_statement("2026-11", 1600), a_statement("2026-01", 800)]
    found = Evidence(tickets, [], [], [], statements, {}, [], [], [])
    return list(_wrong(told, _expected(found, [WAITING], [CHECK])))


def test_right_figures_are_not_complained_of() -> None:
    assert wrong(RIGHT) == []
    # The workers of a build before may be gone.
    for there in (0, 1):
        assert wrong({**RIGHT, ("omea_build_has_workers", "first", "draining"): there}) == []


@pytest.mark.parametrize("figure", RIGHT, ids=" ".join)
def test_any_other_figure_is(figure: Figure) -> None:
    needed = {"omea_task_queue_pollers", "omea_build_has_workers"}
    other = 0 if figure[0] in needed else RIGHT[figure] + 1
    [sentence] = wrong({**RIGHT, figure: other})
    assert sentence.startswith(f"mesure {' '.join(figure)}")


def test_a_figure_that_is_missing_is() -> None:
    figure = ("omea_tickets", "suspended")
    assert wrong({one: value for one, value in RIGHT.items() if one != figure}) == [
        "mesure omea_tickets suspended : None au lieu de 1"
    ]


def test_lines_of_another_shape_are_found(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    line = json.dumps(dict.fromkeys(FIELDS, ""))
    for name in OURS:
        (tmp_path / "log" / f"{name}.log").write_text(f"{line}\n{line}\n")
    assert unreadable_lines(tmp_path) == []
    nowhere = json.dumps(dict.fromkeys((*FIELDS, "activity"), "") | {"workflow_id": None})
    for name, strange in zip(
        OURS, ("Traceback (most recent call last):", "[]", '{"event": ""}', nowhere), strict=True
    ):
        (tmp_path / "log" / f"{name}.log").write_text(f"{line}\n{strange}\n{line}\n")
    assert unreadable_lines(tmp_path) == [
        f"journal de {name} : 1 ligne(s) qui ne sont pas du JSON attendu" for name in OURS
    ]
