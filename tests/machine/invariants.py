"""What always holds of a ticket, read from the database, from Stripe and from Temporal."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowExecutionStatus

from db.reads.invariants.books import BOOKS
from db.reads.invariants.looking import look
from db.reads.invariants.process import PROCESS
from domain.invariants import Invariant, Patience
from tests.machine.broken import require
from tests.machine.model import GAIN_CENTS, LONGEST, SLACK, SLICE_CENTS, Appointment
from tests.machine.world import Player, World
from tests.support.temporal import replay_history_of

REMINDED_BEFORE = (timedelta(days=1), timedelta(hours=1))
# Within a notification's key.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
# What a client must have been told at the end, by outcome.
TOLD = {
    "paid": {"invoice_issued"},
    "cancelled": {"cancelled", "cancellation_confirmed"},
    "withdrawn": {"withdrawn"},
    "client_absent": {"client_absent"},
    "waived": {"ruled", "report_ready"},
}


def check_step(world: World, player: Player, now: datetime) -> None:
    """What is cheap enough to be asked after every step."""
    _check_ticket(world, player)
    _check_money(world, player)
    _check_bookings(world, player, now)
    _check_patience(player, now)


def _check_ticket(world: World, player: Player) -> None:
    model = player.model
    [found] = world.rows(
        "SELECT status, outcome, technician_id::text, ceiling_minutes FROM tickets WHERE number = %s",
        player.ticket.number,
    )
    wanted = (model.status, model.outcome, model.technician, model.ceiling)
    require(found == wanted, "the ticket is", found, "not", wanted)
    require(player.open or model.status == "closed", "no workflow for a ticket that is", model.status)


def _check_money(world: World, player: Player) -> None:
    """At most one invoice, what was credited of it, and what each session earns in all, as the model says;
    else nothing."""
    number, model = player.ticket.number, player.model
    invoices = world.rows("SELECT slices, total_ttc_cents FROM invoices WHERE ticket = %s", number)
    slices = model.invoice
    wanted = [] if slices is None else [(slices, slices * SLICE_CENTS)]
    require(invoices == wanted, "invoiced", invoices, "not", wanted, model)
    [credited] = world.rows(
        "SELECT coalesce(sum(credit_notes.slices), 0)::int, "
        "coalesce(sum(credit_notes.total_ttc_cents), 0)::int "
        "FROM credit_notes JOIN invoices ON invoices.number = invoice WHERE ticket = %s",
        number,
    )
    require(credited == (model.credited, model.credited * SLICE_CENTS), "credited", credited, model)
    require(0 <= model.credited <= (slices or 0), "credited more than invoiced:", model)
    gains = world.rows(
        "SELECT session, technician_id::text, sum(slices)::int, sum(amount_cents)::int FROM gains "
        "WHERE ticket = %s GROUP BY session, technician_id HAVING sum(slices) <> 0 ORDER BY session",
        number,
    )
    earned = [(n, who, much, much * GAIN_CENTS) for n, (who, much) in sorted(model.gains.items())]
    require(gains == earned, "gains", gains, "not", earned, model)


def _check_bookings(world: World, player: Player, now: datetime) -> None:
    """Time to come is booked for an appointment or a session only, and exactly that."""
    model = player.model
    booked = world.rows(
        "SELECT session, technician_id::text, lower(during), upper(during) FROM bookings WHERE ticket = %s "
        "AND (upper(during) > %s OR session = %s) ORDER BY session",
        player.ticket.number,
        now + SLACK,
        model.session,
    )
    if model.status == "scheduled":
        wanted = [(model.session, model.technician, model.start, model.end)]
        require(booked == wanted, "booked", booked, "not", wanted)
    elif model.status != "in_session":
        future = [row for row in booked if row[3] > now + SLACK]
        require(not future, "time not given back by a ticket that is", model.status, future)


def _check_patience(player: Player, now: datetime) -> None:
    """Every wait has an end."""
    model = player.model
    longest = LONGEST.get(model.status)
    if longest:
        require(now - model.since < longest + SLACK, "for ever", model.status, model)
    if model.status == "scheduled" and not model.calls:
        expected = max(model.start, model.since) + timedelta(minutes=10) + SLACK
        require(now < expected, "nobody called, and nobody noticed", model)


def _check_reminders(world: World, player: Player, now: datetime) -> None:
    """Each appointment that still stood a day or an hour before has its reminders; no other one has."""
    keys = world.rows(
        "SELECT key FROM notifications WHERE ticket = %s AND kind = 'reminder'", player.ticket.number
    )
    moments = (MOMENT.search(key) for (key,) in keys)
    found = Counter(datetime.fromisoformat(moment[0]) for moment in moments if moment)
    due = [at for one in player.model.appointments for at in _reminders(one, now)]
    for at, mails in found.items():
        require(any(abs(at - one) < SLACK for one in due), "a reminder at", at, player.model.appointments)
        # A technician whose account is closed is told nothing.
        require(mails in (1, 2), mails, "reminders at", at)
    for one in player.model.appointments:
        for at in _reminders(one, now, margin=SLACK):
            require(any(abs(at - other) < SLACK for other in found), "no reminder at", at, one)


def _reminders(one: Appointment, now: datetime, margin: timedelta = -SLACK) -> list[datetime]:
    """When it was due to be reminded of while it stood."""
    until = one.until or now
    moments = [one.start - before for before in REMINDED_BEFORE]
    return [at for at in moments if one.since + margin < at < until - margin]


def _check_mails(world: World, player: Player) -> None:
    """Nothing was sent twice; what ended a ticket was told, and each suspension to everyone once."""
    number, model = player.ticket.number, player.model
    kinds = Counter(
        kind
        for (kind,) in world.rows(
            "SELECT kind FROM notifications WHERE ticket = %s AND key NOT LIKE '%%:technician'", number
        )
    )
    # The client and the team; a technician whose account is closed is told nothing.
    lasting = model.suspensions - model.brief
    require(2 * lasting <= kinds["suspended"] <= 2 * model.suspensions, kinds, model)
    require(kinds["invoice_issued"] == (model.invoice is not None), kinds, model)
    if model.outcome:
        require(bool(TOLD[model.outcome] & kinds.keys()), "nobody was told:", kinds, model)


def _check_all_mails(world: World) -> None:
    twice = [
        one for one, times in Counter(m.message_id for m in world.office.mail.messages).items() if times > 1
    ]
    require(not twice, "sent twice:", twice)


async def _check_stripe(world: World) -> None:
    """One intent for each invoice that was charged, nothing collected but what is entered as paid, and of a
    closed ticket nothing kept but what is due."""
    stripe = world.office.payments._stripe
    [(customer,)] = world.rows("SELECT customer_reference FROM cards")
    listed = await stripe.payment_intents.list_async({"customer": customer, "limit": 100})
    collected = {one.id: one.amount_received for one in listed.data}
    owed = world.rows(
        "SELECT intent, payments.status, tickets.status, total_ttc_cents::int - (SELECT "
        "coalesce(sum(total_ttc_cents), 0)::int FROM credit_notes WHERE invoice = invoices.number) "
        "FROM payments JOIN invoices ON invoice = invoices.number JOIN tickets ON ticket = tickets.number"
    )
    require(collected.keys() == {intent for intent, *_ in owed}, "an intent of no invoice")
    for intent, payment, ticket, due in owed:
        refunds = await stripe.refunds.list_async({"payment_intent": intent, "limit": 100})
        kept = collected[intent] - sum(one.amount for one in refunds.data)
        if ticket == "closed":
            require(kept == due, "kept", kept, "of", due, intent)
            require(payment == "paid" or not collected[intent], "collected and not entered:", intent)
        else:
            require(payment != "paid" and (not refunds.data or kept == due), "paid before the end:", intent)


def _check_books(world: World) -> None:
    unbalanced = world.rows(
        "SELECT transaction FROM ledger_lines GROUP BY transaction HAVING sum(amount_cents) <> 0"
    )
    require(not unbalanced, "unbalanced:", unbalanced)
    hasty = world.rows(
        "SELECT invoice FROM payment_attempts WHERE NOT EXISTS "
        "(SELECT FROM documents WHERE number = payment_attempts.invoice)"
    )
    require(not hasty, "charged before the invoice was a document:", hasty)
    overlapping = world.rows(
        "SELECT a.id, b.id FROM bookings a JOIN bookings b ON a.id < b.id "
        "AND a.technician_id = b.technician_id AND a.during && b.during"
    )
    require(not overlapping, "booked twice:", overlapping)
    owing = world.rows(
        "SELECT account, sum(amount_cents) FROM ledger_lines WHERE account LIKE '411:%%' AND NOT EXISTS "
        "(SELECT FROM tickets WHERE status <> 'closed') GROUP BY account HAVING sum(amount_cents) <> 0"
    )
    require(not owing, "all is closed, and a client owes or is owed:", owing)


async def _check_what_the_service_checks(world: World) -> None:
    """All of its invariants that are about our own books. Here invoices do not begin at 1, and the tests that
    share Stripe and Temporal know nothing of each other."""
    async with world.worker_sessions() as session:
        found = await look(session, datetime.now(UTC), {}, Patience())
    ours = (BOOKS.keys() | PROCESS.keys()) - {Invariant.INVOICE_NUMBERS, Invariant.TICKETS_RUNNING}
    for one in found:
        require(one.ok or one.name not in ours, one.name, "is not true:", one.rows)


async def check_run(world: World) -> None:
    """All invariants, at the end of a run; its tickets may be anywhere."""
    for player in world.players:
        _check_reminders(world, player, await player.ticket.now())
        _check_mails(world, player)
        described = await player.ticket.handle.describe()
        running = described.status is WorkflowExecutionStatus.RUNNING
        require(running or player.model.status == "closed", "an open ticket without its workflow")
    _check_all_mails(world)
    _check_books(world)
    await _check_what_the_service_checks(world)
    await _check_stripe(world)


async def check_histories(world: World) -> None:
    """What happened would happen again."""
    for player in world.players:
        await replay_history_of(player.ticket.handle)
