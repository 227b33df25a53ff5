"""The worker under test: the product's own, watched at each step. `python -m tests.kill.worker VAR`

Moments: `{activity} begun`, `{activity} committing`, `{activity} done` (committed, and not yet reported to
Temporal), `intent created`, `charge accepted`, `transfer sent` and `mail accepted` (the provider or the
server has said yes, and we have not recorded it).
"""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from activities.gateways.mail import MailRefused, Message
from activities.gateways.payments import Charged, ChargeRefused, ToConfirm, TransferRefused, TransferSent
from activities.gateways.smtp_mail import SmtpMail
from activities.gateways.stripe_payments import StripePayments
from deploy import logs
from deploy.settings import Settings, read_settings
from deploy.worker import collaborators, work
from domain.notices import Notify
from tests.kill.points import Points

# How Temporal learns that a worker has died in the middle of a step: the step takes too long. The product
# allows 15 s to a transaction and 90 s to the provider, which would be most of the length of these tests.
LONGEST_STEP = timedelta(seconds=4)
# A mail that is slow, and not lost, must not be sent by a second attempt beside the first; but one that is
# tried again after its ticket has moved on, as it does within seconds here, is rightly dropped.
LONGEST_NOTICE = timedelta(seconds=5)


class WatchedStripe(StripePayments):
    def __init__(self, settings: Settings, points: Points) -> None:
        super().__init__(settings.stripe_api_key.get_secret_value(), settings.stripe_api_base)
        self._points = points

    async def prepare_charge(
        self, *, invoice: str, ticket: str, amount_cents: int, customer: str, card: str
    ) -> str:
        intent = await super().prepare_charge(
            invoice=invoice, ticket=ticket, amount_cents=amount_cents, customer=customer, card=card
        )
        self._points.reach("intent created")
        return intent

    async def charge(
        self, *, intent: str, invoice: str, attempt: int, card: str, return_url: str | None = None
    ) -> Charged | ChargeRefused | ToConfirm:
        answer = await super().charge(
            intent=intent, invoice=invoice, attempt=attempt, card=card, return_url=return_url
        )
        if isinstance(answer, Charged):
            self._points.reach("charge accepted")
        return answer

    async def transfer(
        self, *, payout: str, attempt: int, account: str, amount_cents: int
    ) -> TransferSent | TransferRefused:
        answer = await super().transfer(
            payout=payout, attempt=attempt, account=account, amount_cents=amount_cents
        )
        if isinstance(answer, TransferSent):
            self._points.reach("transfer sent")
        return answer


class WatchedMail(SmtpMail):
    def __init__(self, settings: Settings, points: Points) -> None:
        super().__init__(settings.smtp_url.get_secret_value())
        self._points = points

    async def send(self, message: Message) -> MailRefused | None:
        answer = await super().send(message)
        self._points.reach("mail accepted")
        return answer


class WatchedActivities(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, points: Points) -> None:
        super().__init__(following)
        self._points = points

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002  # the SDK's name
        name = _name(input)
        self._points.reach(f"{name} begun")
        answer = await self.next.execute_activity(input)
        self._points.reach(f"{name} done")
        return answer


def _name(of: ExecuteActivityInput) -> str:
    """That of the activity; a notice's says which."""
    name = activity.info().activity_type
    return f"{name} {of.args[0].kind}" if of.args and isinstance(of.args[0], Notify) else name


class ShorterSteps(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
        longest = LONGEST_NOTICE if input.activity == "notify" else LONGEST_STEP
        allowed = input.start_to_close_timeout
        input.start_to_close_timeout = min(allowed, longest) if allowed else longest
        return self.next.start_activity(input)


class ShorterWorkflows(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(ShorterSteps(outbound))


class Watch(Interceptor):
    def __init__(self, points: Points) -> None:
        self._points = points

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return WatchedActivities(next, self._points)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[WorkflowInboundInterceptor]:
        return ShorterWorkflows


def watch_commits(points: Points) -> None:
    def committing(_: Session) -> None:
        if activity.in_activity():
            points.reach(f"{activity.info().activity_type} committing")

    event.listen(Session, "before_commit", committing)


async def main(var: Path) -> None:
    settings, points = read_settings(), Points(var)
    watch_commits(points)
    stripe = WatchedStripe(settings, points)
    async with collaborators(settings) as given:
        watched = replace(given, payments=stripe, mail=WatchedMail(settings, points))
        try:
            await work(settings, watched, [Watch(points)])
        finally:
            await stripe.close()


if __name__ == "__main__":
    logs.configure()
    asyncio.run(main(Path(sys.argv[1])))
