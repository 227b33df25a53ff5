"""Looking at every invariant by hand, at the provider first. Nothing is kept but what that reading brings."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from activities.gateways.stripe_payments import StripePayments
from activities.gateways.temporal_tickets import TemporalTickets
from activities.invariants import look_at_all
from activities.reconciliation import ReconciliationActivities
from activities.wording.invariants import lines
from db.engine import create_engine, sessions
from deploy.settings import Settings
from deploy.temporal import connect
from domain.invariants import EXPLANATIONS, Found, Patience
from domain.provider_entries import Read

# Of one who knows that nothing is under way.
NO_PATIENCE = Patience(money=timedelta(0), listing=timedelta(0), process=timedelta(0))


async def check(settings: Settings, patience: Patience) -> list[Found]:
    """Read on at the provider, and look. `settings` are the worker's."""
    client = await connect(settings)
    engine = create_engine(settings.database_url.get_secret_value())
    payments = StripePayments(settings.stripe_api_key.get_secret_value(), settings.stripe_api_base)
    try:
        database, now = sessions(engine), datetime.now(UTC)
        readings = ReconciliationActivities(database, payments)
        await readings.read_events(Read(now))
        await readings.read_entries(Read(now))
        running = TemporalTickets(client, settings.task_queue)
        return await look_at_all(database, running, datetime.now(UTC), patience)
    finally:
        await payments.close()
        await engine.dispose()


def report(found: Sequence[Found]) -> Iterator[str]:
    """A line for each invariant, and one for each offending row."""
    for one in found:
        yield f"{'vrai' if one.ok else 'FAUX'}  {EXPLANATIONS[one.name]}"
        for line in lines(one.rows, one.total):
            yield f"        {line}"
