"""What is read in the messages of other banks than the one of the tests, and what is not."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.gateways.bank_answers import MOST_BYTES, NotABankMessageError, read_bank_answers
from domain.bank_transfers import BankAnswer, BankAnswerKind
from tests.bank.messages import PREFIX, a_detail, a_message, a_notice, a_report, a_status, an_entry

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)
FILE = "OMEA-2026-11-1"
RETURNED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
REASON = "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"


def of_file(kind: BankAnswerKind, code: str | None = None) -> BankAnswer:
    return BankAnswer(kind, "S1", message_id=FILE, code=code, day=FIRST)


def moved(kind: BankAnswerKind, cents: int | None = 1_234, **more: str) -> BankAnswer:
    entry, code = more.get("entry", "L1"), more.get("code")
    return BankAnswer(kind, entry, more.get("reference", "R1"), None, code, cents, SECOND)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("ACTC", BankAnswerKind.ACCEPTED),
        ("ACCP", BankAnswerKind.ACCEPTED),
        ("ACSP", BankAnswerKind.ACCEPTED),
        # "Not for financial information": the account's entries tell that it was settled.
        ("ACSC", BankAnswerKind.ACCEPTED),
        ("RJCT", BankAnswerKind.REJECTED),
        ("CANC", BankAnswerKind.REJECTED),
    ],
)
def test_a_status_is_an_answer_of_the_file_and_of_a_transfer(status: str, kind: BankAnswerKind) -> None:
    message = a_report(f"<GrpSts>{status}</GrpSts>", a_status("R1", status))
    assert read_bank_answers(message) == (of_file(kind), BankAnswer(kind, "S1", "R1", day=FIRST))


@pytest.mark.parametrize("status", ["RCVD", "PDNG", "PART", "BLCK", "ZZZZ", ""])
def test_what_is_not_decided_is_no_answer(status: str) -> None:
    assert read_bank_answers(a_report(f"<GrpSts>{status}</GrpSts>", a_status("R1", status))) == ()


def test_the_status_of_our_only_block_is_that_of_the_file() -> None:
    block = f"<OrgnlPmtInfId>{FILE}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>{REASON}"
    assert read_bank_answers(a_report("", block)) == (of_file(BankAnswerKind.REJECTED, "FF01"),)
    # Told of both, the file is told of once.
    both = a_report("<GrpSts>RJCT</GrpSts>" + REASON, block)
    assert read_bank_answers(both) == (of_file(BankAnswerKind.REJECTED, "FF01"),)
    # Of another block we know nothing.
    assert read_bank_answers(a_report("", block.replace(FILE, "B1"))) == ()


def test_the_transfers_of_every_block_are_read_with_their_own_ids_and_amounts() -> None:
    amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.3</InstdAmt></Amt></OrgnlTxRef>'
    reason = "<StsRsnInf><Rsn><Prtry>OWN1</Prtry></Rsn><AddtlInf>why</AddtlInf></StsRsnInf>"
    message = a_report(
        "<GrpSts>PART</GrpSts>",
        a_status("R1", "ACSP"),
        a_status("R2", "RJCT", reason + amount).replace("<Orgnl", "<StsId>T2</StsId><Orgnl", 1)
        + a_status("NOTPROVIDED", "RJCT"),
    )
    assert read_bank_answers(message) == (
        BankAnswer(BankAnswerKind.ACCEPTED, "S1", "R1", day=FIRST),
        BankAnswer(BankAnswerKind.REJECTED, "T2", "R2", None, "OWN1", 1_230, FIRST),
    )


def test_a_report_on_direct_debits_is_not_about_our_files() -> None:
    assert read_bank_answers(a_report("<GrpSts>RJCT</GrpSts>", about="pain.008.001.08")) == ()


@pytest.mark.parametrize("kind", ["pain.002.001.03", "pain.002.001.14", "pain.002.003.03"])
def test_versions_do_not_matter(kind: str) -> None:
    message = a_report("<GrpSts>ACCP</GrpSts>", kind=kind)
    assert read_bank_answers(message) == (of_file(BankAnswerKind.ACCEPTED),)


def test_older_notices_write_the_status_and_the_amount_elsewhere() -> None:
    detail = a_detail("R1", '<AmtDtls><TxAmt><Amt Ccy="EUR">12.34</Amt></TxAmt></AmtDtls>')
    message = a_notice(an_entry(detail, status="<Sts> BOOK </Sts>"), kind="camt.054.001.02")
    assert read_bank_answers(message) == (moved(BankAnswerKind.SETTLED),)


def test_a_statement_may_have_several_accounts() -> None:
    told = "".join(
        f"<Stmt><Id>A{n}</Id><Ntry>{an_entry(a_detail(f'R{n}'), more='')}</Ntry></Stmt>" for n in (1, 2)
    )
    message = a_message("camt.053.001.13", f"<BkToCstmrStmt>{told}</BkToCstmrStmt>")
    assert read_bank_answers(message) == (
        moved(BankAnswerKind.SETTLED, entry="A1/1"),
        moved(BankAnswerKind.SETTLED, entry="A2/1", reference="R2"),
    )


def test_one_entry_may_have_many_transfers_each_with_its_own_amount() -> None:
    details = a_detail("R1", '<Amt Ccy="EUR">10.00</Amt>') + a_detail("R2") + "<TxDtls/>"
    assert read_bank_answers(a_notice(an_entry(details))) == (
        moved(BankAnswerKind.SETTLED, 1_000),
        # Its share of the entry is not known.
        moved(BankAnswerKind.SETTLED, None, reference="R2"),
    )


@pytest.mark.parametrize(
    "details",
    [
        f"<Btch><MsgId>M1</MsgId><PmtInfId>{FILE}</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>",
        f"<Btch><MsgId>{FILE}</MsgId></Btch>",
        f"<TxDtls><Refs><MsgId>M1</MsgId><PmtInfId>{FILE}</PmtInfId>"
        "<EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>",
    ],
)
def test_one_debit_for_a_whole_file_settles_the_file(details: str) -> None:
    settled = BankAnswer(BankAnswerKind.SETTLED, "L1", None, FILE, None, 1_234, SECOND)
    assert read_bank_answers(a_notice(an_entry(details))) == (settled,)
    assert read_bank_answers(a_notice(an_entry(details, side="CRDT"))) == ()


@pytest.mark.parametrize(
    ("details", "more", "code"),
    [
        (a_detail("R1", RETURNED), "", "AC04"),
        (a_detail("R1"), "<RvslInd>true</RvslInd>", None),
        (a_detail("R1"), "<BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>", None),
    ],
)
def test_a_credit_is_a_return_if_the_bank_says_so(details: str, more: str, code: str | None) -> None:
    line = "<AcctSvcrRef>L1</AcctSvcrRef>"
    returned = BankAnswer(BankAnswerKind.RETURNED, "L1", "R1", None, code, 1_234, SECOND)
    assert read_bank_answers(a_notice(an_entry(details, side="CRDT", more=more + line))) == (returned,)
    # The same words on a debit take a credit of ours back.
    assert read_bank_answers(a_notice(an_entry(details, more=more + line))) == ()


@pytest.mark.parametrize(
    "entry",
    [
        an_entry(a_detail("R1"), side="CRDT"),
        an_entry(a_detail("R1"), status="<Sts><Cd>PDNG</Cd></Sts>"),
        an_entry(a_detail("R1"), status=""),
        an_entry(a_detail("NOTPROVIDED")),
        an_entry(""),
    ],
)
def test_other_lines_of_an_account_are_no_answers(entry: str) -> None:
    assert read_bank_answers(a_notice(entry)) == ()


def test_an_amount_in_another_currency_is_not_known() -> None:
    message = a_notice(an_entry(a_detail("R1"), amount='<Amt Ccy="CHF">12.34</Amt>'))
    assert read_bank_answers(message) == (moved(BankAnswerKind.SETTLED, None),)


def test_a_return_without_an_id_is_named_by_its_place() -> None:
    amount = '<RtrdIntrBkSttlmAmt Ccy="EUR">7</RtrdIntrBkSttlmAmt>'
    one = f"<TxInf><OrgnlEndToEndId>R1</OrgnlEndToEndId>{amount}</TxInf>"
    head = "<GrpHdr><MsgId>P1</MsgId><IntrBkSttlmDt>2026-12-02</IntrBkSttlmDt></GrpHdr>"
    message = a_message("pacs.004.001.12", f"<PmtRtr>{head}<TxInf/>{one}</PmtRtr>")
    assert read_bank_answers(message) == (moved(BankAnswerKind.RETURNED, 700, entry="P1/2"),)


def test_what_stands_in_another_namespace_is_not_read() -> None:
    hidden = a_detail("R1").replace("<TxDtls>", '<TxDtls xmlns="urn:of-the-bank">')
    assert read_bank_answers(a_notice(an_entry(hidden))) == ()


def test_comments_within_a_value_do_not_hide_it() -> None:
    message = a_report("<GrpSts>RJ<!-- not -->CT</GrpSts><?not this?>")
    assert read_bank_answers(message) == (of_file(BankAnswerKind.REJECTED),)


@pytest.mark.parametrize("amount", ["", "12.345", "1e5", "-1", "NaN", "1" * 16, "12,34", "٣"])
def test_an_amount_that_cannot_be_read_spoils_the_message(amount: str) -> None:
    message = a_notice(an_entry(a_detail("R1"), amount=f'<Amt Ccy="EUR">{amount}</Amt>'))
    with pytest.raises(NotABankMessageError, match="Amt is no amount"):
        read_bank_answers(message)


def test_a_day_that_cannot_be_read_spoils_the_message() -> None:
    with pytest.raises(NotABankMessageError, match="BookgDt is no date"):
        read_bank_answers(a_notice(an_entry(a_detail("R1"))).replace(b"2026-12-02", b"2026-13-02"))


OTHERS = [
    b"",
    b"not XML",
    b"<Document/>",
    b"<html/>",
    b'<?xml version="1.0" encoding="nothing"?><Document/>',
    b"<a>" * 300 + b"</a>" * 300,
    a_message("pain.001.001.09", "<CstmrCdtTrfInitn/>"),
    a_message("camt.052.001.08", "<BkToCstmrAcctRpt/>"),
    a_message("pain.002.001.10", ""),
    a_message("pain.002.001.10", "<CstmrPmtStsRpt/>"),
    a_message("pain.002.001.10", "<PmtRtr/>"),
    f'<Envelope xmlns="{PREFIX}pain.002.001.10"/>'.encode(),
    a_report("").replace(b"<MsgId>S1</MsgId>", b""),
    a_report("<GrpSts>ACCP</GrpSts>").replace(b"<OrgnlMsgId>OMEA-2026-11-1</OrgnlMsgId>", b""),
]


@pytest.mark.parametrize("message", OTHERS, ids=range(len(OTHERS)))
def test_anything_else_is_refused(message: bytes) -> None:
    with pytest.raises(NotABankMessageError):
        read_bank_answers(message)


def bomb(use: str) -> bytes:
    """Ten thousand million letters, if it were believed."""
    entities = '<!ENTITY a "aaaaaaaaaa">'
    for one, next_one in zip("abcdefghi", "bcdefghij", strict=True):
        entities += f'<!ENTITY {next_one} "{f"&{one};" * 10}">'
    return f"<!DOCTYPE Document [{entities}]>".encode() + a_report(use)


@pytest.mark.parametrize(
    "message",
    [
        bomb("<GrpSts>&j;</GrpSts>"),
        bomb('<GrpSts a="&j;">ACCP</GrpSts>'),
        bomb("<GrpSts>ACCP</GrpSts>"),
        b'<!DOCTYPE Document [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + a_report("<GrpSts>&f;</GrpSts>"),
        b'<!DOCTYPE Document SYSTEM "http://192.0.2.1/x.dtd">' + a_report("<GrpSts>ACCP</GrpSts>"),
        b"<!DOCTYPE Document>" + a_report("<GrpSts>ACCP</GrpSts>"),
        ("<!DOCTYPE Document>" + a_report("<GrpSts>ACCP</GrpSts>").decode()).encode("utf-16"),
    ],
    ids=["bomb in a text", "bomb in an attribute", "unused bomb", "a file", "the network", "bare", "utf-16"],
)
def test_a_document_type_is_refused(message: bytes) -> None:
    with pytest.raises(NotABankMessageError):
        read_bank_answers(message)


def test_a_body_over_five_megabytes_is_not_even_parsed() -> None:
    longest = a_report("<GrpSts>ACCP</GrpSts>").ljust(MOST_BYTES)
    assert read_bank_answers(longest) == (of_file(BankAnswerKind.ACCEPTED),)
    with pytest.raises(NotABankMessageError, match="5000000 bytes"):
        read_bank_answers(longest + b" ")


@given(st.binary(max_size=200), st.integers(0, 500), st.integers(0, 100))
def test_a_damaged_message_is_refused_or_read(put: bytes, at: int, instead_of: int) -> None:
    whole = a_notice(an_entry(a_detail("R1", RETURNED), side="CRDT"))
    with contextlib.suppress(NotABankMessageError):
        read_bank_answers(whole[:at] + put + whole[at + instead_of :])
