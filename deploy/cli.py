"""The command line, `omea`. Each command imports what it needs when it runs: `--help` is instant."""

import logging
import os
import signal
import sys
import traceback

import typer

from deploy.commands import finance, operations, releasing, sandbox
from deploy.settings import SettingsRefused

application = typer.Typer(
    name="omea",
    help="OmeaSupport : démarrer, préparer, payer.",
    no_args_is_help=True,
    add_completion=False,
    # main() tells what went wrong, and keeps local values (keys among them) out of it.
    pretty_exceptions_enable=False,
)
application.command("up")(sandbox.up)
application.command("setup")(operations.setup)
application.command("colleague")(operations.first_colleague)
application.command("release")(releasing.release)
application.command("seed")(sandbox.seed_people)
application.command("declaration")(finance.declare_year)
application.command("documents")(operations.make_documents)
application.command("archive")(operations.read_archive)
application.command("demo")(sandbox.demo)
application.command("check")(operations.check)
application.command("reconcile")(operations.reconcile)
application.command("token")(sandbox.token)
application.command("reset-second-factor")(operations.reset_second_factor)
for group in (finance.payouts, finance.ledger, finance.bank, operations.webhooks):
    application.add_typer(group)


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
    "deploy.archive": ("NotInTheArchive",),
    "deploy.first_colleague": ("ColleagueRefused",),
    "deploy.bank": ("TransferFileUnknown",),
    "deploy.demo_tokens": ("TokenRefused",),
    "deploy.reconciling": ("StoresInUse",),
    "deploy.recovery.marks": ("StoresDisagree",),
    "deploy.second_factors": ("NoColleague", "PayloadKeyMissing"),
    "deploy.releases": ("ReleaseRefused",),
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
        from api.french_refusals import SENTENCES

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
