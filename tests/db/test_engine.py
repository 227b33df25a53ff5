from sqlalchemy import text

from db.engine import VANISHED_HOST, create_engine
from tests.support.postgres import Database


async def test_a_vanished_host_is_noticed_and_a_socket_does_not_mind(database: Database) -> None:
    engine = create_engine(database.url("omea_worker"))
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        given = driver.info.get_parameters()
    await engine.dispose()
    # The library leaves out what is its own default.
    wanted = {name: str(value) for name, value in VANISHED_HOST.items() if name != "keepalives"}
    assert {name: given.get(name) for name in wanted} == wanted
