"""The mandate by which technicians let us write their invoices (CGI, art. 289, I, 2: it comes first, and in
writing). A version, once signed, never changes; the one in force is `domain.payees.MANDATE`."""

from domain.payees import MANDATE

TEXTS: dict[str, str] = {
    MANDATE: (
        "Je donne mandat à OmeaSupport d’établir, en mon nom et pour mon compte, les factures de mes "
        "interventions (autofacturation).\n\n"
        "Chaque relevé m’est envoyé le jour de son émission. J’ai 30 jours pour le contester ; passé ce "
        "délai, il est réputé accepté. Je garde l’entière responsabilité de mes obligations en matière de "
        "facturation et de TVA, et je signale sans attendre tout changement de mon identification.\n\n"
        "Ce mandat vaut jusqu’à ce que j’y mette fin par écrit."
    ),
}
