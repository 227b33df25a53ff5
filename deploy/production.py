"""What a sandbox may have and production may not, each with the reason."""

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import ValidationError

from deploy.demo_company import DEMO_COMPANY, DEMO_SIREN
from deploy.setting_values import OpeningHours, Pace, decoded_issuers

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


# Of theirs, which only generic gateways have: those of a provider's own name go over TLS.
PLAIN_SMS = frozenset({"json", "xml", "form"})


def _split(url: str) -> SplitResult:
    """Its parts, none of one that is malformed: that is refused as such, elsewhere."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_guessable(secret: str | None) -> bool:
    # Chance gives a 32-byte key about 25 distinct characters; "changeme" repeated, or zeros, has few.
    return secret is not None and len(set(secret)) < 12


def _is_no_stripe_key(key: str | None) -> bool:
    return key is not None and (not key.startswith(("sk_live_", "rk_live_")) or len(key) < 24)


def _is_no_webhook_secret(secret: str | None) -> bool:
    return secret is not None and (
        not secret.startswith("whsec_") or len(secret) < 24 or _is_guessable(secret)
    )


def _database_password(url: str) -> str | None:
    """What is wrong with it. None is needed on this machine, or beside a certificate."""
    parts = _split(url)
    if parts.password is not None:
        password = unquote(parts.password)
        # Shorter than a key, as people draw them: "changeme" and "postgres" have seven distinct characters.
        weak = len(set(password)) < 8 or password == parts.username
        return "a un mot de passe devinable" if weak else None
    more = parse_qs(parts.query)
    host = parts.hostname or more.get("host", ["/"])[0]
    near = host in LOOPBACK or host.startswith("/")
    return None if near or "sslcert" in more else "n'a pas de mot de passe"


def _is_private(url: str) -> bool:
    return url.startswith("https://") or _split(url).hostname in LOOPBACK


def _token_key(key: str | None, payload_key: str | None) -> tuple[bool, str]:
    if key is not None and key == payload_key:
        return True, "est aussi PAYLOAD_KEY : qui a l'une aurait l'autre"
    return _is_guessable(key), "devinable : tirer 32 octets au hasard"


def _has_plain_issuer(text: str) -> bool:
    try:
        return any(not one.issuer.startswith("https://") for one in decoded_issuers(text))
    except ValidationError:
        return False


def unfit_for_production(values: Mapping[str, str]) -> dict[str, str]:
    """A French sentence for each variable refused. Looks at raw values, so that it can be told together
    with what is missing."""
    payload_key = values.get("PAYLOAD_KEY")
    database = _database_password(values.get("DATABASE_URL", ""))
    sms = _split(values.get("SMS_URL", ""))
    proxies = values.get("TRUSTED_PROXIES", "").split(",")
    in_clear = "doit commencer par https:// ou rester sur 127.0.0.1 : "
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
            _is_no_stripe_key(values.get("STRIPE_API_KEY")),
            "n'est pas une clé réelle (sk_live_… ou rk_live_…) : rien ne serait encaissé",
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
        "DATABASE_URL": (database is not None, database or ""),
        "SMS_URL": (
            sms.scheme in PLAIN_SMS and sms.hostname not in LOOPBACK,
            "enverrait en clair des numéros de téléphone",
        ),
        "PAYLOAD_KEY": (_is_guessable(payload_key), "devinable : tirer 32 octets au hasard"),
        "PREVIOUS_PAYLOAD_KEYS": (
            any(map(_is_guessable, filter(None, values.get("PREVIOUS_PAYLOAD_KEYS", "").split(",")))),
            "contient une clé devinable",
        ),
        "TOKEN_KEY": _token_key(values.get("TOKEN_KEY"), payload_key),
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
            f"{in_clear}les connexions de l'équipe y passent",
        ),
        **{
            name: (
                not _is_private(values.get(name, "https://")),
                f"{in_clear}ce qui est déchiffré y est montré",
            )
            for name in ("CODEC_UI_ORIGIN", "TEMPORAL_UI_URL")
        },
        "OTEL_EXPORTER_OTLP_ENDPOINT": (
            "OTEL_EXPORTER_OTLP_HEADERS" in values
            and not _is_private(values.get("OTEL_EXPORTER_OTLP_ENDPOINT", "https://")),
            f"{in_clear}la clé de OTEL_EXPORTER_OTLP_HEADERS y passe",
        ),
    }
    return {name: reason for name, (refused, reason) in checks.items() if refused}
