import json

import httpx
import pytest

from deploy.demo_company import DEMO_COMPANY
from deploy.server import build
from deploy.settings import (
    Environment,
    Pace,
    SettingsRefused,
    read_codec_server_settings,
    read_settings,
    read_stack_settings,
)
from deploy.wiring import issuers_of
from deploy.worker import session_log_of, sms_of
from domain.bank_transfers import Account
from domain.tickets import Role
from tests.deploy.conftest import a_key


def test_right_sandbox_settings_are_accepted(sandbox_environment: dict[str, str]) -> None:
    settings = read_settings(sandbox_environment)
    assert (settings.environment, settings.pace, settings.temporal_namespace, settings.task_queue) == (
        Environment.SANDBOX,
        Pace.DEMO,
        "omea",
        "omea",
    )
    assert settings.build_id == "sandbox"


def test_right_production_settings_are_accepted(production_environment: dict[str, str]) -> None:
    settings = read_settings(production_environment)
    assert (settings.is_production, settings.pace, settings.stripe_api_base) == (True, Pace.PRODUCTION, None)


def test_a_process_told_nothing_takes_itself_for_production_and_names_everything_it_lacks() -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings({"PACE": ""})
    assert refusal.value.problems == {
        "OMEA_ENVIRONMENT": "manque, donc « production » (ou « sandbox » pour un essai)",
        **dict.fromkeys(
            [
                "DATABASE_URL",
                "TEMPORAL_ADDRESS",
                "STRIPE_API_KEY",
                "STRIPE_WEBHOOK_SECRET",
                "SMTP_URL",
                "MAIL_FROM",
                "BACK_OFFICE_MAIL",
                "PAYLOAD_KEY",
                "TOKEN_KEY",
                "PUBLIC_URL",
                "OMEA_BUILD_ID",
                *(name for name in DEMO_COMPANY if name not in {"COMPANY_MEDIATOR", "COMPANY_IBAN"}),
            ],
            "manque",
        ),
    }


def test_production_names_every_value_that_only_a_sandbox_may_have(
    sandbox_environment: dict[str, str],
) -> None:
    sandbox_environment |= {"TRUSTED_PROXIES": "*", "OMEA_ENVIRONMENT": "production"}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(sandbox_environment)
    assert set(refusal.value.problems) == {
        "COMPANY_IBAN",
        "COMPANY_SIREN",
        "OMEA_BUILD_ID",
        "OPENING_HOURS",
        "PACE",
        "PUBLIC_URL",
        "STRIPE_API_BASE",
        "STRIPE_API_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "TRUSTED_PROXIES",
    }
    assert all(name in str(refusal.value) for name in refusal.value.problems)


@pytest.mark.parametrize(
    ("proxies", "refused"),
    [
        ("10.0.0.0/8", False),
        ("127.0.0.1, 2001:db8::/32", False),
        ("10.0.0.1, *", True),
        ("0.0.0.0/0", True),
        ("::/0", True),
    ],
)
def test_a_proxy_that_is_trusted_is_not_all_the_world(
    production_environment: dict[str, str], proxies: str, refused: bool
) -> None:
    given = production_environment | {"TRUSTED_PROXIES": proxies}
    if not refused:
        assert read_settings(given).trusted_proxies == proxies
        return
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(given)
    assert set(refusal.value.problems) == {"TRUSTED_PROXIES"}


