"""The table of what the sandbox answers."""

from deploy.sandbox.stripe import endpoints_of_payments, endpoints_of_people, endpoints_of_the_balance
from deploy.sandbox.stripe.endpoint import Endpoint
from deploy.sandbox.stripe.errors import NotFound

ENDPOINTS = (
    *endpoints_of_people.ENDPOINTS,
    *endpoints_of_payments.ENDPOINTS,
    *endpoints_of_the_balance.ENDPOINTS,
)


def find_endpoint(method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The endpoint and the ids in the path. Raises `NotFound`."""
    for endpoint in ENDPOINTS:
        match = endpoint.pattern.fullmatch(path) if endpoint.method == method else None
        if match is not None:
            return endpoint, match.groupdict()
    raise NotFound(
        f"Unrecognized request URL ({method}: {path}). Please see https://docs.stripe.com/api or the list of "
        "endpoints that the sandbox simulates."
    )
