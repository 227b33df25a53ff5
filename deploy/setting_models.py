"""Which settings each process has, by the names that the environment gives them. `deploy/settings.py` reads
them."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from deploy.company_settings import CompanySettings
from deploy.setting_values import (
    BouncesUrl,
    BuildId,
    ClientSecrets,
    DatabaseUrl,
    Environment,
    Issuers,
    IssuerSetting,
    Licence,
    MailAddress,
    OpeningHours,
    Pace,
    PayloadKey,
    PayloadKeys,
    Proxies,
    SmsUrl,
    SmtpUrl,
    TokenKey,
    WebUrl,
    decoded_client_secrets,
    decoded_issuers,
    decoded_payload_key,
    key_id,
)
from deploy.temporal_settings import TemporalSettings


class GivenSettings(BaseSettings):
    """Settings built from one given mapping: a value it lacks is never completed from another source."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class _PayloadKeysSettings(GivenSettings):
    # A deployment that forgets to say where it runs gets the stricter rules.
    environment: Environment = Field(default=Environment.PRODUCTION, validation_alias="OMEA_ENVIRONMENT")
    payload_key: PayloadKey = Field(validation_alias="PAYLOAD_KEY")
    # Those that are only read with: of before, and the next one, before it takes over.
    previous_payload_keys: PayloadKeys = Field(
        default=SecretStr(""), validation_alias="PREVIOUS_PAYLOAD_KEYS"
    )

    @property
    def active_payload_key(self) -> str:
        return key_id(decoded_payload_key(self.payload_key.get_secret_value()))

    @property
    def payload_keys(self) -> dict[str, bytes]:
        """Every key that may be met in a history, by id: the active one encrypts, all of them decrypt."""
        texts = [
            self.payload_key.get_secret_value(),
            *self.previous_payload_keys.get_secret_value().split(","),
        ]
        keys = [decoded_payload_key(text) for text in texts if text]
        return {key_id(key): key for key in keys}

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION


class Settings(_PayloadKeysSettings, CompanySettings, TemporalSettings):
    """Those of the API, the worker and the command line. DATABASE_URL is that of the process's own role."""

    database_url: DatabaseUrl = Field(validation_alias="DATABASE_URL")
    task_queue: str = Field(default="omea", validation_alias="TASK_QUEUE", min_length=1)
    # Of which build this process is. In the sandbox there is one at a time, and it need not be told.
    build_id: BuildId = Field(default="sandbox", validation_alias="OMEA_BUILD_ID")
    transfers_per_second: float = Field(default=20, validation_alias="TRANSFERS_PER_SECOND", gt=0, le=100)
    stripe_api_key: SecretStr = Field(validation_alias="STRIPE_API_KEY", min_length=1)
    stripe_api_base: WebUrl | None = Field(default=None, validation_alias="STRIPE_API_BASE")
    stripe_webhook_secret: SecretStr = Field(validation_alias="STRIPE_WEBHOOK_SECRET", min_length=1)
    previous_stripe_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias="PREVIOUS_STRIPE_WEBHOOK_SECRET"
    )
    stripe_connect_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias="STRIPE_CONNECT_WEBHOOK_SECRET"
    )
    anydesk_api_base: WebUrl | None = Field(default=None, validation_alias="ANYDESK_API_BASE")
    anydesk_license: Licence | None = Field(default=None, validation_alias="ANYDESK_LICENSE")
    anydesk_api_key: SecretStr | None = Field(default=None, validation_alias="ANYDESK_API_KEY")
    oidc_issuers: Issuers = Field(default="[]", validation_alias="OIDC_ISSUERS")
    oidc_client_secrets: ClientSecrets = Field(
        default=SecretStr("{}"), validation_alias="OIDC_CLIENT_SECRETS"
    )
    smtp_url: SmtpUrl = Field(validation_alias="SMTP_URL")
    bounces_url: BouncesUrl | None = Field(default=None, validation_alias="BOUNCES_URL")
    sms_url: SmsUrl | None = Field(default=None, validation_alias="SMS_URL")
    mail_from: MailAddress = Field(validation_alias="MAIL_FROM")
    back_office_mail: MailAddress = Field(validation_alias="BACK_OFFICE_MAIL")
    token_key: TokenKey = Field(validation_alias="TOKEN_KEY")
    public_url: WebUrl = Field(validation_alias="PUBLIC_URL")
    temporal_ui_url: WebUrl | None = Field(default=None, validation_alias="TEMPORAL_UI_URL")
    api_host: str = Field(default="127.0.0.1", validation_alias="API_HOST")
    api_port: int = Field(default=8000, validation_alias="API_PORT", ge=1, le=65535)
    trusted_proxies: Proxies = Field(default="127.0.0.1", validation_alias="TRUSTED_PROXIES")
    # Of this process alone: without a port it tells no figures.
    metrics_host: str = Field(default="127.0.0.1", validation_alias="METRICS_HOST")
    metrics_port: int | None = Field(default=None, validation_alias="METRICS_PORT", ge=1, le=65535)
    # Of a worker alone: without a port nobody can ask after its health.
    health_host: str = Field(default="127.0.0.1", validation_alias="HEALTH_HOST")
    health_port: int | None = Field(default=None, validation_alias="HEALTH_PORT", ge=1, le=65535)
    # OpenTelemetry's own names. Without the first, no trace is sent anywhere.
    otlp_endpoint: WebUrl | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    otlp_headers: SecretStr | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_HEADERS")
    pace: Pace = Field(default=Pace.PRODUCTION, validation_alias="PACE")
    opening_hours: OpeningHours = Field(default=OpeningHours.PRODUCTION, validation_alias="OPENING_HOURS")

    @property
    def metrics_address(self) -> str | None:
        return None if self.metrics_port is None else f"{self.metrics_host}:{self.metrics_port}"

    @property
    def stripe_webhook_secrets(self) -> tuple[str, ...]:
        """Any of them signs a notice: while one replaces another, Stripe signs with both for up to a day; and
        of technicians' accounts it tells by an endpoint of its own, which has a secret of its own."""
        others = (self.previous_stripe_webhook_secret, self.stripe_connect_webhook_secret)
        kept = (secret.get_secret_value() for secret in others if secret)
        return (self.stripe_webhook_secret.get_secret_value(), *kept)

    @property
    def issuers(self) -> tuple[tuple[IssuerSetting, str], ...]:
        """Those by which people may sign in, each with our secret there."""
        secrets = decoded_client_secrets(self.oidc_client_secrets)
        return tuple((one, secrets[one.client_secret]) for one in decoded_issuers(self.oidc_issuers))