def test_what_is_missing_and_what_is_weak_are_told_together(production_environment: dict[str, str]) -> None:
    del production_environment["SMTP_URL"]
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | {"TOKEN_KEY": "a" * 40, "DATABASE_URL": "mysql://x"})
    assert refusal.value.problems == {
        "DATABASE_URL": "doit commencer par postgresql://",
        "SMTP_URL": "manque",
        "TOKEN_KEY": "devinable : tirer 32 octets au hasard",
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("OMEA_BUILD_ID", "deux mots", "valeur invalide"),
        ("PAYLOAD_KEY", "AAAA", "doit coder 32 octets (AES-256), en code 3"),
        ("PAYLOAD_KEY", "pas du base64", "n'est pas du base64"),
        ("TOKEN_KEY", "court", "trop courte : 32 octets au moins, en a 5"),
        ("PACE", "vite", "valeur inconnue, attendu : 'production' or 'demo'"),
        ("API_PORT", "70000", "valeur invalide"),
        (
            "SMTP_URL",
            "ftp://x",
            "doit être de la forme smtp://hôte:port ou smtps://compte:secret@hôte:port",
        ),
        ("COMPANY_NAME", " ", "doit tenir sur une ligne"),
        ("COMPANY_STREET", "1 rue\nde l’Exemple", "doit tenir sur une ligne"),
        ("COMPANY_SHARE_CAPITAL", "10 000 €", "doit être un nombre entier d'euros"),
        ("COMPANY_POSTAL_CODE", "4400", "compte 5 chiffres"),
        ("COMPANY_SIREN", "000000019", "n'est pas un SIREN : 9 chiffres, dont une clé"),
        (
            "COMPANY_VAT_NUMBER",
            "FR67000000018",
            "n'est pas un numéro de TVA français : FR, une clé, le SIREN",
        ),
        ("COMPANY_VAT_NUMBER", "FR11123456782", "n'est pas celui de COMPANY_SIREN"),
        ("COMPANY_IBAN", "FR76 3000 6000 0112 3456 7890 188", "n'est pas un IBAN de la zone SEPA"),
        ("COMPANY_MAIL", "facturation", "n'est pas une adresse de courriel"),
    ],
)
def test_a_bad_value_is_refused_everywhere(
    sandbox_environment: dict[str, str], name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(sandbox_environment | {name: value})
    assert refusal.value.problems == {name: sentence}


def test_no_secret_is_shown_by_settings_or_by_their_refusal(production_environment: dict[str, str]) -> None:
    names = [
        "PAYLOAD_KEY",
        "TOKEN_KEY",
        "STRIPE_API_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "DATABASE_URL",
        "SMTP_URL",
    ]
    shown = repr(read_settings(production_environment))
    weak = {name: f"secret-{name}" for name in names}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | weak)
    assert [name for name in names if production_environment[name] in shown] == []
    assert [name for name in names if weak[name] in str(refusal.value)] == []


def test_a_former_payload_key_still_reads_but_no_longer_writes(sandbox_environment: dict[str, str]) -> None:
    before = read_settings(sandbox_environment)
    after = read_settings(
        sandbox_environment
        | {"PAYLOAD_KEY": a_key("new"), "PREVIOUS_PAYLOAD_KEYS": sandbox_environment["PAYLOAD_KEY"]}
    )
    assert after.active_payload_key != before.active_payload_key
    assert after.payload_keys == before.payload_keys | {
        after.active_payload_key: after.payload_keys[after.active_payload_key]
    }


def test_a_plain_database_url_gets_our_driver(sandbox_environment: dict[str, str]) -> None:
    settings = read_settings(sandbox_environment | {"DATABASE_URL": "postgres://omea_api@db/omea"})
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://omea_api@db/omea"


def test_the_codec_server_neither_asks_nor_answers_in_clear_in_production() -> None:
    given = {
        "PAYLOAD_KEY": a_key("payload"),
        "CODEC_UI_ORIGIN": "http://ui.example",
        # A container has an address of its own, and a proxy before it, as the API has.
        "CODEC_HOST": "192.0.2.1",
        "CODEC_API_URL": "http://api.example",
    }
    with pytest.raises(SettingsRefused) as refusal:
        read_codec_server_settings(given)
    assert refusal.value.problems == {
        "CODEC_API_URL": f"{NOT_IN_CLEAR}les connexions de l'équipe y passent",
        "CODEC_UI_ORIGIN": f"{NOT_IN_CLEAR}ce qui est déchiffré y est montré",
    }


async def test_production_has_no_documentation_page(production_environment: dict[str, str]) -> None:
    shown = {"production": 404, "sandbox": 200}
    for environment, status in shown.items():
        settings = read_settings(production_environment | {"OMEA_ENVIRONMENT": environment})
        transport = httpx.ASGITransport(build(settings))
        async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
            assert (await http.get("/docs")).status_code == status
            assert (await http.get("/openapi.json")).status_code == 200


NOT_IN_CLEAR = "doit commencer par https:// ou rester sur 127.0.0.1 : "
ANYDESK = {
    "ANYDESK_API_BASE": "https://v1.api.anydesk.com:8081/",
    "ANYDESK_LICENSE": "1438129266231705",
    "ANYDESK_API_KEY": "the-key",
}


