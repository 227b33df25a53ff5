"""Rendering a page of a desk: its menu, what was just done, its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.desks.forms import BLANK, Filled
from api.desks.sections import SECTIONS, Section, help_of
from api.pages import form_page, see
from db.reads.people import KnownPerson

# After a form, the page that one is led to says what was done: by a word in its address, looked up in a table
# of that page, so that no address can make us say anything.
DONE = "fait"


@dataclass(frozen=True)
class Desk:
    """What every page shows around its own words. `current` is the path of the section that it belongs to,
    `help_path` that of the page that explains."""

    sections: Sequence[Section]
    current: str
    said: str | None
    help_path: str
    is_signed_in: bool = True


def desk_page(
    request: Request,
    person: KnownPerson,
    template: str,
    section: Section,
    *,
    form: Filled | None = None,
    said: Mapping[str, str] | None = None,
    live: bool = False,
    **words: object,
) -> HTMLResponse:
    """`template` is one that extends `desk/base.html.j2`, `words` are what it names. With a `form` that was
    refused, the page has the status of that. `said` are the sentences for what may have been done."""
    filled = form or BLANK.anew()
    sentence = (said or {}).get(request.query_params.get(DONE, ""))
    desk = Desk(SECTIONS[person.role], section.path, sentence, help_of(person.role).path)
    # The page that a refused form comes back on has an address that cannot be asked for again.
    live = live and request.method == "GET"
    return form_page(template, filled.status, live, desk=desk, person=person, form=filled, **words)


def done(path: str, what: str) -> RedirectResponse:
    """Leads to the page at `path`, which says that `what` is done."""
    return see(f"{path}{'&' if '?' in path else '?'}{DONE}={what}")
