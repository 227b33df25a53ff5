"""How people write things, and what we make of it: the types of the fields they send."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from domain.duration import LONGEST_DECLARED_MINUTES, check_ceiling
from domain.errors import Refusal, Refused
from domain.ids import parse_ticket_number
from domain.text_guard import Disclosure, secret_or_contact_told, secret_told

# Dates beyond these cannot be meant, and break the arithmetic of calendars.
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Calling these costs the caller money that goes to the called: a known fraud.
CHARGED_TO_THE_CALLER = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}


class Body(BaseModel):
    """The body of a request: no unknown field, no value taken for another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def wrong(kind: str) -> PydanticCustomError:
    """The French sentence is found by the kind; see `api/french_fields.py`."""
    return PydanticCustomError(kind, "{kind}", {"kind": kind})


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        raise wrong(Refusal.INVALID_PHONE) from None
    kind = phonenumbers.number_type(number)
    if not phonenumbers.is_valid_number(number) or kind in CHARGED_TO_THE_CALLER:
        raise wrong(Refusal.INVALID_PHONE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _anydesk_id(text: str) -> str:
    digits = "".join(text.split())
    if not re.fullmatch(r"[1-9][0-9]{8,9}", digits):
        raise wrong(Refusal.INVALID_ANYDESK_ID)
    return digits


def _ceiling(minutes: int) -> int:
    try:
        check_ceiling(minutes)
    except Refused as refused:
        raise wrong(refused.code) from None
    return minutes


def _ticket_number(text: str) -> str:
    try:
        return parse_ticket_number(text)
    except Refused as refused:
        raise wrong(refused.code) from None


def readable(text: str) -> str:
    # Among them NUL, which Postgres does not store.
    if any(
        not character.isprintable() and ord(character) < 0xA0
        for character in text
        if character not in "\n\r\t"
    ):
        raise wrong("control_characters")
    return text


def _kept_to_oneself(text: str, told: Disclosure | None) -> str:
    if told is not None:
        raise wrong(told)
    return text


def without_secrets(text: str) -> str:
    """Raises for a card number, an IBAN, a password."""
    return _kept_to_oneself(text, secret_told(text))


def without_secrets_or_contacts(text: str) -> str:
    """Raises for a way to meet outside the platform as well."""
    return _kept_to_oneself(text, secret_or_contact_told(text))


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong("not_an_instant") from None
    if instant.tzinfo is None or not FIRST_YEAR <= instant.year < LAST_YEAR:
        raise wrong("not_an_instant")
    return instant.astimezone(UTC)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise wrong("not_an_id") from None


def _web_address(text: str) -> str:
    try:
        url = urlsplit(text)
        valid = url.scheme in {"http", "https"} and bool(url.hostname) and text.isprintable()
    except ValueError:
        valid = False
    if not valid or url.username is not None or " " in text:
        raise wrong("not_a_url")
    return text


def _skill(code: str) -> str:
    # Whether it exists is looked up; what cannot be a code is not even asked.
    if not re.fullmatch(r"[a-z_]{1,32}", code):
        raise wrong(Refusal.UNKNOWN_SKILL)
    return code


def one_line(text: str) -> str:
    """Raises for a line break or another character that nobody sees."""
    if not text.isprintable():
        raise wrong("control_characters")
    return text


def _mail(text: str) -> str:
    # Mail servers tell apart less than the standard lets them: capitals name nobody else.
    if not re.fullmatch(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise wrong("not_a_mail")
    return text.lower()


def _measured(shortest: int, longest: int) -> StringConstraints:
    """The outer spaces are taken off before the text is measured."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


# Free text. All of it is guarded; what client and technician read of each other more than the rest.
_Guarded = AfterValidator(without_secrets)
_GuardedBetweenThem = AfterValidator(without_secrets_or_contacts)
LongText = Annotated[str, _measured(10, 4000), AfterValidator(readable), _Guarded]
ReportText = Annotated[str, _measured(10, 4000), AfterValidator(readable), _GuardedBetweenThem]
Reason = Annotated[str, _measured(10, 2000), AfterValidator(readable), _Guarded]
Comment = Annotated[str, _measured(1, 2000), AfterValidator(readable), _GuardedBetweenThem]
ContestText = Annotated[str, _measured(3, 2000), AfterValidator(readable), _Guarded]
RunReason = Annotated[str, _measured(1, 200), AfterValidator(readable), _Guarded]

PersonName = Annotated[
    str, _measured(2, 120), AfterValidator(one_line), _Guarded, Field(examples=["Thomas Leroy"])
]
# A first name or a last name.
OneName = Annotated[str, _measured(1, 80), AfterValidator(one_line), _Guarded]
MailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_mail),
    Field(examples=["thomas.leroy@example.fr"]),
]
# For what comes by a page's form or the command line.
PERSON_NAME: TypeAdapter[str] = TypeAdapter(PersonName)
MAIL_ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)

Phone = Annotated[
    str, StringConstraints(max_length=40), AfterValidator(_phone), Field(examples=["06 12 34 56 78"])
]
AnydeskId = Annotated[
    str, StringConstraints(max_length=40), AfterValidator(_anydesk_id), Field(examples=["123 456 789"])
]
SkillCode = Annotated[str, AfterValidator(_skill), Field(examples=["internet"])]
Id = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_id),
    Field(examples=["019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"]),
]
MOST_ATTACHMENTS = 5
AttachmentIds = Annotated[
    list[Id],
    Field(
        max_length=MOST_ATTACHMENTS,
        description="Of images that you uploaded in the last 24 hours and attached to nothing else.",
    ),
]
WebAddress = Annotated[
    str,
    StringConstraints(max_length=500),
    AfterValidator(_web_address),
    Field(examples=["https://omea.example/demandes"]),
]
SpokenNumber = Annotated[str, StringConstraints(max_length=20), Field(examples=["4829 1573"])]
TicketNumber = Annotated[
    str, StringConstraints(max_length=20), AfterValidator(_ticket_number), Field(examples=["00000420"])
]
SaidCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), Field(examples=["4071"])]
Minutes = Annotated[
    int,
    AfterValidator(_ceiling),
    Field(examples=[60], description="A multiple of 15, from 15 to 240."),
]
DeclaredMinutes = Annotated[int, Field(ge=1, le=LONGEST_DECLARED_MINUTES, examples=[25])]
Stars = Annotated[int, Field(ge=1, le=5, examples=[5])]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-24T10:00:00+01:00"]}),
]
