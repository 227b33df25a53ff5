"""What import-linter cannot say about the rooms: who reads the environment."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for room in ("domain", "db", "activities", "workflows", "api", "deploy")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\bos\.(environ|getenv|putenv)\b", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["deploy/settings.py"]
