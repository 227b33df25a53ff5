"""The dashboard and the alerts name nothing that is not there: no metric, no invariant, no runbook."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from promql_parser import Expr, MatchOp, MatrixSelector, VectorSelector, parse, walk
from temporalio import activity, workflow
from temporalio.api.workflowservice.v1 import CountWorkflowExecutionsRequest
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from api.temporal import Temporal
from db.engine import create_engine, sessions
from deploy import releases
from deploy.demo.figures import figures_of
from deploy.metrics.figures import from_postgres, from_temporal
from deploy.runtime import runtime_of
from deploy.sandbox.ports import LOOPBACK, free_port
from deploy.wiring import WORKFLOWS, workflow_runner
from domain.deadlines import PRODUCTION
from domain.invariants import Invariant
from domain.opening_hours import PRODUCTION as HOURS
from domain.tickets import Status
from tests.api.frontend import MORNING
from tests.api.rows import insert
from tests.deploy.shipped import manifests
from tests.deploy.test_metrics import scrape
from tests.support.postgres import Database
from tests.support.temporal import BUILD, running_environment
from workflows.search_attributes import KEYS

ROOT = Path(__file__).parents[2]
HERE = ROOT / "deploy" / "observability"


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((HERE / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    shown = json.loads((HERE / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    return [panel for panel in shown if panel["type"] != "row"]


def expressions() -> list[str]:
    return [rule["expr"] for rule in alerts()] + [
        target["expr"] for panel in panels() for target in panel["targets"]
    ]


def selectors_of(expression: str) -> list[VectorSelector]:
    """What is asked for in it. Raises ValueError for what Prometheus would not understand."""
    found: list[VectorSelector] = []

    def note(part: Expr) -> None:
        if isinstance(part, MatrixSelector):
            part = part.vector_selector
        if isinstance(part, VectorSelector):
            found.append(part)

    walk(parse(expression), note)
    return found


def metrics_of(expression: str) -> set[str]:
    return {selector.name for selector in selectors_of(expression) if selector.name}


def test_the_metrics_of_an_expression_are_found() -> None:
    asked = 'max by (a, b) (one{c=~"x|y"} > 0) or absent(two) - histogram_quantile(0.95, rate(three[5m]))'
    assert metrics_of(asked) == {"one", "two", "three"}
    with pytest.raises(ValueError, match="parenthesis"):
        selectors_of("max(one")


failing = True


@activity.defn
async def sometimes() -> None:
    if activity.info().attempt == 1:
        raise OSError("away")


@workflow.defn
class Stumbling:
    @workflow.run
    async def run(self) -> None:
        global failing
        if failing:
            failing = False
            raise RuntimeError("a fault of ours")
        again = RetryPolicy(initial_interval=timedelta(milliseconds=1))
        await workflow.execute_activity(
            sometimes, start_to_close_timeout=timedelta(seconds=5), retry_policy=again
        )


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


async def test_who_is_gone_asks_for_no_tasks(
    environment: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server names it for minutes more."""
    async with Worker(
        environment.client, task_queue="left", workflows=[Stumbling], workflow_runner=workflow_runner()
    ):
        for _ in range(100):
            if await Temporal(environment.client).has_worker("left"):
                break
            await asyncio.sleep(0.1)
    seen = []
    for within in (releases.SEEN_WITHIN, timedelta(0)):
        monkeypatch.setattr(releases, "SEEN_WITHIN", within)
        told = {family.name: family.samples for family in await from_temporal(environment.client, "left")}
        seen.append([sample.value for sample in told["omea_task_queue_pollers"]])
    assert seen == [[1, 0, 0], [0, 0, 0]]


async def test_every_metric_named_is_told(environment: WorkflowEnvironment, database: Database) -> None:
    insert(database, "invariant_checks", at=MORNING, name="sales", ok=True, total=0, rows="[]")
    address = f"{LOOPBACK}:{free_port()}"
    given = environment.client
    client = await Client.connect(
        given.service_client.config.target_host, namespace=given.namespace, runtime=runtime_of(address)
    )
    engine = create_engine(database.url("omea_worker"), pool_size=1)
    await releases.begin_with(client, "stumbling", BUILD)
    async with Worker(
        client,
        task_queue="stumbling",
        deployment_config=releases.deployment("stumbling", BUILD),
        workflows=[Stumbling],
        activities=[sometimes],
        workflow_runner=workflow_runner(),
    ):
        await client.execute_workflow(Stumbling.run, id="stumbling", task_queue="stumbling")
        ours = await scrape(
            {
                "postgres": lambda: from_postgres(sessions(engine), MORNING, PRODUCTION, HOURS),
                "temporal": lambda: from_temporal(client, "stumbling"),
            }
        )
        async with httpx.AsyncClient() as http:
            theirs = figures_of((await http.get(f"http://{address}/metrics")).text)
    await engine.dispose()
    assert {sample: value for sample, value in ours.items() if sample[0] == "omea_task_queue_pollers"} == {
        ("omea_task_queue_pollers", "workflow", "stumbling"): 1,
        ("omea_task_queue_pollers", "activity", "stumbling"): 1,
        ("omea_task_queue_pollers", "activity", "stumbling-transfers"): 0,
    }
    # `up` is Prometheus' own.
    told = {name for name, *_ in (*ours, *theirs)} | {"up"}
    named = set().union(*map(metrics_of, expressions()))
    assert named - told == set()
    # With the labels asked for.
    for selector in (one for expression in expressions() for one in selectors_of(expression)):
        for matcher in selector.matchers.matchers:
            if matcher.op == MatchOp.Equal and selector.name != "up":
                assert [one for one in ours if one[0] == selector.name and matcher.value in one[1:]]
    # And none of ours is told to nobody.
    assert {name for name, *_ in ours} - named == set()


