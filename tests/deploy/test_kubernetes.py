"""deploy/kubernetes: documents against the schemas of Kubernetes and KEDA, names against what they mean."""

import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.settings import CodecServerSettings, Settings
from tests.deploy.shipped import DEPLOY, OVERLAYS, compose, given_in_production, manifests, names_of

FOLDER = DEPLOY / "kubernetes"
PRODUCTION = OVERLAYS / "production"
VERSION = "1.34"
OURS = {"api": "api", "worker": "worker", "metrics": "worker", "setup": "owner", "owner": "owner"}


def _all() -> list[dict[str, Any]]:
    """Everything that a deployment sends, each document once."""
    sent = [one for part in ("", "setup", "owner", "worker") for one in manifests(f"production/{part}")]
    return list({(one["kind"], one["metadata"]["name"]): one for one in sent}.values())


def _one(kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in _all() if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def _pods() -> dict[str, dict[str, Any]]:
    """What describes each pod, by the name that its label says."""
    return {
        document["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"]: document["spec"][
            "template"
        ]
        for document in _all()
        if document["kind"] in {"Deployment", "Job"}
    }


def test_each_document_is_what_its_kind_may_be() -> None:
    # A second to load, which every process of the tests would spend.
    from cloudcoil.models.keda import v1alpha1 as keda

    for document in _all():
        if document["apiVersion"].startswith("keda.sh/"):
            read = keda.ScaledObject.model_validate(document)
            # The model leaves out what it does not know.
            assert read.model_dump(by_alias=True, exclude_none=True) == document
        else:
            kubernetes_validate.validate(document, VERSION, strict=True)


def test_what_is_not_of_its_kind_is_refused() -> None:
    wrong = _one("Service", "api") | {"spec": {"ports": [{"port": 80, "target": "http"}]}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_each_folder_lists_what_is_in_it_and_what_it_needs_is_there() -> None:
    for path in FOLDER.rglob("kustomization.yaml"):
        listed = yaml.safe_load(path.read_text())
        named = {*listed.get("resources", []), *listed.get("components", [])}
        assert all((path.parent / name).exists() for name in named)
        beside = {one.name for one in path.parent.glob("*.yaml")} - {"kustomization.yaml"}
        assert beside == {name for name in named if name.endswith(".yaml")}


def test_pods_are_as_restricted_as_pods_can_be() -> None:
    for name, pod in _pods().items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        [container] = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]) == {"requests", "limits"}, name
    assert (
        _one("Namespace", "omea")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    )


