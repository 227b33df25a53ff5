"""What the README says of a deployment is ten lines, and what they name is there."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from deploy.cli import application
from tests.deploy.shipped import DEPLOY, ROOT, compose, given_in_production, manifests

SECTION = (ROOT / "README.md").read_text().partition("## Deployment\n\n")[2].partition("\n\n## ")[0]


def test_it_is_ten_lines_and_their_files_are_there() -> None:
    lines = SECTION.splitlines()
    assert (len(lines), max(map(len, lines)) <= 160) == (10, True)
    named = re.findall(r"\b(?:deploy|workflows)/[\w./-]*[\w]", SECTION.replace("deploy/worker-BUILD", ""))
    # What is copied is filled in, and stays out of the repository.
    assert [one for one in named if not (ROOT / one).exists()] == ["deploy/.env"]


def test_each_service_that_is_told_something_is_one_of_the_compose_file(
    production_environment: dict[str, str],
) -> None:
    services = compose(given_in_production(production_environment))["services"]
    told = re.findall(r"(?:exec|run --rm) (\w+) omea", SECTION)
    assert set(told) == {"worker", "setup"} <= set(services)


def test_each_command_of_ours_is_there() -> None:
    command: Any = typer.main.get_command(application)
    lines = re.findall(r"omea ([a-z]+(?: --[a-z]+(?: [A-Z]+)?)*)", SECTION.replace("-n omea ", ""))
    assert sorted(set(lines)) == [
        *("colleague", "reconcile", "release", "release --adopt OLD", "release --status"),
    ]
    for line in lines:
        name, *words = shlex.split(line)
        if name in {"release", "reconcile"}:
            command.commands[name].make_context(name, words)
        assert name in command.commands


@pytest.fixture
def here(tmp_path: Path) -> Path:
    shutil.copytree(DEPLOY / "kubernetes", tmp_path / "kubernetes")
    overlays = tmp_path / "kubernetes" / "overlays"
    return shutil.copytree(overlays / "production", overlays / "ours")


def test_a_copy_of_the_overlay_is_all_that_the_steps_ask_of_a_cluster(here: Path) -> None:
    folders = re.findall(r"apply -k HERE(/\w+)?", SECTION)
    assert folders == ["/setup", "/worker", "", "/owner"]
    sent = [one for folder in folders for one in manifests(f"{here}{folder}")]
    build = yaml.safe_load((here / "release" / "release.yaml").read_text())["data"]["build"]
    kinds = {"job": "Job", "deploy": "Deployment"}
    asked = re.findall(r"\b(job|deploy)[ /](setup|owner|worker-BUILD)\b", SECTION)
    assert len(set(asked)) == 3
    there = {(one["kind"], one["metadata"]["name"], one["metadata"].get("namespace")) for one in sent}
    assert {(kinds[kind], name.replace("BUILD", build), "omea") for kind, name in asked} <= there
