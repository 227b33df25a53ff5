"""What a declaration lacks, and which one cannot be."""

from dataclasses import replace

import pytest

from domain.dac7 import MAX_TEXT, Declaration, Seller, declared_text, missing
from domain.documents import Address
from tests.dac7.builders import A_PERSON, A_YEAR, AN_ENTITY, ANOTHER_YEAR, MADE_AT, a_declaration, a_year
from tests.support.company import A_COMPANY


@pytest.mark.parametrize("seller", [A_PERSON, AN_ENTITY])
def test_a_whole_seller_lacks_nothing(seller: Seller) -> None:
    assert missing(seller) == ()
    assert missing(replace(seller, vat_number=None, iban=None)) == ()


def test_all_that_is_lacking_is_listed_at_once_and_in_one_order() -> None:
    nothing = Seller("x", "", None, None, None, None, None, None, None, "FR", None, is_entity=False)
    assert missing(nothing) == ("first_name", "last_name", "birth_date", "tax_id", "address")
    assert missing(replace(nothing, is_entity=True)) == ("name", "siren", "address")


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u200b"])
def test_a_blank_is_as_good_as_nothing(blank: str) -> None:
    assert missing(replace(A_PERSON, first_name=blank, tax_id=blank)) == ("first_name", "tax_id")
    assert missing(replace(AN_ENTITY, name=blank, siren=blank)) == ("name", "siren")
    whole = Address("12 rue des Lilas", "69003", "Lyon")
    for part in ("street", "postal_code", "city"):
        assert missing(replace(A_PERSON, address=replace(whole, **{part: blank}))) == ("address",)


def test_a_text_is_one_line_of_what_the_schema_holds() -> None:
    assert declared_text(" Thomas\x00\n Leroy ") == "Thomas Leroy"
    assert declared_text("a" * 199 + " b") == "a" * 199
    assert len(declared_text("é" * 500)) == MAX_TEXT
    assert declared_text(None) == ""


def test_ids_say_whose_and_which_year() -> None:
    declaration = a_declaration(A_YEAR, ANOTHER_YEAR)
    assert (declaration.records, declaration.reference) == ("OP_2026_123456782", "OP_2026_123456782_d1")


@pytest.mark.parametrize("message_id", ["", "d 1", "d/1", "dé", "d" * 71])
def test_an_id_that_the_schema_has_no_room_for_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="id"):
        Declaration(2026, A_COMPANY, message_id, MADE_AT, ())


def test_a_seller_is_declared_once_and_under_an_id() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        a_declaration(A_YEAR, A_YEAR)
    with pytest.raises(ValueError, match="not an id"):
        a_declaration(a_year(id="thomas leroy"))
