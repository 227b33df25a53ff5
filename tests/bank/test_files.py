"""Files as a bank takes them: valid, the same twice, and in its own characters."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from mockbank.validate import inspect

from activities.gateways.bank_files import LONGEST_NAME, pain001, sepa_text
from domain.bank_transfers import Account
from tests.bank.builders import CREATED_AT, FANNY, OMEA, THOMAS, a_file, a_reference, a_transfer

NAMES = {None: "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
TAKEN = re.compile(r"[A-Za-z0-9/?:().,'+ -]+")


def texts(written: bytes, path: str) -> list[str]:
    return [element.text for element in etree.fromstring(written).findall(f".//{path}", NAMES)]


def test_a_file_is_what_its_schema_and_sepa_ask_for() -> None:
    written = pain001(a_file(a_transfer(), a_transfer("fanny", 5, to=FANNY)))
    assert written.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><CstmrCdtTrfInitn>'
        "<GrpHdr><MsgId>OMEA-2026-11-1</MsgId><CreDtTm>2026-12-01T03:03:04+01:00</CreDtTm>"
        "<NbOfTxs>2</NbOfTxs><CtrlSum>1280.55</CtrlSum><InitgPty><Nm>OmeaSupport SAS</Nm></InitgPty></GrpHdr>"
        "<PmtInf><PmtInfId>OMEA-2026-11-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        "<NbOfTxs>2</NbOfTxs><CtrlSum>1280.55</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>"
        "<ReqdExctnDt><Dt>2026-12-02</Dt></ReqdExctnDt><Dbtr><Nm>OmeaSupport SAS</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{OMEA.iban}</IBAN></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>"
        f"<CdtTrfTxInf><PmtId><EndToEndId>{a_reference('thomas')}</EndToEndId></PmtId>"
        '<Amt><InstdAmt Ccy="EUR">1280.50</InstdAmt></Amt><Cdtr><Nm>Thomas Muller</Nm></Cdtr>'
        f"<CdtrAcct><Id><IBAN>{THOMAS.iban}</IBAN></Id></CdtrAcct>"
        "<RmtInf><Ustrd>Releve 2026-11 no 1</Ustrd></RmtInf></CdtTrfTxInf>"
        f"<CdtTrfTxInf><PmtId><EndToEndId>{a_reference('fanny')}</EndToEndId></PmtId>"
        '<Amt><InstdAmt Ccy="EUR">0.05</InstdAmt></Amt><Cdtr><Nm>Fanny Lefevre</Nm></Cdtr>'
        f"<CdtrAcct><Id><IBAN>{FANNY.iban}</IBAN></Id></CdtrAcct>"
        "<RmtInf><Ustrd>Releve 2026-11 no 1</Ustrd></RmtInf></CdtTrfTxInf>"
        "</PmtInf></CstmrCdtTrfInitn></Document>"
    )


def test_another_reader_of_these_files_finds_nothing_to_say() -> None:
    _, findings = inspect(pain001(a_file()), "application/xml", a_file().execution_date)
    assert list(findings) == []


def test_the_same_file_has_the_same_bytes() -> None:
    file = a_file(a_transfer(), a_transfer("fanny", 5, to=FANNY))
    assert pain001(file) == pain001(file)
    # The same instant, told in another zone.
    elsewhere = CREATED_AT.astimezone(timezone(timedelta(hours=-5)))
    assert pain001(replace(file, created_at=elsewhere)) == pain001(file)


def test_the_time_of_a_file_is_told_apart_in_the_hour_that_comes_twice() -> None:
    before, after = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert [texts(pain001(replace(a_file(), created_at=at)), "CreDtTm") for at in (before, after)] == [
        ["2026-10-25T02:30:00+02:00"],
        ["2026-10-25T02:30:00+01:00"],
    ]


def test_amounts_are_cents_whatever_their_size() -> None:
    cents = (1, 10, 99, 100, 12_345_678, 99_999_999_999)
    written = pain001(a_file(*(a_transfer(str(amount), amount) for amount in cents)))
    expected = ["0.01", "0.10", "0.99", "1.00", "123456.78", "999999999.99"]
    assert texts(written, "InstdAmt") == expected
    assert texts(written, "CtrlSum") == ["1000123458.87"] * 2


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Élodie Œuvray-Groß", "Elodie OEuvray-Gross"),
        ("E\u0301lodie", "Elodie"),
        ("Łukasz Đorđević", "Lukasz Dordevic"),
        ("Søren Ærø", "Soren AEro"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("Иван Петров", "Ivan Petrov"),
        ("L’Atelier d'Anne & Fils", "L'Atelier d'Anne + Fils"),
        ("50 % <script>", "50 . .script."),
        ("Anne\u00a0\n  Marie\t", "Anne Marie"),
        ("Anne\u200b\x00", "Anne ."),
        ("😀", "NOTPROVIDED"),
        (" \u0301 ", "NOTPROVIDED"),
    ],
)
def test_names_are_told_in_the_characters_that_every_bank_takes(text: str, taken: str) -> None:
    assert sepa_text(text, LONGEST_NAME) == taken


def test_a_text_is_cut_without_a_space_at_its_end() -> None:
    assert sepa_text("Anne Marie", 5) == "Anne"


@given(st.text(st.characters(), max_size=300), st.integers(1, 140))
def test_any_text_becomes_one_that_every_bank_takes(text: str, longest: int) -> None:
    taken = sepa_text(text, longest)
    assert TAKEN.fullmatch(taken)
    assert taken == taken.strip()
    assert len(taken) <= longest or taken == "NOTPROVIDED"


# Each example is checked against the whole schema.
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(min_size=1, max_size=200).filter(str.strip),
    st.text(min_size=1, max_size=400).filter(str.strip),
)
def test_a_file_is_valid_whatever_the_names(name: str, remittance: str) -> None:
    transfer = replace(a_transfer(), creditor=Account(name, THOMAS.iban), remittance=remittance)
    written = pain001(a_file(transfer, debtor=Account(name, OMEA.iban)))
    assert texts(written, "EndToEndId") == [a_reference("thomas")]
