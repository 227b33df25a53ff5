"""What the command line says of differences and of repairs."""

from collections.abc import Iterator, Sequence

from domain.recovery import Difference, Kind

EXPLANATIONS: dict[Kind, str] = {
    Kind.DATABASE_OLDER: "La base est plus ancienne que Temporal (dernier contrôle connu)",
    Kind.NUMBER_BEHIND: "Une série est en retard sur les numéros déjà donnés",
    Kind.PERSON_UNKNOWN: "Un client connu de Temporal est inconnu de la base",
    Kind.TICKET_UNKNOWN: "Une demande connue de Temporal est inconnue de la base",
    Kind.TEXT_LOST: "Un texte est perdu",
    Kind.STEP_LOST: "La base a oublié une étape",
    Kind.NOTICE_LOST: "La base a oublié ce qui a été annoncé",
    Kind.INTENT_UNKNOWN: "La base a oublié le paiement préparé chez Stripe",
    Kind.INVOICE_UNKNOWN: "Stripe connaît une facture dont rien d’autre ne se souvient",
    Kind.TRANSFER_UNKNOWN: "Stripe connaît un virement dont rien d’autre ne se souvient",
    Kind.TEMPORAL_OLDER: "Temporal est plus ancien que la base (dernier contrôle connu)",
    Kind.PAYOUT_BEHIND: "Un versement reprendrait d’avant ce que la base en sait",
    Kind.PROCESS_MISSING: "Une demande ouverte n’a pas de processus",
    Kind.PROCESS_BEHIND: "Le processus d’une demande ouverte est en retard sur elle",
    Kind.PROCESS_LEFT: "Le processus d’une demande close ne le sait pas",
    Kind.OTHER_PROCESS_MISSING: "Un processus manque",
    Kind.SCHEDULE_MISSING: "Une tâche régulière manque",
    Kind.EVENT_UNHEARD: "Une annonce de Stripe a pu être oubliée par Temporal",
    Kind.TECHNICIAN_AWAY: "Le technicien d’un rendez-vous à venir ne peut plus le tenir",
}


def lines(found: Sequence[Difference]) -> Iterator[str]:
    """A line for each kind, and one for each difference of it."""
    for kind, explanation in EXPLANATIONS.items():
        of_kind = [one for one in found if one.kind is kind]
        if of_kind:
            yield f"{explanation} : {len(of_kind)}"
            for one in of_kind:
                yield f"        {one.subject} {one.detail}".rstrip()
