"""Hours, leave, the papers and the bank: each form's effect, and what it says of a mistake."""

import pytest

from tests.api.desks.visitor import Visitor, a_visitor, looks_right, page_of
from tests.api.frontend import Frontend
from tests.support.people import a_technician

HOURS, LEAVE = "/disponibilites/horaires", "/disponibilites/conges"


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database, "internet", account="acct_1")


def week(api: Frontend) -> list[tuple[object, ...]]:
    return api.database.rows(
        "SELECT weekday, to_char(opens, 'HH24:MI'), to_char(closes, 'HH24:MI') FROM working_hours "
        "ORDER BY weekday, opens"
    )


async def test_the_week_is_set_and_a_mistake_is_told_beside_it(api: Frontend, technician: str) -> None:
    page = await page_of(api, technician, "/disponibilites")
    assert "Vous n’avez pas fixé d’horaires" in page.text
    days = {"opens-0-0": "09:00", "closes-0-0": "12:00", "opens-0-1": "14:00", "closes-0-1": "18:00"}
    await page.send(HOURS, **days, **{"opens-4-0": "10:00", "closes-4-0": ""})
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert page.wrong() == {"closes-4-0": "Écrivez une heure comme 09:00."}
    assert page.form(HOURS)["opens-0-1"] == "14:00"
    assert week(api) == []
    await page.send(HOURS, **{"closes-4-0": "09:00"})
    assert "Chaque plage horaire doit finir après son début." in page.text
    await page.send(HOURS, **{"closes-4-0": "12:00"})
    assert "Vos horaires sont enregistrés." in page.text
    assert week(api) == [(0, "09:00", "12:00"), (0, "14:00", "18:00"), (4, "10:00", "12:00")]
    # Set elsewhere: more than the page has room for by itself.
    api.database.execute(
        "INSERT INTO working_hours VALUES (%s, 4, '13:00', '14:00'), (%s, 4, '15:00', '16:00'), "
        "(%s, 4, '17:00', '18:00')",
        *(technician, technician, technician),
    )
    page = await page_of(api, technician, "/disponibilites")
    assert page.form(HOURS)["closes-4-3"] == "18:00"
    await page.send(HOURS)
    assert len(week(api)) == 6
    await page.send(HOURS, **dict.fromkeys(page.form(HOURS).keys() - {"key"}, ""))
    assert week(api) == []


async def test_leave_is_taken_for_whole_days_or_hours_and_given_up(api: Frontend, technician: str) -> None:
    page = await a_visitor(api, technician).open("/disponibilites")
    await page.send(LEAVE, from_day="2026-12-24", to_day="2026-12-20")
    assert page.answer.status_code == 422
    assert "Ces congés doivent finir après leur début." in page.text
    assert page.form(LEAVE)["from_day"] == "2026-12-24"
    await page.send(LEAVE, from_day="", to_day="2026-12-31")
    assert page.wrong() == {"from_day": "Ce champ est obligatoire."}
    await page.send(LEAVE, from_day="2026-12-24", to_day="jamais", to_hour="midi")
    assert page.wrong().keys() == {"to_day", "to_hour"}
    await page.send(LEAVE, to_hour="")
    await page.send(LEAVE, from_day="2026-12-24", to_day="2026-12-31")
    assert "Du jeudi 24 décembre 2026 au jeudi 31 décembre 2026" in page.text
    await page.send(LEAVE, from_day="2026-12-02", from_hour="14:00", to_day="2026-12-02", to_hour="16:30")
    assert "Du mercredi 2 décembre à 14 h au mercredi 2 décembre à 16 h 30" in page.text
    assert api.database.rows("SELECT during::text FROM leaves ORDER BY during") == [
        ('["2026-12-02 13:00:00+00","2026-12-02 15:30:00+00")',),
        ('["2026-12-23 23:00:00+00","2026-12-31 23:00:00+00")',),
    ]
    await page.send(LEAVE, from_day="2026-12-30", to_day="2027-01-02")
    assert "Ces congés en chevauchent d’autres." in page.text
    page = await page_of(api, technician, "/disponibilites")
    await page.send(page.actions()[1])
    assert "Ces congés sont annulés." in page.text
    assert len(api.database.rows("SELECT FROM leaves")) == 1


async def test_a_file_that_lacks_nothing(api: Frontend, technician: str) -> None:
    api.database.execute("UPDATE payees SET vigilance_until = '2027-05-31'")
    page = await page_of(api, technician, "/dossier")
    for words in (
        "Il ne manque rien : vos gains peuvent être virés.",
        "Internet et Wi-Fi courant",
        "En règle Valable jusqu’au lundi 31 mai 2027.",
        "Signé le lundi 5 janvier 2026.",
        "12 rue des Lilas, 69003 Lyon",
        "Prêt à recevoir des virements",
    ):
        assert words in page.text


async def test_what_is_missing_is_mended(api: Frontend, technician: str) -> None:
    api.database.execute(
        "UPDATE payees SET mandate = NULL, mandate_signed_at = NULL, account_ready = false, "
        "account_missing = 'external_account', vigilance_until = '2026-12-01'"
    )
    page = await page_of(api, technician, "/dossier")
    for words in (
        "Vos virements sont retenus",
        "Mandat d’autofacturation à signer.",
        "compte bancaire (IBAN)",
        "Expire bientôt",
    ):
        assert words in page.text
    mandate = await page_of(api, technician, "/dossier/mandat")
    assert "Je donne mandat à OmeaSupport" in mandate.text
    form = mandate.form("/dossier/mandat")
    await mandate.send("/dossier/mandat", version="an-older-one")
    assert "Le texte du mandat a changé : relisez-le, puis signez-le." in mandate.text
    await mandate.send("/dossier/mandat", version=form["version"])
    assert "Le mandat est signé." in mandate.text
    assert api.database.rows("SELECT mandate FROM payees") == [(form["version"],)]
    # Temporal is away: the page of the provider cannot be asked for.
    await mandate.send("/dossier/compte")
    assert mandate.answer.status_code == 503
    looks_right(mandate.answer)


async def test_another_bank_waits_for_the_team(api: Frontend, technician: str) -> None:
    page: Visitor = await page_of(api, technician, "/dossier/banque")
    await page.send("/dossier/banque", rail="sepa", iban="FR14 2004")
    assert page.answer.status_code == 422
    assert "iban" in page.wrong()
    assert page.form("/dossier/banque")["iban"] == "FR14 2004"
    await page.send("/dossier/banque", rail="sepa", iban="")
    assert page.wrong() == {"iban": "Donnez l’IBAN avec le virement bancaire, et seulement avec lui."}
    await page.send("/dossier/banque", rail="sepa", iban="FR14 2004 1010 0505 0001 3M02 606")
    assert page.path == "/dossier"
    assert "L’équipe Omea vous appelle pour la confirmer" in page.text
    assert "FR14 … 2606" in page.text
    assert "FR1420041010050500013M02606" not in page.answer.text
    assert api.database.rows("SELECT wanted_rail, wanted_at IS NOT NULL FROM payees") == [("sepa", True)]
