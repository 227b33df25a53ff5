"""No free text reaches the database with a secret in it: every field that people write, found from the routes
themselves, and some of them over HTTP."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from api.app import ROUTERS
from api.codes import ApiCode
from api.french_fields import MESSAGES
from api.shapes.acts import Report, Review
from domain.text_guard import CONTACTS, SECRETS, Disclosure
from tests.api.frontend import Frontend, is_problem
from tests.api.reaching import reach_review
from tests.api.rows import a_card, a_ticket
from tests.api.service import Service
from tests.support.people import a_client, a_person, a_technician

CARD = "4242 4242 4242 4242"
# A text of each kind, with what is told in it.
TOLD: dict[Disclosure, str] = {
    Disclosure.CARD_NUMBER: f"Voici ma carte {CARD}, merci de débiter.",
    Disclosure.IBAN: "Virez sur FR14 2004 1010 0505 0001 3M02 606.",
    Disclosure.PASSWORD: "Le mot de passe de la box est Tulipe33.",
    Disclosure.PHONE_NUMBER: "Appelez-moi plutôt au 06 12 34 56 78.",
    Disclosure.MAIL_ADDRESS: "Écrivez-moi à claire.petit (at) orange.fr.",
    Disclosure.MESSENGER_LINK: "Parlons-en ici : wa.me/33612345678.",
}
# Read by client and technician of each other.
BETWEEN_THEM = {(Report, "text"), (Review, "comment")}
# Texts in which nobody can tell anything: they are compared with what is known, and never kept as they came.
COMPARED = {
    ("Withdraw", "statement_version"),
    ("Consent", "text_version"),
    ("MandateSigned", "version"),
    ("Start", "ticket_number"),
    ("AskToSignUp", "terms"),
    ("AskToSignUp", "privacy"),
    ("AcceptTexts", "terms"),
    ("AcceptTexts", "privacy"),
    ("ApplicationAsked", "privacy"),
    ("ExchangeToken", "refresh_token"),
    ("TypedCode", "code"),
}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for part in get_args(annotation):
        yield from models_in(part)


def texts_in(annotation: Any) -> Iterator[Any]:
    """The types of text inside a type, each with its rules."""
    if annotation is str or (get_origin(annotation) is Annotated and get_args(annotation)[0] is str):
        yield annotation
    elif get_origin(annotation) in {Union, UnionType, list, Annotated, dict, tuple}:
        for part in get_args(annotation):
            yield from texts_in(part)


def bodies() -> set[type[BaseModel]]:
    return {
        model
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for body in route.dependant.body_params
        for model in models_in(body.field_info.annotation)
    }


FIELDS = sorted(
    (
        (model, name)
        for model in bodies()
        for name, field in model.model_fields.items()
        if any(True for _ in texts_in(field.rebuild_annotation()))
    ),
    key=lambda found: (found[0].__name__, found[1]),
)


def refused(model: type[BaseModel], name: str, text: str) -> set[str]:
    """The codes with which the field refuses a text; none when it takes it."""
    codes: set[str] = set()
    for kind in texts_in(model.model_fields[name].rebuild_annotation()):
        try:
            TypeAdapter(kind).validate_python(text)
        except ValidationError as error:
            codes |= {one["type"] for one in error.errors()}
        else:
            return set()
    return codes


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_no_text_field_of_any_route_takes_a_card_number(model: type[BaseModel], name: str) -> None:
    """A field that takes words must refuse secrets by the guard; any other refuses the text for its form."""
    if (model.__name__, name) in COMPARED:
        return
    assert refused(model, name, CARD), f"{model.__name__}.{name} takes any text: guard it (api/formats.py)"
    takes_words = not refused(model, name, "Bonjour à tous")
    for disclosure in SECRETS:
        codes = refused(model, name, TOLD[disclosure])
        assert codes, f"{model.__name__}.{name} takes {disclosure}"
        if takes_words:
            assert codes == {disclosure}, f"{model.__name__}.{name}"
    for disclosure in CONTACTS if takes_words else ():
        told = {disclosure} if (model, name) in BETWEEN_THEM else set()
        assert refused(model, name, TOLD[disclosure]) == told, f"{model.__name__}.{name}"


def test_the_fields_are_found() -> None:
    """Or the test above would be of nothing."""
    named = {(model.__name__, name) for model, name in FIELDS}
    assert {
        ("TicketAsked", "description"),
        ("Report", "text"),
        ("Review", "comment"),
        ("Dispute", "reason"),
        ("Ruling", "reason"),
        ("RunAsked", "reason"),
        ("ReversalAsked", "reason"),
        ("ContestStatement", "text"),
        ("AnswerStatementContest", "text"),
        ("TechnicianAsked", "name"),
        ("IdentityAsked", "street"),
    } <= named
    assert named >= COMPARED
    assert set(FIELDS) >= BETWEEN_THEM


def test_no_route_takes_text_in_another_way() -> None:
    """Forms are pages' own: a key that the page drew, an address that is checked as one, a code that is
    compared. Files are pixels, or
    the bank's."""
    loose = {
        (route.path, body.name)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for body in route.dependant.body_params
        if not any(True for _ in models_in(body.field_info.annotation))
    }
    assert loose == {
        ("/v1/payments/{token}", "key"),
        ("/v1/payments/{token}/card", "key"),
        ("/v1/sign-in/asked", "mail"),
        ("/v1/sign-in/second-factor/code", "code"),
        ("/v1/sign-in/second-factor/enrolment", "code"),
        ("/v1/sign-in/second-factor/replacement", "code"),
        # The name is validated as `PersonName` is; the versions are compared.
        *(("/v1/sign-up/asked", name) for name in ("name", "mail", "terms", "privacy", "accepted")),
    }


