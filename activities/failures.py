"""How a refusal of the rules leaves an activity or a workflow: with its code, and never retried."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from domain.errors import Refused


def refusal(refused: Refused) -> ApplicationError:
    return ApplicationError(refused.code.value, refused.details, type=refused.code.value, non_retryable=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn `Refused` into an application error of that type. Anything else passes and is retried."""
    try:
        yield
    except Refused as refused:
        raise refusal(refused) from None
