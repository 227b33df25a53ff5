"""Files as evidence of a dispute."""

import io
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.builders import a_payment
from tests.sandbox.stripe.running import Running, authorization, visit

PDF = b"%PDF-1.7\n% proof\n"


def a_file(content: bytes = PDF, name: str = "dossier.pdf") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


async def uploaded(client: stripe.StripeClient, content: bytes = PDF, key: str = "evidence:1") -> stripe.File:
    return await client.v1.files.create_async(
        {"file": a_file(content), "purpose": "dispute_evidence"}, {"idempotency_key": key}
    )


async def test_a_file_is_kept_as_it_came_and_read_with_the_key_only(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    file = await uploaded(client)
    again = await uploaded(client)
    with pytest.raises(stripe.IdempotencyError):
        await uploaded(client, PDF + b"other")

    content = visit(str(file.url), headers=authorization())
    listed = await client.v1.files.list_async({"purpose": "dispute_evidence"})
    assert (file.filename, file.size, file.type) == ("dossier.pdf", len(PDF), "pdf")
    assert (content.content, content.headers["content-type"]) == (PDF, "application/pdf")
    assert visit(str(file.url)).status_code == 401
    assert [known.id for known in listed.data] == [file.id] == [again.id]


@pytest.mark.parametrize(
    "content", [b"just words", PDF + b"0" * 5_000_000], ids=["not a document", "too large"]
)
async def test_what_no_bank_reads_is_refused(client: stripe.StripeClient, content: bytes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await uploaded(client, content)

    assert refusal.value.param == "file"
    assert (await client.v1.files.list_async()).data == []


async def test_a_dispute_is_answered_with_files_that_exist(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500, "pm_card_createDispute")
    (dispute,) = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data
    file = await uploaded(client)
    unknown: Any = {"evidence": {"receipt": "file_unknown"}}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.disputes.update_async(dispute.id, unknown)
    answered = await client.v1.disputes.update_async(
        dispute.id,
        {"evidence": {"service_documentation": file.id, "service_date": "27 novembre 2026"}},
    )
    expanded = await client.v1.disputes.retrieve_async(
        dispute.id, {"expand": ["evidence.service_documentation", "charge"]}
    )

    assert (refusal.value.code, refusal.value.param) == ("resource_missing", "evidence[receipt]")
    assert (answered.status, answered.evidence.service_documentation) == ("under_review", file.id)
    assert isinstance(expanded.evidence.service_documentation, stripe.File)
    assert isinstance(expanded.charge, stripe.Charge)


@pytest.mark.parametrize(
    ("evidence", "param"),
    [
        ({"uncategorized_text": "a" * 20_001}, "evidence[uncategorized_text]"),
        (
            dict.fromkeys(("access_activity_log", "billing_address"), "a" * 20_001),
            "evidence[access_activity_log]",
        ),
        ({"colour": "red"}, "evidence[colour]"),
        ({"enhanced_evidence": ""}, "evidence[enhanced_evidence]"),
    ],
)
async def test_evidence_beyond_the_limits_is_refused_whole(
    client: stripe.StripeClient, evidence: Any, param: str
) -> None:
    intent = await a_payment(client, 4500, "pm_card_createDispute")
    (dispute,) = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.disputes.update_async(dispute.id, {"evidence": evidence})

    known = await client.v1.disputes.retrieve_async(dispute.id)
    assert (refusal.value.param, known.status) == (param, "needs_response")


async def test_all_files_together_are_limited(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500, "pm_card_createDispute")
    (dispute,) = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data
    half = [await uploaded(client, PDF + b"0" * 2_400_000, f"evidence:{number}") for number in (1, 2)]

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.disputes.update_async(
            dispute.id, {"evidence": {"receipt": half[0].id, "uncategorized_file": half[1].id}}
        )

    assert refusal.value.param == "evidence"
