"""What a scene is: a page as somebody sees it, in one of its states."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.api.frontend import MORNING

CLIENT, NEW_CLIENT = "client", "new client"
TECHNICIAN, BACK_OFFICE, FINANCE = "technician", "back office", "finance"


@dataclass(frozen=True)
class Scene:
    """`name` is that of its picture. `path` may name things of the world (`/demandes/{in_session}`), `who` is
    one of its people, none for who has not signed in. `sends` is the form that is sent as it is, past what
    the browser itself checks, to see the page come back. With `shown`, the page is that HTML: a mail, or an
    answer that nobody can ask for. `dark` asks for it in dark too; `daily` is one of the few that together
    have every component: there accessibility is checked by `make test`, elsewhere by `make soak`."""

    name: str
    path: str = "/"
    who: str | None = None
    sends: str | None = None
    shown: Callable[[], str] | None = None
    at: datetime = MORNING
    dark: bool = False
    daily: bool = False
