"""Temporal as the surroundings give it: an address, a key, certificates, or a profile in a file."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.service import TLSConfig

from deploy.settings import SettingsRefused, read_settings
from deploy.stack import Stack
from deploy.temporal import connect, prepare_namespace
from tests.deploy.test_temporal import WANTED

PROFILES = """
[profile.default]
address = "eu.tmprl.example:7233"
namespace = "omea.a1b2c"
api_key = "the key of the file"

[profile.clear]
address = "eu.tmprl.example:7233"
api_key = "the key of the file"
[profile.clear.tls]
disabled = true
"""


@pytest.fixture
def profiles(tmp_path: Path) -> str:
    path = tmp_path / "temporal.toml"
    path.write_text(PROFILES)
    return str(path)


@pytest.fixture
def pems(tmp_path: Path) -> dict[str, str]:
    """Settings that name files, each with its own name in it."""
    files = {
        "TEMPORAL_TLS_CLIENT_CERT_PATH": tmp_path / "certificate",
        "TEMPORAL_TLS_CLIENT_KEY_PATH": tmp_path / "key",
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH": tmp_path / "authority",
    }
    for path in files.values():
        path.write_text(path.name)
    return {name: str(path) for name, path in files.items()}


def test_an_address_alone_is_reached_without_tls(sandbox_environment: dict[str, str]) -> None:
    connection = read_settings(sandbox_environment).temporal_connection
    assert connection == {"target_host": "127.0.0.1:7233", "namespace": "omea"}


def test_a_key_is_sent_over_tls(production_environment: dict[str, str]) -> None:
    settings = read_settings(production_environment | {"TEMPORAL_API_KEY": "the key"})
    assert settings.temporal_connection == {
        "target_host": "127.0.0.1:7233",
        "namespace": "omea",
        "api_key": "the key",
        "tls": True,
    }
    assert "the key" not in repr(settings)


def test_certificates_are_files_or_texts(
    production_environment: dict[str, str], pems: dict[str, str]
) -> None:
    wanted = TLSConfig(
        server_root_ca_cert=b"authority",
        domain="temporal.example",
        client_cert=b"certificate",
        client_private_key=b"key",
    )
    named = {"TEMPORAL_TLS_SERVER_NAME": "temporal.example"}
    texts = {name.replace("_PATH", "_DATA"): Path(path).name for name, path in pems.items()}
    for given in (pems, texts):
        settings = read_settings(production_environment | named | given)
        assert settings.temporal_connection["tls"] == wanted


def test_a_profile_is_read_where_its_file_is_named_and_what_is_set_besides_counts_more(
    production_environment: dict[str, str], profiles: str
) -> None:
    del production_environment["TEMPORAL_ADDRESS"]
    given = production_environment | {"TEMPORAL_CONFIG_FILE": profiles}
    found = {
        "target_host": "eu.tmprl.example:7233",
        "namespace": "omea.a1b2c",
        "api_key": "the key of the file",
        "tls": True,
    }
    settings = read_settings(given)
    assert settings.temporal_connection == found
    assert (settings.temporal_address, settings.temporal_namespace) == ("eu.tmprl.example:7233", "omea.a1b2c")
    changed = read_settings(given | {"TEMPORAL_NAMESPACE": "another"}).temporal_connection
    assert changed == found | {"namespace": "another"}


def test_what_cannot_be_followed_is_refused_by_name_and_never_quoted(
    production_environment: dict[str, str], profiles: str, pems: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('[profile.default]\napi_key = "the key of the file')
    certificate, key, _ = pems
    for given, refused in (
        ({"TEMPORAL_CONFIG_FILE": str(tmp_path / "absent")}, "TEMPORAL_CONFIG_FILE"),
        ({"TEMPORAL_CONFIG_FILE": str(broken)}, "TEMPORAL_CONFIG_FILE"),
        ({"TEMPORAL_CONFIG_FILE": profiles, "TEMPORAL_PROFILE": "absent"}, "TEMPORAL_CONFIG_FILE"),
        ({"TEMPORAL_CONFIG_FILE": profiles, "TEMPORAL_PROFILE": "clear"}, "TEMPORAL_TLS"),
        ({"TEMPORAL_PROFILE": "default"}, "TEMPORAL_CONFIG_FILE"),
        ({"TEMPORAL_API_KEY": "a key", "TEMPORAL_TLS": "false"}, "TEMPORAL_TLS"),
        ({"TEMPORAL_TLS": "perhaps"}, "TEMPORAL_TLS"),
        ({certificate: pems[certificate]}, key),
        ({key: pems[key]}, certificate),
        ({**pems, key: str(tmp_path / "absent")}, key),
        ({**pems, "TEMPORAL_TLS_CLIENT_KEY_DATA": "twice"}, "TEMPORAL_TLS_CLIENT_KEY_DATA"),
    ):
        with pytest.raises(SettingsRefused) as refusal:
            read_settings(production_environment | given)
        assert set(refusal.value.problems) == {refused}, given
        assert "a key" not in str(refusal.value)
        assert "of the file" not in str(refusal.value)


async def test_a_profile_leads_to_a_real_server(outside: Stack, tmp_path: Path) -> None:
    environment = outside.environment("owner")
    path = tmp_path / "temporal.toml"
    path.write_text(
        f'[profile.here]\naddress = "{environment.pop("TEMPORAL_ADDRESS")}"\nnamespace = "by-profile"\n'
    )
    del environment["TEMPORAL_NAMESPACE"]
    settings = read_settings(environment | {"TEMPORAL_CONFIG_FILE": str(path), "TEMPORAL_PROFILE": "here"})
    client = await connect(settings, patience=timedelta(seconds=5))
    await prepare_namespace(client, settings, WANTED)
    assert client.namespace == "by-profile"
