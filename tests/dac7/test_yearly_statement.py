"""The technician's page: what is declared of them, the same bytes each time, whatever they are called."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from activities.documents.yearly_statement import yearly_statement_pdf
from domain import mentions
from domain.dac7 import QuarterTotals, SellerYear
from domain.documents import Address
from tests.dac7.builders import A_PERSON, A_YEAR, AN_ENTITY, ANOTHER_YEAR, MADE_AT, QUARTERS, a_year
from tests.documents.test_pages import nothing_is_cut_off, text_of
from tests.support.company import A_COMPANY

ASKED = "à nous communiquer"


def a_page(one: SellerYear = A_YEAR) -> bytes:
    return yearly_statement_pdf(A_COMPANY, one, 2026, MADE_AT)


def test_a_person_reads_what_is_declared_of_them() -> None:
    text = text_of(a_page())
    for said in (
        *("Récapitulatif annuel Sommes déclarées", "Opérateur de plateforme OmeaSupport 1 rue de l’Exemple"),
        *("SIREN 123 456 782", "N° TVA FR11123456782", "Année 2026", "Établi le 15/01/2027"),
        "Nom Leroy Prénom Thomas Date de naissance 31/07/1987 Numéro fiscal 30 23 217 600 053",
        "Numéro de TVA – Adresse 12 rue des Lilas 69003 Lyon Résidence fiscale France",
        "Compte bancaire FR76 3000 6000 0112 3456 7890 189",
        "Trimestre Interventions Frais retenus Montant versé Montant déclaré",
        "Janvier à mars 101 0,00 € 1 616,50 € 1 617 €",
        "Avril à juin 0 0,00 € 0,00 € 0 €",
        "Juillet à septembre 1 525 0,00 € 24 400,49 € 24 400 €",
        "Octobre à décembre 1 0,00 € 8,00 € 8 €",
        # What is declared are the quarters.
        "Total 2026 1 627 0,00 € 26 024,99 € 26 025 €",
        "Écrivez à facturation@omeasupport.example ou appelez le 01 99 00 00 00.",
        "SAS au capital de 10 000 €, 123 456 782 RCS Nantes",
        "page 1 / 1",
    ):
        assert said in text, said
    assert ASKED not in text
    # Their company's number is not declared of a person.
    assert "404 833 048" not in text


def test_until_the_year_is_over_it_says_so() -> None:
    last_day = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    text = text_of(yearly_statement_pdf(A_COMPANY, A_YEAR, 2026, last_day))
    assert "Récapitulatif annuel Provisoire : l’année n’est pas terminée" in text
    assert "Provisoire" not in text_of(yearly_statement_pdf(A_COMPANY, A_YEAR, 2026, MADE_AT))


def test_what_the_law_wants_said_is_on_it() -> None:
    due = mentions.YEARLY_STATEMENT.filled(operator="OmeaSupport", year="2026")
    always = [
        " ".join(one.text.split()) for one in (due, mentions.DECLARED_AMOUNTS, mentions.OWN_DECLARATIONS)
    ]
    transfer = " ".join(mentions.DATA_TRANSFER.text.split())
    person, entity = text_of(a_page()), text_of(a_page(ANOTHER_YEAR))
    assert [mention for mention in [*always, transfer] if mention not in person] == []
    assert [mention for mention in always if mention not in entity] == []
    assert transfer not in entity


def test_a_company_reads_its_register_number() -> None:
    text = text_of(a_page(ANOTHER_YEAR))
    identity = "Dénomination Dépannage & Compagnie SIREN 123 456 782 Numéro de TVA FR11123456782 Adresse"
    assert identity in text
    assert "Compte bancaire –" in text
    assert "naissance" not in text


def test_what_is_missing_is_asked_for() -> None:
    nobody = a_year(
        first_name=None,
        last_name=None,
        birth_date=None,
        tax_id=None,
        address=None,
        iban=None,
        vat_number=None,
    )
    text = text_of(a_page(nobody))
    assert (
        f"Nom {ASKED} Prénom {ASKED} Date de naissance {ASKED} Numéro fiscal {ASKED} Numéro de TVA – "
        f"Adresse {ASKED} Résidence fiscale France Compte bancaire –" in text
    )
    nameless = SellerYear(replace(AN_ENTITY, name=" ", siren=None), QUARTERS)
    assert f"Dénomination {ASKED} SIREN {ASKED}" in text_of(a_page(nameless))


def test_the_same_statement_is_the_same_bytes_dated_by_business_time() -> None:
    first = a_page()
    assert a_page() == first
    assert yearly_statement_pdf(A_COMPANY, A_YEAR, 2026, MADE_AT + timedelta(seconds=1)) != first
    information: Any = PdfReader(io.BytesIO(first)).metadata
    assert information["/CreationDate"].startswith("D:20270115093015")
    assert (information["/Title"], information["/Author"]) == ("Récapitulatif annuel 2026", "OmeaSupport")


def test_it_is_pdf_a_3_in_the_invoices_type() -> None:
    reader = PdfReader(io.BytesIO(a_page()))
    root: Any = reader.trailer["/Root"]
    assert b"<pdfaid:part>3</pdfaid:part>" in root["/Metadata"].get_object().get_data()
    resources: Any = reader.pages[0]["/Resources"]
    fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in resources["/Font"].values()}
    assert {name.partition("-")[0] for name in fonts} == {"LibertinusSerif"}


@pytest.mark.parametrize(
    "name",
    [
        "漢字 🙂",
        "\x00\n\t\u202eLeroy",
        "W" * 100,
        "ß" * 120,
        '#strong[x] #read("/etc/passwd") $x^2$ *_`',
        "Montmorency-Laval-Rochechouart-Mortemart-" * 3,
    ],
)
def test_whatever_a_person_is_called_stays_on_one_page(name: str) -> None:
    pdf = a_page(a_year(last_name=name, address=Address(name, "97434", "Saint-Paul")))
    assert nothing_is_cut_off(pdf)
    assert "Total 2026" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_the_longest_texts_of_all_run_over_to_a_second_page() -> None:
    name = "W" * 200
    pdf = a_page(a_year(last_name=name, first_name=name, address=Address(name, "97434", name)))
    assert nothing_is_cut_off(pdf)
    assert "page 2 / 2" in text_of(pdf)


def test_large_amounts_and_ones_taken_back_have_room() -> None:
    large = SellerYear(A_PERSON, (QuarterTotals(9_999_999_999, 99_999_999, 99_999),) * 4)
    pdf = a_page(large)
    assert nothing_is_cut_off(pdf)
    assert "Total 2026 399 996 3 999 999,96 € 399 999 999,96 € 400 000 000 €" in text_of(pdf)
    back = SellerYear(A_PERSON, (QuarterTotals(-850, 0, -1), *QUARTERS[1:]))
    assert "Janvier à mars −1 0,00 € −8,50 € −9 €" in text_of(a_page(back))
