"""What people were told while it was forgotten: entered again as sent, so that nobody is told twice."""

from collections.abc import Iterable, Sequence

from activities.gateways.mail import Message
from db.reads.recovery import Memory
from deploy.recovery.histories import Step
from domain.recovery import Difference, Kind

NOTIFY = "notify"


class SentBefore:
    """The mail server took these mails when they were sent; whether it did is in the histories."""

    async def send(self, message: Message) -> None:
        return None


def forgotten(steps: Iterable[Step], lost: Sequence[Step], memory: Memory) -> list[Step]:
    """The notices of the time of which other steps are forgotten, of which no mail is entered. Some never
    had any: nobody to tell, or nothing that made sense by then."""
    if not lost:
        return []
    since = min(step.at for step in lost)
    told = [step for step in steps if step.name == NOTIFY and step.done and step.at >= since]
    return [step for step in told if not memory.was_told(_prefix(step))]


def _prefix(step: Step) -> str:
    """Of the keys of its mails; see `activities.notifications`."""
    return f"{step.message.ticket}:{step.message.kind}:{step.message.occasion}:"


def difference_of(step: Step) -> Difference:
    return Difference(
        Kind.NOTICE_LOST, step.message.ticket, f"{step.message.kind} {step.message.occasion}".rstrip()
    )