def test_every_disclosure_is_explained() -> None:
    for disclosure in Disclosure:
        assert MESSAGES[disclosure].startswith("Ce texte ")
        assert "retirez-l" in MESSAGES[disclosure]


def wrong(field: str, disclosure: Disclosure) -> list[dict[str, str]]:
    return [{"field": field, "code": disclosure.value, "detail": MESSAGES[disclosure]}]


@pytest.mark.parametrize("disclosure", SECRETS)
async def test_a_request_with_a_secret_is_refused_before_anything_is_kept(
    api: Frontend, disclosure: Disclosure
) -> None:
    client = a_client(api.database)
    a_card(api.database, client)
    body = {
        "skill": "internet",
        "minutes": 60,
        "description": TOLD[disclosure],
        "phone": "06 12 34 56 78",
        "express_request": True,
    }
    answer = await api.unchanged(api.post("/v1/tickets", client, body))
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=wrong("description", disclosure))
    assert CARD not in answer.text


@pytest.mark.parametrize("disclosure", Disclosure)
async def test_a_report_and_a_review_with_a_way_to_meet_elsewhere(
    api: Frontend, disclosure: Disclosure
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    report = {"text": TOLD[disclosure], "declared_minutes": 25}
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/report", technician, report))
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=wrong("text", disclosure))
    review = {"stars": 1, "comment": TOLD[disclosure]}
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/review", client, review))
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=wrong("comment", disclosure))
    answer = await api.unchanged(api.post("/v1/reviews/any-link", None, review))
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=wrong("comment", disclosure))


async def test_staff_are_guarded_against_secrets_only(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    office = a_person(api.database, "back_office")
    path = f"/v1/tickets/{ticket}/reassign"
    answer = await api.unchanged(api.post(path, office, {"reason": TOLD[Disclosure.IBAN]}))
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=wrong("reason", Disclosure.IBAN))
    answer = await api.post(path, office, {"reason": TOLD[Disclosure.PHONE_NUMBER]})
    assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)


async def test_the_same_text_without_the_secret_goes_through(service: Service) -> None:
    ticket = await reach_review(service)
    path = f"/v1/tickets/{ticket}/review"
    refused = await service.api.unchanged(
        service.api.post(path, service.client, {"stars": 5, "comment": TOLD[Disclosure.PASSWORD]}, "one")
    )
    assert refused.status_code == 422
    said = "Il a même retrouvé mon mot de passe oublié."
    # Nothing was remembered of the first one: the same key is free.
    given = await service.api.post(path, service.client, {"stars": 5, "comment": said}, "one")
    assert (given.status_code, given.json()["review"]["comment"]) == (200, said)
