"""What each role finds in the menu of its pages. The first is its home."""

from dataclasses import dataclass

from domain.tickets import Role


@dataclass(frozen=True)
class Section:
    path: str
    label: str


REQUESTS = Section("/demandes", "Mes demandes")
NEW_REQUEST = Section("/demandes/nouvelle", "Demander de l’aide")
ACCOUNT = Section("/compte", "Mon compte")

AGENDA = Section("/agenda", "Aujourd’hui")
GAIN = Section("/gain", "Gain")
AVAILABILITY = Section("/disponibilites", "Disponibilités")
PAPERS = Section("/dossier", "Dossier")

SECTIONS: dict[Role, tuple[Section, ...]] = {
    Role.CLIENT: (REQUESTS, NEW_REQUEST, ACCOUNT),
    Role.TECHNICIAN: (AGENDA, GAIN, AVAILABILITY, PAPERS, ACCOUNT),
    Role.BACK_OFFICE: (ACCOUNT,),
    Role.FINANCE: (ACCOUNT,),
}


def home_of(role: Role) -> Section:
    return SECTIONS[role][0]
