"""What each role finds in the menu of its pages. The first is its home."""

from dataclasses import dataclass

from api.desks import words
from domain.tickets import Role


@dataclass(frozen=True)
class Section:
    path: str

    @property
    def label(self) -> str:
        return words.SECTIONS[self.path]


REQUESTS = Section("/demandes")
NEW_REQUEST = Section("/demandes/nouvelle")
QUEUE = Section("/files")
CALENDAR = Section("/calendrier")
PEOPLE = Section("/personnes")
SEARCH = Section("/recherche")
ACCOUNT = Section("/compte")
MONTH = Section("/mois")
PAYOUTS = Section("/virements")
BOOKS = Section("/comptabilite")
TARIFFS = Section("/tarifs")
# Of those who are not known: the help pages, and the way home.
CLIENTS_HELP = Section("/aide")
TECHNICIANS_HELP = Section("/aide/techniciens")
HOME = Section("/")

AGENDA = Section("/agenda")
GAIN = Section("/gain")
AVAILABILITY = Section("/disponibilites")
PAPERS = Section("/dossier")

SECTIONS: dict[Role, tuple[Section, ...]] = {
    Role.CLIENT: (REQUESTS, NEW_REQUEST, ACCOUNT),
    Role.TECHNICIAN: (AGENDA, GAIN, AVAILABILITY, PAPERS, ACCOUNT),
    Role.BACK_OFFICE: (QUEUE, CALENDAR, PEOPLE, SEARCH, ACCOUNT),
    Role.FINANCE: (MONTH, PAYOUTS, BOOKS, TARIFFS, ACCOUNT),
}


def home_of(role: Role) -> Section:
    return SECTIONS[role][0]


def help_of(role: Role) -> Section:
    return TECHNICIANS_HELP if role is Role.TECHNICIAN else CLIENTS_HELP
