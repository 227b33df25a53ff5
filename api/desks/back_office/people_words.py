"""What the pages about people say: their kinds, how things stand, and what was just done."""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from db.models.availability import WorkingStretch
from db.reads.people_lists import PersonRow
from db.reads.person_files import PersonFile
from domain.french import DAYS, NBSP, clock
from domain.opening_hours import PARIS
from domain.tickets import Role
from domain.vetting import expire_soon


@dataclass(frozen=True)
class Kind:
    """`word` is that of addresses; `nobody` is said where there is none of them."""

    word: str
    title: str
    roles: tuple[Role, ...]
    nobody: str


KINDS = (
    Kind("clients", "Clients", (Role.CLIENT,), "Personne ne s’est encore inscrit."),
    Kind("techniciens", "Techniciens", (Role.TECHNICIAN,), "Acceptez une candidature pour commencer."),
    Kind("equipe", "Équipe", (Role.BACK_OFFICE, Role.FINANCE), "L’équipe n’a encore personne."),
)
# Of forms.
REASON = "Motif"
NO_LEVEL = "Non"
NO_SKILL = "Choisissez le niveau d’au moins une compétence."
Badge = tuple[str, str]
DONE: dict[str, str] = {
    "nouveau-clients": "Le compte est ouvert. Un courriel le dit au client.",
    "nouveau-techniciens": "Le technicien est ajouté. Donnez-lui maintenant ses compétences.",
    "nouveau-equipe": "Le compte de ce collègue est ouvert : il peut se connecter.",
    "competences": "Les compétences sont enregistrées. Les rendez-vous déjà pris restent.",
    "agrement": "Ce technicien est agréé : il est proposé aux clients dès maintenant.",
    "attestation": "L’attestation est enregistrée.",
    "identite": "L’identité professionnelle est enregistrée.",
    "conges": "Les congés sont enregistrés. Les rendez-vous de ces jours passent à un autre technicien.",
    "annules": "Ces congés sont annulés.",
    "banque-confirmee": "Le changement de banque est confirmé : les prochains virements iront là.",
    "banque-refusee": "Le changement de banque est refusé : rien ne change.",
    "suspendu": "Ce technicien est suspendu. Ses rendez-vous à venir passent à d’autres.",
    "retabli": "Ce technicien est rétabli : il peut se reconnecter.",
    "role": "Le rôle est changé.",
    "ferme": "Le compte est fermé, et déconnecté partout.",
    "rouvert": "Le compte est rouvert.",
    "second-facteur": (
        "L’application d’authentification est réinitialisée : une autre sera enregistrée à la prochaine "
        "connexion."
    ),
    "depart": "La suppression du compte est demandée. La personne en est avertie par courriel.",
    "reste": "La suppression du compte est abandonnée. La personne en est avertie par courriel.",
    "acceptee": "La candidature est acceptée : le technicien est averti et complète son dossier.",
    "refusee": "La candidature est refusée. La personne en est avertie, avec votre motif.",
    "effacee": "La candidature est effacée.",
}
FIELDS: dict[str, str] = {
    "vigilance_until": "Dernier jour de validité",
    "from_day": "Premier jour",
    "from_hour": "À partir de",
    "to_day": "Dernier jour",
    "to_hour": "Jusqu’à",
    "role": "Rôle",
    "asked_by": "Demandé par",
}


def standing_of(row: PersonRow, today: date) -> list[Badge]:
    """What one must know of somebody at first sight; nothing for who is as one should be."""
    found = [("Suppression demandée", "act")] if row.leaves else []
    if row.suspended_at is not None:
        return [*found, ("Suspendu", "stop")]
    if not row.person.active:
        return [*found, ("Compte fermé", "stop")]
    if row.person.role is Role.TECHNICIAN:
        if row.vetted_at is None:
            return [*found, ("À agréer", "act")]
        if papers_lack(row.papers_until, today):
            return [*found, papers(row.papers_until, today)]
    return found


def badges_of(file: PersonFile, today: date) -> list[Badge]:
    """The same, of one person."""
    if file.is_erased:
        return [("Compte supprimé", "")]
    part = file.technician
    leaves = file.erasure is not None and file.erasure.withdrawn_at is None
    row = PersonRow(
        file.person,
        leaves,
        part.technician.vetted_at if part else None,
        part.technician.suspended_at if part else None,
        part.payee.vigilance_until if part else None,
    )
    return standing_of(row, today)


def papers_lack(until: date | None, today: date) -> bool:
    return until is None or expire_soon(until, today)


def papers(until: date | None, today: date) -> Badge:
    """How a technician's certificate stands."""
    if until is None:
        return "Sans attestation", "act"
    if until < today:
        return "Attestation expirée", "stop"
    return ("Attestation bientôt expirée", "act") if expire_soon(until, today) else ("En règle", "done")


def week(hours: list[WorkingStretch]) -> list[tuple[str, str]]:
    """The days of a week and their hours: `Lundi`, `9 h – 12 h, 14 h – 18 h`."""
    return [
        (
            DAYS[day].capitalize(),
            ", ".join(_stretch(one) for one in those),
        )
        for day, those in groupby(hours, key=lambda one: one.weekday)
    ]


def noon(day: date) -> datetime:
    """A day as the instant that filters write as that day."""
    return datetime.combine(day, time(12), PARIS)


def _stretch(one: WorkingStretch) -> str:
    return f"{clock(one.opens)}{NBSP}–{NBSP}{clock(one.closes)}"
