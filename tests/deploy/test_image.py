"""deploy/Dockerfile, as far as it can be known without a builder.

tests/deploy/test_shipped_processes.py takes its steps in an empty environment, and runs what comes of them.
"""

import json
import re

from tests.deploy.shipped import DEPLOY, ROOT, compose, dockerfile, given_in_production


def test_both_stages_begin_with_the_same_python_which_has_a_version() -> None:
    begun = {stage[0][1].removesuffix(" AS build") for stage in dockerfile()}
    assert begun == {"python:3.11-slim-trixie"}


def test_what_is_installed_is_what_the_locks_name_and_what_runs_is_without_the_tools() -> None:
    build, runs = dockerfile()
    installed = [line for instruction, line in build if instruction == "RUN" and "install" in line]
    locked = [line for line in installed if "--require-hashes --requirement" in line]
    ours = [line for line in installed if "--no-deps --no-index" in line]
    assert (len(installed), len(locked), len(ours)) == (3, 2, 1)
    assert [re.findall(r"requirements/\w+\.txt", line) for line in locked] == [
        ["requirements/production.txt"],
        ["requirements/build.txt"],
    ]
    # Only the first goes into what is copied on.
    assert ["/srv/omea" in line for line in locked] == [True, False]
    assert [line for instruction, line in runs if instruction in {"COPY", "RUN", "ADD"}] == [
        "--from=build /srv/omea /srv/omea"
    ]


def test_it_runs_as_nobody_in_particular_and_is_asked_how_it_is(
    production_environment: dict[str, str],
) -> None:
    _, runs = dockerfile()
    said = dict(runs)
    assert said["USER"] == "10001:10001"
    api = compose(given_in_production(production_environment))["services"]["api"]
    assert json.loads(said["CMD"]) == api["command"]
    asked = json.loads(said["HEALTHCHECK"].partition("CMD ")[2])
    assert asked == [
        "python",
        "-m",
        "deploy.health",
        f"http://127.0.0.1:{api['environment']['API_PORT']}/healthz",
    ]


def test_nothing_is_given_to_the_builder_but_what_it_copies() -> None:
    build, _ = dockerfile()
    copied = {
        name.split("/")[0]
        for instruction, line in build
        if instruction == "COPY"
        for name in line.split()[:-1]
    }
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
    assert {rule for rule in rules[1:] if not rule.startswith("!")} == {"**/__pycache__", "deploy/.env"}
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text().splitlines()
