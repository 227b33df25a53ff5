"""What is said of coming in: signing up, the texts of an account, and what was accepted of them."""

from pydantic import ConfigDict, JsonValue

from api.accepted_texts import IN_FORCE, WORDS
from api.formats import Body, MailAddress, PersonName
from api.shapes.acts import Version
from api.shapes.common import Labelled, Moment, Shape
from domain.admissions import AcceptedText

TERMS, PRIVACY = IN_FORCE[AcceptedText.TERMS], IN_FORCE[AcceptedText.PRIVACY]
CLIENT_EXAMPLE: dict[str, JsonValue] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
    "name": "Claire Petit",
    "mail": "claire.petit@example.fr",
}


class AskToSignUp(Body):
    """`terms` and `privacy` are the versions that the person was shown and accepts; see `GET /v1/terms`."""

    name: PersonName
    mail: MailAddress
    terms: Version
    privacy: Version

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Claire Petit",
                    "mail": "claire.petit@example.fr",
                    "terms": TERMS,
                    "privacy": PRIVACY,
                }
            ]
        }
    )


class SignUpAsked(Shape):
    """The same for every address. The link is good for `link_lasts` seconds."""

    link_lasts: int

    model_config = ConfigDict(json_schema_extra={"examples": [{"link_lasts": 86400}]})


class TextInForce(Shape):
    version: str
    text: str


class TextsInForce(Shape):
    terms: TextInForce
    privacy: TextInForce

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {text.value: {"version": IN_FORCE[text], "text": WORDS[text]} for text in AcceptedText}
            ]
        }
    )


class AcceptTexts(Body):
    """The versions that the client was shown and accepts."""

    terms: Version
    privacy: Version

    model_config = ConfigDict(json_schema_extra={"examples": [{"terms": TERMS, "privacy": PRIVACY}]})


class AcceptedTextView(Shape):
    """`by_phone` is true when the team has entered it, for a client on the phone."""

    text: Labelled
    version: str
    accepted_at: Moment
    by_phone: bool


class MyConsents(Shape):
    """The latest first. `up_to_date` is whether the terms in force are among them: else no new request."""

    up_to_date: bool
    consents: list[AcceptedTextView]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "up_to_date": True,
                    "consents": [
                        {
                            "text": {"code": "terms", "label": "conditions d’utilisation"},
                            "version": TERMS,
                            "accepted_at": "2026-11-24T10:00:00+01:00",
                            "by_phone": False,
                        }
                    ],
                }
            ]
        }
    )


class ClientAsked(Body):
    """`accepts_terms`: the client was told of the terms and the privacy notice in force on the phone, and
    agrees. Without, they accept them before their first request."""

    name: PersonName
    mail: MailAddress
    accepts_terms: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Claire Petit", "mail": "claire.petit@example.fr", "accepts_terms": True}]
        }
    )


class ClientView(Shape):
    id: str
    name: str
    mail: str

    model_config = ConfigDict(json_schema_extra={"examples": [CLIENT_EXAMPLE]})


class NameAsked(Body):
    name: PersonName

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Claire Petit-Martin"}]})
