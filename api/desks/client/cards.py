"""To the provider's page on which a client gives a card, from a form of ours and back."""

from starlette.responses import Response

from api.card_pages import card_page_url
from api.dependencies import Dependencies
from api.desks.forms import Sent, Trouble, tried
from api.pages import see
from api.processes import Workflows
from db.reads.people import KnownPerson


async def to_card_page(
    given: Dependencies, workflows: Workflows, person: KnownPerson, form: Sent, back_to: str
) -> Response | Trouble:
    """`back_to` is a path of ours."""
    found: list[str] = []

    async def asking() -> None:
        return_url = f"{given.public_url}{back_to}"
        found.append(await card_page_url(given, workflows, person, form.key, return_url))

    trouble = await tried(asking)
    return trouble or see(found[0])
