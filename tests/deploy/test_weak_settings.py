"""What is weak in production is refused by its name, whichever setting it is."""

import base64

import pytest

from deploy.settings import Settings, SettingsRefused, read_settings
from tests.deploy.conftest import a_key
from tests.deploy.test_settings import ANYDESK, NOT_IN_CLEAR

ZEROS = base64.b64encode(bytes(32)).decode()
FORGEABLE = "n'est pas un secret de webhook Stripe (whsec_…) : n'importe qui signerait des paiements"
GUESSABLE = "devinable : tirer 32 octets au hasard"
WEAK = [
    ("DATABASE_URL", "postgresql://omea_api:changeme@db/omea", "a un mot de passe devinable"),
    ("DATABASE_URL", "postgresql://omea_worker:omea_worker@db/omea", "a un mot de passe devinable"),
    ("DATABASE_URL", "postgresql://omea_api@db/omea", "n'a pas de mot de passe"),
    (
        "STRIPE_API_KEY",
        "sk_live_",
        "n'est pas une clé réelle (sk_live_… ou rk_live_…) : rien ne serait encaissé",
    ),
    *(
        (name, value, FORGEABLE)
        for name in (
            "STRIPE_WEBHOOK_SECRET",
            "PREVIOUS_STRIPE_WEBHOOK_SECRET",
            "STRIPE_CONNECT_WEBHOOK_SECRET",
        )
        for value in ("whsec_short", f"whsec_{'a' * 32}", "0123456789abcdef0123456789abcdef")
    ),
    (
        "STRIPE_API_BASE",
        "https://stripe.example",
        "remplacerait Stripe par un simulateur : aucun paiement ne serait réel",
    ),
    (
        "ANYDESK_API_BASE",
        "http://anydesk.example",
        "doit commencer par https:// : un identifiant AnyDesk mène à une personne",
    ),
    (
        "BOUNCES_URL",
        "pop3://omea:secret@mail.example",
        "enverrait en clair le secret de la boîte aux lettres : pop3s://",
    ),
    ("SMS_URL", "json://sms.example/{number}", "enverrait en clair des numéros de téléphone"),
    ("PAYLOAD_KEY", ZEROS, GUESSABLE),
    ("PREVIOUS_PAYLOAD_KEYS", f"{a_key('before')},{ZEROS}", "contient une clé devinable"),
    ("TOKEN_KEY", "changeme" * 5, GUESSABLE),
    ("TOKEN_KEY", a_key("payload"), "est aussi PAYLOAD_KEY : qui a l'une aurait l'autre"),
    (
        "PUBLIC_URL",
        "http://omea.example",
        "doit commencer par https:// : les liens envoyés par courriel ouvrent une session",
    ),
    (
        "TEMPORAL_UI_URL",
        "http://temporal.example",
        f"{NOT_IN_CLEAR}ce qui est déchiffré y est montré",
    ),
    (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://traces.example",
        f"{NOT_IN_CLEAR}la clé de OTEL_EXPORTER_OTLP_HEADERS y passe",
    ),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WEAK)
def test_a_value_that_is_weak_is_refused_by_its_name(
    production_environment: dict[str, str], name: str, value: str, sentence: str
) -> None:
    given = production_environment | ANYDESK | {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=key"}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(given | {name: value})
    assert refusal.value.problems == {name: sentence}


def test_each_secret_and_each_address_of_ours_can_be_too_weak() -> None:
    # How strong those are is for those who gave them; how they travel is looked at beside them, and `smtp://`
    # demands STARTTLS.
    of_others = {
        *("TEMPORAL_API_KEY", "TEMPORAL_TLS_CLIENT_KEY_DATA", "ANYDESK_API_KEY", "OIDC_CLIENT_SECRETS"),
        *("OTEL_EXPORTER_OTLP_HEADERS", "SMTP_URL"),
    }
    delicate = {
        str(field.validation_alias)
        for field in Settings.model_fields.values()
        if "SecretStr" in str(field.annotation)
        or str(field.validation_alias).endswith(("_URL", "_BASE", "_ENDPOINT"))
    }
    assert delicate == {name for name, *_ in WEAK} | of_others


def test_a_database_on_this_machine_or_behind_a_certificate_needs_no_password(
    production_environment: dict[str, str],
) -> None:
    for url in (
        "postgresql://omea_api@127.0.0.1/omea",
        "postgresql://omea_api@db/omea?sslcert=/run/omea.pem&sslkey=/run/omea.key",
    ):
        read_settings(production_environment | {"DATABASE_URL": url})


def test_traces_without_a_key_go_to_a_collector_that_is_near(production_environment: dict[str, str]) -> None:
    near = "http://collector.monitoring:4318"
    settings = read_settings(production_environment | {"OTEL_EXPORTER_OTLP_ENDPOINT": near})
    assert settings.otlp_endpoint == near


@pytest.mark.parametrize("proxies", ["proxy", "10.0.0.1/24", "10.0.0.0/8,", "10.0.0.300"])
def test_a_proxy_is_an_address_or_a_network(sandbox_environment: dict[str, str], proxies: str) -> None:
    """uvicorn takes anything else for the name of a socket, and would trust nobody."""
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(sandbox_environment | {"TRUSTED_PROXIES": proxies})
    assert refusal.value.problems == {
        "TRUSTED_PROXIES": "n'est pas une liste d'adresses et de réseaux (10.0.0.1, 10.1.0.0/16)"
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "https://[omea.example") for name in ("PUBLIC_URL", "TEMPORAL_UI_URL", "ANYDESK_API_BASE")),
        ("PUBLIC_URL", "https://omea.example:443x"),
        ("SMTP_URL", "smtps://mail.example:fourth"),
        ("BOUNCES_URL", "pop3s://omea:secret@mail.example:fourth"),
        ("DATABASE_URL", "postgresql://omea_api:0123456789@[db/omea"),
        ("SMS_URL", "json://[sms.example/{number}"),
    ],
)
def test_an_address_that_is_none_is_refused_by_its_name(
    production_environment: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | ANYDESK | {name: value})
    assert refusal.value.problems == {name: "valeur invalide"}
