"""The excess that a ticket sent back before it closed: given back to us by a bank, it is owed again."""

from temporalio import workflow

from activities.refunds import RefundActivities
from domain.notices import Notice
from domain.refunds import ExcessRequest, ExcessSeen, LookAtExcess
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.messenger import Messenger
from workflows.options import PROVIDER


@workflow.defn(name="Excess")
class ExcessWorkflow:
    """Begun by the first notice that the provider gives of one, and again by a later one."""

    @workflow.init
    def __init__(self, _request: ExcessRequest) -> None:
        self._news = False

    @workflow.run
    async def run(self, request: ExcessRequest) -> None:
        """Until nothing of it is owed, or a refund case sends it: the team is told at once, then daily."""
        seen = await self._look(request)
        messenger = Messenger(seen.ticket, request.deadlines, request.hours)
        while seen.owed_cents:
            messenger.tell(Notice.EXCESS_RETURNED, f"{workflow.now():%Y-%m-%d}")
            again = workflow.now() + request.deadlines.repeat_alert
            label = wording.NOTICE[Notice.EXCESS_RETURNED]
            await wait(lambda: self._news, [Deadline(again, label, self._hint)])
            seen = await self._look(request)
        await messenger.everyone_told()

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def refund_news(self) -> None:
        """No more than a hint to look."""
        self._news = True

    async def _look(self, request: ExcessRequest) -> ExcessSeen:
        # Before we look, for what comes meanwhile asks for another look.
        self._news = False
        return await workflow.execute_activity_method(
            RefundActivities.look_at_excess,
            LookAtExcess(request.invoice, workflow.now()),
            summary=steps.EXCESS_READ,
            **PROVIDER,
        )

    async def _hint(self) -> None:
        self._news = True
