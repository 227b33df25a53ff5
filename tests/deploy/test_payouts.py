"""Payouts on the command line: what a run would do, before it is asked for."""

import subprocess
import sys

from deploy.settings import process_environment
from tests.payouts.builders import a_gain
from tests.support.people import a_technician
from tests.support.postgres import Database


def test_the_preview_tells_what_would_be_paid_and_what_holds_the_rest(
    database: Database, sandbox_environment: dict[str, str]
) -> None:
    paid = a_technician(database, account="acct_1")
    held = a_technician(database, name="Sarah Cohen")
    late = a_technician(database, name="Luc Noir", account="acct_3")
    for technician, slices in ((paid, 3), (held, 2), (late, -1)):
        a_gain(database, technician, "2025-10-05 10:00", slices=slices)
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "payouts", "preview", "--month", "2025-10"],
        env=process_environment() | sandbox_environment | {"DATABASE_URL": database.url("omea_api")},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = {
        paid: f"  {paid}       24,00 €",
        held: f"  {held}        0,00 €  coordonnées bancaires à compléter",
        late: f"  {late}        0,00 €  solde négatif, reporté",
    }
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace("\xa0", " ").splitlines() == [
        *(lines[technician] for technician in sorted(lines)),
        "à verser pour 2025-10 : 24,00 € (gains acceptés avant le 01/11/2025 00:00)",
    ]
