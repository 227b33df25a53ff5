"""Payments of customers, and what becomes of them: refunds and disputes."""

from stripe import params

from deploy.sandbox.stripe import charges, disputes, files, payment_intents, refunds
from deploy.sandbox.stripe.endpoint import get, page, post

ENDPOINTS = (
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
    post("/v1/refunds/{refund}", params.RefundUpdateParams, refunds.update, "metadata"),
    post("/v1/refunds/{refund}/cancel", params.RefundCancelParams, refunds.cancel),
    page(
        "/v1/disputes",
        params.DisputeListParams,
        disputes.list_disputes,
        *("charge", "created", "payment_intent"),
    ),
    get("/v1/disputes/{dispute}", params.DisputeRetrieveParams, disputes.retrieve),
    post(
        "/v1/disputes/{dispute}",
        params.DisputeUpdateParams,
        disputes.update,
        *disputes.SIMULATED_AT_UPDATE,
    ),
    post("/v1/disputes/{dispute}/close", params.DisputeCloseParams, disputes.close),
    post("/v1/files", params.FileCreateParams, files.create, "file", "purpose"),
    page("/v1/files", params.FileListParams, files.list_files, "created", "purpose"),
    get("/v1/files/{file}", params.FileRetrieveParams, files.retrieve),
)
