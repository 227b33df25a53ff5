"""The queues of the back office, by what one does about them, and what their pages say."""

from dataclasses import dataclass

from domain.waiting import Urgency, Waiting


@dataclass(frozen=True)
class QueueWords:
    """`nothing` is said of an empty one; `id` is its place on the page."""

    id: str
    title: str
    nothing: str
    reasons: tuple[Waiting, ...]


DONE: dict[str, str] = {"note": "C’est noté : ces courriels n’attendent plus."}
QUEUES = (
    QueueWords("a-attribuer", "À attribuer", "Chaque demande a son technicien.", (Waiting.TO_ASSIGN,)),
    QueueWords(
        "en-retard",
        "En retard",
        "Rendez-vous, séances et comptes rendus sont à l’heure.",
        (Waiting.NOT_STARTED, Waiting.NO_CALL, Waiting.LONG_SESSION, Waiting.REPORT_OVERDUE),
    ),
    QueueWords("suspendues", "Suspendues", "Aucun client ne conteste.", (Waiting.SUSPENDED,)),
    QueueWords(
        "argent",
        "Impayées et remboursements",
        "Rien à recouvrer, rien à rembourser.",
        (Waiting.UNPAID, Waiting.CHARGEBACK, Waiting.REFUND_FAILED, Waiting.REFUND),
    ),
    QueueWords(
        "incidents",
        "Incidents",
        "Aucun technicien n’attend notre aide.",
        (Waiting.INCIDENT, Waiting.WRONG_CODES),
    ),
)
TONES: dict[Urgency, str] = {Urgency.LATE: "stop", Urgency.SOON: "act", Urgency.IN_TIME: "wait"}
