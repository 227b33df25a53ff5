"""The requests that are played, read from `scenes.toml`."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

SCENES = Path(__file__).with_name("scenes.toml")


class Ending(StrEnum):
    SATISFIED = "satisfied"
    SILENT = "silent"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True)
class Scene:
    """One request from the first click to its end; `words` are the client's at the end, if any."""

    client: str
    technician: str
    skill: str
    description: str
    phone: str
    anydesk_id: str
    card: str
    ceiling_minutes: int
    worked_minutes: int
    declared_minutes: int
    report: str
    ending: Ending
    stars: int = 0
    words: str = ""


def read_scenes() -> list[Scene]:
    with SCENES.open("rb") as file:
        scenes: list[dict[str, Any]] = tomllib.load(file)["scene"]
    return [Scene(**{**scene, "ending": Ending(scene["ending"])}) for scene in scenes]
