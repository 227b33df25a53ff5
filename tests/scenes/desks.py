"""All scenes, by desk. A new desk adds its lists here."""

from tests.scenes import client, mails, open_pages, people
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
    "Équipe : les personnes": people.PEOPLE,
}
ALL: dict[str, list[Scene]] = {**PAGES, "Courriels": mails.MAILS}