def test_the_processes_are_those_of_the_compose_file(production_environment: dict[str, str]) -> None:
    services = compose(given_in_production(production_environment))["services"]
    for name in ("api", "worker", "metrics", "codec"):
        [container] = _pods()[name]["spec"]["containers"]
        assert container["command"] == services[name]["command"]
    # Which build is given the work is said apart, once its workers are there.
    [setup] = _pods()["setup"]["spec"]["containers"]
    assert setup["command"] == ["omea", "setup"]
    # In this one a person runs what is run as the owner, and does not for ever.
    owner = _one("Job", "owner")["spec"]
    [container] = owner["template"]["spec"]["containers"]
    assert container["command"] == ["sleep", "28800"]
    assert owner["activeDeadlineSeconds"] > 28800
    [ui] = _pods()["temporal-ui"]["spec"]["containers"]
    assert ui["image"] == services["temporal-ui"]["image"]
    told = {one["name"]: one.get("value") for one in ui["env"]}
    assert told["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


def test_each_process_is_told_what_it_needs_and_its_own_role_alone(
    production_environment: dict[str, str],
) -> None:
    shown = set(_one("ConfigMap", "omea-settings")["data"]) | {"OMEA_BUILD_ID"}
    secret = set(names_of(PRODUCTION / "secrets.example"))
    required = {
        str(field.validation_alias) for field in Settings.model_fields.values() if field.is_required()
    }
    assert shown & secret == set()
    assert required - {"DATABASE_URL"} <= shown | secret
    for name, role in OURS.items():
        [container] = _pods()[name]["spec"]["containers"]
        assert container["envFrom"] == [
            {"configMapRef": {"name": "omea-settings"}},
            {"secretRef": {"name": "omea-secrets"}},
        ]
        [url] = [one for one in container["env"] if one["name"] == "DATABASE_URL"]
        assert url["valueFrom"]["secretKeyRef"] == {"name": "omea-database", "key": role}
    [codec] = _pods()["codec"]["spec"]["containers"]
    told = {one["name"] for one in codec["env"]} | set(_one("ConfigMap", "codec-settings")["data"])
    asked = {str(f.validation_alias) for f in CodecServerSettings.model_fields.values() if f.is_required()}
    assert asked <= told
    assert codec["envFrom"] == [{"configMapRef": {"name": "codec-settings"}}]


def test_no_secret_is_in_any_of_them() -> None:
    assert [document for document in _all() if document["kind"] == "Secret"] == []
    assert {line.partition("=")[2] for line in (PRODUCTION / "secrets.example").read_text().splitlines()} == {
        ""
    }


def test_the_release_is_the_image_and_the_build_and_each_build_has_workers_of_its_own() -> None:
    release = yaml.safe_load((PRODUCTION / "release" / "release.yaml").read_text())["data"]["build"]
    for name in OURS:
        [container] = _pods()[name]["spec"]["containers"]
        assert container["image"].rpartition(":")[2] == release
        assert {"name": "OMEA_BUILD_ID", "value": release} in container["env"]
    named, version = f"worker-{release}", {"app.kubernetes.io/version": release}
    chosen = {"app.kubernetes.io/name": "worker"} | version
    deployment, scaled = _one("Deployment", named), _one("ScaledObject", named)
    assert deployment["spec"]["selector"]["matchLabels"] == chosen
    assert deployment["spec"]["template"]["metadata"]["labels"].items() >= chosen.items()
    assert _one("PodDisruptionBudget", named)["spec"]["selector"]["matchLabels"] == chosen
    assert scaled["spec"]["scaleTargetRef"] == {"name": named}
    # By this label they are taken away once nothing is pinned to them.
    sent = [one for one in _all() if one["metadata"].get("labels", {}).items() >= version.items()]
    assert {one["kind"] for one in sent} == {"Deployment", "ScaledObject", "PodDisruptionBudget"}


def test_probes_ask_ports_that_are_there() -> None:
    for name, pod in _pods().items():
        [container] = pod["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
        asked = [container[probe]["httpGet"] for probe in container if probe.endswith("Probe")]
        assert {one["port"] for one in asked} <= set(ports), name
        assert ("livenessProbe" in container, "readinessProbe" in container) == (
            name not in {"setup", "owner"},
        ) * 2
    # Not `/metrics`, which Temporal's core answers even while our event loop is stuck.
    for name, port in (("api", "http"), ("worker", "health")):
        [container] = _pods()[name]["spec"]["containers"]
        assert [container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")] == [
            {"path": path, "port": port} for path in ("/healthz", "/healthz", "/readyz")
        ]
    listening = {
        "api": "API_PORT",
        "worker": "HEALTH_PORT",
        "metrics": "METRICS_PORT",
        "codec": "CODEC_PORT",
    }
    for name, setting in listening.items():
        [container] = _pods()[name]["spec"]["containers"]
        [value] = [one["value"] for one in container["env"] if one["name"] == setting]
        assert int(value) in {port["containerPort"] for port in container["ports"]}


def test_what_selects_pods_finds_them() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in _pods().items()}
    assert {name: one["app.kubernetes.io/name"] for name, one in labels.items()} == {
        name: name for name in labels
    }
    for document in _all():
        match document["kind"]:
            case "Service":
                found = {document["spec"]["selector"]["app.kubernetes.io/name"]}
            case "Deployment" | "PodDisruptionBudget":
                found = {document["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]}
            case "HorizontalPodAutoscaler":
                found = {document["spec"]["scaleTargetRef"]["name"]}
            case "NetworkPolicy":
                selector = document["spec"]["podSelector"]
                found = {*selector.get("matchLabels", {}).values()}
                found |= {value for one in selector.get("matchExpressions", ()) for value in one["values"]}
            case _:
                continue
        assert found <= set(labels), document["metadata"]["name"]


def test_workers_follow_the_backlog_of_their_own_build() -> None:
    [scaled] = [one for one in _all() if one["kind"] == "ScaledObject"]
    [trigger] = scaled["spec"]["triggers"]
    shown = _one("ConfigMap", "omea-settings")["data"]
    queue = Settings.model_fields["task_queue"].default
    assert trigger["type"] == "temporal"
    assert trigger["metadata"] == {
        "endpoint": shown["TEMPORAL_ADDRESS"],
        "namespace": shown["TEMPORAL_NAMESPACE"],
        "taskQueue": queue,
        "queueTypes": "workflow,activity",
        "workerDeploymentName": queue,
        "workerDeploymentBuildId": scaled["metadata"]["labels"]["app.kubernetes.io/version"],
        "targetQueueSize": "20",
    }
    # Whoever writes the number of pods must be the only one.
    for name in ("api", scaled["metadata"]["name"]):
        assert "replicas" not in _one("Deployment", name)["spec"]


def _peer(one: dict[str, Any]) -> str:
    """A namespace, or what is outside of the cluster."""
    if "ipBlock" in one:
        assert one["ipBlock"]["cidr"] == "0.0.0.0/0"
        assert one["ipBlock"]["except"] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]
        return "internet"
    assert set(one) == {"namespaceSelector"}
    return str(one["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"])


def test_they_ask_the_temporal_of_the_settings(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes" / "overlays" / "production"
    settings = overlay / "settings" / "settings.yaml"
    text = settings.read_text()
    for name, value in (("ADDRESS", "omea.a1b2c.tmprl.cloud:7233"), ("NAMESPACE", "omea.a1b2c")):
        text = re.sub(rf"TEMPORAL_{name}: .*", f"TEMPORAL_{name}: {value}", text)
    settings.write_text(text)
    [scaled] = [one for one in manifests(str(overlay / "worker")) if one["kind"] == "ScaledObject"]
    asked = scaled["spec"]["triggers"][0]["metadata"]
    assert (asked["endpoint"], asked["namespace"]) == ("omea.a1b2c.tmprl.cloud:7233", "omea.a1b2c")


def test_what_workers_need_is_sent_with_them() -> None:
    """They come first, before what is of the API, and are bound from their start."""
    sent = {(one["kind"], one["metadata"]["name"]) for one in manifests("production/worker")}
    pod = _pods()["worker"]["spec"]
    given = {
        source["configMapRef"]["name"]
        for source in pod["containers"][0]["envFrom"]
        if "configMapRef" in source
    }
    policies = {
        ("NetworkPolicy", one["metadata"]["name"]) for one in _all() if one["kind"] == "NetworkPolicy"
    }
    needed = policies | {("Namespace", "omea"), ("ServiceAccount", pod["serviceAccountName"])}
    assert needed | {("ConfigMap", name) for name in given} <= sent


def test_who_may_speak_to_whom() -> None:
    """By pod: who asks it on which ports, and whom it may ask on which, beside the names of hosts."""
    asked: dict[str, set[tuple[str, str | int]]] = defaultdict(set)
    asking: dict[str, set[tuple[str, str | int]]] = defaultdict(set)
    for document in _all():
        if document["kind"] != "NetworkPolicy" or document["spec"]["podSelector"] == {}:
            continue
        selector = document["spec"]["podSelector"]
        pods = {*selector.get("matchLabels", {}).values()}
        pods |= {value for one in selector.get("matchExpressions", ()) for value in one["values"]}
        for pod in pods:
            for direction, end, found in (("ingress", "from", asked), ("egress", "to", asking)):
                for rule in document["spec"].get(direction, ()):
                    peers = [_peer(one) for one in rule[end]] if end in rule else ["anybody"]
                    found[pod] |= {(peer, port["port"]) for peer in peers for port in rule["ports"]}
    seen, figures = ("ingress-nginx", "http"), ("monitoring", "metrics")
    assert dict(asked) == {
        "api": {seen, figures},
        "worker": {figures},
        "metrics": {figures},
        "codec": {seen},
        "temporal-ui": {seen},
    }
    internet, traces, temporal = ("internet", 443), ("monitoring", 4318), ("anybody", 7233)
    stores = {("anybody", 5432), temporal}
    mail_and_sessions = {("anybody", port) for port in (465, 587, 995, 8081)}
    assert dict(asking) == {
        "api": stores | {internet, traces},
        "worker": stores | {internet, traces} | mail_and_sessions,
        # The API's public name is the one or the other, as the cluster has it.
        "codec": {internet, ("ingress-nginx", 443)},
        "temporal-ui": {temporal},
        "metrics": stores,
        "setup": stores,
        "owner": stores | {internet} | mail_and_sessions,
    }
    everything = _one("NetworkPolicy", "nothing-else")["spec"]
    assert everything == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
