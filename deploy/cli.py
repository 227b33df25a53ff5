"""The command line, `omea`. Each command imports what it needs when it runs: `--help` is instant."""

import asyncio
import contextlib
import inspect
import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.settings import OpeningHours, Pace, Settings, SettingsRefused, has_settings, read_settings

if TYPE_CHECKING:
    from deploy.composition import Role
    from domain.payouts import PayoutRunResult

VAR = Path(__file__).resolve().parents[1] / "var"
Var = Annotated[Path, typer.Option("--var", help="Où le bac à sable garde ses données.")]

application = typer.Typer(
    name="omea",
    help="OmeaSupport : démarrer, préparer, payer.",
    no_args_is_help=True,
    add_completion=False,
    # main() tells what went wrong, and keeps local values (keys among them) out of it.
    pretty_exceptions_enable=False,
)
payouts = typer.Typer(name="payouts", help="Les virements aux techniciens.", no_args_is_help=True)
application.add_typer(payouts)
ledger = typer.Typer(name="ledger", help="Les comptes.", no_args_is_help=True)
application.add_typer(ledger)
bank = typer.Typer(name="bank", help="Les virements par notre banque.", no_args_is_help=True)
application.add_typer(bank)
webhooks = typer.Typer(name="webhooks", help="Les annonces du prestataire de paiement.", no_args_is_help=True)
application.add_typer(webhooks)


def _settings(var: Path, role: "Role" = "owner") -> Settings:
    """Those of the environment, else those of the stack that runs under `var`."""
    if has_settings():
        return read_settings()
    from deploy.stack import StackAbsent, attach

    try:
        stack = attach(var)
    except StackAbsent:
        return read_settings()
    print(f"réglages : ceux de l'environnement qui tourne dans {stack.var}", file=sys.stderr)
    return stack.settings(role)


def _finished(result: Any) -> Any:
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Any) -> Any:
    return await result


@application.command()
def up(
    var: Var = VAR,
    pace: Annotated[Pace, typer.Option(help="« demo » : les délais durent quelques secondes.")] = Pace.DEMO,
    opening_hours: Annotated[OpeningHours, typer.Option(help="Heures d'ouverture.")] = OpeningHours.ALWAYS,
) -> None:
    """Démarre tout et reste là jusqu'à Ctrl-C."""
    from deploy.stack import running_stack

    with running_stack(var, pace=pace, opening_hours=opening_hours, tell=_tell) as stack:
        from deploy import demo_tokens

        print("\nTout est prêt.\n")
        for title, name, path in _PAGES:
            if name in stack.urls:
                print(f"  {title:<26} {stack.url(name)}{path}")
        print("\nPour se connecter :\n")
        for line in demo_tokens.sign_in_lines(stack.settings("api")):
            print(f"  {line}")
        print(f"\nJournaux : {stack.var / 'log'}\nCtrl-C pour tout arrêter.", flush=True)
        # Ctrl-C is how one leaves: no error.
        with contextlib.suppress(KeyboardInterrupt):
            stack.wait()
        print("\narrêt…", flush=True)


_PAGES = (
    ("API (documentation)", "api", "/docs"),
    ("Temporal", "temporal_ui", ""),
    ("Courriels", "mailbox", ""),
    ("Stripe (bac à sable)", "stripe", "/dashboard"),
)


def _tell(name: str) -> None:
    print(f"démarrage : {name}", flush=True)


@application.command()
def setup(var: Var = VAR) -> None:
    """Prépare la base, l'espace Temporal et ce qui revient à heure dite ; deux fois ne change rien."""
    settings = _settings(var)
    from db import migrate
    from deploy import schedules
    from deploy.temporal import connect, prepare_namespace
    from workflows import search_attributes

    migrate.upgrade(settings.database_url.get_secret_value())

    async def prepare_temporal() -> None:
        client = await connect(settings)
        await prepare_namespace(client, settings, search_attributes.ALL)
        await schedules.ensure(client, settings.task_queue)

    asyncio.run(prepare_temporal())


@application.command("seed")
def seed_people(var: Var = VAR) -> None:
    """Ajoute les personnes et les compétences de démonstration qui manquent."""
    from deploy import seed

    _finished(seed.run(_settings(var)))


