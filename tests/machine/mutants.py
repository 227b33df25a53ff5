"""Mutants: the process with one mistake each, which the machine must find."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    name: str
    statement: str | None = None
