"""An hour is one of some place: whoever reads one is told that it is Paris's."""

import re

import pytest
from lxml import html

from activities.wording.texts import HERE, text_of
from domain.notices import Notice
from domain.tickets import Role
from tests.activities.letters import FACTS
from tests.api.desks.visitor import tells_its_zone
from tests.scenes.desks import PAGES
from tests.scenes.mails import MAILS
from tests.scenes.scene import Scene

# An hour of the day, and no length: `à 14 h 30`, `de 8 h`, `entre 9 h et 12 h`, `9 h – 12 h`.
HOUR = re.compile(r"(?:\b(?:à|de|dès|et|entre|vers|avant)|–)\s\d{1,2}\sh\b(?!\sau plus)")
ZONE = re.compile(r"heure\sde\sParis")
SHOWN = [scene for scenes in PAGES.values() for scene in scenes if scene.shown is not None]
TEXTS = [path.name.split(".")[:2] for path in HERE.glob("*.j2")]


@pytest.mark.parametrize("scene", MAILS, ids=lambda scene: scene.name)
def test_a_mail_says_whose_hour_it_is_in_its_body_and_at_its_foot(scene: Scene) -> None:
    assert scene.letter is not None
    letter = scene.letter()
    body, foot = letter.text.split("* * *")
    page = html.document_fromstring(letter.html)
    parts = [body, foot, page.xpath("string(//main)"), page.xpath("string(//footer)")]
    assert [part for part in parts if HOUR.search(part) and not ZONE.search(part)] == []
    assert HOUR.search(foot)


@pytest.mark.parametrize("scene", SHOWN, ids=lambda scene: scene.name)
def test_a_page_that_nobody_can_ask_for_does_as_well(scene: Scene) -> None:
    assert scene.shown is not None
    assert tells_its_zone(html.document_fromstring(scene.shown()).xpath("string(//body)"))


@pytest.mark.parametrize(("notice", "role"), TEXTS)
def test_a_text_message_does_as_well(notice: str, role: str) -> None:
    said = text_of(Notice(notice), Role(role), FACTS)
    assert (bool(HOUR.search(said)), bool(ZONE.search(said))) == (True, True)
