"""On a whole stack no trace of its people is left, and what is put there is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.signing_in import mailed_texts, sign_in_by_link
from deploy.demo.traces import after
from deploy.demo.traces.looked_for import link_secrets
from deploy.demo_people import PEOPLE
from deploy.stack import Stack
from tests.kill.conftest import Demonstration

# The demonstration itself looks for traces each day.
pytestmark = pytest.mark.soak


@pytest.fixture
def left(stack: Stack) -> Iterator[Path]:
    """A log of a part that nobody has heard of."""
    log = stack.var / "log" / "newcomer.log"
    yield log
    log.unlink(missing_ok=True)


def plant(log: Path, text: str) -> None:
    log.write_text(text)


async def test_what_is_left_in_a_log_is_told_and_is_all_that_there_is(
    stack: Stack, undisturbed: Demonstration, left: Path
) -> None:
    numbers = [ticket["number"] for ticket in undisturbed.result["tickets"]]
    secrets = after.Secrets(codes={"4071"}, sign_ins={"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5In0.aQ-_27xWv"})
    written = stack.var / "demo.json"
    clean = await after.look_through(stack, secrets, numbers, written)
    assert after.problems(clean, numbers) == []
    assert clean.counts["histories"] > len(numbers)
    assert clean.counts["sealed payloads"] > 100
    [link, *_] = [piece for text in await mailed_texts(stack.url("mailbox")) for piece in link_secrets(text)]
    key = stack.environment("worker")["PAYLOAD_KEY"]
    plant(left, f"code 4071\nGET /v1/reviews/{link}\n{key}\n{PEOPLE[0].mail}\n")
    told = after.problems(await after.look_through(stack, secrets, numbers, written), numbers)
    assert told == [
        "trace laissée, var/log/newcomer.log : adresse mail, clé, code de séance, jeton d'un lien, nom"
    ]


async def test_a_link_is_asked_for_opened_and_given_up_and_all_that_opened_something_is_known(
    stack: Stack, undisturbed: Demonstration
) -> None:
    """A cookie for asking, the link's token, a cookie for having signed in, an access and a refresh token."""
    marcel = PEOPLE[1].mail
    opened = await sign_in_by_link(stack.url("api"), stack.url("mailbox"), marcel)
    assert opened is not None
    assert len(opened) == len(set(opened)) == 5