class CodecServerSettings(_PayloadKeysSettings):
    """The codec server holds the payload keys and nothing else. Who asks it, it asks the API at `api_url`."""

    host: str = Field(default="127.0.0.1", validation_alias="CODEC_HOST")
    port: int = Field(default=8234, validation_alias="CODEC_PORT", ge=1, le=65535)
    ui_origin: WebUrl = Field(validation_alias="CODEC_UI_ORIGIN")
    api_url: WebUrl = Field(validation_alias="CODEC_API_URL")


class StackSettings(GivenSettings):
    """Parts that already exist elsewhere: those named here, `omea up` does not start. AnyDesk's log, the
    mailbox of mails that come back, whoever takes SMS and what collects traces have no part of their own
    here: they are used if they are named."""

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    database_url_worker: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL_WORKER")
    database_url_api: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL_API")
    temporal_address: str | None = Field(default=None, validation_alias="TEMPORAL_ADDRESS")
    temporal_namespace: str = Field(default="omea", validation_alias="TEMPORAL_NAMESPACE")
    task_queue: str = Field(default="omea", validation_alias="TASK_QUEUE")
    build_id: str | None = Field(default=None, validation_alias="OMEA_BUILD_ID")
    stripe_api_key: SecretStr | None = Field(default=None, validation_alias="STRIPE_API_KEY")
    stripe_api_base: str | None = Field(default=None, validation_alias="STRIPE_API_BASE")
    stripe_webhook_secret: SecretStr | None = Field(default=None, validation_alias="STRIPE_WEBHOOK_SECRET")
    previous_stripe_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias="PREVIOUS_STRIPE_WEBHOOK_SECRET"
    )
    stripe_connect_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias="STRIPE_CONNECT_WEBHOOK_SECRET"
    )
    anydesk_api_base: str | None = Field(default=None, validation_alias="ANYDESK_API_BASE")
    anydesk_license: str | None = Field(default=None, validation_alias="ANYDESK_LICENSE")
    anydesk_api_key: SecretStr | None = Field(default=None, validation_alias="ANYDESK_API_KEY")
    smtp_url: SecretStr | None = Field(default=None, validation_alias="SMTP_URL")
    bounces_url: SecretStr | None = Field(default=None, validation_alias="BOUNCES_URL")
    sms_url: SecretStr | None = Field(default=None, validation_alias="SMS_URL")
    oidc_issuers: str | None = Field(default=None, validation_alias="OIDC_ISSUERS")
    oidc_client_secrets: SecretStr | None = Field(default=None, validation_alias="OIDC_CLIENT_SECRETS")
    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
