"""The commands of deploy/compose.yaml as plain processes.

Each alone, with its own question after its health; and all of them together, from what the Dockerfile makes,
as a user who may write nothing, against the sandbox.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.composition import Role
from deploy.demo import main as demonstration
from deploy.health import answers
from deploy.sandbox import temporal
from deploy.sandbox.ports import LOOPBACK, free_port
from deploy.settings import StackSettings, process_environment
from deploy.stack import Stack, running_stack
from deploy.supervisor import Part
from tests.deploy.conftest import until
from tests.deploy.shipped import ROOT, compose, dockerfile, given_in_production
from tests.support.balancer import Balancer

OUTSIDE = ("postgres", "temporal", "stripe", "mailbox", "oidc")
# What only a demonstration is told, beside what the compose file tells.
DEMONSTRATION = ("STRIPE_API_BASE", "PACE", "OPENING_HOURS")
NOBODY = 10001


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        *(("api", "API_PORT"), ("codec", "CODEC_PORT"), ("metrics", "METRICS_PORT")),
        ("worker", "HEALTH_PORT"),
    ],
)
def test_each_process_starts_by_its_command_and_answers_its_question(
    name: str, setting: str, production_environment: dict[str, str], sandbox_environment: dict[str, str]
) -> None:
    service = compose(given_in_production(production_environment))["services"][name]
    port = str(free_port())
    told = {one: sandbox_environment.get(one, value) for one, value in service["environment"].items()}
    told |= {one: sandbox_environment[one] for one in DEMONSTRATION}
    told |= {"API_HOST": LOOPBACK, "CODEC_HOST": LOOPBACK, "METRICS_HOST": LOOPBACK}
    told |= {"METRICS_PORT": str(free_port()), setting: port}
    asked = service["healthcheck"]["test"][1:] if "healthcheck" in service else _image_health()
    asked = [part.replace(service["environment"][setting], port) for part in asked]

    def is_well() -> bool:
        return subprocess.run(_here(asked), check=False, env=process_environment()).returncode == 0

    process = subprocess.Popen(_here(service["command"]), env=process_environment() | told)
    try:
        assert until(is_well, patience=60)
    finally:
        process.kill()
        process.wait()
    assert not is_well()


def _image_health() -> list[str]:
    asked: list[str] = json.loads(dict(dockerfile()[-1])["HEALTHCHECK"].partition("CMD ")[2])
    return asked


def _here(command: list[str]) -> list[str]:
    return [sys.executable, *command[1:]]


def _as_nobody() -> list[str]:
    """What a command line begins with, so that it has no rights and does not look into our own folder."""
    elsewhere = ["env", "--chdir=/tmp"]
    if os.geteuid() != 0:
        return elsewhere
    return [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        "--no-new-privs",
        *elsewhere,
    ]


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """What the first stage of the image leaves to the second, made in an empty environment."""
    python = _python_for_nobody()
    # Short, and open to the user that builds, which folders of pytest are not.
    folder = Path("/tmp") / f"omea-image-{os.getpid()}"  # noqa: S108  # its name is of this process alone
    builder, context = folder / "python", folder / "build"
    context.mkdir(parents=True)
    try:
        subprocess.run([python, "-m", "venv", str(builder)], check=True)
        for instruction, rest in dockerfile()[0]:
            match instruction:
                case "COPY":
                    *sources, target = rest.split()
                    for source in sources:
                        _copy(ROOT / source, context / target, into=target.endswith("/"))
                case "RUN":
                    _own(folder, NOBODY)
                    _run(rest.replace("/srv/omea", str(folder / "omea")), builder, context)
        _own(folder, 0)
        shutil.rmtree(builder)
        shutil.rmtree(context)
        yield folder / "omea"
    finally:
        shutil.rmtree(folder)


def _python_for_nobody() -> str:
    """Ours, or the system's where ours is in a home that nobody else may enter."""
    if shutil.which("setpriv") is None:
        pytest.skip("users without rights are made with setpriv, which Linux has")
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        asked = [*_as_nobody(), python, "-c", "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(asked, check=False, capture_output=True).returncode == 0:
            return python
    pytest.skip("no Python that a user without rights may run")


def _copy(source: Path, target: Path, *, into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        if into or target.is_dir():
            target = target / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _own(folder: Path, user: int) -> None:
    if os.geteuid() == 0:
        subprocess.run(
            ["chown", "--recursive", "--no-dereference", f"{user}:{user}", str(folder)], check=True
        )


def _run(step: str, builder: Path, context: Path) -> None:
    environment = process_environment() | {
        "PATH": f"{builder}/bin:/usr/bin:/bin",
        "HOME": str(context.parent),
    }
    environment.pop("PYTHONPATH", None)
    line = [*_as_nobody(), f"--chdir={context}", "sh", "-c", step]
    done = subprocess.run(line, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"


class Shipped:
    """The compose file's processes, of that image and on that stack, as parts of it."""

    def __init__(self, image: Path, stack: Stack, production: dict[str, str]) -> None:
        self.image = image
        self.stack = stack
        self.services = compose(given_in_production(production))["services"]
        self.surroundings = {
            **{name: value for name, value in process_environment().items() if not name.startswith("PYTHON")},
            "PATH": f"{image}/bin:/usr/bin:/bin",
            **_image_environment(),
        }

    def part(self, name: str, service: str, role: Role, *command: str, **others: str) -> Part:
        """What the compose file tells it, with the stack's values; `command` stands for the service's own."""
        known = self.stack.environment(role)
        told = {one: known.get(one, "") for one in self.services[service]["environment"]}
        told |= {one: known[one] for one in DEMONSTRATION} | {"API_HOST": LOOPBACK, "METRICS_HOST": LOOPBACK}
        line = command or self.services[service]["command"]
        environment = self.surroundings | told | others
        line = [*_as_nobody(), *line]
        return Part(name, line, environment, ready_within_seconds=120, grace_seconds=30)


def _image_environment() -> dict[str, str]:
    said = dict(dockerfile()[-1])["ENV"].split()
    return {name: value for name, _, value in (one.partition("=") for one in said) if name != "PATH"}


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_the_demonstration_passes_on_two_workers_and_two_apis_of_the_image(
    image: Path, nothing_given: StackSettings, production_environment: dict[str, str]
) -> None:
    with ExitStack() as open_:
        stack = open_.enter_context(
            running_stack(
                image.parent / "var", parts=OUTSIDE, any_ports=True, durable=False, given=nothing_given
            )
        )
        supervisor = stack.supervisor
        assert supervisor is not None
        # The socket of the sandbox's Postgres is in a private folder, and ours is somebody else here.
        (stack.var / "postgres" / "socket").chmod(0o711)
        shipped = Shipped(image, stack, production_environment)
        whose = [*_as_nobody(), f"{image}/bin/python", "-c", "import deploy; print(deploy.__file__)"]
        assert subprocess.check_output(whose, text=True).startswith(str(image))
        supervisor.run(shipped.part("setup", "setup", "owner"))
        supervisor.run(shipped.part("seed", "setup", "owner", "omea", "seed"))
        ports = [free_port(), free_port()]
        address = stack.environment("api")["TEMPORAL_ADDRESS"]
        for number, port in enumerate(ports, start=1):
            own = {"API_PORT": str(port), "METRICS_PORT": _port(stack, "api_metrics", number)}
            api = shipped.part(_name("api", number), "api", "api", **own)
            own = {"METRICS_PORT": _port(stack, "worker_metrics", number)}
            supervisor.start(shipped.part(_name("worker", number), "worker", "worker", **own), api)
        own = {"METRICS_PORT": _port(stack, "metrics")}
        supervisor.start(shipped.part("metrics", "metrics", "worker", **own))
        own = {
            "PAYLOAD_KEY": stack.environment("api")["PAYLOAD_KEY"],
            "CODEC_HOST": LOOPBACK,
            "CODEC_PORT": _port(stack, "codec"),
            "CODEC_API_URL": stack.url("api"),
            "CODEC_UI_ORIGIN": stack.url("temporal_ui"),
        }
        supervisor.start(shipped.part("codec", "codec", "api", **own))
        front = open_.enter_context(Balancer(int(_port(stack, "api")), ports))
        assert until(lambda: all(_is_ready(port) for port in ports), patience=60)
        workers = [supervisor.pid(_name("worker", number)) for number in (1, 2)]
        assert until(
            lambda: all(temporal.is_polled_by(address, "omea", "omea", pid) for pid in workers), patience=60
        )
        assert asyncio.run(demonstration.run(stack)) == 0
        # Neither API was spared.
        assert min(front.connections.values()) > 0
        assert _written_by_nobody() == []


def _name(service: str, number: int) -> str:
    """The first is the stack's own, by whose name the demonstration looks for its log."""
    return service if number == 1 else f"{service}-{number}"


def _port(stack: Stack, name: str, number: int = 1) -> str:
    """The one on which the stack looks for the first of that sort, and any for the others."""
    url = stack.urls.get(name) if number == 1 else None
    return str(urlsplit(url).port if url else free_port())


def _written_by_nobody() -> list[str]:
    """Files of theirs outside /tmp; they can own none unless they are another user."""
    if os.geteuid() != 0:
        return []
    elsewhere = ["-not", "-path", "/proc/*", "-not", "-path", "/tmp/*"]  # noqa: S108
    line = ["find", "/", "/dev/shm", "-xdev", "-uid", str(NOBODY), *elsewhere]  # noqa: S108
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.splitlines()


def _is_ready(port: int) -> bool:
    return answers(f"http://{LOOPBACK}:{port}/readyz")
