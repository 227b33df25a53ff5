"""The accounts on the command line."""

import subprocess
import sys
from datetime import datetime

import pytest

from deploy.settings import process_environment
from domain import ledger
from domain.fec import header
from domain.money import Price
from domain.opening_hours import PARIS
from tests.support.books import enter
from tests.support.postgres import Database

CLIENT, TECHNICIAN = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"
MARCH = datetime(2025, 3, 30, 1, 59, tzinfo=PARIS)


class CommandLine:
    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def ledger(self, *arguments: str) -> tuple[int, bytes, str]:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", "ledger", *arguments],
            env=process_environment() | self._environment,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture
def command_line(database: Database, sandbox_environment: dict[str, str]) -> CommandLine:
    price = Price(3000, 2500, 500)
    enter(
        database,
        [
            (ledger.invoice_issued("F2025-000001", CLIENT, price), MARCH),
            (ledger.gain_earned("00000420:1", TECHNICIAN, 1600), MARCH),
            (ledger.invoice_paid("F2025-000001", CLIENT, 3000, price), MARCH),
            (ledger.stripe_fee("F2025-000001", 70), MARCH),
        ],
    )
    return CommandLine(sandbox_environment | {"DATABASE_URL": database.url("omea_api")})


def test_the_file_of_a_year_is_written_as_it_is(command_line: CommandLine) -> None:
    status, written, said = command_line.ledger("journal", "--year", "2025")
    assert (status, said) == (0, "")
    first, *lines = written.splitlines(keepends=True)
    assert first == header()
    assert [line.split(b"\t")[4] for line in lines] == [
        *(b"411", b"706", b"44574"),
        *(b"611", b"4081"),
        *(b"5112", b"411", b"44574", b"44571"),
        *(b"627", b"5112"),
    ]
    assert command_line.ledger("journal", "--year", "2099") == (
        1,
        b"",
        "omea : Cette année n’a pas encore commencé.\n",
    )


def test_the_trial_balance_is_shown_and_comes_to_nothing(command_line: CommandLine) -> None:
    status, written, _ = command_line.ledger("trial-balance")
    assert status == 0
    lines = written.decode().splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [" ".join(line.split()) for line in lines] == [
        "compte débit crédit solde",
        f"4081 {TECHNICIAN} 0,00 € 16,00 € −16,00 €",
        f"411 {CLIENT} 30,00 € 30,00 € 0,00 €",
        "44571 TVA collectée 0,00 € 5,00 € −5,00 €",
        "44574 TVA collectée en attente d’encaissement 5,00 € 5,00 € 0,00 €",
        "5112 Valeurs à l’encaissement - Stripe 30,00 € 0,70 € 29,30 €",
        "611 Sous-traitance générale 16,00 € 0,00 € 16,00 €",
        "627 Services bancaires et assimilés 0,70 € 0,00 € 0,70 €",
        "706 Prestations de services 0,00 € 25,00 € −25,00 €",
        "total 81,70 € 81,70 € 0,00 €",
    ]


def test_a_month_is_closed_on_paper(command_line: CommandLine) -> None:
    status, written, _ = command_line.ledger("close", "2025-03")
    lines = [" ".join(line.split()) for line in written.decode().splitlines()]
    assert status == 0
    assert lines[0] == "mois 2025-03 (clos)"
    for line in (
        "facturé 30,00 € TTC = 25,00 € HT + 5,00 € de TVA",
        "encaissé 30,00 €",
        "frais bancaires 0,70 €",
        "gains des techniciens 16,00 €",
        "marge (ventes - gains - frais), HT 8,30 €",
        "plus de 90 jours 0,00 € (0)",
        "demandes suspendues, au plus 0,00 € (0, dont 0 sans compte rendu)",
    ):
        assert line in lines
    start = lines.index("dû aux techniciens (4081 et 401)")
    assert lines[start + 1 : start + 4] == ["au début 0,00 €", "gain 16,00 €", "à la fin 16,00 €"]
    for month, sentence in (
        ("2025-13", "Ce mois n’est pas valable : écrivez-le 2026-11, par exemple."),
        ("2099-01", "Ce mois n’a pas encore commencé."),
    ):
        assert command_line.ledger("close", month) == (1, b"", f"omea : {sentence}\n")
