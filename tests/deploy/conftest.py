"""Settings that are right, a stack of the outside parts, and processes told apart by what they serve."""

import base64
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from deploy.demo_company import DEMO_COMPANY
from deploy.settings import Settings, StackSettings, read_settings, read_stack_settings
from deploy.stack import Stack, running_stack

OUTSIDE = ("postgres", "temporal", "mailbox", "codec")


def a_key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


@pytest.fixture
def sandbox_environment() -> dict[str, str]:
    return {
        "OMEA_ENVIRONMENT": "sandbox",
        "DATABASE_URL": "postgresql+psycopg://omea_api@/omea?host=/run/omea",
        "TEMPORAL_ADDRESS": "127.0.0.1:7233",
        "STRIPE_API_KEY": "sk_test_0123456789",
        "STRIPE_API_BASE": "http://127.0.0.1:8100",
        "STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
        "SMTP_URL": "smtp://127.0.0.1:1025",
        "MAIL_FROM": "bonjour@omeasupport.example",
        "BACK_OFFICE_MAIL": "equipe@omeasupport.example",
        **DEMO_COMPANY,
        "PAYLOAD_KEY": a_key("payload"),
        "TOKEN_KEY": a_key("token"),
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "PACE": "demo",
        "OPENING_HOURS": "always",
    }


@pytest.fixture
def production_environment(sandbox_environment: dict[str, str]) -> dict[str, str]:
    without = {"STRIPE_API_BASE", "PACE", "OPENING_HOURS"}
    kept = {name: value for name, value in sandbox_environment.items() if name not in without}
    return kept | {
        "OMEA_ENVIRONMENT": "production",
        "OMEA_BUILD_ID": "2026-11-27.3",
        "STRIPE_API_KEY": "sk_live_0123456789abcdef",
        "STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef0123456789abcdef",
        "PUBLIC_URL": "https://omeasupport.example",
        "COMPANY_SIREN": "123 456 782",
        "COMPANY_VAT_NUMBER": "FR 11 123456782",
        "COMPANY_IBAN": "FR14 2004 1010 0505 0001 3M02 606",
    }


@pytest.fixture
def settings(sandbox_environment: dict[str, str]) -> Settings:
    return read_settings(sandbox_environment)


@pytest.fixture
def nothing_given() -> StackSettings:
    return read_stack_settings({})


@pytest.fixture(scope="package")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The outside world, without our own processes."""
    var = tmp_path_factory.mktemp("stack")
    given = read_stack_settings({})
    with running_stack(var, parts=OUTSIDE, any_ports=True, durable=False, given=given) as stack:
        yield stack


def until(condition: Callable[[], bool], patience: float = 20) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes_about(directory: Path) -> list[str]:
    """Command lines of the processes that serve this directory, whoever their parent is by now."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(directory) in line and process.pid != os.getpid():
            found.append(line)
    return found


def a_python(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True)
