"""What the sandbox answers at one address: the SDK's own parameters, and who carries it out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import StripeObject

CarryOut = Callable[[Call], StripeObject]


@dataclass(frozen=True)
class Endpoint:
    """`simulated`: the parameters that have an effect here. Stripe's others are refused, not ignored."""

    method: str
    path: str
    params: type
    carry_out: CarryOut
    simulated: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))


def get(path: str, params_: type, carry_out: CarryOut, *simulated: str) -> Endpoint:
    return Endpoint("GET", path, params_, carry_out, ("expand", *simulated))


def page(path: str, params_: type, carry_out: CarryOut, *filters: str) -> Endpoint:
    return get(path, params_, carry_out, "ending_before", "limit", "starting_after", *filters)


def post(path: str, params_: type, carry_out: CarryOut, *simulated: str) -> Endpoint:
    return Endpoint("POST", path, params_, carry_out, ("expand", *simulated))
