"""The mails that went out, and which of them may have gone out twice."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from deploy.sandbox.kept_mail import KeptMail
from deploy.stack import Stack
from tests.kill.points import Killed
from tests.kill.table import rows

# From the mail server's yes to our record, on a machine that is starting the part that was killed.
IN_BETWEEN_SECONDS = 5


def sent_twice(stack: Stack, kills: Collection[Killed]) -> list[str]:
    """Message-IDs of mails sent twice though nothing was killed between the server's yes and our record."""
    copies: defaultdict[str, list[float]] = defaultdict(list)
    for mail in KeptMail(stack.var / "mailbox").all():
        copies[mail.message_id].append(datetime.fromisoformat(mail.received).timestamp())
    return [
        identity
        for identity, times in copies.items()
        if len(times) > 1 and not any(abs(kill.at - min(times)) < IN_BETWEEN_SECONDS for kill in kills)
    ]


def never_sent(stack: Stack) -> set[str]:
    """Message-IDs of mails that we recorded as sent and that never arrived."""
    recorded = rows(stack, "SELECT message_id FROM notifications WHERE sent_at IS NOT NULL")
    arrived = {mail.message_id for mail in KeptMail(stack.var / "mailbox").all()}
    return {identity for (identity,) in recorded} - arrived
