"""What one setting may be, whatever the surroundings. A refusal is a French sentence without the value:
a refused secret must not end up in a log."""

import base64
import binascii
import hashlib
import ipaddress
import re
from enum import StrEnum
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError


class Environment(StrEnum):
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Pace(StrEnum):
    """How long people are given: days as promised, or seconds so that a demonstration can be watched."""

    PRODUCTION = "production"
    DEMO = "demo"


class OpeningHours(StrEnum):
    PRODUCTION = "production"
    ALWAYS = "always"


def refusal(sentence: str) -> PydanticCustomError:
    # The sentence is ours, without the value: a refused secret must not end up in a log.
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def decoded_payload_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refusal("n'est pas du base64") from None
    if len(key) != 32:
        raise refusal(f"doit coder 32 octets (AES-256), en code {len(key)}")
    return key


def _payload_key(secret: SecretStr) -> SecretStr:
    decoded_payload_key(secret.get_secret_value())
    return secret


def _payload_keys(secret: SecretStr) -> SecretStr:
    for text in filter(None, secret.get_secret_value().split(",")):
        decoded_payload_key(text)
    return secret


def _token_key(secret: SecretStr) -> SecretStr:
    if (length := len(secret.get_secret_value().encode())) < 32:
        raise refusal(f"trop courte : 32 octets au moins, en a {length}")
    return secret


def _split(url: str) -> SplitResult:
    """Raises ValueError for one whose host or port is none."""
    parts = urlsplit(url)
    _ = parts.port
    return parts


def _our_driver(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise refusal("doit commencer par postgresql://")
    _split(url)
    return SecretStr(f"postgresql+psycopg://{rest}")


def _smtp_url(secret: SecretStr) -> SecretStr:
    url = _split(secret.get_secret_value())
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise refusal("doit être de la forme smtp://hôte:port ou smtps://compte:secret@hôte:port")
    return secret


def _bounces_url(secret: SecretStr) -> SecretStr:
    url = _split(secret.get_secret_value())
    if url.scheme not in {"pop3", "pop3s"} or not (url.hostname and url.username and url.password):
        raise refusal("doit être de la forme pop3s://compte:secret@hôte:port")
    if url.scheme == "pop3" and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise refusal("enverrait en clair le secret de la boîte aux lettres : pop3s://")
    return secret


def _sms_url(secret: SecretStr) -> SecretStr:
    # Whether apprise knows the provider is found out by the worker, which alone has it.
    scheme, separator, rest = secret.get_secret_value().partition("://")
    urlsplit(secret.get_secret_value())
    if not scheme or not separator or rest.count("{number}") != 1:
        raise refusal("doit être une adresse apprise où {number} tient la place du numéro, une seule fois")
    return secret


def _web_url(text: str) -> str:
    url = _split(text)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise refusal("doit commencer par http:// ou https://")
    return text.rstrip("/")


def _proxies(text: str) -> str:
    # uvicorn takes anything else for the name of a socket, and would trust nobody.
    for one in text.split(","):
        try:
            if one.strip() != "*":
                ipaddress.ip_network(one.strip())
        except ValueError:
            raise refusal("n'est pas une liste d'adresses et de réseaux (10.0.0.1, 10.1.0.0/16)") from None
    return text


def _licence(text: str) -> str:
    # It is put between two colons of a header.
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise refusal("ne compte que des lettres, des chiffres et des tirets")
    return text


def _mail_address(text: str) -> str:
    if "@" not in text.strip("@"):
        raise refusal("n'est pas une adresse de courriel")
    return text


class IssuerSetting(BaseModel):
    """One of `OIDC_ISSUERS`. `client_secret` is the name of a secret in `OIDC_CLIENT_SECRETS`, so that the
    list may be shown to anybody."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    name: str = Field(min_length=1, max_length=40)
    issuer: str = Field(max_length=200)
    client_id: str = Field(min_length=1, max_length=200)
    client_secret: str = Field(min_length=1)
    roles: tuple[Literal["client", "technician", "back_office", "finance"], ...] = Field(
        min_length=1, strict=False
    )
    trusted_for_addresses: bool = False


_ISSUERS: TypeAdapter[tuple[IssuerSetting, ...]] = TypeAdapter(tuple[IssuerSetting, ...])
_SECRETS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def _issuers(text: str) -> str:
    try:
        issuers = decoded_issuers(text)
    except ValidationError as malformed:
        [first, *_] = malformed.errors(include_url=False, include_context=False, include_input=False)
        where = ".".join(str(part) for part in first["loc"]) or "liste"
        raise refusal(f"n'est pas la liste d'émetteurs attendue ({where})") from None
    for one in issuers:
        url = urlsplit(_web_url(one.issuer))
        if url.query or url.fragment or url.username:
            raise refusal("l'adresse d'un émetteur n'a ni compte, ni paramètre")
    if len({one.key for one in issuers}) + len({one.issuer for one in issuers}) != 2 * len(issuers):
        raise refusal("nomme deux fois le même émetteur")
    return text


def _client_secrets(secret: SecretStr) -> SecretStr:
    try:
        known = decoded_client_secrets(secret)
    except ValidationError:
        raise refusal("n'est pas un objet JSON de secrets par nom") from None
    if any(not value for value in known.values()):
        raise refusal("contient un secret vide")
    return secret


def decoded_issuers(text: str) -> tuple[IssuerSetting, ...]:
    return _ISSUERS.validate_json(text)


def decoded_client_secrets(secret: SecretStr) -> dict[str, str]:
    return _SECRETS.validate_json(secret.get_secret_value())


Issuers = Annotated[str, AfterValidator(_issuers)]
ClientSecrets = Annotated[SecretStr, AfterValidator(_client_secrets)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_our_driver)]
# What Temporal takes, and what stands in a line of a log without quotes.
BuildId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,64}$")]
BouncesUrl = Annotated[SecretStr, AfterValidator(_bounces_url)]
SmsUrl = Annotated[SecretStr, AfterValidator(_sms_url)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp_url)]
TokenKey = Annotated[SecretStr, AfterValidator(_token_key)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Proxies = Annotated[str, AfterValidator(_proxies)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Licence = Annotated[str, AfterValidator(_licence)]
PayloadKey = Annotated[SecretStr, AfterValidator(_payload_key)]
PayloadKeys = Annotated[SecretStr, AfterValidator(_payload_keys)]


def key_id(key: bytes) -> str:
    """A short public name of a payload key: rotation needs nobody to invent or agree on names."""
    return hashlib.sha256(b"omea payload key" + key).hexdigest()[:12]
