"""The back office's pages about people, and what they need of the world."""

from datetime import timedelta

from tests.api.frontend import MORNING
from tests.api.rows import insert
from tests.scenes.scene import BACK_OFFICE, CLIENT, FINANCE, NEW_TECHNICIAN, TECHNICIAN, Scene
from tests.support.people import a_person
from tests.support.postgres import Database
from tests.support.second_factors import an_authenticator

DAY = timedelta(days=1)
# What an authenticator application is given.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

PEOPLE = [
    Scene("personnes-clients", "/personnes", BACK_OFFICE, dark=True),
    Scene("personnes-techniciens", "/personnes?sorte=techniciens", BACK_OFFICE),
    Scene("personnes-equipe", "/personnes?sorte=equipe", BACK_OFFICE),
    Scene("personnes-aucune", "/personnes?q=zzz", BACK_OFFICE),
    Scene("personne-client", "/personnes/{a_client}", BACK_OFFICE),
    Scene("personne-client-part", "/personnes/{a_leaver}", BACK_OFFICE),
    Scene("personne-technicien", "/personnes/{a_technician}", BACK_OFFICE, dark=True),
    Scene("personne-technicien-nouveau", "/personnes/{a_new_technician}", BACK_OFFICE),
    Scene(
        "personne-technicien-a-corriger",
        "/personnes/{a_new_technician}",
        BACK_OFFICE,
        sends="form[action$='/attestation']",
    ),
    Scene("personne-identite", "/personnes/{a_technician}/identite", BACK_OFFICE),
    Scene("personne-collegue", "/personnes/{a_colleague}", BACK_OFFICE),
    Scene("personne-soi", "/personnes/{oneself}", BACK_OFFICE),
    Scene("personne-nouvelle", "/personnes/nouveau", BACK_OFFICE),
    Scene(
        "personne-nouvelle-a-corriger",
        "/personnes/nouveau?sorte=equipe",
        BACK_OFFICE,
        sends="main form:has([name=mail])",
    ),
    Scene("candidatures", "/candidatures", BACK_OFFICE),
    Scene("candidature", "/candidatures/{application}", BACK_OFFICE),
    Scene(
        "candidature-a-corriger",
        "/candidatures/{application}",
        BACK_OFFICE,
        sends="form[action$='/refuser']",
    ),
]


def things(database: Database, people: dict[str, str]) -> dict[str, str]:
    """One of each: who leaves, a technician who is not ready and one whose bank changes, who applies."""
    new = people[NEW_TECHNICIAN]
    database.execute("UPDATE technicians SET vetted_at = NULL WHERE id = %s", new)
    database.execute(
        "UPDATE payees SET legal_name = NULL, siren = NULL, street = NULL, vigilance_until = NULL, "
        "mandate = NULL, mandate_signed_at = NULL WHERE technician_id = %s",
        new,
    )
    technician = people[TECHNICIAN]
    database.execute(
        "UPDATE payees SET wanted_rail = 'sepa', wanted_iban = 'FR1420041010050500013M02606', "
        "wanted_at = %s, vigilance_until = '2026-12-10' WHERE technician_id = %s",
        *(MORNING - DAY, technician),
    )
    for day in (0, 1, 2, 4):
        database.execute(
            "INSERT INTO working_hours VALUES (%s, %s, '08:00', '12:30'), (%s, %s, '14:00', '18:30')",
            *(technician, day, technician, day),
        )
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(technician, MORNING.replace(hour=0) + 30 * DAY, MORNING.replace(hour=0) + 37 * DAY, technician),
    )
    for colleague in (people[FINANCE], people[BACK_OFFICE]):
        an_authenticator(database, colleague, SECRET, MORNING - 90 * DAY)
    leaver = a_person(database, "client", "Marc Lefèvre")
    insert(
        database,
        "erasures",
        person_id=leaver,
        actor_id=people[BACK_OFFICE],
        key="leaver",
        asked_by="phone",
        asked_at=MORNING - DAY,
        due_at=MORNING + 29 * DAY,
    )
    [(application,)] = database.rows(
        "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at) "
        "VALUES ('Luc Morel', 'luc.morel@example.fr', '{\"internet\": 3, \"printer\": 1}', "
        "'Dix ans de support aux particuliers ; je travaille surtout sur les réseaux domestiques.', "
        "'', '', '', %s) RETURNING id::text",
        MORNING - 3 * DAY,
    )
    return {
        "a_client": people[CLIENT],
        "a_leaver": leaver,
        "a_technician": technician,
        "a_new_technician": new,
        "a_colleague": people[FINANCE],
        "oneself": people[BACK_OFFICE],
        "application": str(application),
    }
