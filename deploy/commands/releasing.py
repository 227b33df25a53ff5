"""`omea release`: which build is given the work."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import VAR, Var, settings_of

if TYPE_CHECKING:
    from deploy.releases import Build

# In Temporal's words and in ours.
STATES = {
    "CREATED": "jamais en service",
    "INACTIVE": "pas en service",
    "RAMPING": "à l'essai",
    "CURRENT": "en service",
    "DRAINING": "se vide",
    "DRAINED": "vide",
}


def release(
    build: Annotated[
        str | None, typer.Option(help="La version, ou une plus ancienne pour y revenir ; celle-ci, sinon.")
    ] = None,
    ramp: Annotated[
        float | None, typer.Option(min=0, max=100, help="N'en donner que tant pour cent ; 0 pour renoncer.")
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="Montrer où en est chaque version.")] = False,
    adopt: Annotated[
        str | None, typer.Option(help="Reprendre ce qui est lié à une version dont les workers sont perdus.")
    ] = None,
    var: Var = VAR,
) -> None:
    """Met une version en service dès qu'elle a des workers ; les demandes en cours passent à elle."""
    settings = settings_of(var, "worker")
    from deploy import releases
    from deploy.temporal import connect

    async def run() -> list[str]:
        client, queue = await connect(settings), settings.task_queue
        wanted = build or settings.build_id
        if status:
            return table(await releases.builds(client, queue))
        if adopt is not None:
            return await releases.adopt(client, queue, adopt)
        if ramp is not None:
            await releases.ramp(client, queue, wanted, ramp)
            return [f"{wanted} : {ramp:g} % du travail"]
        await releases.make_current(client, queue, wanted)
        return [f"{wanted} : en service"]

    for line in asyncio.run(run()):
        print(line)


def table(builds: "list[Build]") -> list[str]:
    """A line for each build: what becomes of it, since when it is known, its workers, and what is pinned to
    it."""
    lines = ["version  état  connue depuis  workers  liés à elle"]
    for one in builds:
        workers = "oui" if one.has_workers else "non"
        lines.append(
            f"{one.id}  {STATES[one.state]}  {one.since:%d/%m/%Y %H:%M} UTC  {workers}  {one.pinned}"
        )
    lines += [
        f"les workers de {one.id} peuvent être arrêtés" for one in builds if one.drained and one.has_workers
    ]
    return lines
