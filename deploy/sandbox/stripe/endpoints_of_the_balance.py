"""The platform's money and what is told of it: the balance, transfers, payouts, events."""

from stripe import params

from deploy.sandbox.stripe import balance, events, payouts, transfers, webhook_endpoints
from deploy.sandbox.stripe.endpoint import Endpoint, get, page, post

ENDPOINTS = (
    get("/v1/balance", params.BalanceRetrieveParams, balance.retrieve),
    page(
        "/v1/balance_transactions",
        params.BalanceTransactionListParams,
        balance.list_transactions,
        *("created", "currency", "payout", "source", "type"),
    ),
    get(
        "/v1/balance_transactions/{id}", params.BalanceTransactionRetrieveParams, balance.retrieve_transaction
    ),
    post("/v1/transfers", params.TransferCreateParams, transfers.create, *transfers.SIMULATED),
    page(
        "/v1/transfers",
        params.TransferListParams,
        transfers.list_transfers,
        *("created", "destination", "transfer_group"),
    ),
    get("/v1/transfers/{transfer}", params.TransferRetrieveParams, transfers.retrieve),
    post(
        "/v1/transfers/{transfer}",
        params.TransferUpdateParams,
        transfers.update,
        *("description", "metadata"),
    ),
    post(
        "/v1/transfers/{transfer}/reversals",
        params.TransferReversalCreateParams,
        transfers.create_reversal,
        *transfers.SIMULATED_FOR_REVERSALS,
    ),
    page("/v1/transfers/{transfer}/reversals", params.TransferReversalListParams, transfers.list_reversals),
    get(
        "/v1/transfers/{transfer}/reversals/{id}",
        params.TransferReversalRetrieveParams,
        transfers.retrieve_reversal,
    ),
    page(
        "/v1/events",
        params.EventListParams,
        events.list_events,
        *("created", "delivery_success", "type", "types"),
    ),
    get("/v1/events/{id}", params.EventRetrieveParams, events.retrieve),
    post(
        "/v1/webhook_endpoints",
        params.WebhookEndpointCreateParams,
        webhook_endpoints.create,
        *("description", "enabled_events", "metadata", "url"),
    ),
    page("/v1/webhook_endpoints", params.WebhookEndpointListParams, webhook_endpoints.list_endpoints),
    get(
        "/v1/webhook_endpoints/{webhook_endpoint}",
        params.WebhookEndpointRetrieveParams,
        webhook_endpoints.retrieve,
    ),
    Endpoint(
        "DELETE",
        "/v1/webhook_endpoints/{webhook_endpoint}",
        params.WebhookEndpointDeleteParams,
        webhook_endpoints.delete,
        (),
    ),
    page(
        "/v1/payouts",
        params.PayoutListParams,
        payouts.list_payouts,
        *("created", "destination", "status"),
    ),
    get("/v1/payouts/{payout}", params.PayoutRetrieveParams, payouts.retrieve),
)
