from pathlib import Path

import pytest

from deploy.sandbox.secrets import SecretsUnreadable, kept_secrets


def test_keys_are_drawn_once_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert kept_secrets(path) == kept_secrets(path)
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_two_sandboxes_share_no_key(tmp_path: Path) -> None:
    one, other = (vars(kept_secrets(tmp_path / name)) for name in ("one.json", "other.json"))
    assert set(one.values()) & set(other.values()) == set()


def test_a_damaged_file_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{")
    with pytest.raises(SecretsUnreadable):
        kept_secrets(path)
    assert path.read_text() == "{"
