"""The Temporal UI speaks French: no code, no English."""

from datetime import UTC, datetime

import pytest

from api.french import PAYOUT_FAILURES
from domain.payouts import PayoutRunRequest, Tally, TechnicianPaid
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
    progress = wording.run_progress(1, 1, Tally.of([TechnicianPaid("technician", 0, code)]))
    assert code not in progress
    assert progress.endswith(f"- technician : {wording.failure_label(code)}")


def test_only_the_first_failures_are_named_and_a_shortage_is_told() -> None:
    tally = Tally.of(TechnicianPaid(f"t{n}", 100, "account_missing" if n < 25 else None) for n in range(30))
    told = wording.run_progress(2, 40, tally, datetime(2026, 12, 8, 2, tzinfo=UTC))
    head, waiting, *failures = [line for line in told.splitlines() if line and line != "**Échecs**"]
    assert head == "Campagne n° 2 : 30 technicien(s) sur 40, 30,00 € virés."
    assert waiting == (
        "En attente de solde chez le prestataire, au plus jusqu’au 08/12/2026 03:00:00 (heure de Paris)."
    )
    assert failures[:1] + failures[-2:] == [
        "- t0 : coordonnées bancaires manquantes",
        "- t19 : coordonnées bancaires manquantes",
        "- et 5 autres",
    ]
