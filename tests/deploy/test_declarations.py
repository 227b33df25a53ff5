"""The yearly declaration on the command line."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from deploy.demo_company import DEMO_SIREN
from deploy.settings import process_environment
from domain.opening_hours import PARIS
from tests.support.payments import a_declared_person, a_payment
from tests.support.people import a_technician
from tests.support.postgres import Database

PAID_AT = datetime(2025, 12, 31, 23, 59, tzinfo=PARIS)


@pytest.fixture
def environment(database: Database, sandbox_environment: dict[str, str]) -> dict[str, str]:
    return sandbox_environment | {"DATABASE_URL": database.url("omea_api")}


def declaration(environment: dict[str, str], *arguments: str) -> tuple[int, list[str], str]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "declaration", *arguments],
        env=process_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [" ".join(line.split()) for line in done.stdout.splitlines()], done.stderr


def test_a_year_is_shown_and_written_once_nothing_is_missing(
    environment: dict[str, str], database: Database, tmp_path: Path
) -> None:
    thomas = a_technician(database)
    a_payment(database, thomas, PAID_AT, [], cents=123450)
    shown = [
        "année 2025 (terminée), à déclarer au plus tard le 31/01/2026",
        "",
        "technicien 1er trim. 2e trim. 3e trim. 4e trim. total déclaré séances",
        f"{thomas} 0,00 € 0,00 € 0,00 € 1 234,50 € 1 234,50 € 1 235 € 0",
        "manque : prénom, nom, date de naissance, numéro fiscal",
        "",
        "à déclarer : 1, dont 1 à compléter",
    ]
    assert declaration(environment, "2025") == (0, shown, "")
    refused = "omea : Il manque des renseignements sur des prestataires à déclarer : complétez-les d’abord.\n"
    assert declaration(environment, "2025", "--file", str(tmp_path)) == (1, shown, refused)
    assert list(tmp_path.iterdir()) == []

    a_declared_person(database, thomas)
    status, lines, said = declaration(environment, "2025", "--file", str(tmp_path), "--sequence", "2")
    [written] = tmp_path.iterdir()
    complete = [*shown[:4], "", "à déclarer : 1, dont 0 à compléter", f"fichier : {written}"]
    assert (status, lines, said) == (0, complete, "")
    assert written.name.startswith(f"DPIDAC7_2025_{DEMO_SIREN}_002_")
    assert written.stat().st_mode & 0o777 == 0o600
    sent = etree.fromstring(written.read_bytes())
    assert [element.text for element in sent.iterfind(".//{*}ReportableSeller//{*}ConsQ4")] == ["1235"]


def test_a_year_to_come_is_refused(environment: dict[str, str]) -> None:
    assert declaration(environment, "2099") == (1, [], "omea : Cette année n’a pas encore commencé.\n")
