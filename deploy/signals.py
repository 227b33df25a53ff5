"""Telling a workflow something, with a Temporal that can be away."""

import logging
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.chargebacks import ChargebackRequest
from workflows.chargeback.starting import start_options
from workflows.chargeback.workflow import ChargebackWorkflow

log = logging.getLogger(__name__)

SIGNAL_TIMEOUT = timedelta(seconds=5)


async def deliver(client: Client, workflow_id: str, signal: str) -> bool:
    """False when Temporal could not take it now. A workflow that has ended needs no news any more."""
    try:
        await client.get_workflow_handle(workflow_id).signal(signal, rpc_timeout=SIGNAL_TIMEOUT)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            log.warning("a signal could not be delivered: %s", error.status.name)
            return False
    return True


async def begin_chargeback(client: Client, task_queue: str, request: ChargebackRequest, signal: str) -> bool:
    """Begin its workflow, or hint to the one that runs. False when Temporal could not take it now."""
    try:
        await client.start_workflow(
            ChargebackWorkflow.run,
            request,
            task_queue=task_queue,
            start_signal=signal,
            rpc_timeout=SIGNAL_TIMEOUT,
            **start_options(request),
        )
    except RPCError as error:
        log.warning("a chargeback could not be begun: %s", error.status.name)
        return False
    return True
