"""Telling a workflow something, with a Temporal that can be away."""

import logging
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

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
