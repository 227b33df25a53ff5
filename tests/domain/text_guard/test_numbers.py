"""Card numbers and IBANs: however they are written they are found, and other numbers are let through."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean, luhn

from domain.password_words import LABEL
from domain.plain_text import folded
from domain.text_guard import Disclosure, secret_or_contact_told, secret_told

# Prefixes and lengths as the schemes publish them, apart from the rule's own table.
CARDS = [
    *(("4", length) for length in (13, 16, 19)),
    *((prefix, 16) for prefix in ("51", "55", "2221", "2720")),
    *((prefix, 15) for prefix in ("34", "37")),
    *((prefix, 14) for prefix in ("300", "305", "36", "38", "39")),
    *((prefix, 16) for prefix in ("3528", "3589", "6011", "644", "65", "62", "5018", "6759", "6304")),
    *((prefix, 19) for prefix in ("62", "6759", "6011")),
]
SEPARATORS = [
    "",
    "",
    " ",
    "\u00a0",
    "\u202f",
    "-",
    "–",
    "‑",
    ".",
    "·",
    "•",
    "/",
    "_",
    "\u200b",
    "\u2060",
    "  ",
    " - ",
    "\n",
]
ZEROS = "0٠۰०０𝟎𝟘"
LETTERS = "abcdefghijklmnopqrstuvwxyzéèêçàùABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROSE = st.lists(st.text(LETTERS, min_size=1, max_size=12), max_size=8).map(" ".join)
# ISO 13616: some countries' lengths and letters.
BBANS = {
    "FR": "#" * 10 + "A" * 11 + "##",
    "DE": "#" * 18,
    "BE": "#" * 12,
    "NL": "L" * 4 + "#" * 10,
    "GB": "L" * 4 + "#" * 14,
    "MT": "L" * 4 + "#" * 5 + "A" * 18,
    "CH": "#" * 5 + "A" * 12,
    "MA": "#" * 24,
    "NO": "#" * 11,
}


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(CARDS))
    body = prefix + draw(
        st.text("0123456789", min_size=length - 1 - len(prefix), max_size=length - 1 - len(prefix))
    )
    number = body + luhn.calc_check_digit(body)
    # The two that the rule takes for something else, on purpose.
    assume(len(number) != 13 or not ean.is_valid(number))
    assume(len(number) != 14 or not luhn.is_valid(number[:9]))
    return number


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(sorted(BBANS)))
    kinds = {"#": "0123456789", "L": "ABCXYZ", "A": "0123456789ABCXYZ"}
    bban = "".join(draw(st.sampled_from(kinds[kind])) for kind in BBANS[country])
    as_number = int("".join(str(int(one, 36)) for one in f"{bban}{country}00"))
    return f"{country}{98 - as_number % 97:02d}{bban}"


def spread(data: st.DataObject, number: str) -> str:
    return "".join(one + data.draw(st.sampled_from(SEPARATORS)) for one in number[:-1]) + number[-1]


@given(st.data())
def test_any_card_number_is_found_in_any_prose(data: st.DataObject) -> None:
    number = spread(data, data.draw(card_numbers()))
    zero = ord(data.draw(st.sampled_from(ZEROS)))
    written = "".join(chr(zero + int(one)) if one.isdecimal() else one for one in number)
    text = f"{data.draw(PROSE)} {written} {data.draw(PROSE)}"
    assert secret_told(text) in {Disclosure.CARD_NUMBER, Disclosure.PASSWORD}
    if LABEL.search(folded(text)) is None:
        assert secret_told(text) is Disclosure.CARD_NUMBER


@given(st.data())
def test_any_iban_is_found_in_any_prose(data: st.DataObject) -> None:
    written = spread(data, data.draw(ibans()))
    if data.draw(st.booleans()):
        written = written.lower()
    assert secret_told(f"{data.draw(PROSE)}: {written} {data.draw(PROSE)}") is Disclosure.IBAN


@given(st.lists(st.text(LETTERS, min_size=1, max_size=15), max_size=40))
def test_words_alone_are_always_let_through(words: list[str]) -> None:
    text = " ".join(words)
    assume(LABEL.search(folded(text)) is None)
    assert secret_or_contact_told(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "4242 4242 4242 4242",
        "Ma carte est la 4242424242424242, merci",
        "CB4242424242424242 exp 12/27",
        "n°5555-5555-5555-4444",
        "3782 822463 10005",
        "6011.1111.1111.1117",
        "3056 930902 5904",
        "3566002020360505",
        "6200000000000005",
        "6759 6498 2643 8453",
        "４２４２　４２４２　４２４２　４２４２",
        "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢",
        "④②④②④②④②④②④②④②④②",
        "4️⃣2️⃣4️⃣2️⃣ 4242 4242 4242",
        "4242\u200b4242\u200d4242\ufeff4242",
        "42\u00ad42 4242 4242 4242",
        "4242‐4242‑4242‒4242",
        "4242⸱4242∙4242⋅4242",
        "42 42 42 42 42 42 42 42",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "carte 12 4242 4242 4242 4242 34",
        "06 12 34 56 78 4242 4242 4242 4242",
    ],
)
def test_card_numbers_that_people_write(text: str) -> None:
    assert secret_told(text) is Disclosure.CARD_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr1420041010050500013m02606",
        "Mon IBAN : FR14-2004-1010-0505-0001-3M02-606.",
        "IBANFR1420041010050500013M02606",
        "F R 1 4 2 0 0 4 1 0 1 0 0 5 0 5 0 0 0 1 3 M 0 2 6 0 6",
        "virez sur DE89 3704 0044 0532 0130 00 svp",
        "BE68 5390 0754 7034",
        "NL91ABNA0417164300",
        "ＦＲ14 2004 1010 0505 0001 3M02 606",
    ],
)
def test_ibans_that_people_write(text: str) -> None:
    assert secret_told(text) is Disclosure.IBAN


@pytest.mark.parametrize(
    "text",
    [
        # Not Luhn's, or no issuer's.
        "4242 4242 4242 4241",
        "1234 5678 9012 3452",
        # Ours.
        "Demande 0000 0420, facture F2026-000123 du 24/11/2026",
        "Demandes 0000 0420, 0000 0438 et 4829 1573",
        "AnyDesk 423 456 789 puis 1 234 567 890",
        # Companies: both numbers follow Luhn's rule, and 14 digits are also Diners Club's length.
        "SIREN 732 829 320",
        "SIRET 732 829 320 00074",
        "SIRET 73282932000074",
        "SIRET : 38012986646850",
        "380 129 866 46850",
        "380129866 46850",
        # Telephones.
        "06 12 34 56 78",
        "04 78 12 34 56 / 06 45 67 89 10",
        "+33 6 45 67 89 10, +33 4 78 12 34 56",
        # Things.
        "IMEI 490154203237518",
        "IMEI : 35 209900 176148 1",
        "code-barres 4006381330060",
        "colis 6A12345678901, XY123456789FR, 1Z999AA10123456784",
        "commande 404-1234567-1234567",
        "carte SIM 8933150319120123456",
        "série 4242424242424242424242424242",
        "192.168.1.45 255.255.255.0 192.168.1.1",
        "00:1A:2B:3C:4D:5E",
        "clé de produit VK7JG-NPHTM-C97JM-9MPGT-3V66T",
        "le 30/11/2026 10:30:45 et le 24/11/2026 à 09:15",
        "45,00 € + 30,00 € + 15,00 € + 49,90 €",
        "45 % 51 % 52 % 53 % 54 % 55 % 56 % 57 %",
        "FR14 2004 1010 0505 0001 3M02 607",
        "FR44 732829320",
        "erreur 0x80070005, KB5034441, version 10.0.19045.3693",
    ],
)
def test_other_numbers_are_let_through(text: str) -> None:
    assert secret_told(text) is None


def test_the_numbers_that_could_be_cards_really_could() -> None:
    """Or the test above would show nothing of them."""
    for number in ("73282932000074", "38012986646850", "490154203237518", "352099001761481", "4006381330060"):
        assert luhn.is_valid(number)
    # A Diners Club number that nothing tells to be a company's is a card's.
    assert secret_told("38012986646850") is Disclosure.CARD_NUMBER
