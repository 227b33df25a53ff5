"""What is said of signing in."""

from pydantic import ConfigDict, Field, JsonValue

from api.formats import Body, MailAddress
from api.shapes.common import Moment, Shape

SIGN_IN_EXAMPLE: dict[str, JsonValue] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b14",
    "began_at": "2026-11-24T09:02:00+01:00",
    "seen_at": "2026-11-24T10:00:00+01:00",
    "ends_at": "2026-12-24T09:02:00+01:00",
    "device": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "current": True,
}

IDENTITY_EXAMPLE: dict[str, JsonValue] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b15",
    "issuer": "Google",
    "linked_at": "2026-11-24T09:02:00+01:00",
    "used_at": "2026-11-24T10:00:00+01:00",
}


class AskToSignIn(Body):
    mail: MailAddress

    model_config = ConfigDict(json_schema_extra={"examples": [{"mail": "thomas.leroy@example.fr"}]})


class LinkAsked(Shape):
    """The same for every address. The link is good for `link_lasts` seconds, in the browser that asked."""

    link_lasts: int

    model_config = ConfigDict(json_schema_extra={"examples": [{"link_lasts": 900}]})


class ExchangeToken(Body):
    refresh_token: str = Field(max_length=1000)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"refresh_token": "Jb0d8QSmTz6m1hW4sEwR2k1x9qYvKpL3n5aTcUgIf7o"}]}
    )


class Tokens(Shape):
    """`access_token` goes into `Authorization: Bearer`, for `expires_in` seconds. `refresh_token` is
    exchanged for the next pair, once."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIi….2vQ8",
                    "token_type": "Bearer",
                    "expires_in": 900,
                    "refresh_token": "Jb0d8QSmTz6m1hW4sEwR2k1x9qYvKpL3n5aTcUgIf7o",
                }
            ]
        }
    )


class SignInView(Shape):
    """`device` is what the browser says of itself; `ends_at` is when the sign-in ends at the latest, earlier
    if it is not used. `current` is the one that asks."""

    id: str
    began_at: Moment
    seen_at: Moment
    ends_at: Moment
    device: str
    current: bool


class IdentityView(Shape):
    """`issuer` is what people call it. `used_at` is when one last signed in by it, null if never."""

    id: str
    issuer: str
    linked_at: Moment
    used_at: Moment | None


class Identities(Shape):
    identities: list[IdentityView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"identities": [IDENTITY_EXAMPLE]}]})


class SignIns(Shape):
    sign_ins: list[SignInView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"sign_ins": [SIGN_IN_EXAMPLE]}]})
