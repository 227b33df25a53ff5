"""What a sandbox may have and production may not, each with the reason."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from deploy.demo_company import DEMO_COMPANY, DEMO_SIREN
from deploy.setting_values import OpeningHours, Pace, decoded_issuers

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _is_guessable(secret: str | None) -> bool:
    # Chance gives a 32-byte key about 25 distinct characters; "changeme" repeated, or zeros, has few.
    return secret is not None and len(set(secret)) < 12


def _is_no_webhook_secret(secret: str | None) -> bool:
    return secret is not None and (not secret.startswith("whsec_") or len(secret) < 24)


def _is_private(url: str) -> bool:
    return url.startswith("https://") or urlsplit(url).hostname in LOOPBACK


def _has_plain_issuer(text: str) -> bool:
    # Malformed ones are refused as such, elsewhere.
    try:
        return any(not one.issuer.startswith("https://") for one in decoded_issuers(text))
    except ValidationError:
        return False


def unfit_for_production(values: Mapping[str, str]) -> dict[str, str]:
    """A French sentence for each variable refused. Looks at raw values, so that it can be told together
    with what is missing."""
    stripe_key = values.get("STRIPE_API_KEY", "sk_live_")
    proxies = values.get("TRUSTED_PROXIES", "").split(",")
    forgeable = "n'est pas un secret de webhook Stripe (whsec_…) : n'importe qui signerait des paiements"
    checks = {
        "PACE": (
            values.get("PACE") == Pace.DEMO,
            "« demo » réduit les délais promis aux clients à quelques secondes",
        ),
        "OPENING_HOURS": (
            values.get("OPENING_HOURS") == OpeningHours.ALWAYS,
            "« always » donnerait des rendez-vous la nuit et le dimanche",
        ),
        "STRIPE_API_BASE": (
            "STRIPE_API_BASE" in values,
            "remplacerait Stripe par un simulateur : aucun paiement ne serait réel",
        ),
        "STRIPE_API_KEY": (
            not stripe_key.startswith(("sk_live_", "rk_live_")),
            "n'est pas une clé réelle (sk_live_… ou rk_live_…) : une clé de test n'encaisse rien",
        ),
        **{
            name: (_is_no_webhook_secret(values.get(name)), forgeable)
            for name in (
                "STRIPE_WEBHOOK_SECRET",
                "PREVIOUS_STRIPE_WEBHOOK_SECRET",
                "STRIPE_CONNECT_WEBHOOK_SECRET",
            )
        },
        "ANYDESK_API_BASE": (
            not values.get("ANYDESK_API_BASE", "https://").startswith("https://"),
            "doit commencer par https:// : un identifiant AnyDesk mène à une personne",
        ),
        "OIDC_ISSUERS": (
            _has_plain_issuer(values.get("OIDC_ISSUERS", "[]")),
            "un émetteur n'est pas en https:// : n'importe qui sur le réseau ouvrirait les comptes",
        ),
        "PAYLOAD_KEY": (_is_guessable(values.get("PAYLOAD_KEY")), "devinable : tirer 32 octets au hasard"),
        "TOKEN_KEY": (_is_guessable(values.get("TOKEN_KEY")), "devinable : tirer 32 octets au hasard"),
        "PUBLIC_URL": (
            not values.get("PUBLIC_URL", "https://").startswith("https://"),
            "doit commencer par https:// : les liens envoyés par courriel ouvrent une session",
        ),
        "TRUSTED_PROXIES": (
            any(one.strip() == "*" or one.strip().endswith("/0") for one in proxies),
            "croirait n'importe qui sur son adresse : les liens de connexion seraient sans limite",
        ),
        "COMPANY_SIREN": (
            "".join(values.get("COMPANY_SIREN", "").split()) == DEMO_SIREN,
            "est celui de la démonstration : nos factures ne seraient celles de personne",
        ),
        "COMPANY_IBAN": (
            "".join(values.get("COMPANY_IBAN", "").split()).upper() == DEMO_COMPANY["COMPANY_IBAN"],
            "est celui de la démonstration : les virements partiraient d'un compte qui n'est pas le nôtre",
        ),
        "CODEC_API_URL": (
            not _is_private(values.get("CODEC_API_URL", "https://")),
            "doit commencer par https:// ou rester sur 127.0.0.1 : les connexions de l'équipe y passent",
        ),
    }
    return {name: reason for name, (refused, reason) in checks.items() if refused}
