"""What articles 15 and 13 of the GDPR want told beside a person's data, in French."""

from api.shapes.export import Explained
from db.stores.attachments import UNATTACHED_FOR
from domain import french
from domain.accesses import KEPT_FOR
from domain.admissions import APPLICATIONS_KEPT
from domain.documents import Company
from domain.sign_ins import KEPT, LINKS_KEPT
from domain.tickets import Role

CNIL = "3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr"


def explained(company: Company, role: Role) -> list[Explained]:
    """`role` is that of the person whose data they are."""
    return [
        Explained(heading=heading, paragraphs=[french.typeset(text) for text in paragraphs])
        for heading, paragraphs in (
            ("Ce document", _this(role)),
            ("Qui traite vos données", [_controller(company)]),
            ("Pourquoi", _purposes(role)),
            ("D’où elles viennent, qui les reçoit", _recipients(role)),
            ("Combien de temps", _periods(role)),
            ("Vos droits", _rights(company)),
        )
    ]


def _this(role: Role) -> list[str]:
    said = [
        "Voici toutes les données que nous conservons à votre sujet et qui vous reviennent (articles 15 et "
        "20 du règlement général sur la protection des données). Le même contenu existe au format JSON, pour "
        "être lu par un autre service. Les heures sont celles de Paris.",
        "Ce qui concerne d’autres personnes n’y figure pas, sauf le nom que la demande vous montre déjà ; "
        "ni les secrets de connexion, que nous ne gardons qu’en empreintes ou chiffrés.",
    ]
    if role not in {Role.CLIENT, Role.TECHNICIAN}:
        said.append(
            "Ce que vous avez écrit dans vos fonctions concerne d’autres personnes : seules la nature et la "
            "date en sont données."
        )
    return said


def _controller(company: Company) -> str:
    return (
        f"{company.name}, {company.street}, {company.postal_code} {company.city}, est responsable du "
        f"traitement. Vous pouvez nous écrire à {company.mail}."
    )


def _purposes(role: Role) -> list[str]:
    security = (
        "Assurer la sécurité du service et pouvoir dire qui a consulté vos données : notre intérêt légitime "
        "(article 6, paragraphe 1, f)."
    )
    match role:
        case Role.CLIENT:
            return [
                "Organiser le dépannage, le réaliser et le facturer : l’exécution du contrat (article 6, "
                "paragraphe 1, b). Chaque prise en main de votre ordinateur demande en outre votre accord.",
                "Tenir notre comptabilité : une obligation légale (article 6, paragraphe 1, c).",
                security,
            ]
        case Role.TECHNICIAN:
            return [
                "Vous confier des interventions, les suivre et vous les payer : l’exécution du contrat "
                "(article 6, paragraphe 1, b). Le technicien d’une demande est choisi automatiquement, "
                "d’après les compétences, les horaires et les interventions ; l’équipe peut y revenir.",
                "Tenir notre comptabilité, vérifier vos attestations et déclarer ce qui vous est versé : des "
                "obligations légales (article 6, paragraphe 1, c).",
                security,
            ]
        case _:
            return [
                "Vous donner accès à l’outil de travail : l’exécution de votre contrat (article 6, "
                "paragraphe 1, b).",
                security,
            ]


def _recipients(role: Role) -> list[str]:
    match role:
        case Role.CLIENT:
            return [
                "Elles viennent de vous, de votre technicien, et, pour les paiements, de Stripe. Les "
                "reçoivent : l’équipe d’Omea, le technicien de votre demande, Stripe pour les paiements. "
                "AnyDesk sert à la prise en main.",
                "Stripe peut traiter des données hors de l’Union européenne ; les clauses types de la "
                "Commission européenne encadrent ces transferts.",
            ]
        case Role.TECHNICIAN:
            return [
                "Elles viennent de vous, de vos clients (avis), et, pour les versements, de Stripe et de "
                "notre banque. Les reçoivent : l’équipe d’Omea, les clients de vos interventions (votre nom "
                "et vos comptes rendus), Stripe ou notre banque pour vous payer, l’administration fiscale.",
                "Stripe peut traiter des données hors de l’Union européenne ; les clauses types de la "
                "Commission européenne encadrent ces transferts.",
            ]
        case _:
            return ["Elles viennent de vous et de votre usage de l’outil. Seule l’équipe d’Omea les reçoit."]


def _periods(role: Role) -> list[str]:
    said = [
        "Votre compte et ce qui s’y rattache : tant qu’il existe ; son effacement les efface.",
        f"Connexions : {french.length(KEPT)}. Liens de connexion : {french.length(LINKS_KEPT)}. "
        f"Journal des accès : {french.length(KEPT_FOR)}.",
        f"Candidature de technicien : {french.length(APPLICATIONS_KEPT)} après notre réponse.",
    ]
    if role in {Role.CLIENT, Role.TECHNICIAN}:
        said += [
            f"Images jointes à rien : {french.length(UNATTACHED_FOR)}.",
            "Factures, avoirs, paiements et pièces comptables : dix ans, comme la loi l’exige (code de "
            "commerce, article L. 123-22), même si votre compte est effacé.",
        ]
    return said


def _rights(company: Company) -> list[str]:
    return [
        "Vous pouvez demander l’accès à vos données, leur rectification, leur effacement, la limitation de "
        "leur traitement, leur portabilité, et vous opposer à ce qui repose sur notre intérêt légitime. "
        f"Écrivez à {company.mail} : nous répondons dans un délai d’un mois.",
        f"Vous pouvez introduire une réclamation auprès de la CNIL : {CNIL}.",
    ]
