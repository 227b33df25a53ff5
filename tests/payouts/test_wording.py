"""The Temporal UI speaks French: no code, no English."""

import pytest

from api.french import PAYOUT_FAILURES
from domain.payouts import PayoutRunRequest, TechnicianPaid
from workflows.payouts import wording


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ("schedule", "l’échéance mensuelle"),
        ("omea", "la ligne de commande"),
        ("019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14", "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14"),
    ],
)
def test_who_asked_is_shown_in_french(actor: str, shown: str) -> None:
    details = wording.run_details(PayoutRunRequest("2026-11", "key", actor))
    assert f"- Demandée par : {shown}\n- Motif : aucun\n- Techniciens : tous\n" in details


@pytest.mark.parametrize("code", [*PAYOUT_FAILURES, "resource_missing", "anything_else"])
def test_a_failure_is_shown_without_its_code(code: str) -> None:
    progress = wording.run_progress(1, 1, [TechnicianPaid("technician", 0, code)])
    assert code not in progress
    assert progress.endswith(f"- technician : {wording.failure_label(code)}")
