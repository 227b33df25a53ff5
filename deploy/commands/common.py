"""What the commands share: where the sandbox keeps its data, and whose settings they work with."""

import asyncio
import inspect
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.settings import Settings, has_settings, read_settings

if TYPE_CHECKING:
    from deploy.composition import Role

VAR = Path(__file__).resolve().parents[2] / "var"
Var = Annotated[Path, typer.Option("--var", help="Où le bac à sable garde ses données.")]


def settings_of(var: Path, role: "Role" = "owner") -> Settings:
    """Those of the environment, else those of the stack that runs under `var`."""
    # Of what goes wrong; people are told the rest in words.
    from deploy import logs

    logs.configure(logging.WARNING)
    if has_settings():
        return read_settings()
    from deploy.stack import StackAbsent, attach

    try:
        stack = attach(var)
    except StackAbsent:
        return read_settings()
    print(f"réglages : ceux de l'environnement qui tourne dans {stack.var}", file=sys.stderr)
    return stack.settings(role)


def finished(result: Any) -> Any:
    """The result, awaited where it has to be."""
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Any) -> Any:
    return await result
