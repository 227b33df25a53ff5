"""Time-outs and retries of activities, named once, each with its reason."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy

from domain.sign_ins import LINK_LASTS


class Options(TypedDict, total=False):
    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy


# A database step takes milliseconds and gives up on a lock after 5 s; 15 s leaves it one such wait and a
# slow connection. It is retried without end: Postgres may be away for hours, and the ticket must not be
# lost for it. The first retry is quick because a person may be waiting for the answer.
DATABASE = Options(
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=30),
    ),
)

# Erasing somebody looks through all texts and all messages of the bank, in one statement of 100 s at most.
# Whoever changes their mind waits for it: given up after an hour, and looked at again the next day.
ERASURE = Options(
    start_to_close_timeout=timedelta(seconds=120),
    schedule_to_close_timeout=timedelta(hours=1),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=5),
    ),
)

# A document takes a tenth of a second to make, and two steps in the database. The card is not charged before
# it exists, so it is tried without end: an hour at a time, after each of which the back office is told.
DOCUMENT = Options(
    start_to_close_timeout=timedelta(seconds=60),
    schedule_to_close_timeout=timedelta(hours=1),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=5),
    ),
)

# A third of a second for a file of a few transfers, seconds for a thousand. A run does not wait longer than
# an hour for it: what it ordered is put into a file by a rerun.
TRANSFER_FILE = Options(
    start_to_close_timeout=timedelta(seconds=120),
    schedule_to_close_timeout=timedelta(hours=1),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=5),
    ),
)

# A bank's statement has thousands of entries, each of which may be a transfer to look up and post. Retried
# without end, quickly at first because a person may be waiting for the answer.
BANK_MESSAGE = Options(
    start_to_close_timeout=timedelta(seconds=120),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=1),
    ),
)

# As a document, and given up after ten minutes: the money has left, the others wait, and a rerun makes it.
STATEMENT = Options(
    start_to_close_timeout=timedelta(seconds=60),
    schedule_to_close_timeout=timedelta(minutes=10),
    retry_policy=DOCUMENT["retry_policy"],
)

# At most four calls of 20 s each to the payment provider (a charge makes the intent, reads it, confirms it,
# and reads it again to understand a refusal), plus the steps in the database. Retried without end, at least
# every 5 minutes: an outage must delay a payment, never drop it. Refusals are results, not retried.
PROVIDER = Options(
    start_to_close_timeout=timedelta(seconds=100),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=5),
    ),
)

# While the ticket's lock is held, and with it everybody else: two calls of 20 s each, and whoever asked is
# told after a minute. Asked again, it finds what was done.
PROVIDER_AT_ONCE = Options(
    start_to_close_timeout=timedelta(seconds=50),
    schedule_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=10),
    ),
)

# A mail is worth sending for three days; after that it would only confuse. The interval stays short at
# first because most failures of a mail server are greylisting or a restart.
NOTICE = Options(
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(days=3),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=10),
    ),
)

# The provider's 15 s and two steps in the database. How long it is tried depends on the appointment.
TEXT_MESSAGE = Options(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=5),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=5),
    ),
)

# As a notice that each morning sends anew: given up before the next one, though it begins 8 h late itself,
# since a Schedule skips the morning on which the day before's still runs.
DAILY_NOTICE = Options(
    start_to_close_timeout=NOTICE["start_to_close_timeout"],
    schedule_to_close_timeout=timedelta(hours=15),
    retry_policy=NOTICE["retry_policy"],
)

# As a notice, but somebody waits at the screen: tried often, for as long as the link is good.
SIGN_IN_LINK = Options(
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=LINK_LASTS,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=20),
    ),
)

# The log of remote control is evidence one can do without, and a person waits for the answer: 30 s in all,
# no worker included, then the stamps alone count. An attempt reads for 12 s at most, plus its two steps in
# the database.
SESSION_LOG = Options(
    start_to_close_timeout=timedelta(seconds=20),
    schedule_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=10),
    ),
)

# Every quarter of an hour, and given up before the next time, which goes on from the same place. Reading at
# the provider takes a page of 20 s at most after another, thousands of lines the first time; checking reads
# whole tables.
QUARTER_HOURLY = Options(
    start_to_close_timeout=timedelta(minutes=6),
    schedule_to_close_timeout=timedelta(minutes=14),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=1),
    ),
)