def test_every_alert_says_what_it_is_in_french_and_which_runbook_to_open() -> None:
    for rule in alerts():
        assert set(rule) == {"alert", "expr", "labels", "annotations"} | ({"for"} & set(rule))
        assert set(rule["annotations"]) == {"summary", "runbook"}
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert (ROOT / rule["annotations"]["runbook"]).is_file()
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)


# What Prometheus takes for a length of time, and what it has for an alert's words beside its value.
DURATION = re.compile(r"[1-9][0-9]*[smhd]")
PLACE = re.compile(r"\{\{ (.*?) \}\}")


def test_the_words_of_an_alert_speak_of_what_its_expression_keeps() -> None:
    for rule in alerts():
        assert DURATION.fullmatch(rule.get("for", "1m"))
        kept = {name for names in re.findall(r"by \(([^)]*)\)", rule["expr"]) for name in names.split(", ")}
        # Of what is asked without adding up, all that Prometheus itself writes to each series.
        kept |= {"job", "instance"} if "up{" in rule["expr"] else set()
        places = PLACE.findall(rule["annotations"]["summary"])
        assert len(places) == rule["annotations"]["summary"].count("{{")
        labels = {place.removeprefix("$labels.") for place in places if place.startswith("$labels.")}
        assert labels <= kept, rule["alert"]
        others = {place for place in places if not place.startswith("$labels.")}
        assert others <= {"$value", "$value | humanizeDuration"}, rule["alert"]
        # Two that burn at once would read alike.
        assert kept - {"job", "instance"} <= labels, rule["alert"]


def test_each_invariant_that_is_not_true_is_one_alert() -> None:
    listed = [
        name
        for rule in alerts()
        for selector in selectors_of(rule["expr"])
        for matcher in selector.matchers.matchers
        if matcher.name == "invariant"
        for name in matcher.value.split("|")
    ]
    assert sorted(listed) == sorted(Invariant)


async def test_temporal_understands_each_search_of_the_team_and_its_words_are_ours(
    environment: WorkflowEnvironment,
) -> None:
    text = (HERE / "recherches-temporal.md").read_text(encoding="utf-8")
    searches = re.findall(r"^\|[^|`]+\| `([^`]+)` \|$", text, re.MULTILINE)
    assert len(searches) == text.count("\n| ") - 1
    client = environment.client
    for search in searches:
        await client.workflow_service.count_workflow_executions(
            CountWorkflowExecutionsRequest(namespace=client.namespace, query=search)
        )
    together = " ".join(searches)
    assert set(re.findall(r'WorkflowType = "(\w+)"', together)) <= {
        workflow._Definition.must_from_class(one).name for one in WORKFLOWS
    }
    assert set(re.findall(r'TicketStatus = "(\w+)"', together)) <= set(Status)
    # Each thing that can be searched by is shown.
    assert {key.name for key in KEYS if key.name not in together} == set()


def prometheus(name: str) -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return given


def test_prometheus_reads_the_rules_and_each_process_of_each_service() -> None:
    given = prometheus("prometheus.yaml")
    assert [(HERE / name).is_file() for name in given["rule_files"]] == [True]
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    telling = {name for name, one in services.items() if "METRICS_PORT" in str(one.get("environment"))}
    assert {one["job_name"]: one["dns_sd_configs"] for one in given["scrape_configs"]} == {
        f"omea-{name}": [{"names": [name], "type": "A", "port": 9464}] for name in telling
    }
    pods = [
        one["spec"]["template"]
        for one in (*manifests("production"), *manifests("production/worker"))
        if one["kind"] == "Deployment"
    ]
    assert telling == {
        pod["metadata"]["labels"]["app.kubernetes.io/name"]
        for pod in pods
        if "metrics" in {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    }


def test_on_kubernetes_the_ports_of_figures_are_read_and_the_jobs_called_alike() -> None:
    given = prometheus("prometheus-kubernetes.yaml")
    assert given["rule_files"] == prometheus("prometheus.yaml")["rule_files"]
    [job] = given["scrape_configs"]
    [where] = job["kubernetes_sd_configs"]
    namespace = manifests("production")[0]["metadata"]["name"]
    assert where == {"role": "pod", "namespaces": {"names": [namespace]}}
    keep, name, _ = job["relabel_configs"]
    assert keep == {
        "source_labels": ["__meta_kubernetes_pod_container_port_name"],
        "regex": "metrics",
        "action": "keep",
    }
    assert name == {
        "source_labels": ["__meta_kubernetes_pod_label_app_kubernetes_io_name"],
        "target_label": "job",
        "replacement": "omea-$1",
    }


def test_a_process_that_is_watched_for_is_one_that_is_read() -> None:
    jobs = {one["job_name"] for one in prometheus("prometheus.yaml")["scrape_configs"]}
    asked = [
        matcher
        for rule in alerts()
        for selector in selectors_of(rule["expr"])
        if selector.name == "up"
        for matcher in selector.matchers.matchers
    ]
    assert {one.value for one in asked if one.op == MatchOp.Equal} == {"omea-worker"}
    [every] = [one.value for one in asked if one.op != MatchOp.Equal]
    assert [one for one in jobs if not re.fullmatch(every, one)] == []
    assert "omea-worker" in jobs