@payouts.command("preview")
def preview_payouts(month: Annotated[str, typer.Option(help="Le mois, AAAA-MM.")], var: Var = VAR) -> None:
    """Montre ce qu'une campagne verserait maintenant, sans rien faire."""
    settings = _settings(var, "api")
    from deploy import payouts as payout_runs

    _finished(payout_runs.preview(settings, month, print))


@payouts.command("run")
def run_payouts(
    month: Annotated[str, typer.Option(help="Le mois à payer, AAAA-MM.")],
    reason: Annotated[str | None, typer.Option(help="Pourquoi le relancer.")] = None,
    technician: Annotated[str | None, typer.Option(help="Un seul technicien, par son identifiant.")] = None,
    var: Var = VAR,
) -> None:
    """Paie ce qui manque au mois demandé, et rien d'autre."""
    settings = _settings(var, "api")
    from db.engine import create_engine, sessions
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
                sessions(engine),
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
    settings = _settings(var, "api")
    from deploy import bank as our_bank

    print("\n".join(_finished(our_bank.list_files(settings, month)) or ["aucun fichier"]))


@bank.command("file")
def write_transfer_file(message_id: str, var: Var = VAR) -> None:
    """Écrit un fichier de virements (pain.001) sur la sortie standard, pour le remettre à la banque."""
    settings = _settings(var, "api")
    from deploy import bank as our_bank

    sys.stdout.buffer.write(_finished(our_bank.file_bytes(settings, message_id)))


@bank.command("import")
def import_bank_message(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Le message, tel que reçu.")],
    var: Var = VAR,
) -> None:
    """Lit un message de la banque (pain.002, pacs.004, camt.053, camt.054) ; deux fois ne change rien."""
    settings = _settings(var, "api")
    from deploy import bank as our_bank

    print(_finished(our_bank.bring_in(settings, file.read_bytes())))


@ledger.command("journal")
def write_journal(year: Annotated[int, typer.Option(help="L'année civile.")], var: Var = VAR) -> None:
    """Écrit le fichier des écritures comptables (FEC) de l'année sur la sortie standard."""
    settings = _settings(var, "api")
    from deploy import accounts

    _finished(accounts.write_journal(settings, year, sys.stdout.buffer))


@ledger.command("trial-balance")
def print_trial_balance(var: Var = VAR) -> None:
    """Affiche la balance des comptes à cet instant."""
    settings = _settings(var, "api")
    from deploy import accounts

    print("\n".join(_finished(accounts.trial_balance(settings))))


@ledger.command("close")
def print_month_close(month: Annotated[str, typer.Argument(help="AAAA-MM.")], var: Var = VAR) -> None:
    """Affiche la clôture d'un mois : facturé, encaissé, TVA, marge, ce qui est dû."""
    settings = _settings(var, "api")
    from deploy import accounts

    print("\n".join(_finished(accounts.month_close(settings, month))))


@application.command("declaration")
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
    settings = _settings(var, "api")
    from deploy import declarations

    declared = asyncio.run(declarations.read(settings, year))
    print("\n".join(declarations.report(declared)))
    if file is not None:
        print(f"fichier : {declarations.write_file(settings, declared, file, sequence)}")


@webhooks.command("retry")
def retry_webhooks(
    event: Annotated[str | None, typer.Argument(help="L'annonce, evt_… ; toutes, sinon.")] = None,
    var: Var = VAR,
) -> None:
    """Remet en file les annonces mises de côté, une fois le programme mis à jour."""
    settings = _settings(var, "worker")
    from db.engine import create_engine, sessions
    from db.stores import inbox

    async def retry() -> int:
        engine = create_engine(settings.database_url.get_secret_value())
        try:
            async with sessions(engine).begin() as session:
                return await inbox.try_again(session, event)
        finally:
            await engine.dispose()

    count = asyncio.run(retry())
    print(f"annonces remises en file : {count}")
    if event is not None and count == 0:
        raise typer.Exit(1)


