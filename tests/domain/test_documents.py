"""A document whose amounts do not follow from each other is never made."""

from dataclasses import replace
from typing import Any

import pytest

from domain import documents
from domain.documents import Document
from tests.documents.builders import (
    KINDS,
    TECHNICIAN,
    a_gain_line,
    a_line,
    a_self_billed_invoice,
)
from tests.support.company import A_COMPANY


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lines": ()}, "quantity times its price"),
        ({"lines": (replace(a_line(), slices=3),)}, "quantity times its price"),
        ({"lines": (a_line(), a_line())}, "do not add up"),
        ({"total_vat_cents": 499}, "VAT"),
        ({"total_ttc_cents": 3001}, "VAT"),
        ({"vat_bp": 1000}, "VAT"),
        ({"vat_bp": None}, "VAT"),
        ({"preceding": documents.Preceding("F2026-000001", a_line().performed_on)}, "corrects"),
    ],
)
def test_an_invoice_that_does_not_add_up_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(KINDS["invoice"], **changes)


def test_a_credit_note_names_what_it_corrects() -> None:
    with pytest.raises(ValueError, match="corrects"):
        replace(KINDS["credit_note"], preceding=None)


def test_vat_is_charged_by_those_who_have_a_number_for_it() -> None:
    with pytest.raises(ValueError, match="without a VAT number"):
        documents.self_billed(
            A_COMPANY,
            TECHNICIAN,
            (a_gain_line(),),
            number="T0001-000001",
            issued_on=a_line().performed_on,
            vat_bp=2000,
        )


def test_what_is_billed_lasts_from_its_first_day_to_its_last() -> None:
    document: Document = a_self_billed_invoice(None, (a_gain_line(1, 17), a_gain_line(1, 3)))
    assert [day.day for day in document.performed_on] == [3, 17]


@pytest.mark.parametrize("document", KINDS.values(), ids=KINDS)
def test_every_mention_has_its_law(document: Document) -> None:
    assert all(mention.source and "{" not in mention.text for mention in document.mentions)
    texts = " ".join(mention.text for mention in document.mentions)
    to_a_professional = document.buyer.siren is not None
    assert ("pénalités" in texts, "40 €" in texts, "Autofacturation" in texts) == (to_a_professional,) * 3
    assert ("293 B" in texts) == (document.vat_bp is None)
