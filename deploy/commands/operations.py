"""`omea setup`, `check`, `documents` and `webhooks`: what an operator does at a terminal."""

import asyncio
from typing import Annotated

import typer

from deploy.commands.common import VAR, Var, finished, settings_of

webhooks = typer.Typer(name="webhooks", help="Les annonces du prestataire de paiement.", no_args_is_help=True)


def setup(var: Var = VAR) -> None:
    """Prépare la base, l'espace Temporal et ce qui revient à heure dite ; deux fois ne change rien."""
    settings = settings_of(var)
    from db import migrate
    from deploy import schedules, second_factors
    from deploy.temporal import connect, prepare_namespace
    from workflows import search_attributes

    migrate.upgrade(settings.database_url.get_secret_value())

    async def prepare_temporal() -> None:
        client = await connect(settings)
        await prepare_namespace(client, settings, search_attributes.ALL)
        await schedules.ensure(client, settings.task_queue)

    asyncio.run(prepare_temporal())
    # After a rotation; see « Payload keys are rotated in three steps » in DECISIONS.md.
    asyncio.run(second_factors.seal_anew(settings))


def reset_second_factor(person_mail: str, var: Var = VAR) -> None:
    """Fait enregistrer une autre application d'authentification, faute de collègue pour le faire."""
    settings = settings_of(var)
    from deploy import second_factors

    finished(second_factors.reset(settings, person_mail))
    print("réinitialisée ; la prochaine connexion en enregistrera une autre")


def check(
    at_rest: Annotated[
        bool, typer.Option("--at-rest", help="Rien n'est en cours : ne laisser de délai à rien.")
    ] = False,
    var: Var = VAR,
) -> None:
    """Contrôle les invariants et nomme les lignes fautives ; ne corrige rien."""
    settings = settings_of(var, "worker")
    from deploy import checking
    from domain.invariants import Patience

    found = asyncio.run(checking.check(settings, checking.NO_PATIENCE if at_rest else Patience()))
    for line in checking.report(found):
        print(line)
    if not all(one.ok for one in found):
        raise typer.Exit(1)


def make_documents(var: Var = VAR) -> None:
    """Établit le PDF des factures et des avoirs qui n'en ont pas encore."""
    settings = settings_of(var, "worker")
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


@webhooks.command("retry")
def retry_webhooks(
    event: Annotated[str | None, typer.Argument(help="L'annonce, evt_… ; toutes, sinon.")] = None,
    var: Var = VAR,
) -> None:
    """Remet en file les annonces mises de côté, une fois le programme mis à jour."""
    settings = settings_of(var, "worker")
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
