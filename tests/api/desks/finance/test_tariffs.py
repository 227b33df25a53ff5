"""Finance sets a tariff from its page."""

from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import Frontend
from tests.support.people import a_person

NEW = {
    "version": "2027-01-imprimante",
    "skill": "printer",
    "effective_from": "2027-01-01",
    "price_ttc_cents": "18,00",
    "technician_ht_cents": "9",
}


async def test_a_tariff_is_added_and_shown(api: Frontend) -> None:
    finance = a_person(api.database, "finance", "Louise Caron")
    page = await page_of(api, finance, "/tarifs")
    assert "Aucun changement n’est prévu." in page.text
    assert page.form("/tarifs")["slice_minutes"] == "15"
    await page.send("/tarifs", **NEW)
    assert "Le tarif est enregistré." in page.text
    assert "Imprimante et scanner 18,00 € TTC" in page.text
    assert "à partir du 01/01/2027, décidé par Louise Caron le 24/11/2026. TVA 20 %." in page.text
    rows = "SELECT skill, effective_from, price_ttc_cents, technician_ht_cents, set_by::text FROM tariffs "
    [(skill, at, *cents, by)] = api.database.rows(rows + "WHERE version = '2027-01-imprimante'")
    assert (skill, at.isoformat(), cents, by) == (
        "printer",
        "2026-12-31T23:00:00+00:00",
        [1800, 900],
        finance,
    )
    assert api.database.rows("SELECT subject FROM accesses WHERE kind = 'tariff_set'") == [(NEW["version"],)]
    await page_of(api, finance, "/tarifs")


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"effective_from": "2026-11-01"}, "Un tarif ne peut prendre effet dans le passé."),
    ({"effective_from": "2029-11-01"}, "Un tarif s’annonce au plus deux ans à l’avance."),
    ({"price_ttc_cents": "18,01"}, "doit être un multiple de 6 centimes"),
    ({"price_ttc_cents": "0,06"}, "doit être un multiple de 6 centimes"),
    ({"technician_ht_cents": "15,06"}, "sans dépasser le prix HT de la tranche"),
    ({"technician_ht_cents": "-1"}, "Le gain du technicien doit être positif"),
    ({"slice_minutes": "7"}, "La tranche doit diviser 15 minutes"),
    ({"price_ttc_cents": "dix-huit"}, "Prix : écrivez un montant en euros, comme 15,60."),
    ({"effective_from": "demain"}, "Date d’effet : écrivez un jour comme 2026-11-24."),
    ({"version": "Nouveau tarif"}, "Nom : ce format n’est pas celui attendu."),
)


async def test_a_tariff_that_cannot_be_says_why(api: Frontend) -> None:
    visitor = await a_visitor(api, a_person(api.database, "finance")).open("/tarifs")
    before = api.database.rows("SELECT version FROM tariffs")
    as_drawn = visitor.form("/tarifs") | NEW
    for typed, said in REFUSED:
        await visitor.send("/tarifs", **as_drawn | typed | {"key": visitor.form("/tarifs")["key"]})
        assert visitor.answer.status_code == 422
        assert said in visitor.text
        assert visitor.form("/tarifs").items() >= (NEW | typed).items()
    assert api.database.rows("SELECT version FROM tariffs") == before
