"""The dashboard's buttons: what an operator plays by hand."""

import stripe

from tests.sandbox.stripe.builders import a_payment
from tests.sandbox.stripe.running import Running, submit, visit


def press(sandbox: Running, site: str = "same-origin", **fields: str) -> int:
    answer = submit(f"{sandbox.url}/dashboard/actions", data=fields, headers={"Sec-Fetch-Site": site})
    return answer.status_code


async def test_a_dispute_is_opened_and_won_with_buttons_that_the_page_shows(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    intent = await a_payment(client, 4500)
    before = visit(f"{sandbox.url}/dashboard").text

    opened = press(sandbox, action="dispute", payment=intent.id, reason="duplicate")
    (dispute,) = (await client.v1.disputes.list_async()).data
    during = visit(f"{sandbox.url}/dashboard").text
    won = press(sandbox, action="decide_dispute", dispute=dispute.id, outcome="won")
    after = visit(f"{sandbox.url}/dashboard").text

    assert (opened, won, dispute.reason) == (303, 303, "duplicate")
    assert ["Contester" in page for page in (before, during, after)] == [True, False, False]
    assert ["Faire gagner" in page for page in (before, during, after)] == [False, True, False]
    assert ["payé deux fois" in before, "litige gagné" in after] == [True, True]


async def test_refunds_and_payouts_fail_by_a_button(sandbox: Running, client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500)
    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 100})

    failed = press(sandbox, action="fail_refund", refund=refund.id)
    paid = press(sandbox, action="pay_out")
    (payout,) = (await client.v1.payouts.list_async()).data
    returned = press(sandbox, action="fail_payout", payout=payout.id)

    assert (failed, paid, returned) == (303, 303, 303)
    assert (await client.v1.refunds.retrieve_async(refund.id)).status == "failed"
    assert (await client.v1.payouts.retrieve_async(payout.id)).status == "failed"


async def test_a_button_of_another_site_and_an_action_no_longer_possible_change_nothing(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    intent = await a_payment(client, 4500)
    fields = {"action": "dispute", "payment": intent.id}

    assert press(sandbox, "cross-site", **fields) == 403
    assert press(sandbox, "same-site", **fields) == 403
    assert press(sandbox, action="explode") == 400
    assert press(sandbox, **fields) == 303
    assert press(sandbox, **fields) == 409
    assert len((await client.v1.disputes.list_async()).data) == 1