async def test_anydesks_log_is_read_with_all_of_its_settings_and_left_alone_without_any(
    production_environment: dict[str, str],
) -> None:
    without = read_settings(production_environment)
    assert session_log_of(without) is None
    assert build(without).state.dependencies.session_log is False
    settings = read_settings(production_environment | ANYDESK)
    assert (settings.anydesk_api_base, settings.anydesk_license) == (
        "https://v1.api.anydesk.com:8081",
        "1438129266231705",
    )
    assert build(settings).state.dependencies.session_log is True
    log = session_log_of(settings)
    assert log is not None
    await log.close()
    assert ANYDESK["ANYDESK_API_KEY"] not in repr(settings)


@pytest.mark.parametrize(
    "lacking", [{name} for name in ANYDESK] + [set(ANYDESK) - {name} for name in ANYDESK]
)
def test_a_part_of_anydesks_settings_is_refused_and_names_what_is_missing(
    sandbox_environment: dict[str, str], lacking: set[str]
) -> None:
    given = {name: value for name, value in ANYDESK.items() if name not in lacking}
    for read in (
        lambda: read_settings(sandbox_environment | given),
        lambda: read_stack_settings(dict.fromkeys(lacking, "") | given),
    ):
        with pytest.raises(SettingsRefused) as refusal:
            read()
        assert refusal.value.problems == dict.fromkeys(
            lacking, "manque : les réglages d’AnyDesk vont ensemble"
        )


def test_anydesk_ids_do_not_travel_in_clear_and_a_licence_is_one_word(
    production_environment: dict[str, str],
) -> None:
    wrong = ANYDESK | {"ANYDESK_API_BASE": "http://127.0.0.1:8110", "ANYDESK_LICENSE": "14:38"}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | wrong)
    assert refusal.value.problems == {
        "ANYDESK_API_BASE": "doit commencer par https:// : un identifiant AnyDesk mène à une personne",
        "ANYDESK_LICENSE": "ne compte que des lettres, des chiffres et des tirets",
    }


def test_sms_are_sent_where_a_provider_is_given_and_its_key_is_not_shown(
    production_environment: dict[str, str],
) -> None:
    without = read_settings(production_environment)
    assert sms_of(without) is None
    assert build(without).state.dependencies.sends_sms is False
    settings = read_settings(production_environment | {"SMS_URL": "jsons://sms.example/the-key/{number}"})
    assert sms_of(settings) is not None
    assert build(settings).state.dependencies.sends_sms is True
    assert "the-key" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    ["imaps://omea:secret@mail.example", "pop3s://mail.example", "pop3s://omea@mail.example", "pop3s://o:s@"],
)
def test_a_mailbox_of_bounces_has_a_host_and_an_account(
    production_environment: dict[str, str], url: str
) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | {"BOUNCES_URL": url})
    assert refusal.value.problems == {"BOUNCES_URL": "doit être de la forme pop3s://compte:secret@hôte:port"}


def test_mails_that_come_back_are_read_where_a_mailbox_is_given_and_its_secret_is_not_shown(
    production_environment: dict[str, str],
) -> None:
    settings = read_settings(production_environment | {"BOUNCES_URL": "pop3s://omea:a-secret@mail.example"})
    assert settings.bounces_url is not None
    assert "a-secret" not in repr(settings)
    assert read_settings(production_environment).bounces_url is None


@pytest.mark.parametrize("url", ["octopush://login/key", "{number}/key", "a://{number}/{number}"])
def test_an_sms_url_has_one_place_for_the_number(production_environment: dict[str, str], url: str) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | {"SMS_URL": url})
    assert list(refusal.value.problems) == ["SMS_URL"]
    assert url not in str(refusal.value)


def test_an_empty_setting_is_not_a_part_that_exists_elsewhere() -> None:
    assert read_stack_settings({"SMTP_URL": "", "DATABASE_URL": ""}) == read_stack_settings({})


def test_the_company_is_the_one_of_the_settings(production_environment: dict[str, str]) -> None:
    with_mediator = read_settings(production_environment).company
    assert (with_mediator.siren, with_mediator.vat_number) == ("123456782", "FR11123456782")
    assert with_mediator.legal.text == (
        "SAS fictive au capital de 10\N{NARROW NO-BREAK SPACE}000 €, "
        "123\N{NO-BREAK SPACE}456\N{NO-BREAK SPACE}782 RCS Exempleville"
    )
    without = read_settings(production_environment | {"COMPANY_MEDIATOR": ""}).company
    assert (with_mediator.mediator is None, without.mediator) == (False, None)


