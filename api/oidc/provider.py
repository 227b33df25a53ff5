"""An issuer's servers: what they say of themselves, their keys, the exchange of a code."""

import asyncio
import base64
import hashlib
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from api.oidc.attempts import Attempt
from api.oidc.id_token import Identity, Key, UnknownKey, usable_keys, verify
from api.oidc.issuers import AnswerRefused, Issuer, ProviderAway
from api.oidc.transport import BoundedTransport

with warnings.catch_warnings():
    # Its authors prefer a successor of httpx that we do not have; it says so at each start.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

# For one exchange; a person waits. Only connecting is tried again: a code is good for one try.
TIMEOUT_SECONDS = 5
WHOLE_SECONDS = 8
# Issuers announce new keys for hours, and a key that they take back is believed no longer than this.
FRESH = timedelta(minutes=15)
SCOPE = "openid email"


class _Described(BaseModel):
    """What we need of a discovery document (OpenID Connect Discovery 1.0; RFC 9207 for the last)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class Provider:
    """One issuer. What it says of itself and its keys are kept for a quarter of an hour, its keys read again
    at once for a key that is not among them."""

    def __init__(
        self,
        issuer: Issuer,
        clock: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self.issuer = issuer
        self._clock = clock
        self._timeout = timeout_seconds
        self._transport = BoundedTransport(transport or httpx.AsyncHTTPTransport(retries=1))
        self._described: tuple[datetime, _Described] | None = None
        self._keys: tuple[datetime, list[Key]] | None = None

    async def page_for(self, attempt: Attempt, back: str) -> str:
        """The address at which the person shows who they are. Raises `ProviderAway`."""
        described = await self._description()
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        async with self._client(described, back) as client:
            address, _ = client.create_authorization_url(
                described.authorization_endpoint,
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
                code_challenge_method="S256",
            )
        return str(address)

    async def identity(self, attempt: Attempt, back: str, code: str, said_issuer: str | None) -> Identity:
        """Who came back with that code. Raises `ProviderAway` and `AnswerRefused`."""
        described = await self._description()
        required = described.authorization_response_iss_parameter_supported
        if said_issuer != self.issuer.url and (required or said_issuer is not None):
            raise AnswerRefused("an answer of another issuer")
        tokens = await self._exchange(described, attempt, back, code)
        token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(token, str) or not isinstance(access_token, str):
            raise AnswerRefused("no ID token")

        def verified(keys: list[Key]) -> Identity:
            return verify(token, keys, self.issuer, attempt.nonce, access_token, self._clock())

        try:
            return verified(await self._signing_keys(described))
        except UnknownKey:
            self._keys = None
        try:
            return verified(await self._signing_keys(described))
        except UnknownKey:
            raise AnswerRefused("signed by an unknown key") from None

    async def _exchange(
        self, described: _Described, attempt: Attempt, back: str, code: str
    ) -> dict[str, Any]:
        try:
            async with asyncio.timeout(WHOLE_SECONDS), self._client(described, back) as client:
                return dict(
                    await client.fetch_token(
                        described.token_endpoint,
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=attempt.verifier,
                    )
                )
        except OAuthError as refused:
            raise AnswerRefused("the issuer refused the code") from refused
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            OSError,
            ValueError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as wrong:
            raise ProviderAway(f"exchange: {type(wrong).__name__}") from None

    def _client(self, described: _Described, back: str) -> Any:
        basic = "client_secret_basic" in described.token_endpoint_auth_methods_supported
        return AsyncOAuth2Client(
            client_id=self.issuer.client_id,
            client_secret=self.issuer.client_secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            scope=SCOPE,
            redirect_uri=back,
            transport=self._transport,
            timeout=self._timeout,
            trust_env=False,
        )

    async def _description(self) -> _Described:
        kept = self._described
        if kept is not None and self._clock() < kept[0] + FRESH:
            return kept[1]
        content = await self._read(f"{self.issuer.url.rstrip('/')}/.well-known/openid-configuration")
        try:
            described = _Described.model_validate_json(content)
        except ValidationError:
            raise ProviderAway("malformed description") from None
        if described.issuer != self.issuer.url:
            raise ProviderAway("describes another issuer")
        # As safe as the issuer's own address: secrets and tokens go there.
        scheme = urlsplit(self.issuer.url).scheme
        addresses = (described.authorization_endpoint, described.token_endpoint, described.jwks_uri)
        if any(not _is_address(address, scheme) for address in addresses):
            raise ProviderAway("unsafe address")
        self._described = (self._clock(), described)
        return described

    async def _signing_keys(self, described: _Described) -> list[Key]:
        kept = self._keys
        if kept is not None and self._clock() < kept[0] + FRESH:
            return kept[1]
        content = await self._read(described.jwks_uri)
        try:
            keys = usable_keys(KeySet.import_key_set(_KeySet.model_validate_json(content).known()))
        except (ValidationError, JoseError, ValueError, TypeError, KeyError):
            raise ProviderAway("malformed keys") from None
        self._keys = (self._clock(), keys)
        return keys

    async def _read(self, address: str) -> bytes:
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx.AsyncClient(
                    transport=self._transport, timeout=self._timeout, trust_env=False
                ) as client,
            ):
                answer = await client.get(address)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as wrong:
            raise ProviderAway(f"no answer: {type(wrong).__name__}") from None
        if answer.status_code != 200:
            raise ProviderAway(f"answered {answer.status_code}")
        return answer.content


class _KeySet(BaseModel):
    keys: list[dict[str, Any]]

    def known(self) -> Any:
        """Keys of a kind that we do not know must not hide the others."""
        return {"keys": [key for key in self.keys if key.get("kty") in {"RSA", "EC", "OKP"}]}


def _is_address(text: str, scheme: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme == scheme and bool(url.hostname)
