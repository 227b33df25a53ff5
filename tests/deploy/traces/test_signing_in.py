"""A client of the demonstration who asked for too many links goes without; any other refusal is one."""

import pytest

from deploy.demo.frontend import Refused
from deploy.demo.signing_in import mailed_texts, sign_in_by_link
from tests.deploy.traces.answering import answering

MAILS = '[{"text": "a", "html": "<p>a</p>"}, {"text": "b", "html": null}]'


async def test_too_many_links_are_no_reason_to_wait_for_an_hour() -> None:
    answers = {
        "/v1/sign-in": (429, '{"code": "too_many_sign_ins"}'),
        "/api/messages": (200, MAILS),
    }
    with answering(answers) as base:
        assert await sign_in_by_link(base, base, "zelie.chateau@example.fr") is None


async def test_another_refusal_is_raised() -> None:
    answers = {"/v1/sign-in": (403, '{"code": "cross_site_request"}'), "/api/messages": (200, "[]")}
    with answering(answers) as base, pytest.raises(Refused, match="/v1/sign-in → 403 cross_site_request"):
        await sign_in_by_link(base, base, "zelie.chateau@example.fr")


async def test_each_part_of_every_mail_is_read() -> None:
    with answering({"/api/messages": (200, MAILS)}) as base:
        assert await mailed_texts(base) == ["a", "<p>a</p>", "b"]
