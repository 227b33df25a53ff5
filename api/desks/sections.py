"""What each role finds in the menu of its pages. The first is its home."""

from dataclasses import dataclass

from domain.tickets import Role


@dataclass(frozen=True)
class Section:
    path: str
    label: str


REQUESTS = Section("/demandes", "Mes demandes")
NEW_REQUEST = Section("/demandes/nouvelle", "Demander de l’aide")
QUEUE = Section("/files", "Files")
CALENDAR = Section("/calendrier", "Calendrier")
PEOPLE = Section("/personnes", "Personnes")
SEARCH = Section("/recherche", "Recherche")
ACCOUNT = Section("/compte", "Compte")
MONTH = Section("/mois", "Mois")
PAYOUTS = Section("/virements", "Virements")
BOOKS = Section("/comptabilite", "Comptabilité")
TARIFFS = Section("/tarifs", "Tarifs")
# Of those who are not known: the help pages, and the way home.
CLIENTS_HELP = Section("/aide", "Clients")
TECHNICIANS_HELP = Section("/aide/techniciens", "Techniciens")
HOME = Section("/", "Mon espace")

AGENDA = Section("/agenda", "Aujourd’hui")
GAIN = Section("/gain", "Gain")
AVAILABILITY = Section("/disponibilites", "Disponibilités")
PAPERS = Section("/dossier", "Dossier")

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
