"""What a deployment is described with, read as compose, builders and Kubernetes would, which are not here."""

import functools
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OVERLAYS = DEPLOY / "kubernetes" / "overlays"
OURS = ("setup", "worker", "api", "metrics", "codec")
# `${NAME:?}` stops without a value, `${NAME:-}` goes on with none.
PLACES = re.compile(r"\$\{(\w+):([?-])\}")


class Lacking(Exception):
    """What compose stops at: the name of a variable without a value."""


def compose(given: Mapping[str, str]) -> dict[str, Any]:
    """deploy/compose.yaml with its variables filled in. Raises `Lacking`."""

    def value(place: re.Match[str]) -> str:
        name, sort = place.groups()
        if not given.get(name) and sort == "?":
            raise Lacking(name)
        return given.get(name, "")

    def filled(part: Any) -> Any:
        match part:
            case str():
                return PLACES.sub(value, part)
            case list():
                return [filled(one) for one in part]
            case dict():
                return {key: filled(one) for key, one in part.items()}
        return part

    read: dict[str, Any] = filled(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))
    return read


def names_of(file: Path) -> list[str]:
    """Those that a file of settings has a line for."""
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return [line.partition("=")[0] for line in lines]


def given_in_production(production: Mapping[str, str]) -> dict[str, str]:
    """A value for each name of deploy/env.example: that of a production, or else one of no importance."""
    asked = names_of(DEPLOY / "env.example")
    hosts = {"PUBLIC_HOST": "omea.example", "TEMPORAL_UI_HOST": "temporal.omea.example"}
    return {name: production.get(name) or hosts.get(name) or f"0{name.lower()}" for name in asked}


def dockerfile() -> list[list[tuple[str, str]]]:
    """The instructions of each stage of the image."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    stages: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            stages.append([])
        stages[-1].append((instruction, rest.strip()))
    return stages


@functools.cache
def manifests(overlay: str) -> list[dict[str, Any]]:
    """What the cluster is sent by `kubectl apply -k` of a folder below deploy/kubernetes/overlays."""
    line = [f"{sysconfig.get_path('scripts')}/kubectl", "kustomize", str(OVERLAYS / overlay)]
    sent = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return list(yaml.safe_load_all(sent))
