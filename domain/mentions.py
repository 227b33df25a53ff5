"""The sentences that French law wants on a document, as data: each with its source.

Texts in braces are filled by `domain/documents.py`. A mention is not asked of every document: what a
consumer's invoice needs (a note, with what a company must say of itself) is less than one professional's to
another needs (payment terms, penalties).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.payees import CONTESTABLE_DAYS


class Subject(StrEnum):
    """What a sentence is about, as the XML says it (UNTDID 4451)."""

    GENERAL = "AAI"
    REGULATORY = "REG"
    TAX = "TXD"
    DISCOUNT = "AAB"
    PENALTIES = "PMD"
    RECOVERY = "PMT"


@dataclass(frozen=True)
class Mention:
    """`text` is printed; `source` is why."""

    text: str
    source: str
    subject: Subject = Subject.GENERAL

    def filled(self, **words: str) -> "Mention":
        return replace(self, text=self.text.format_map(words))


CATEGORY = Mention(
    "Catégorie de l’opération : prestation de services.",
    "CGI, annexe II, art. 242 nonies A, I (décret n° 2022-1299 du 7 octobre 2022)",
)
PLACE = Mention(
    "Prestation exécutée à distance, par téléphone et prise en main de l’ordinateur du client.",
    "Arrêté n° 83-50/A du 3 octobre 1983, art. 3 : date et lieu d’exécution",
)
VAT_ON_COLLECTION = Mention(
    "TVA exigible à l’encaissement.",
    "CGI, art. 269, 2, c ; aucune option pour le paiement d’après les débits",
    Subject.TAX,
)
FRANCHISE = Mention(
    "TVA non applicable, art. 293 B du CGI.",
    "CGI, annexe II, art. 242 nonies A, I, 12° ; CGI, art. 293 E",
    Subject.TAX,
)
SELF_BILLING = Mention(
    "Autofacturation",
    "CGI, annexe II, art. 242 nonies A, I, 14° ; CGI, art. 289, I, 2",
    Subject.REGULATORY,
)
ISSUED_FOR = Mention(
    "Facture établie par {buyer} au nom et pour le compte de {seller}, en vertu de son mandat.",
    "CGI, art. 289, I, 2 ; BOI-TVA-DECLA-30-20-10",
    Subject.REGULATORY,
)
CONTESTABLE = Mention(
    f"Vous pouvez contester cette facture pendant {CONTESTABLE_DAYS} jours ; passé ce délai, elle est "
    "réputée acceptée.",
    "BOI-TVA-DECLA-30-20-10-30 ; mandat d’autofacturation",
    Subject.REGULATORY,
)
CARD_IS_CHARGED = Mention(
    "Vous n’avez rien à faire : ce montant est débité de votre carte enregistrée, après l’envoi de cette "
    "facture.",
    "Arrêté n° 83-50/A du 3 octobre 1983, art. 1er : la note est remise avant le paiement",
)
CORRECTS = Mention(
    "Cet avoir réduit la facture n° {invoice} du {date}. Ce qui a été payé en trop vous est remboursé.",
    "CGI, art. 289, I, 5 ; CGI, art. 272, 1 : la TVA de l’avoir suit celle de la facture",
)
TRANSFERRED = Mention(
    "Réglée par virement au plus tard 30 jours après la date de la facture.",
    "Code de commerce, art. L. 441-9 et L. 441-10, I",
)
NO_DISCOUNT = Mention(
    "Pas d’escompte en cas de paiement anticipé.",
    "Code de commerce, art. L. 441-9, I",
    Subject.DISCOUNT,
)
PENALTIES = Mention(
    "En cas de retard de paiement, pénalités au taux de trois fois le taux d’intérêt légal.",
    "Code de commerce, art. L. 441-10, II",
    Subject.PENALTIES,
)
RECOVERY = Mention(
    "En cas de retard de paiement, indemnité forfaitaire de 40 € pour frais de recouvrement.",
    "Code de commerce, art. L. 441-10, II et D. 441-5",
    Subject.RECOVERY,
)
COMPANY = Mention(
    "{form} au capital de {capital} €, {siren} {register}",
    "Code de commerce, art. R. 123-237 et R. 123-238",
    Subject.REGULATORY,
)
MEDIATOR = Mention(
    "En cas de litige non résolu avec nous, vous pouvez saisir gratuitement notre médiateur de la "
    "consommation : {mediator}.",
    "Code de la consommation, art. L. 612-1, L. 616-1 et R. 616-1",
)
YEARLY_STATEMENT = Mention(
    "{operator} déclare à l’administration fiscale, pour l’année {year}, les informations de ce "
    "récapitulatif (code général des impôts, "
    "article\N{NO-BREAK SPACE}1649\N{NO-BREAK SPACE}ter\N{NO-BREAK SPACE}A), "
    "et vous les remet comme le veut l’article\N{NO-BREAK SPACE}1649\N{NO-BREAK SPACE}ter\N{NO-BREAK SPACE}D "
    "du même code.",
    "CGI, art. 1649 ter D, III : fourni au vendeur ou prestataire au plus tard le 31 janvier",
    Subject.REGULATORY,
)
DATA_TRANSFER = Mention(
    "Ces informations peuvent être transmises à l’administration fiscale d’un autre État membre de l’Union "
    "européenne, ou d’un État ou territoire lié à la France par une convention d’échange automatique "
    "d’informations.",
    "CGI, art. 1649 ter D, II : due aux personnes physiques",
    Subject.REGULATORY,
)
DECLARED_AMOUNTS = Mention(
    "Chaque montant est rattaché au trimestre de son versement (heure de Paris), TVA comprise si vous la "
    "facturez, et déclaré en euros entiers. Aucun impôt n’a été retenu.",
    "CGI, art. 1649 ter A, II ; schéma DPI, MonAmnt_Type : sans décimales",
    Subject.REGULATORY,
)
OWN_DECLARATIONS = Mention(
    "Ce récapitulatif ne remplace pas vos propres déclarations, fiscales (impots.gouv.fr) et sociales "
    "(urssaf.fr).",
    "CGI, art. 242 bis : information sur les obligations fiscales et sociales, avec un lien vers les sites",
    Subject.REGULATORY,
)
STATEMENT_CORRECTION = Mention(
    "Écrivez à {mail} ou appelez le {phone}. Nous corrigeons ce récapitulatif et, si elle est déjà déposée, "
    "la déclaration.",
    "Règlement (UE) 2016/679, art. 16 ; CGI, art. 1649 ter A, III : déclaration rectificative",
)
