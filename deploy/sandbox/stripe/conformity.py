"""`python -m deploy.sandbox.stripe.conformity --data var/stripe.sqlite`: a recorded run, checked.

Every request against the SDK's own parameter types, always; every request, answer and event against
Stripe's description of its API where that is at hand. Prints counts; exit status 1 if anything is wrong.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from deploy.sandbox.stripe.description import DESCRIPTION, Description
from deploy.sandbox.stripe.endpoints import find_endpoint
from deploy.sandbox.stripe.errors import StripeError
from deploy.sandbox.stripe.parameter_types import convert_parameters
from deploy.sandbox.stripe.parameters import Parameters
from deploy.sandbox.stripe.recording import RecordedCall, recorded_calls
from deploy.sandbox.stripe.store import Store

OK = 200
# Parameters that the SDK declares and the description does not: only the SDK's types check those.
KNOWN_TO_THE_SDK_ALONE = {
    ("POST /v1/accounts", "external_account"): "described as the id of a token, which is one of its forms",
    ("POST /v1/checkout/sessions", "allowed_payment_method_types"): "newer than the description",
}


@dataclass
class Report:
    """`operations` counts the calls of each (method, path with names for ids)."""

    operations: Counter[str] = field(default_factory=Counter)
    requests_described: int = 0
    answers_described: int = 0
    events_described: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    not_described: Counter[str] = field(default_factory=Counter)
    known_to_the_sdk_alone: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.operations.total()} calls of {len(self.operations)} operations, "
            "each checked against the SDK's parameter types",
            f"{self.requests_described} requests, {self.answers_described} answers and "
            f"{self.events_described} events checked against Stripe's description",
            f"{self.refusals.total()} answers were refusals: {_counted(self.refusals)}",
            f"not in the description: {_counted(self.not_described)}",
            f"parameters known to the SDK alone: {_counted(self.known_to_the_sdk_alone)}",
            f"{len(self.violations)} violations",
        ]
        return "\n".join([*lines, *(f"  {violation}" for violation in self.violations)])


def check_run(store: Store, description: Description | None) -> Report:
    """Without a description only the SDK's types are checked."""
    report = Report()
    for call in recorded_calls(store):
        _check_call(report, call, description)
    if description is not None:
        for event in store.select("event"):
            _check_event(report, event["type"], event["data"]["object"], description)
    return report


def _check_call(report: Report, call: RecordedCall, description: Description | None) -> None:
    try:
        endpoint, _ = find_endpoint(call.method, call.path)
    except StripeError:
        report.violations.append(f"{call.method} {call.path}: the sandbox has no such endpoint")
        return
    name = f"{call.method} {endpoint.path}"
    report.operations[name] += 1
    if call.status != OK:
        error = call.body["error"]
        report.refusals[error.get("code") or error["type"]] += 1
    try:
        parameters = convert_parameters(endpoint.params, call.parameters)
    except StripeError as refusal:
        report.violations.append(f"{name}: {refusal.message} ({refusal.param}), by the SDK's types")
        return
    if description is not None:
        _check_description(report, name, call, parameters, description)


def _check_description(
    report: Report, name: str, call: RecordedCall, parameters: Parameters, description: Description
) -> None:
    operation = description.operation(call.method, call.path)
    if operation is None:
        report.not_described[name] += 1
        if call.status == OK and description.describes(call.body):
            report.answers_described += 1
            _note(report, f"answer to {name}", description.violations_of_object(call.body))
        return
    report.requests_described += 1
    report.answers_described += 1
    alone = [parameter for parameter in parameters if (name, parameter) in KNOWN_TO_THE_SDK_ALONE]
    report.known_to_the_sdk_alone.update(f"{parameter} of {name}" for parameter in alone)
    described = {key: value for key, value in parameters.items() if key not in alone}
    _note(report, f"request {name}", description.violations_of_request(operation, described))
    _note(
        report,
        f"answer {call.status} to {name}",
        description.violations_of_answer(operation, call.status, call.body),
    )


def _check_event(report: Report, type_: str, object_: Parameters, description: Description) -> None:
    report.events_described += 1
    _note(report, f"object of {type_}", description.violations_of_object(object_))


def _note(report: Report, where: str, violations: list[str]) -> None:
    report.violations += [f"{where}: {violation}" for violation in violations]


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in counter.most_common()) or "none"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.stripe.conformity", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the sandbox's SQLite file")
    parser.add_argument("--description", type=Path, default=DESCRIPTION, help="openapi-pruned.json.gz")
    parser.add_argument("--operations", action="store_true", help="count each operation too")
    options = parser.parse_args()
    if not options.data.exists():
        parser.error(f"there is no {options.data}")
    store = Store(options.data)
    described = Description(options.description) if options.description.exists() else None
    report = check_run(store, described)
    store.close()
    print(report)
    if described is None:
        print(f"{options.description} is not here: the SDK's types were the only reference")
    if options.operations:
        print(json.dumps(dict(report.operations.most_common()), indent=2))
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
