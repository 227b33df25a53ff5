"""What a year's transfers come to for each technician, by the hour in Paris at which they were made."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from db.askers import COMMAND_LINE, asked_sessions
from db.engine import Sessions, create_engine
from db.reads.declared_years import declared_year
from domain.dac7 import Quarters, QuarterTotals, Seller
from domain.declared_years import DeclaredYear
from domain.documents import Address
from domain.opening_hours import PARIS
from tests.api.rows import insert
from tests.support.payments import a_declared_person, a_payment, gains_of
from tests.support.people import a_technician
from tests.support.postgres import Database

NEW_YEAR = datetime(2027, 1, 1, tzinfo=PARIS)
LAST_MINUTE = datetime(2026, 12, 31, 23, 59, tzinfo=PARIS)
NOTHING = QuarterTotals(0, 0, 0)
IBAN = "FR1420041010050500013M02606"


@pytest.fixture
async def reader(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_api"))
    yield asked_sessions(engine, COMMAND_LINE)
    await engine.dispose()


async def read(
    reader: Sessions, year: int, technician: str | None = None, now: datetime = NEW_YEAR
) -> DeclaredYear:
    async with reader() as session:
        return await declared_year(session, year, now, technician)


async def paid(reader: Sessions, year: int) -> dict[str, Quarters]:
    return {one.seller.id: one.quarters for one in (await read(reader, year)).sellers}


async def test_a_transfer_is_of_the_year_in_which_it_was_made(database: Database, reader: Sessions) -> None:
    thomas = a_technician(database)
    december = gains_of(database, thomas, LAST_MINUTE - timedelta(days=3), 3)
    a_payment(database, thomas, LAST_MINUTE, december[:1], cents=1600)
    # December's work, paid in January: an hour before midnight in Greenwich it is January in Paris.
    a_payment(database, thomas, NEW_YEAR, december[1:], cents=3200)
    assert await paid(reader, 2026) == {thomas: (NOTHING, NOTHING, NOTHING, QuarterTotals(1600, 0, 1))}
    assert await paid(reader, 2027) == {thomas: (QuarterTotals(3200, 0, 2), NOTHING, NOTHING, NOTHING)}
    assert await paid(reader, 2025) == {}


async def test_quarters_hold_what_was_transferred_and_each_technician_is_alone(
    database: Database, reader: Sessions
) -> None:
    thomas, zoe = sorted((a_technician(database), a_technician(database, name="Zoé Blanc")))
    winter, summer = datetime(2026, 3, 31, 23, 59, tzinfo=PARIS), datetime(2026, 7, 1, tzinfo=PARIS)
    a_payment(database, thomas, winter, gains_of(database, thomas, winter, 2), cents=3200)
    a_payment(database, thomas, summer, gains_of(database, thomas, summer, 1), cents=1600, vat_cents=320)
    a_payment(database, thomas, summer, gains_of(database, thomas, summer, 1), cents=1600)
    a_payment(database, zoe, summer, gains_of(database, zoe, summer, 3), cents=4800)
    # Neither of these was ever received.
    for status in ("to_send", "failed"):
        a_payment(database, zoe, None, gains_of(database, zoe, summer, 1), cents=1600, status=status)
    expected = {
        thomas: (QuarterTotals(3200, 0, 2), NOTHING, QuarterTotals(3520, 0, 2), NOTHING),
        zoe: (NOTHING, NOTHING, QuarterTotals(4800, 0, 3), NOTHING),
    }
    assert await paid(reader, 2026) == expected
    [alone] = (await read(reader, 2026, zoe)).sellers
    assert (alone.seller.id, alone.quarters) == (zoe, expected[zoe])


async def test_a_session_and_its_correction_are_one_intervention(
    database: Database, reader: Sessions
) -> None:
    thomas = a_technician(database)
    [gain] = gains_of(database, thomas, LAST_MINUTE, 1)
    [(ticket,)] = database.rows("SELECT ticket FROM gains WHERE id = %s", gain)
    for session, number, cents in ((1, 1, -800), (2, 0, 1600)):
        insert(
            database,
            "gains",
            ticket=ticket,
            session=session,
            number=number,
            technician_id=thomas,
            slices=cents // 800,
            amount_cents=cents,
            month="2026-12",
            accepted_at=LAST_MINUTE,
            act=f"ruling {session}",
        )
    gains = [str(gain) for (gain,) in database.rows("SELECT id FROM gains")]
    a_payment(database, thomas, LAST_MINUTE, gains, cents=2400)
    assert (await paid(reader, 2026))[thomas][3] == QuarterTotals(2400, 0, 2)


async def test_a_seller_is_what_the_payee_is_now(database: Database, reader: Sessions) -> None:
    thomas = a_technician(database)
    a_payment(database, thomas, LAST_MINUTE, [], cents=1600)
    a_declared_person(database, thomas)
    [person] = (await read(reader, 2026)).sellers
    [(siren,)] = database.rows("SELECT siren FROM payees")
    expected = Seller(
        id=thomas,
        name="Thomas Leroy",
        first_name="Thomas",
        last_name="Leroy",
        birth_date=date(1987, 7, 31),
        siren=siren,
        vat_number=None,
        tax_id="3023217600053",
        address=Address("12 rue des Lilas", "69003", "Lyon"),
        country="FR",
        iban=None,
        is_entity=False,
    )
    assert (person.seller, person.quarters[3]) == (expected, QuarterTotals(1600, 0, 0))
    # The account counts while they are paid on it; a person's tax number is no company's.
    database.execute("UPDATE payees SET iban = %s, is_company = true, street = NULL", IBAN)
    [company] = (await read(reader, 2026)).sellers
    assert (company.seller.iban, company.seller.tax_id, company.seller.address) == (None, None, None)
    database.execute("UPDATE payees SET rail = 'sepa', is_company = NULL")
    [unknown] = (await read(reader, 2026)).sellers
    assert (unknown.seller.iban, unknown.seller.is_entity) == (IBAN, False)


async def test_the_day_is_that_of_paris(database: Database, reader: Sessions) -> None:
    assert await read(reader, 2026) == DeclaredYear(2026, date(2027, 1, 1), ())
    assert (await read(reader, 2026, now=LAST_MINUTE)).is_provisional
