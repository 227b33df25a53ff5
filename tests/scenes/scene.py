"""What a scene is: a page as somebody sees it, in one of its states."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from activities.wording.letters import Letter
from tests.api.frontend import MORNING

CLIENT, NEW_CLIENT = "client", "new client"
TECHNICIAN, NEW_TECHNICIAN = "technician", "new technician"
BACK_OFFICE, FINANCE = "back office", "finance"
# A colleague between the two factors: who is to show a code, and who is to enrol an application.
TO_SHOW_A_CODE, TO_ENROL = "to show a code", "to enrol"


@dataclass(frozen=True)
class Scene:
    """`name` is that of its picture. `path` may name things of the world (`/demandes/{in_session}`), `who` is
    one of its people, none for who has not signed in. `sends` is the form that is sent as it is, past what
    the browser itself checks, to see the page come back. With `shown`, the page is that HTML, an answer
    that nobody can ask for; `letter` is a mail. `dark` asks for it in dark too; `daily` is one of the few
    that together have every component: there accessibility is checked by `make test`, elsewhere by
    `make soak`."""

    name: str
    path: str = "/"
    who: str | None = None
    sends: str | None = None
    shown: Callable[[], str] | None = None
    letter: Callable[[], Letter] | None = None
    at: datetime = MORNING
    dark: bool = False
    daily: bool = False
