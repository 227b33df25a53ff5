"""What an ID token proves, and to whom: OpenID Connect Core 1.0, 3.1.3.7, and RFC 8725."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from api.oidc.issuers import AnswerRefused, Issuer

# Signed by a key that only the issuer has: never `none`, never by a secret that we or others know too.
HASHES = {"RS256": "sha256", "PS256": "sha256", "ES256": "sha256", "EdDSA": "sha512"}
ALGORITHMS = tuple(HASHES)
SMALLEST_RSA_BITS = 2048
# How far the issuer's clock may be from ours.
DRIFT = timedelta(minutes=1)
# A token is made when its code is exchanged: one that is older was made for something else.
OLDEST = timedelta(minutes=10)
LONGEST_TOKEN = 16 * 1024

Key = RSAKey | ECKey | OKPKey


class UnknownKey(Exception):
    """The token names a key that is not in the set: the issuer may have a new one."""


@dataclass(frozen=True)
class Identity:
    """Somebody, as the issuer knows them. `mail` is in small letters, and None unless the issuer says that it
    has verified it."""

    issuer: str
    subject: str
    mail: str | None


def usable_keys(keys: KeySet) -> list[Key]:
    """Those that may sign: neither secrets nor keys of encryption."""
    return [
        key
        for key in keys.keys
        if isinstance(key, RSAKey | ECKey | OKPKey) and key.as_dict(private=False).get("use", "sig") == "sig"
    ]


def verify(
    token: str, keys: list[Key], issuer: Issuer, nonce: str, access_token: str | None, now: datetime
) -> Identity:
    """Raises `UnknownKey` and `AnswerRefused`."""
    if len(token) > LONGEST_TOKEN:
        raise AnswerRefused("token too long")
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise AnswerRefused("algorithm not allowed")
        claims = _signed(token, _key_named(keys, header.get("kid")))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise AnswerRefused("not signed by the issuer") from None
    _check_parties(claims, issuer)
    _check_times(claims, now)
    if not _is_same(claims.get("nonce"), nonce):
        raise AnswerRefused("made for another asking")
    _check_access_token(claims.get("at_hash"), HASHES[str(header["alg"])], access_token)
    subject = claims.get("sub")
    # At most 255 characters of ASCII (Core 1.0, 2).
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not _is_plain(subject):
        raise AnswerRefused("no subject")
    return Identity(issuer.url, subject, _verified_mail(claims))


def _key_named(keys: list[Key], kid: object) -> Key:
    """A token without a key's name is good only where there is no choice."""
    found = keys if kid is None else [key for key in keys if key.kid == kid]
    if len(found) != 1:
        raise UnknownKey
    [key] = found
    if isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA_BITS:
        raise AnswerRefused("key too short")
    return key


def _signed(token: str, key: Key) -> dict[str, Any]:
    registry = JWSRegistry(algorithms=list(ALGORITHMS))
    return dict(jwt.decode(token, key, algorithms=list(ALGORITHMS), registry=registry).claims)


def _check_parties(claims: dict[str, Any], issuer: Issuer) -> None:
    if claims.get("iss") != issuer.url:
        raise AnswerRefused("of another issuer")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or issuer.client_id not in audiences:
        raise AnswerRefused("for another audience")
    if claims.get("azp", None if len(audiences) > 1 else issuer.client_id) != issuer.client_id:
        raise AnswerRefused("for another party")


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    expires, made = claims.get("exp"), claims.get("iat")
    if any(isinstance(at, bool) or not isinstance(at, int | float) for at in (expires, made)):
        raise AnswerRefused("without its times")
    if not expires > (now - DRIFT).timestamp():  # type: ignore[operator]  # numbers, by the line above
        raise AnswerRefused("expired")
    if not (now - OLDEST - DRIFT).timestamp() <= made <= (now + DRIFT).timestamp():  # type: ignore[operator]
        raise AnswerRefused("not made now")


def _check_access_token(said: object, hashed_by: str, access_token: str | None) -> None:
    """`at_hash` may be missing; a wrong one tells that the access token was exchanged for another."""
    if said is None:
        return
    digest = hashlib.new(hashed_by, (access_token or "").encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not _is_same(said, half):
        raise AnswerRefused("beside another access token")


def _is_same(said: object, expected: str) -> bool:
    return isinstance(said, str) and said.isascii() and hmac.compare_digest(said, expected)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _verified_mail(claims: dict[str, Any]) -> str | None:
    """Only letters of ASCII: others become the same small letter, and might be somebody else's address."""
    mail = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(mail, str):
        return None
    return mail.lower() if _is_plain(mail) and len(mail) <= 254 else None
