"""`omea payouts`, `bank`, `ledger` and `declaration`: what finance does at a terminal."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import VAR, Var, finished, settings_of

if TYPE_CHECKING:
    from domain.payouts import PayoutRunResult

payouts = typer.Typer(name="payouts", help="Les virements aux techniciens.", no_args_is_help=True)
bank = typer.Typer(name="bank", help="Les virements par notre banque.", no_args_is_help=True)
ledger = typer.Typer(name="ledger", help="Les comptes.", no_args_is_help=True)


@payouts.command("preview")
def preview_payouts(month: Annotated[str, typer.Option(help="Le mois, AAAA-MM.")], var: Var = VAR) -> None:
    """Montre ce qu'une campagne verserait maintenant, sans rien faire."""
    settings = settings_of(var, "api")
    from deploy import payouts as payout_runs

    finished(payout_runs.preview(settings, month, print))


@payouts.command("run")
def run_payouts(
    month: Annotated[str, typer.Option(help="Le mois à payer, AAAA-MM.")],
    reason: Annotated[str | None, typer.Option(help="Pourquoi le relancer.")] = None,
    technician: Annotated[str | None, typer.Option(help="Un seul technicien, par son identifiant.")] = None,
    var: Var = VAR,
) -> None:
    """Paie ce qui manque au mois demandé, et rien d'autre."""
    settings = settings_of(var, "api")
    from db.askers import COMMAND_LINE, asked_sessions
    from db.engine import create_engine
    from deploy import payouts as payout_runs
    from deploy.amounts import euros
    from deploy.temporal import connect

    async def run() -> "PayoutRunResult":
        client = await connect(settings)
        engine = create_engine(settings.database_url.get_secret_value())
        print("campagne demandée, on attend son résultat (Ctrl-C n'arrête que l'attente)…", file=sys.stderr)

        def waiting() -> None:
            print("une autre campagne du mois est en cours : la nôtre suivra…", file=sys.stderr)

        try:
            return await payout_runs.run(
                client,
                asked_sessions(engine, COMMAND_LINE),
                settings.task_queue,
                month,
                reason,
                technician=technician,
                waiting=waiting,
            )
        finally:
            await engine.dispose()

    result = asyncio.run(run())
    print(f"campagne de virements {result.month}, n° {result.n}")
    for paid in result.technicians:
        ordered = f"remis à la banque : {euros(paid.ordered_cents)}" if paid.ordered_cents else ""
        told = "  ".join(part for part in (ordered, paid.failure) if part)
        print(f"  {paid.technician_id}  {euros(paid.paid_cents):>12}  {told}".rstrip())
    if result.file is not None:
        print(f"fichier à remettre à la banque : omea bank file {result.file}")
    if any(paid.failure for paid in result.technicians):
        raise typer.Exit(1)


@bank.command("files")
def list_transfer_files(month: Annotated[str, typer.Argument(help="AAAA-MM.")], var: Var = VAR) -> None:
    """Affiche les fichiers de virements d'un mois."""
    settings = settings_of(var, "api")
    from deploy import bank as our_bank

    print("\n".join(finished(our_bank.list_files(settings, month)) or ["aucun fichier"]))


@bank.command("file")
def write_transfer_file(message_id: str, var: Var = VAR) -> None:
    """Écrit un fichier de virements (pain.001) sur la sortie standard, pour le remettre à la banque."""
    settings = settings_of(var, "api")
    from deploy import bank as our_bank

    sys.stdout.buffer.write(finished(our_bank.file_bytes(settings, message_id)))


@bank.command("import")
def import_bank_message(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Le message, tel que reçu.")],
    var: Var = VAR,
) -> None:
    """Lit un message de la banque (pain.002, pacs.004, camt.053, camt.054) ; deux fois ne change rien."""
    settings = settings_of(var, "api")
    from deploy import bank as our_bank

    print(finished(our_bank.bring_in(settings, file.read_bytes())))


@ledger.command("journal")
def write_journal(year: Annotated[int, typer.Option(help="L'année civile.")], var: Var = VAR) -> None:
    """Écrit le fichier des écritures comptables (FEC) de l'année sur la sortie standard."""
    settings = settings_of(var, "api")
    from deploy import accounts

    finished(accounts.write_journal(settings, year, sys.stdout.buffer))


@ledger.command("trial-balance")
def print_trial_balance(var: Var = VAR) -> None:
    """Affiche la balance des comptes à cet instant."""
    settings = settings_of(var, "api")
    from deploy import accounts

    print("\n".join(finished(accounts.trial_balance(settings))))


@ledger.command("close")
def print_month_close(month: Annotated[str, typer.Argument(help="AAAA-MM.")], var: Var = VAR) -> None:
    """Affiche la clôture d'un mois : facturé, encaissé, TVA, marge, ce qui est dû."""
    settings = settings_of(var, "api")
    from deploy import accounts

    print("\n".join(finished(accounts.month_close(settings, month))))


def declare_year(
    year: Annotated[int, typer.Argument(help="L'année civile.", min=2000, max=2100)],
    file: Annotated[
        Path | None, typer.Option(help="Écrire le fichier de la DGFiP : son nom, ou le dossier où le mettre.")
    ] = None,
    sequence: Annotated[
        int, typer.Option(help="Le rang du fichier parmi ceux de l'année.", min=1, max=999)
    ] = 1,
    var: Var = VAR,
) -> None:
    """Affiche ce que chaque technicien a touché dans l'année (DAC7) et ce qui manque pour le déclarer."""
    settings = settings_of(var, "api")
    from deploy import declarations

    declared = asyncio.run(declarations.read(settings, year))
    print("\n".join(declarations.report(declared)))
    if file is not None:
        print(f"fichier : {declarations.write_file(settings, declared, file, sequence)}")
