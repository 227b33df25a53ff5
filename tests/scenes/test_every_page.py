"""Every page in every state, as it is answered: whole, found with few questions, and in no raw words."""

import re
from collections.abc import Mapping
from datetime import timedelta

from lxml import html

from domain.refunds import RefundStatus
from domain.sign_ins import NOTED_EVERY
from domain.tickets import Outcome, Status
from tests.api.desks.visitor import MOST_QUERIES, Visitor, a_visitor, counted_queries, looks_right
from tests.api.frontend import MORNING, open_frontend
from tests.api.rows import a_gain, a_report, a_session, a_ticket, insert
from tests.scenes import world
from tests.scenes.desks import PAGES
from tests.scenes.scene import CLIENT, TECHNICIAN, Scene
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

# Spelled as the code spells them; a word that is French too proves nothing.
RAW = re.compile(
    r"\b[a-z]+_[a-z_]+\b|Traceback|\bNone\b|\b(?:" + "|".join({*Status, *Outcome, *RefundStatus}) + r")\b"
)


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def test_every_page_takes_few_questions_and_speaks_french(database: Database) -> None:
    """Also when the use of the sign-in is to be noted, as on most pages that a person opens; and as few where
    there is more to show."""
    faults: dict[str, list[str]] = {}
    questions: dict[str, int] = {}
    async with open_frontend(database) as api:
        people = world.people(database)
        things = world.things(database, people)
        visitors = {None: a_visitor(api, None)} | {who: a_visitor(api, one) for who, one in people.items()}

        async def opened(scene: Scene) -> tuple[Visitor, int]:
            api.clock.now = scene.at
            database.execute("UPDATE sign_ins SET seen_at = %s", scene.at - NOTED_EVERY)
            with counted_queries(api) as asked:
                visitor = await visitors[scene.who].open(scene.path.format(**things))
            return visitor, len(asked)

        scenes = [one for scenes in PAGES.values() for one in scenes if one.who in visitors]
        for scene in (one for one in scenes if not (one.shown or one.sends)):
            visitor, questions[scene.name] = await opened(scene)
            looks_right(visitor.answer)
            words = html.document_fromstring(visitor.answer.text).xpath("string(//body)")
            faults[scene.name] = RAW.findall(words)
        assert len(faults) > 100
        assert {name: raw for name, raw in faults.items() if raw} == {}
        assert {name: many for name, many in questions.items() if many > MOST_QUERIES} == {}

        a_crowd(database, people)
        for scene in (one for one in scenes if one.name in questions and "{" not in one.path):
            assert (scene.name, (await opened(scene))[1]) == (scene.name, questions[scene.name])


def a_crowd(database: Database, people: Mapping[str, str]) -> None:
    """Many rows for every list: people, requests, gains, mails that were refused."""
    for n in range(12):
        a_client(database, f"Claire Petit {n}")
        other = a_technician(database, "internet", name=f"Thomas Leroy {n}", account=f"acct_crowd_{n}")
        for days, status in enumerate(
            ("scheduled", "to_assign", "in_review", "suspended", "unpaid", "closed")
        ):
            start = MORNING + HOUR - (days + 5 * n) * DAY if days else MORNING + 3 * HOUR
            for technician in (people[TECHNICIAN], other):
                number = a_ticket(database, people[CLIENT], technician, status=status, start=start)
                if status in {"in_review", "suspended", "closed"}:
                    a_session(database, number, technician, start, start + HOUR)
                    a_report(database, number, technician, start + HOUR)
                if status == "closed":
                    a_gain(database, number, technician, start + HOUR)
                sent = {"key": number, "kind": "booked", "message_id": number, "recipient_id": people[CLIENT]}
                refused = {"refused_at": MORNING - HOUR, "refused_code": 550}
                insert(database, "notifications", ticket=number, **sent, **refused)
