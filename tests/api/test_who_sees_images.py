"""Images are shown and served to those who may read the text that they belong to, and to nobody else."""

import httpx
import pytest

from api.codes import ApiCode
from tests.api.frontend import Frontend, is_problem
from tests.api.pictures import an_image
from tests.api.protection import ON_EVERY_ANSWER
from tests.api.rows import a_report, a_ticket, insert
from tests.support.people import a_client, a_person, a_submission, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b40"


class Illustrated:
    """A suspended ticket with an image in its request, its report and its dispute."""

    def __init__(self, api: Frontend) -> None:
        self.api = api
        self.client, self.technician = a_client(api.database), a_technician(api.database)
        self.ticket = a_ticket(api.database, self.client, self.technician, status="suspended")
        self.images: dict[str, str] = {}

    async def fill(self) -> None:
        database, now = self.api.database, self.api.clock()
        a_report(database, self.ticket, self.technician, now)
        reason = a_submission(database, self.client, "dispute", reason="Toujours en panne.")
        insert(database, "disputes", ticket=self.ticket, number=1, submission_id=reason, raised_at=now)
        for kind, author in {
            "request": self.client,
            "report": self.technician,
            "dispute": self.client,
        }.items():
            self.images[kind] = await an_image(self.api, author)
            database.execute(
                "UPDATE attachments SET submission_id = (SELECT id FROM submissions WHERE kind = %s) "
                "WHERE id = %s",
                *(kind, self.images[kind]),
            )

    async def listed(self, person: str) -> set[str]:
        """The kinds of text that the ticket shows an image of to that person."""
        view = (await self.api.get(f"/v1/tickets/{self.ticket}", person)).json()
        lists = {
            "request": view["attachments"],
            "report": (view["report"] or {}).get("attachments"),
            "dispute": (view["dispute"] or {}).get("attachments"),
        }
        for kind, shown in lists.items():
            assert not shown or [one["id"] for one in shown] == [self.images[kind]]
        return {kind for kind, shown in lists.items() if shown}

    async def image(self, person: str | None, kind: str, ticket: str | None = None) -> httpx.Response:
        path = f"/v1/tickets/{ticket or self.ticket}/attachments/{self.images[kind]}"
        return await self.api.get(path, person)

    async def served(self, person: str) -> set[str]:
        answers = {kind: await self.image(person, kind) for kind in self.images}
        for answer in answers.values():
            assert answer.status_code == 200 or is_problem(answer, ApiCode.ATTACHMENT_NOT_FOUND)
        return {kind for kind, answer in answers.items() if answer.status_code == 200}


@pytest.fixture
async def illustrated(api: Frontend) -> Illustrated:
    made = Illustrated(api)
    await made.fill()
    return made


async def test_each_role_sees_the_images_of_what_it_may_read(api: Frontend, illustrated: Illustrated) -> None:
    for person, kinds in {
        illustrated.client: {"request", "report", "dispute"},
        illustrated.technician: {"request", "report"},
        a_person(api.database, "back_office"): {"request", "report", "dispute"},
        a_person(api.database, "finance"): set[str](),
    }.items():
        assert await illustrated.listed(person) == kinds
        assert await illustrated.served(person) == kinds


async def test_the_image_as_it_is_served(api: Frontend, illustrated: Illustrated) -> None:
    view = (await api.get(f"/v1/tickets/{illustrated.ticket}", illustrated.client)).json()
    answer = await illustrated.image(illustrated.client, "request")
    content = answer.content
    assert view["attachments"] == [
        {
            "id": illustrated.images["request"],
            "content_type": "image/png",
            "bytes": len(content),
            "width": 60,
            "height": 40,
        }
    ]
    assert api.database.rows("SELECT content FROM attachments ORDER BY id LIMIT 1") == [(content,)]
    headers = {
        "content-type": "image/png",
        "content-length": str(len(content)),
        "content-disposition": f'inline; filename="{illustrated.images["request"]}.png"',
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        **ON_EVERY_ANSWER,
    }
    told = dict(answer.headers)
    assert len(told.pop("x-request-id")) == 32
    assert told == headers


async def test_strangers_and_former_technicians_see_no_ticket(
    api: Frontend, illustrated: Illustrated
) -> None:
    others = [a_client(api.database), a_technician(api.database)]
    api.database.execute("UPDATE tickets SET technician_id = %s", others[1])
    for person in (others[0], illustrated.technician):
        assert is_problem(await illustrated.image(person, "request"), ApiCode.TICKET_NOT_FOUND)
    assert await illustrated.served(others[1]) == {"request", "report"}
    assert is_problem(await illustrated.image(None, "request"), ApiCode.NOT_SIGNED_IN)


async def test_an_image_is_found_on_its_own_ticket_only(api: Frontend, illustrated: Illustrated) -> None:
    other = a_ticket(api.database, illustrated.client, illustrated.technician)
    answer = await illustrated.image(illustrated.client, "request", other)
    assert is_problem(answer, ApiCode.ATTACHMENT_NOT_FOUND)
    unattached = await an_image(api, illustrated.client)
    for name in (unattached, NOBODY, "nothing", "%00", "é"):
        path = f"/v1/tickets/{illustrated.ticket}/attachments/{name}"
        assert is_problem(await api.get(path, illustrated.client), ApiCode.ATTACHMENT_NOT_FOUND)


async def test_erased_words_take_their_images_with_them(api: Frontend, illustrated: Illustrated) -> None:
    api.database.execute("UPDATE submissions SET body = '{}' WHERE kind IN ('request', 'dispute')")
    assert await illustrated.listed(illustrated.client) == {"report"}
    assert await illustrated.served(illustrated.client) == {"report"}
    api.database.execute("DELETE FROM attachments")
    assert await illustrated.listed(illustrated.client) == set()
    assert await illustrated.served(illustrated.client) == set()
