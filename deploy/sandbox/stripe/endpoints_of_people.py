"""Customers with their cards, and the accounts of those who are paid."""

from stripe import params
from stripe.params import checkout as session_params

from deploy.sandbox.stripe import (
    account_links,
    accounts,
    checkout,
    customers,
    payment_methods,
    setup_intents,
)
from deploy.sandbox.stripe.endpoint import Endpoint, get, page, post

ENDPOINTS = (
    post(
        "/v1/customers", params.CustomerCreateParams, customers.create, *customers.SIMULATED, "payment_method"
    ),
    page("/v1/customers", params.CustomerListParams, customers.list_customers, "created", "email"),
    get("/v1/customers/{customer}", params.CustomerRetrieveParams, customers.retrieve),
    post("/v1/customers/{customer}", params.CustomerUpdateParams, customers.update, *customers.SIMULATED),
    Endpoint("DELETE", "/v1/customers/{customer}", params.CustomerDeleteParams, customers.delete, ()),
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
    post("/v1/accounts", params.AccountCreateParams, accounts.create, *accounts.SIMULATED_AT_CREATION),
    post("/v1/account_links", params.AccountLinkCreateParams, account_links.create, *account_links.SIMULATED),
    page("/v1/accounts", params.AccountListParams, accounts.list_accounts, "created"),
    get("/v1/accounts/{account}", params.AccountRetrieveParams, accounts.retrieve),
    post(
        "/v1/accounts/{account}", params.AccountUpdateParams, accounts.update, *accounts.SIMULATED_AT_UPDATE
    ),
)
