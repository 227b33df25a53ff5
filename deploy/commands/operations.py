"""`omea setup`, `check`, `reconcile`, `documents`, `archive` and `webhooks`: what an operator does."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.common import VAR, Var, finished, settings_of

webhooks = typer.Typer(name="webhooks", help="Les annonces du prestataire de paiement.", no_args_is_help=True)


def setup(
    release: Annotated[
        bool, typer.Option("--release", help="Mettre aussitôt cette version en service : il n'y en a qu'une.")
    ] = False,
    var: Var = VAR,
) -> None:
    """Prépare la base, l'espace Temporal et ce qui revient à heure dite ; deux fois ne change rien."""
    settings = settings_of(var)
    from db import migrate
    from deploy import releases, schedules, second_factors
    from deploy.temporal import connect, prepare_namespace
    from workflows import search_attributes

    migrate.upgrade(settings.database_url.get_secret_value())

    async def prepare_temporal() -> None:
        client = await connect(settings)
        await prepare_namespace(client, settings, search_attributes.ALL)
        await schedules.ensure(client, settings.task_queue)
        if release:
            await releases.begin_with(client, settings.task_queue, settings.build_id)

    asyncio.run(prepare_temporal())
    # After a rotation; see « Payload keys are rotated in three steps » in DECISIONS.md.
    asyncio.run(second_factors.seal_anew(settings))


def reset_second_factor(person_mail: str, var: Var = VAR) -> None:
    """Fait enregistrer une autre application d'authentification, faute de collègue pour le faire."""
    settings = settings_of(var)
    from deploy import second_factors

    finished(second_factors.reset(settings, person_mail))
    print("réinitialisée ; la prochaine connexion en enregistrera une autre")


def first_colleague(name: str, mail: str, var: Var = VAR) -> None:
    """Ajoute la première personne de l'équipe Omea ; les suivantes le sont par un collègue."""
    settings = settings_of(var)
    from deploy import first_colleague as colleague

    print(f"Connexion par un lien envoyé à {asyncio.run(colleague.run(settings, name, mail))}")


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


def reconcile(
    repair: Annotated[bool, typer.Option("--repair", help="Réparer, et non seulement comparer.")] = False,
    reason: Annotated[str, typer.Option(help="Pourquoi : gardé avec chaque réparation.")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Prendre acte de ce qui ne peut être réparé.")
    ] = False,
    var: Var = VAR,
) -> None:
    """Compare la base, Temporal et Stripe après une restauration ; répare si on le demande."""
    if repair and not reason.strip():
        raise typer.BadParameter("--repair demande --reason")
    if accept and not repair:
        raise typer.BadParameter("--accept demande --repair")
    settings = settings_of(var)
    from deploy import reconciling
    from deploy.recovery.wording import lines

    given = reason.strip() if repair else None
    outcome = asyncio.run(reconciling.reconcile(settings, given, accept_rest=accept))
    for title, found in (("Réparé", outcome.repaired), ("Différences", outcome.left)):
        if found:
            print(f"{title} : {len(found)}")
        for line in lines(found):
            print(f"    {line}")
    if not outcome.left:
        print("la base, Temporal et Stripe concordent")
    elif not outcome.accepted:
        if accept:
            print(
                "de l’argent est parti que la base ne connaît pas : il faut d’abord l’y inscrire",
                file=sys.stderr,
            )
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


def read_archive(
    reference: Annotated[str, typer.Argument(help="Le numéro d'un document, le nom d'un fichier…")],
    file: Annotated[Path | None, typer.Option(help="Où écrire le PDF ou le fichier.")] = None,
    var: Var = VAR,
) -> None:
    """Lit les archives comptables des personnes effacées, pour un contrôle."""
    settings = settings_of(var)
    from db.engine import create_engine, sessions
    from deploy import archive

    async def run() -> None:
        engine = create_engine(settings.database_url.get_secret_value())
        try:
            if file is not None:
                file.write_bytes(await archive.content(sessions(engine), reference))
            else:
                print("\n".join(await archive.describe(sessions(engine), reference)))
        finally:
            await engine.dispose()

    asyncio.run(run())


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
