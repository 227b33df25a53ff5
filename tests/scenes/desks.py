"""All scenes, by desk. A new desk adds its lists here."""

from tests.scenes import back_office, client, finance, mails, open_pages, people, technician
from tests.scenes.scene import Scene

PAGES: dict[str, list[Scene]] = {
    "Aide": open_pages.HELP,
    "Se connecter et s’inscrire": open_pages.SIGNING_IN,
    "Où mènent les courriels": open_pages.MAILS_LEAD_TO,
    "Ce qui ne va pas": open_pages.ERRORS,
    "Client : ses demandes et son compte": client.LISTS,
    "Client : demander de l’aide": client.ASKING,
    "Client : une demande, dans chaque état": client.STATES,
    "Client : ce qu’il fait d’une demande": client.ACTS,
    "Technicien : ses journées, son gain, son dossier": technician.DAY,
    "Technicien : une intervention, dans chaque état": technician.STATES,
    "Technicien : ce qu’il fait d’une intervention": technician.ACTS,
    "Équipe : files, calendrier, recherche": back_office.QUEUES,
    "Équipe : un dossier, dans chaque état": back_office.CASES,
    "Équipe : une demande ouverte au téléphone": back_office.OPENING,
    "Équipe : ce qu’elle fait d’un dossier": back_office.ACTS,
    "Équipe : les personnes": people.PEOPLE,
    "Finance": finance.PAGES,
}
ALL: dict[str, list[Scene]] = {**PAGES, "Courriels": mails.MAILS}
