"""The issuer's pages and endpoints: the code flow with PKCE, and nothing else of OpenID Connect.

Its signing keys are made when it starts and codes are kept in memory: after a restart one signs in again.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from deploy.sandbox.oidc import CLIENT_ID

CODE_LASTS = timedelta(minutes=1)
TOKEN_LASTS = timedelta(minutes=5)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
ASKED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")


@dataclass(frozen=True)
class Account:
    subject: str
    name: str
    mail: str
    verified: bool = True


@dataclass(frozen=True)
class _Code:
    account: Account
    nonce: str
    challenge: str
    made_at: datetime


@dataclass
class Issuing:
    """The issuer itself. `back` is the only address that people are sent back to."""

    url: str
    client_secret: str
    back: str
    accounts: Sequence[Account]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    key: RSAKey | ECKey | OKPKey = field(default_factory=lambda: new_key())
    codes: dict[str, _Code] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def wrong(self, asked: dict[str, str]) -> str | None:
        """What is not right with an asking, None if all is."""
        expected = {"client_id": CLIENT_ID, "redirect_uri": self.back, "response_type": "code"}
        missing = [name for name in ASKED if not asked.get(name)]
        if missing:
            return f"manque : {', '.join(missing)}"
        different = [name for name, value in expected.items() if asked[name] != value]
        if "openid" not in asked["scope"].split():
            different.append("scope")
        if asked.get("code_challenge_method") != "S256":
            different.append("code_challenge_method")
        return f"inattendu : {', '.join(different)}" if different else None

    def code_for(self, subject: str, asked: dict[str, str]) -> str:
        [account] = [one for one in self.accounts if one.subject == subject]
        code = secrets.token_urlsafe(24)
        self.codes[code] = _Code(account, asked["nonce"], asked["code_challenge"], self.clock())
        return code

    def exchanged(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, once; None when it is good for nothing."""
        code = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            code is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != self.back
            or not hmac.compare_digest(_encoded(digest), code.challenge)
            or self.clock() > code.made_at + CODE_LASTS
        ):
            return None
        access_token = secrets.token_urlsafe(24)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LASTS.total_seconds()),
            "id_token": self._id_token(code, access_token),
        }

    def _id_token(self, code: _Code, access_token: str) -> str:
        now = int(self.clock().timestamp())
        digest = hashlib.sha256(access_token.encode()).digest()
        claims = {
            "iss": self.url,
            "sub": code.account.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + int(TOKEN_LASTS.total_seconds()),
            "nonce": code.nonce,
            "at_hash": _encoded(digest[:16]),
            "email": code.account.mail,
            "email_verified": code.account.verified,
        }
        return self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "kid": secrets.token_hex(8)}, private=True)


def create_app(issuing: Issuing) -> Starlette:
    templates = Jinja2Templates(Path(__file__).parent / "templates")

    def page(request: Request, status: int, **words: Any) -> Response:
        headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-store"}
        return templates.TemplateResponse(request, "choose.html", words, status, headers)

    async def home(request: Request) -> Response:
        sentence = "On arrive ici depuis la page de connexion d’OmeaSupport."
        return page(request, 200, sentence=sentence, accounts=[], asked={})

    async def describe(_: Request) -> Response:
        return JSONResponse(issuing.description())

    async def keys(_: Request) -> Response:
        return JSONResponse({"keys": [issuing.key.as_dict(private=False)]})

    async def choose(request: Request) -> Response:
        asked = dict(request.query_params)
        wrong = issuing.wrong(asked)
        if wrong is not None:
            return page(request, 400, sentence=f"Demande refusée ({wrong}).", accounts=[], asked={})
        return page(request, 200, sentence=None, accounts=issuing.accounts, asked=asked)

    async def chosen(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        wrong = issuing.wrong(form)
        if wrong is not None:
            return page(request, 400, sentence=f"Demande refusée ({wrong}).", accounts=[], asked={})
        answer = {"state": form["state"], "iss": issuing.url}
        if any(one.subject == form.get("subject") for one in issuing.accounts):
            answer["code"] = issuing.code_for(form["subject"], form)
        else:
            answer["error"] = "access_denied"
        return RedirectResponse(f"{issuing.back}?{urlencode(answer)}", 303)

    async def token(request: Request) -> Response:
        if not _is_our_client(request.headers.get("authorization", ""), issuing.client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        form = {name: str(value) for name, value in (await request.form()).items()}
        tokens = issuing.exchanged(form)
        if tokens is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(tokens, headers={"cache-control": "no-store"})

    return Starlette(
        routes=[
            Route("/", home),
            Route("/.well-known/openid-configuration", describe),
            Route("/jwks", keys),
            Route("/authorize", choose),
            Route("/authorize", chosen, methods=["POST"]),
            Route("/token", token, methods=["POST"]),
        ]
    )


def _encoded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_our_client(header: str, secret: str) -> bool:
    kind, _, said = header.partition(" ")
    try:
        client, _, password = base64.b64decode(said, validate=True).decode().partition(":")
    except ValueError:
        return False
    right = hmac.compare_digest(unquote(password).encode(), secret.encode())
    return kind == "Basic" and unquote(client) == CLIENT_ID and right
