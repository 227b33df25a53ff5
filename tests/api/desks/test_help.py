"""The help pages: every question of the public FAQ has its answer, and one reads whether the team answers."""

from datetime import datetime
from itertools import product
from typing import Any

import pytest
from lxml import html

from api.app import ROUTERS
from domain.opening_hours import PARIS
from tests.api.desks.visitor import MOST_QUERIES, Visitor, a_visitor, counted_queries, looks_right
from tests.api.frontend import Frontend
from tests.support.people import a_client, a_person, a_technician

# The questions of the public FAQ, in its order, and where each is answered.
FAQ = {
    "/aide": {
        "good practice": "bonnes-pratiques",
        "how a request is handled": "demande",
        "how remote control goes": "prise-en-main",
        "how billing goes": "facturation",
        "what to do when not satisfied": "insatisfaction",
        "how to leave a review": "avis",
        "how to delete an account": "suppression",
        "how to reach the team": "contact",
    },
    "/aide/techniciens": {
        "good manners": "bonnes-manieres",
        "how to take a request on": "prise-en-charge",
        "how remote control goes": "prise-en-main",
        "how one is paid": "remuneration",
        "how to delete an account": "suppression",
        "how to reach the team": "contact",
    },
}
# What an answer must at least name: where it is done, by what, until when.
NAMED = {
    ("/aide", "bonnes-pratiques"): (
        *("numéro de votre demande", "Mot de passe", "compte bancaire", "téléphonez-nous", "avis"),
        *("Restez devant l’ordinateur", "Passez toujours par OmeaSupport"),
    ),
    ("/aide", "demande"): ("technicien qui connaît ce sujet", "il vous téléphone", "avec votre accord"),
    ("/aide", "prise-en-main"): ("AnyDesk", "page de votre demande", "accord", "accepter la connexion"),
    ("/aide", "facturation"): ("15,00 € TTC", "15 minutes", "2 minutes", "72 heures"),
    ("/aide", "insatisfaction"): ("suspendue", "pas de facture"),
    ("/aide", "avis"): ("votre espace", "« Donner mon avis »", "72 heures"),
    ("/aide", "suppression"): ("30 jours", "téléphone", "courriel"),
    ("/aide", "contact"): ("09 71 38 04 96", "contact@omeasupport.com", "Du lundi au samedi, de 8 h à 19 h"),
    ("/aide/techniciens", "prise-en-charge"): ("2 heures", "15 minutes", "60 minutes"),
    ("/aide/techniciens", "bonnes-manieres"): ("à l’heure", "numéro", "huit chiffres", "incident"),
    ("/aide/techniciens", "prise-en-main"): ("téléchargé et installé", "adresse AnyDesk", "accord"),
    ("/aide/techniciens", "remuneration"): ("durée", "Gain", "un seul virement", "30 jours", "5,00 €"),
    ("/aide/techniciens", "suppression"): ("30 jours", "téléphone", "courriel"),
    ("/aide/techniciens", "contact"): ("09 71 38 04 96", "contact@omeasupport.com", "Du lundi au samedi"),
}


async def shown(api: Frontend, path: str) -> tuple[Visitor, Any]:
    visitor = await a_visitor(api, None).open(path)
    assert visitor.answer.status_code == 200
    looks_right(visitor.answer)
    return visitor, html.document_fromstring(visitor.answer.text)


def words_of(part: Any) -> str:
    return " ".join(part.text_content().replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("path", FAQ)
async def test_every_question_of_the_faq_has_its_answer(api: Frontend, path: str) -> None:
    with counted_queries(api) as asked:
        _, page = await shown(api, path)
    assert len(asked) <= MOST_QUERIES
    anchors = [one.removeprefix("#") for one in page.xpath("//nav[@class='contents']//a/@href")]
    assert set(FAQ[path].values()) <= set(anchors)
    for anchor in anchors:
        [answer] = page.xpath(f"//section[@id='{anchor}']")
        [title] = page.xpath(f"//nav[@class='contents']//a[@href='#{anchor}']/text()")
        assert answer.xpath("string(./h3)") == title
        assert len(words_of(answer)) > 150
        for word in NAMED.get((path, anchor), ()):
            assert word in words_of(answer), (anchor, word)
    inside = [one.removeprefix("#") for one in page.xpath("//main//a/@href") if one.startswith("#")]
    assert set(inside) <= set(anchors)


async def test_every_address_that_is_named_is_there(api: Frontend) -> None:
    known = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    for path in FAQ:
        visitor, _ = await shown(api, path)
        for link in visitor.links():
            assert link.startswith(("#", "tel:", "mailto:", "https://anydesk.com/")) or link in known, link


TIMES = [
    ((2026, 11, 24, 8), "L’équipe répond en ce moment, jusqu’à 19 h.", False),
    ((2026, 11, 24, 18, 59), "L’équipe répond en ce moment, jusqu’à 19 h.", False),
    ((2026, 11, 24, 19), "L’équipe répond de nouveau demain à 8 h", True),
    ((2026, 11, 24, 7, 59), "L’équipe répond de nouveau aujourd’hui à 8 h", True),
    # A Saturday evening, and the eve of a public holiday that is a Friday.
    ((2026, 11, 21, 20), "L’équipe répond de nouveau lundi 23 novembre à 8 h", True),
    ((2026, 12, 24, 20), "L’équipe répond de nouveau samedi 26 décembre à 8 h", True),
]


async def test_it_is_said_whether_the_team_answers_now(api: Frontend) -> None:
    for (at, says, is_closed), path in product(TIMES, FAQ):
        api.clock.now = datetime(*at, tzinfo=PARIS)  # type: ignore[misc,arg-type]
        _, page = await shown(api, path)
        assert says in words_of(page.get_element_by_id("contact"))
        notices = [words_of(one) for one in page.xpath("//div[contains(@class, 'notice')]")]
        assert ["(heure de Paris)" in one for one in notices] == [True] * is_closed


async def test_without_the_database_there_is_help_all_the_same(api: Frontend) -> None:
    api.database.execute("ALTER ROLE omea_api CONNECTION LIMIT 0")
    try:
        _, page = await shown(api, "/aide")
    finally:
        api.database.execute("ALTER ROLE omea_api CONNECTION LIMIT -1")
    billing = words_of(page.get_element_by_id("facturation"))
    assert "€" not in billing
    assert "Le prix de la tranche vous est montré avant de valider." in billing


async def test_every_page_leads_to_ones_help(api: Frontend) -> None:
    for person, path, help_page in (
        (a_client(api.database), "/demandes", "/aide"),
        (a_technician(api.database), "/compte", "/aide/techniciens"),
        (a_person(api.database, "back_office"), "/compte", "/aide"),
        (None, "/v1/sign-in", "/aide"),
        (None, "/v1/sign-up", "/aide"),
        (None, "/nulle-part", "/aide"),
    ):
        answer = (await a_visitor(api, person).open(path)).answer
        assert help_page in html.document_fromstring(answer.text).xpath("//footer//a/@href"), path
