"""The table of what the sandbox answers: method, path, the SDK's own parameters, and who carries it out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from stripe import params
from stripe.params import checkout as session_params

from deploy.sandbox.stripe import (
    accounts,
    balance,
    charges,
    checkout,
    customers,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    transfers,
    webhook_endpoints,
)
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


ENDPOINTS = (
    get("/v1/balance", params.BalanceRetrieveParams, balance.retrieve),
    page(
        "/v1/balance_transactions",
        params.BalanceTransactionListParams,
        balance.list_transactions,
        *("created", "currency", "source", "type"),
    ),
    get(
        "/v1/balance_transactions/{id}", params.BalanceTransactionRetrieveParams, balance.retrieve_transaction
    ),
    post(
        "/v1/customers", params.CustomerCreateParams, customers.create, *customers.SIMULATED, "payment_method"
    ),
    page("/v1/customers", params.CustomerListParams, customers.list_customers, "created", "email"),
    get("/v1/customers/{customer}", params.CustomerRetrieveParams, customers.retrieve),
    post("/v1/customers/{customer}", params.CustomerUpdateParams, customers.update, *customers.SIMULATED),
    page(
        "/v1/customers/{customer}/payment_methods",
        params.CustomerPaymentMethodListParams,
        customers.list_payment_methods,
        "type",
    ),
    get(
        "/v1/customers/{customer}/payment_methods/{payment_method}",
        params.CustomerPaymentMethodRetrieveParams,
        customers.retrieve_payment_method,
    ),
    page(
        "/v1/payment_methods",
        params.PaymentMethodListParams,
        payment_methods.list_payment_methods,
        *("customer", "type"),
    ),
    get("/v1/payment_methods/{payment_method}", params.PaymentMethodRetrieveParams, payment_methods.retrieve),
    post(
        "/v1/payment_methods/{payment_method}",
        params.PaymentMethodUpdateParams,
        payment_methods.update,
        *("billing_details", "metadata"),
    ),
    post(
        "/v1/payment_methods/{payment_method}/attach",
        params.PaymentMethodAttachParams,
        payment_methods.attach,
        "customer",
    ),
    post(
        "/v1/payment_methods/{payment_method}/detach",
        params.PaymentMethodDetachParams,
        payment_methods.detach,
    ),
    post("/v1/checkout/sessions", session_params.SessionCreateParams, checkout.create, *checkout.SIMULATED),
    page(
        "/v1/checkout/sessions",
        session_params.SessionListParams,
        checkout.list_sessions,
        *("created", "customer", "status"),
    ),
    get("/v1/checkout/sessions/{session}", session_params.SessionRetrieveParams, checkout.retrieve),
    post("/v1/checkout/sessions/{session}/expire", session_params.SessionExpireParams, checkout.expire),
    post(
        "/v1/setup_intents",
        params.SetupIntentCreateParams,
        setup_intents.create,
        *setup_intents.SIMULATED_AT_CREATION,
    ),
    page(
        "/v1/setup_intents",
        params.SetupIntentListParams,
        setup_intents.list_intents,
        *("created", "customer", "payment_method"),
    ),
    get("/v1/setup_intents/{intent}", params.SetupIntentRetrieveParams, setup_intents.retrieve),
    post(
        "/v1/setup_intents/{intent}/confirm",
        params.SetupIntentConfirmParams,
        setup_intents.confirm,
        *setup_intents.SIMULATED_AT_CONFIRMATION,
    ),
    post(
        "/v1/setup_intents/{intent}/cancel",
        params.SetupIntentCancelParams,
        setup_intents.cancel,
        "cancellation_reason",
    ),
    post(
        "/v1/payment_intents",
        params.PaymentIntentCreateParams,
        payment_intents.create,
        *payment_intents.SIMULATED_AT_CREATION,
    ),
    page(
        "/v1/payment_intents",
        params.PaymentIntentListParams,
        payment_intents.list_intents,
        *("created", "customer"),
    ),
    get("/v1/payment_intents/{intent}", params.PaymentIntentRetrieveParams, payment_intents.retrieve),
    post(
        "/v1/payment_intents/{intent}",
        params.PaymentIntentUpdateParams,
        payment_intents.update,
        *payment_intents.SIMULATED_AT_UPDATE,
    ),
    post(
        "/v1/payment_intents/{intent}/confirm",
        params.PaymentIntentConfirmParams,
        payment_intents.confirm,
        *payment_intents.SIMULATED_AT_CONFIRMATION,
    ),
    post(
        "/v1/payment_intents/{intent}/cancel",
        params.PaymentIntentCancelParams,
        payment_intents.cancel,
        "cancellation_reason",
    ),
    page(
        "/v1/charges",
        params.ChargeListParams,
        charges.list_charges,
        *("created", "customer", "payment_intent", "transfer_group"),
    ),
    get("/v1/charges/{charge}", params.ChargeRetrieveParams, charges.retrieve),
    post("/v1/refunds", params.RefundCreateParams, refunds.create, *refunds.SIMULATED),
    page(
        "/v1/refunds",
        params.RefundListParams,
        refunds.list_refunds,
        *("charge", "created", "payment_intent"),
    ),
    get("/v1/refunds/{refund}", params.RefundRetrieveParams, refunds.retrieve),
    post("/v1/accounts", params.AccountCreateParams, accounts.create, *accounts.SIMULATED_AT_CREATION),
    page("/v1/accounts", params.AccountListParams, accounts.list_accounts, "created"),
    get("/v1/accounts/{account}", params.AccountRetrieveParams, accounts.retrieve),
    post(
        "/v1/accounts/{account}", params.AccountUpdateParams, accounts.update, *accounts.SIMULATED_AT_UPDATE
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
)
