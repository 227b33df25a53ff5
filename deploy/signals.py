"""Telling a workflow something, with a Temporal that can be away."""

import logging
from datetime import timedelta

from structlog.contextvars import bound_contextvars
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.chargebacks import ChargebackRequest
from domain.payees import AccountRequest
from domain.refunds import ExcessRequest
from domain.reversals import TransferRequest
from workflows.account import starting as account
from workflows.chargeback import starting as chargeback
from workflows.refund import starting as refund
from workflows.transfer import starting as transfer

log = logging.getLogger(__name__)

# As their definitions name them.
ACCOUNT, CHARGEBACK, EXCESS, TRANSFER = "Account", "Chargeback", "Excess", "Transfer"
SIGNAL_TIMEOUT = timedelta(seconds=5)


# What a notice may begin.
Begun = AccountRequest | ChargebackRequest | ExcessRequest | TransferRequest


async def deliver(client: Client, workflow_id: str, signal: str) -> bool:
    """False when Temporal could not take it now. A workflow that has ended needs no news any more."""
    with bound_contextvars(workflow_id=workflow_id):
        try:
            await client.get_workflow_handle(workflow_id).signal(signal, rpc_timeout=SIGNAL_TIMEOUT)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("a signal could not be delivered: %s", error.status.name)
                return False
        return True


async def begin(
    client: Client,
    task_queue: str,
    request: Begun,
    signal: str,
) -> bool:
    """Begin the workflow of that request, or hint to the one that runs. False when Temporal could not take it
    now."""
    match request:
        case ChargebackRequest():
            name, options = CHARGEBACK, chargeback.start_options(request)
        case AccountRequest():
            name, options = ACCOUNT, account.start_options(request)
        case ExcessRequest():
            name, options = EXCESS, refund.excess_start_options(request)
        case TransferRequest():
            name, options = TRANSFER, transfer.start_options(request)
    with bound_contextvars(workflow_id=options["id"]):
        try:
            await client.start_workflow(
                name,
                request,
                task_queue=task_queue,
                start_signal=signal,
                rpc_timeout=SIGNAL_TIMEOUT,
                **options,
            )
        except RPCError as error:
            log.warning("%s could not be begun: %s", name, error.status.name)
            return False
        return True
