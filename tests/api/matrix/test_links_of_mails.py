"""Each link of each mail opens for whoever the mail is for, by the committed table of who may do what."""

import re

from domain.catalogue import CATALOGUE
from domain.tickets import Role
from tests.activities.letters import EVERY_LETTER, a_letter
from tests.api.matrix.test_permissions import COMMITTED, FIRST, ROUTES, WIDTHS
from tests.scenes.mails import ACCOUNTS

LINK = re.compile(r'href="https://omeasupport\.test(/[^"?#]*)')
COLUMNS = {Role.CLIENT: 1, Role.TECHNICIAN: 3, Role.BACK_OFFICE: 5, Role.FINANCE: 6}
STRANGERS = 0


def permissions() -> dict[str, list[str]]:
    """The statuses of each page that is got, by its path."""
    lines = COMMITTED.read_text().splitlines()[1:]
    return {
        line[7:FIRST].strip(): line[FIRST:].split()[: len(WIDTHS)] for line in lines if line[:4] == "GET "
    }


def page_of(path: str) -> str:
    found = [
        route.path
        for (method, _), route in ROUTES.items()
        if method == "GET" and route.path_regex.match(path)
    ]
    # `/aide` before what has a name in its place.
    return min(found, key=lambda one: one.count("{"))


def test_each_link_opens_for_whoever_the_mail_is_for() -> None:
    may = permissions()
    letters = [(notice.value, COLUMNS[role], a_letter(notice, role)) for notice, role in EVERY_LETTER]
    for name, letter in ACCOUNTS.items():
        kind = CATALOGUE[name.partition("-")[0]]
        columns = [STRANGERS] if kind.one_template else [COLUMNS[role] for role in kind.to]
        letters += [(name, column, letter) for column in columns]
    opened = [
        (name, column, path, may[page_of(path)][column])
        for name, column, letter in letters
        for path in LINK.findall(letter.html)
    ]
    assert len({name for name, *_ in opened}) > 45
    # Whoever leaves signs in to see it: the page asks for that and leads on.
    assert [one for one in opened if one[3] not in {"200", "303"} and one[2] != "/compte/depart"] == []