@application.command("documents")
def make_documents(var: Var = VAR) -> None:
    """Établit le PDF des factures et des avoirs qui n'en ont pas encore."""
    settings = _settings(var, "worker")
    from db.engine import create_engine, sessions
    from deploy.missing_documents import make_missing

    async def run() -> list[str]:
        engine = create_engine(settings.database_url.get_secret_value())
        try:
            return await make_missing(sessions(engine), settings.company)
        finally:
            await engine.dispose()

    numbers = asyncio.run(run())
    print("\n".join(numbers) if numbers else "aucun document ne manquait")


@application.command()
def demo(
    json: Annotated[Path | None, typer.Option(help="Écrire aussi le résultat dans ce fichier.")] = None,
    var: Var = VAR,
) -> None:
    """Joue la démonstration, sur l'environnement qui tourne ou sur un qu'elle démarre."""
    from deploy.demo import main as demonstration
    from deploy.stack import StackAbsent, attach, running_stack

    try:
        stack = attach(var)
    except StackAbsent:
        with running_stack(var, tell=_tell) as started:
            status = _finished(demonstration.run(started, json))
    else:
        status = _finished(demonstration.run(stack, json))
    raise typer.Exit(int(status or 0))


@application.command()
def check(
    at_rest: Annotated[
        bool, typer.Option("--at-rest", help="Rien n'est en cours : ne laisser de délai à rien.")
    ] = False,
    var: Var = VAR,
) -> None:
    """Contrôle les invariants et nomme les lignes fautives ; ne corrige rien."""
    settings = _settings(var, "worker")
    from deploy import checking
    from domain.invariants import Patience

    found = asyncio.run(checking.check(settings, checking.NO_PATIENCE if at_rest else Patience()))
    for line in checking.report(found):
        print(line)
    if not all(one.ok for one in found):
        raise typer.Exit(1)


@application.command()
def token(person_mail: str, var: Var = VAR) -> None:
    """Donne un jeton d'accès au nom d'une personne."""
    from deploy import demo_tokens

    print(_finished(demo_tokens.token(_settings(var, "api"), person_mail)))


def _stop_on(signal_number: int, _frame: object) -> None:
    raise KeyboardInterrupt(signal_number)


def _expected_errors() -> tuple[type[Exception], ...]:
    """What may go wrong without anything being broken: told in a line, without a stack trace."""
    known: list[type[Exception]] = [SettingsRefused]
    # Only what the command already imported can have been raised.
    for module, names in _REFUSALS.items():
        if module in sys.modules:
            known += [getattr(sys.modules[module], name) for name in names]
    return tuple(known)


_REFUSALS = {
    "domain.errors": ("Refused",),
    "deploy.seed": ("SeedRefused",),
    "deploy.bank": ("TransferFileUnknown",),
    "deploy.demo_tokens": ("TokenRefused",),
    "deploy.stack": ("StackAbsent",),
    "deploy.stack_record": ("StackHeld",),
    "deploy.demo.main": ("DemoRefused",),
    "deploy.demo.frontend": ("Refused", "NoAnswer"),
    "deploy.supervisor": ("PartFailed",),
    "deploy.temporal": ("TemporalUnreachable", "NamespaceRefused"),
    "deploy.sandbox.ports": ("NoFreePort",),
    "deploy.sandbox.secrets": ("SecretsUnreadable",),
    "deploy.sandbox.postgres": ("PostgresRefused",),
    "deploy.sandbox.temporal": ("TemporalMissing",),
    "sqlalchemy.exc": ("OperationalError",),
}


def _sentence(error: Exception) -> str:
    from domain.errors import Refused

    if isinstance(error, Refused):
        from api.french import SENTENCES

        return SENTENCES.get(error.code, error.code)
    return str(error)


def _status() -> int:
    try:
        application()
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not isinstance(error, _expected_errors()):
            traceback.print_exc()
            return 70
        print(f"omea : {_sentence(error)}", file=sys.stderr)
        return 1
    return 0


def main() -> None:
    for wanted in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, _stop_on)
    status = _status()
    sys.stdout.flush()
    sys.stderr.flush()
    logging.shutdown()
    # The threads of Temporal's core sometimes crash an interpreter that is being torn down
    # (sdk-python#300): everything is written and stopped by now, so it is left without that.
    os._exit(status)


if __name__ == "__main__":
    main()
