"""What the pages of several desks say: what their sections are called, and who must act."""

# By their address.
SECTIONS: dict[str, str] = {
    "/demandes": "Mes demandes",
    "/demandes/nouvelle": "Demander de l’aide",
    "/agenda": "Aujourd’hui",
    "/gain": "Gain",
    "/disponibilites": "Disponibilités",
    "/dossier": "Dossier",
    "/files": "Files",
    "/calendrier": "Calendrier",
    "/personnes": "Personnes",
    "/recherche": "Recherche",
    "/mois": "Mois",
    "/virements": "Virements",
    "/comptabilite": "Comptabilité",
    "/tarifs": "Tarifs",
    "/compte": "Compte",
    "/aide": "Clients",
    "/aide/techniciens": "Techniciens",
    "/": "Mon espace",
}

# Who must act, before "doit" or a colon.
YOU = "Vous"
CLIENT = "Le client"
TECHNICIAN = "Le technicien"
TEAM = "L’équipe Omea"
