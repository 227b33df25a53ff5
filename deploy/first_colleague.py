"""The first of the back office, entered with the database's own password: who comes after is let in by a
colleague (`POST /v1/colleagues`)."""

from pydantic import ValidationError
from sqlalchemy import func, select

from api.formats import MAIL_ADDRESS, PERSON_NAME
from api.french_fields import message
from db.engine import create_engine, sessions
from db.models.people import Person
from db.stores.people import add_person
from deploy.settings import Settings
from domain.tickets import Role


class ColleagueRefused(Exception):
    """There is somebody already, or this cannot be anybody."""


async def run(settings: Settings, name: str, mail: str) -> str:
    """The new colleague's address, as it was kept. Raises `ColleagueRefused`."""
    try:
        name, mail = PERSON_NAME.validate_python(name), MAIL_ADDRESS.validate_python(mail)
    except ValidationError as wrong:
        raise ColleagueRefused(message(wrong.errors()[0])) from None
    engine = create_engine(settings.database_url.get_secret_value())
    try:
        async with sessions(engine).begin() as session:
            # The lock of migration 0027: two who are first at once wait for each other.
            lock = func.hashtextextended("the last of the back office", 0)
            await session.execute(select(func.pg_advisory_xact_lock(lock)))
            known = select(Person.id).where(Person.role == Role.BACK_OFFICE, Person.active).limit(1)
            if await session.scalar(known) is not None:
                raise ColleagueRefused("l’équipe Omea a déjà quelqu’un : c’est à un collègue d’en ajouter")
            if await add_person(session, Role.BACK_OFFICE, name, mail) is None:
                raise ColleagueRefused("cette adresse est déjà celle d’un autre compte")
    finally:
        await engine.dispose()
    return mail
