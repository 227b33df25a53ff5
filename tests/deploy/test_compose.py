"""deploy/compose.yaml: one command for a whole deployment.

There is no container engine here: what can be known without one is that the file is one, and that each
process is told what it needs and understands. tests/deploy/test_shipped_processes.py runs their commands.
"""

import subprocess
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from deploy.sandbox import postgres, temporal
from deploy.settings import (
    CodecServerSettings,
    Settings,
    read_codec_server_settings,
    read_settings,
)
from domain.ids import transfers_queue
from tests.deploy.shipped import DEPLOY, OURS, PLACES, Lacking, compose, given_in_production, names_of

# Which build a worker is of; the others are told so as not to differ.
OF_OTHER_PARTS = {"OMEA_BUILD_ID"}


@pytest.fixture
def filled(production_environment: dict[str, str]) -> dict[str, Any]:
    return compose(given_in_production(production_environment))


def _names(model: type[Settings] | type[CodecServerSettings], *, required: bool) -> set[str]:
    fields = model.model_fields.values()
    return {str(field.validation_alias) for field in fields if field.is_required() or not required}


def test_the_file_is_a_compose_file(filled: dict[str, Any]) -> None:
    read = PyCompose.from_yaml(yaml.safe_dump(filled))
    assert set(read.service_names()) == {
        *("postgres", "temporal-schema", "temporal", "temporal-ui"),
        *("setup", "worker", "api", "metrics", "codec", "proxy"),
    }
    with pytest.raises(ValueError, match="bogus"):
        PyCompose.from_yaml(yaml.safe_dump(filled | {"bogus": {}}))


def test_the_example_names_what_must_be_given_and_nothing_else() -> None:
    asked = {name for name, sort in PLACES.findall((DEPLOY / "compose.yaml").read_text()) if sort == "?"}
    named = names_of(DEPLOY / "env.example")
    assert (set(named), len(named)) == (asked, len(asked))


def test_without_one_of_them_nothing_starts(production_environment: dict[str, str]) -> None:
    given = given_in_production(production_environment)
    for name in given:
        with pytest.raises(Lacking, match=f"^{name}$"):
            compose(given | {name: ""})


@pytest.mark.parametrize("service", OURS)
def test_each_process_is_told_what_it_needs_and_nothing_that_it_would_not_read(
    filled: dict[str, Any], service: str
) -> None:
    model = CodecServerSettings if service == "codec" else Settings
    told = set(filled["services"][service]["environment"])
    assert _names(model, required=True) - told == set()
    assert told - _names(model, required=False) <= OF_OTHER_PARTS


def test_the_settings_of_a_production_are_accepted_each_with_its_own_role(filled: dict[str, Any]) -> None:
    told = {name: filled["services"][name]["environment"] for name in OURS}
    read = {name: read_settings(told[name]) for name in ("setup", "worker", "metrics", "api")}
    assert {name: settings.database_url.get_secret_value() for name, settings in read.items()} == {
        "setup": "postgresql+psycopg://omea_owner:0omea_owner_password@postgres/omea",
        "worker": "postgresql+psycopg://omea_worker:0omea_worker_password@postgres/omea",
        "metrics": "postgresql+psycopg://omea_worker:0omea_worker_password@postgres/omea",
        "api": "postgresql+psycopg://omea_api:0omea_api_password@postgres/omea",
    }
    assert all(settings.is_production for settings in read.values())
    codec = read_codec_server_settings(told["codec"])
    assert (codec.is_production, codec.api_url, codec.ui_origin) == (
        *(True, "https://omea.example", "https://temporal.omea.example"),
    )


def test_ours_write_nowhere_gain_nothing_and_have_time_to_stop(filled: dict[str, Any]) -> None:
    wanted = {
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108  # the container's own
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "stop_grace_period": "30s",
    }
    for name in OURS:
        assert {key: filled["services"][name][key] for key in wanted} == wanted


def test_what_works_waits_until_all_is_set_up_and_there_are_two_of_each(filled: dict[str, Any]) -> None:
    services = filled["services"]
    assert services["setup"]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "temporal": {"condition": "service_healthy"},
    }
    assert services["temporal"]["depends_on"] == {
        "temporal-schema": {"condition": "service_completed_successfully"}
    }
    for name in ("worker", "api"):
        assert services[name]["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}
        assert services[name]["deploy"]["replicas"] == 2


def test_only_the_proxy_is_reached_from_outside(filled: dict[str, Any]) -> None:
    assert [name for name, service in filled["services"].items() if "ports" in service] == ["proxy"]
    assert filled["networks"]["inside"] == {"internal": True}
    reached = {name for name, service in filled["services"].items() if "front" in service["networks"]}
    assert reached == {"temporal-ui", "setup", "worker", "api", "codec", "proxy"}
    subnet = filled["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert filled["services"]["api"]["environment"]["TRUSTED_PROXIES"] == subnet


def test_the_proxy_leads_to_services_that_are_there(filled: dict[str, Any]) -> None:
    proxy = (DEPLOY / "compose" / "Caddyfile").read_text()
    told = {name: service.get("environment", {}) for name, service in filled["services"].items()}
    for name, port in (("api", told["api"]["API_PORT"]), ("codec", told["codec"]["CODEC_PORT"])):
        assert f"{name}:{port}" in proxy or f"dynamic a {name} {port}" in proxy
    assert {f"{{${name}}}" in proxy for name in told["proxy"]} == {True}


def test_the_temporal_ui_is_for_reading(filled: dict[str, Any]) -> None:
    told = filled["services"]["temporal-ui"]["environment"]
    assert told["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"
    assert told["TEMPORAL_CODEC_ENDPOINT"] == "https://omea.example/codec"


def test_temporal_is_the_one_that_we_are_tested_with(filled: dict[str, Any]) -> None:
    said = subprocess.run(
        [str(temporal.temporal_program()), "--version"], capture_output=True, text=True, check=True
    ).stdout
    images = {name: service["image"] for name, service in filled["services"].items()}
    server, ui = images["temporal"].partition(":")[2], images["temporal-ui"].partition(":")[2]
    assert f"(Server {server}, UI {ui})" in said
    assert images["temporal-schema"] == f"temporalio/admin-tools:{server}"


def test_transfers_have_one_partition_as_in_the_sandbox(filled: dict[str, Any]) -> None:
    dynamic = yaml.safe_load((DEPLOY / "compose" / "temporal-dynamic.yaml").read_text())
    assert {f"{name}={one['value']}" for name, [one] in dynamic.items()} == set(temporal.ONE_PARTITION)
    queues = {one["constraints"]["taskQueueName"] for [one] in dynamic.values()}
    assert queues == {transfers_queue(Settings.model_fields["task_queue"].default)}


def test_postgres_is_the_one_that_we_are_tested_with_and_logs_nothing_that_people_wrote(
    filled: dict[str, Any],
) -> None:
    service = filled["services"]["postgres"]
    said = subprocess.run(
        [str(postgres.postgres_programs() / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f" {service['image'].partition(':')[2]}." in said
    discretion = {
        name: value
        for name, value in postgres.EVERYWHERE.items()
        if name.startswith(("log_error", "log_min", "log_parameter"))
    }
    assert service["command"] == ["postgres", *(f"-c{name}={value}" for name, value in discretion.items())]