def test_technicians_are_paid_from_the_account_of_the_settings_or_from_none(
    production_environment: dict[str, str],
) -> None:
    ours = read_settings(production_environment | {"COMPANY_IBAN": "fr14 2004 1010 0505 0001 3M02 606"})
    assert ours.bank_account == Account("OmeaSupport Démonstration", "FR1420041010050500013M02606")
    assert read_settings(production_environment | {"COMPANY_IBAN": ""}).bank_account is None


AN_ISSUER = {
    "key": "example",
    "name": "Exemple",
    "issuer": "https://accounts.example",
    "client_id": "omea",
    "client_secret": "of example",
    "roles": ["client", "technician"],
}
NOT_RIGHT: tuple[dict[str, object], ...] = (
    {"issuer": "http://accounts.example"},
    {"issuer": "accounts.example"},
    {"issuer": "https://accounts.example?tenant=1"},
    {"key": "../example"},
    {"roles": []},
    {"roles": ["system"]},
    {"roles": "client"},
    {"trusted_for_addresses": "yes"},
    {"client_id": ""},
    {"secret": "in the wrong place"},
)
SECRETS = '{"of example": "a secret of theirs"}'


def test_issuers_are_given_with_their_secrets_apart(production_environment: dict[str, str]) -> None:
    given = {"OIDC_ISSUERS": json.dumps([AN_ISSUER]), "OIDC_CLIENT_SECRETS": SECRETS}
    settings = read_settings(production_environment | given)
    [issuer] = issuers_of(settings)
    assert (issuer.key, issuer.url, issuer.client_secret) == (
        *("example", "https://accounts.example", "a secret of theirs"),
    )
    assert (issuer.roles, issuer.trusted_for_addresses) == (frozenset({Role.CLIENT, Role.TECHNICIAN}), False)
    assert "a secret of theirs" not in f"{settings!r} {issuer!r}"
    assert issuers_of(read_settings(production_environment)) == []


@pytest.mark.parametrize(
    ("issuers", "refused"),
    [
        ("{", "OIDC_ISSUERS"),
        ("{}", "OIDC_ISSUERS"),
        (json.dumps([AN_ISSUER, AN_ISSUER]), "OIDC_ISSUERS"),
        *((json.dumps([AN_ISSUER | changed]), "OIDC_ISSUERS") for changed in NOT_RIGHT),
        (json.dumps([AN_ISSUER | {"client_secret": "of another"}]), "OIDC_CLIENT_SECRETS"),
    ],
)
def test_issuers_that_are_not_right_are_refused_at_the_start(
    production_environment: dict[str, str], issuers: str, refused: str
) -> None:
    given = {"OIDC_ISSUERS": issuers, "OIDC_CLIENT_SECRETS": SECRETS}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | given)
    assert set(refusal.value.problems) == {refused}
    assert "a secret of theirs" not in str(refusal.value)


@pytest.mark.parametrize("secrets", ["[]", "secret", '{"of example": ""}', '{"of example": 1}'])
def test_secrets_of_issuers_that_are_not_right_are_refused(
    production_environment: dict[str, str], secrets: str
) -> None:
    given = {"OIDC_ISSUERS": json.dumps([AN_ISSUER]), "OIDC_CLIENT_SECRETS": secrets}
    with pytest.raises(SettingsRefused) as refusal:
        read_settings(production_environment | given)
    assert set(refusal.value.problems) == {"OIDC_CLIENT_SECRETS"}


def test_a_process_tells_its_figures_where_it_is_told_to_and_else_nowhere(
    sandbox_environment: dict[str, str],
) -> None:
    told = {"METRICS_PORT": "9464"}
    assert read_settings(sandbox_environment).metrics_address is None
    assert read_settings(sandbox_environment | told).metrics_address == "127.0.0.1:9464"
    inside = told | {"METRICS_HOST": "10.0.0.7"}
    assert read_settings(sandbox_environment | inside).metrics_address == "10.0.0.7:9464"
