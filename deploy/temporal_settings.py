"""How we reach Temporal, on this machine, in a cluster or at Temporal Cloud.

The variables and the file are those of every Temporal tool, read by the SDK itself (`temporalio.envconfig`).
A file is read only if it is named: one that a developer keeps at home must not lead a stack elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr
from temporalio.envconfig import ClientConfig, ClientConnectConfig

# Who we are at the other end: a certificate and its key, as files or as texts.
CERTIFICATE = ("TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_CERT_DATA")
KEY = ("TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_CLIENT_KEY_DATA")
AUTHORITY = ("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_DATA")
FILES = ("TEMPORAL_CONFIG_FILE", CERTIFICATE[0], KEY[0], AUTHORITY[0])


class TemporalSettings(BaseModel):
    temporal_address: str = Field(validation_alias="TEMPORAL_ADDRESS", pattern=r"^.+:\d+$")
    temporal_namespace: str = Field(default="omea", validation_alias="TEMPORAL_NAMESPACE", min_length=1)
    temporal_api_key: SecretStr | None = Field(default=None, validation_alias="TEMPORAL_API_KEY")
    # Unless set, there is TLS where there is a key or a certificate.
    temporal_tls: bool | None = Field(default=None, validation_alias="TEMPORAL_TLS")
    temporal_tls_server_name: str | None = Field(default=None, validation_alias="TEMPORAL_TLS_SERVER_NAME")
    temporal_authority_path: str | None = Field(default=None, validation_alias=AUTHORITY[0])
    temporal_authority: str | None = Field(default=None, validation_alias=AUTHORITY[1])
    temporal_certificate_path: str | None = Field(default=None, validation_alias=CERTIFICATE[0])
    temporal_certificate: str | None = Field(default=None, validation_alias=CERTIFICATE[1])
    temporal_key_path: str | None = Field(default=None, validation_alias=KEY[0])
    temporal_key: SecretStr | None = Field(default=None, validation_alias=KEY[1])
    temporal_config_file: str | None = Field(default=None, validation_alias="TEMPORAL_CONFIG_FILE")
    temporal_profile: str | None = Field(default=None, validation_alias="TEMPORAL_PROFILE")

    @property
    def temporal_connection(self) -> ClientConnectConfig:
        """What `Client.connect` is given; a certificate that was renewed is read again."""
        values = ((field, getattr(self, name)) for name, field in TemporalSettings.model_fields.items())
        return _loaded(
            {str(field.validation_alias): _text(value) for field, value in values if value is not None}
        )


def _text(value: Any) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case bool():
            # Anything but "false" would be true to the SDK.
            return str(value).lower()
        case _:
            return str(value)


def _loaded(variables: Mapping[str, str]) -> ClientConnectConfig:
    return ClientConfig.load_client_connect_config(
        disable_file="TEMPORAL_CONFIG_FILE" not in variables,
        config_file_strict=True,
        override_env_vars=variables,
    )


def completed(values: Mapping[str, str], problems: dict[str, str], *, production: bool) -> dict[str, str]:
    """`values` with the address and the namespace of the profile where they are not given themselves.

    A French sentence for each variable that cannot be followed is added to `problems`.
    """
    variables = {name: value for name, value in values.items() if name.startswith("TEMPORAL_")}
    refused: dict[str, str] = {}
    if "TEMPORAL_PROFILE" in variables and "TEMPORAL_CONFIG_FILE" not in variables:
        refused["TEMPORAL_CONFIG_FILE"] = "manque : TEMPORAL_PROFILE en nomme une partie"
    for one, other in ((CERTIFICATE, KEY), (KEY, CERTIFICATE)):
        if any(name in variables for name in one) and not any(name in variables for name in other):
            refused[other[0]] = "manque : un certificat et sa clé vont ensemble"
    for path, text in (CERTIFICATE, KEY, AUTHORITY):
        if path in variables and text in variables:
            refused[text] = "donné deux fois : en texte et par un fichier"
    for name in FILES:
        if name in variables and not _is_readable(variables[name]):
            refused[name] = "fichier absent ou illisible"
    problems |= refused
    if refused:
        return dict(values)
    try:
        found = _loaded(variables)
    except (RuntimeError, ValueError, OSError):
        # The SDK's own words may quote the file, which holds a key.
        where = "TEMPORAL_CONFIG_FILE" if "TEMPORAL_CONFIG_FILE" in variables else "TEMPORAL_TLS"
        problems[where] = "ne se laisse pas lire : le profil, un nom ou le texte n'est pas le bon"
        return dict(values)
    secret = "api_key" in found or any(name in variables for name in (*CERTIFICATE, *KEY))
    if production and secret and found.get("tls") is False:
        problems["TEMPORAL_TLS"] = "« false » enverrait en clair ce qui nous ouvre Temporal"
    own = {"TEMPORAL_ADDRESS": found.get("target_host"), "TEMPORAL_NAMESPACE": found.get("namespace")}
    return {**{name: value for name, value in own.items() if value}, **values}


def _is_readable(path: str) -> bool:
    try:
        with Path(path).open("rb"):
            return True
    except OSError:
        return False
