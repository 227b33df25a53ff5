"""What earlier commits were like, where the checkout has them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _git(*arguments: str) -> str | None:
    """What git says; None where there is no git, no repository, or not that commit."""
    try:
        done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    return done.stdout.strip()


NEEDS_HISTORY = pytest.mark.skipif(
    _git("rev-parse", "--verify", "HEAD~1^{commit}") is None, reason="the commits before are not here"
)


def previous_commit(having: str = "README.md") -> str:
    """The one before this; or the newest before it that has that file."""
    if _git("cat-file", "-e", f"HEAD~1:{having}") is not None:
        return "HEAD~1"
    for commit in (_git("rev-list", "HEAD~1") or "").split():
        if _git("cat-file", "-e", f"{commit}:{having}") is not None:
            return commit
    pytest.skip(f"no commit before this one has {having}")


def changed_since(commit: str, directory: Path, kinds: str) -> list[str]:
    """Files that were there and are not as they were: `kinds` are git's letters, M for modified, D for
    deleted."""
    told = _git("diff", "--name-only", "--no-renames", f"--diff-filter={kinds}", commit, "--", str(directory))
    assert told is not None
    return told.split()


def check_out(commit: str, directory: Path) -> Path:
    """The code of that commit, below a directory. The repository is not touched."""
    archive = subprocess.run(
        ["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", directory], input=archive, check=True)
    return directory
