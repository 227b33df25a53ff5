"""What the journal of accesses says was read or done."""

from domain.accesses import Act, Reading

READINGS: dict[Reading, str] = {
    Reading.TICKETS: "liste des demandes consultée",
    Reading.QUEUE: "file d’attente consultée",
    Reading.TICKET: "demande consultée",
    Reading.TICKET_JOURNAL: "journal d’une demande consulté",
    Reading.IMAGE: "image consultée",
    Reading.INVOICE: "facture ou avoir consulté",
    Reading.REFUNDS: "remboursements d’une demande consultés",
    Reading.CHARGEBACKS: "contestations bancaires consultées",
    Reading.CLIENT_CONTACT: "coordonnées du client consultées par son technicien",
    Reading.TECHNICIANS: "liste des techniciens consultée",
    Reading.PAYEE: "dossier de paiement d’un technicien consulté",
    Reading.STATEMENT: "relevé consulté",
    Reading.CONTESTS: "contestations de relevés consultées",
    Reading.PAYOUTS: "virements d’un mois consultés",
    Reading.EARNINGS: "gains d’un technicien consultés",
    Reading.TRANSFER_FILE: "fichier de virements téléchargé",
    Reading.LEDGER: "comptes consultés",
    Reading.LEDGER_EXPORT: "écritures comptables téléchargées",
    Reading.DECLARATION: "déclaration annuelle consultée",
    Reading.DECLARATION_FILE: "déclaration annuelle téléchargée",
    Reading.YEARLY_STATEMENT: "récapitulatif annuel d’un technicien téléchargé",
    Reading.ACCESSES: "journal des accès consulté",
    Reading.HISTORIES: "historiques des processus consultés en clair",
}

ACTS: dict[Act, str] = {
    Act.TECHNICIAN_ENROLLED: "technicien ajouté",
    Act.SKILLS_SET: "compétences d’un technicien fixées",
    Act.WORKING_HOURS_SET: "horaires d’un technicien fixés",
    Act.LEAVE_RECORDED: "congé d’un technicien enregistré",
    Act.LEAVE_DELETED: "congé d’un technicien supprimé",
    Act.TECHNICIAN_SUSPENDED: "technicien suspendu",
    Act.TECHNICIAN_REINSTATED: "technicien rétabli",
    Act.IDENTITY_SET: "identité professionnelle d’un technicien fixée",
    Act.PAPERS_RECORDED: "attestation de vigilance enregistrée",
    Act.BANK_ASKED: "changement de compte bancaire demandé",
    Act.BANK_CONFIRMED: "changement de compte bancaire confirmé",
    Act.BANK_REFUSED: "changement de compte bancaire refusé",
    Act.REFUND_ASKED: "remboursement demandé pour un client",
    Act.REFUND_RULED: "décision sur un remboursement",
    Act.REFUND_RETRIED: "remboursement relancé",
    Act.REFUND_SETTLED: "remboursement par virement enregistré",
    Act.CHARGEBACK_ANSWERED: "réponse à une contestation bancaire",
    Act.CHARGEBACK_CONCEDED: "contestation bancaire acceptée",
    Act.PAYOUTS_RUN: "virements d’un mois lancés",
    Act.TRANSFER_TAKEN_BACK: "reprise d’un virement demandée",
    Act.CONTEST_ANSWERED: "réponse à la contestation d’un relevé",
    Act.BANK_MESSAGE_BROUGHT: "message de la banque importé",
    Act.TARIFF_SET: "tarif fixé",
    Act.SECOND_FACTOR_RESET: "application d’authentification d’un collègue réinitialisée",
}

# By what the journal has, entries of kinds that are no more included.
LABELS: dict[str, str] = {kind.value: label for kind, label in (*READINGS.items(), *ACTS.items())}
