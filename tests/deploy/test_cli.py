import subprocess
import sys
from pathlib import Path

from deploy.settings import process_environment
from deploy.stack import Stack


def omea(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *arguments],
        env=process_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_settings_and_without_a_stack_every_missing_setting_is_named(tmp_path: Path) -> None:
    done = omea("setup", "--var", str(tmp_path))
    first, *problems = done.stderr.splitlines()
    assert (done.returncode, first) == (1, "omea : démarrage refusé, réglages à corriger :")
    assert "  DATABASE_URL : manque" in problems


def test_a_stack_that_is_held_is_refused_in_one_line(outside: Stack) -> None:
    done = omea("up", "--var", str(outside.var))
    holder = outside.supervisor.record.holder.pid if outside.supervisor else 0
    assert (done.returncode, done.stderr) == (
        1,
        f"omea : {outside.var} sert déjà à un autre environnement : processus {holder}\n",
    )


def test_a_command_that_does_not_exist_is_a_usage_error() -> None:
    assert omea("frobnicate").returncode == 2


def test_help_is_given_without_settings() -> None:
    done = omea("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert [
        name
        for name in ("up", "setup", "seed", "check", "demo", "token", "payouts", "ledger", "bank", "webhooks")
        if name not in done.stdout
    ] == []
