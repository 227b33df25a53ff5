"""What a bank says of our files of transfers, read from its ISO 20022 messages.

pain.002 tells what it takes or refuses, pacs.004 what came back, camt.054 and camt.053 what moved on our
account. Each is known by its namespace, whatever its version, for what is read here has the same place in
all. What tells nothing of a transfer or of a file is left out; what should and cannot be read is an error,
so that no message is taken in half.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from domain.bank_transfers import MOST_MESSAGE_BYTES, NOT_PROVIDED, BankAnswer, BankAnswerKind

MOST_BYTES = MOST_MESSAGE_BYTES
BOOKED = "BOOK"
# The bank transaction code of a credit transfer that came back (ISO 20022, PMNT/ICDT or RCDT).
RETURN = "RRTN"
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pain\.002|pacs\.004|camt\.05[34])\.\d{3}\.\d{2}")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,5})?", re.ASCII)
# ISO 20022, ExternalPaymentTransactionStatus. The codes that say "settled" (ACSC, ACCC) are "not for
# financial information", it warns: our account's own entries tell that. What is received or pending is not
# decided yet, and of a file taken in part each transfer has its own status.
_STATUSES = dict.fromkeys(
    ("ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "ACSC", "ACCC"), BankAnswerKind.ACCEPTED
) | dict.fromkeys(
    # Cancelled: called back before it was made.
    ("RJCT", "CANC"),
    BankAnswerKind.REJECTED,
)


class NotABankMessageError(ValueError):
    """Not one of the messages that we read, or one that makes no sense. Quotes nothing of it."""


@dataclass(frozen=True)
class _Part:
    """An element, and the namespace by which its children are found."""

    element: Any
    namespace: str

    def all(self, path: str) -> list["_Part"]:
        found = self.element.findall(path, {None: self.namespace})
        return [_Part(element, self.namespace) for element in found]

    def text(self, *paths: str) -> str | None:
        """The first text that there is. A choice (`Cd` or `Prtry`, `Dt` or `DtTm`) may be named by what
        holds it: it has one element, whose text is found."""
        for path in paths:
            for part in self.all(path):
                if written := "".join(part.element.itertext()).strip():
                    return written
        return None

    def required(self, path: str) -> str:
        written = self.text(path)
        if written is None:
            raise NotABankMessageError(f"no {path}")
        return written

    def reference(self, path: str) -> str | None:
        written = self.text(path)
        return None if written == NOT_PROVIDED else written

    def day(self, *paths: str) -> date | None:
        """The bank's own day: that of a time is the one written, in whatever zone."""
        written = self.text(*paths)
        try:
            return None if written is None else date.fromisoformat(written[:10])
        except ValueError:
            raise NotABankMessageError(f"{paths[0]} is no date") from None

    def cents(self, *paths: str) -> int | None:
        """The first amount in euros that there is."""
        for path in paths:
            for part in self.all(path):
                if part.element.get("Ccy") == "EUR":
                    return _cents(part, path)
        return None


def read_bank_answers(xml: bytes) -> tuple[BankAnswer, ...]:
    """The answers in a message, in its order; none if it tells nothing of transfers. A statement has other
    people's business too: who reads the answers knows their own references.

    A pain.002 may speak of the file and then of some of its transfers: what it says of a transfer prevails.
    Raises `NotABankMessageError` for anything else, over `MOST_BYTES`, or with a document type of its own.
    """
    message, document = _parsed(xml)
    match message:
        case "pain.002":
            answers = _statuses(_body(document, "CstmrPmtStsRpt"))
        case "pacs.004":
            answers = _returns(_body(document, "PmtRtr"))
        case "camt.054":
            answers = _moves(_body(document, "BkToCstmrDbtCdtNtfctn").all("Ntfctn"))
        case _:
            answers = _moves(_body(document, "BkToCstmrStmt").all("Stmt"))
    return tuple(answers)


def _parsed(xml: bytes) -> tuple[str, _Part]:
    if len(xml) > MOST_BYTES:
        raise NotABankMessageError(f"over {MOST_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise NotABankMessageError("not XML that can be read") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotABankMessageError("has a document type, with entities maybe")
    name = etree.QName(root)
    namespace = _NAMESPACE.fullmatch(name.namespace or "")
    if namespace is None or name.localname != "Document":
        raise NotABankMessageError("neither pain.002, pacs.004, camt.053 nor camt.054")
    return namespace[1], _Part(root, name.namespace)


def _body(document: _Part, name: str) -> _Part:
    bodies = document.all(name)
    if len(bodies) != 1:
        raise NotABankMessageError(f"not one {name}")
    return bodies[0]


def _cents(part: _Part, path: str) -> int:
    written = part.text(".") or ""
    cents = Decimal(written) * 100 if _AMOUNT.fullmatch(written) else None
    if cents is None or cents != int(cents):
        raise NotABankMessageError(f"{path} is no amount in cents")
    return int(cents)


def _statuses(report: _Part) -> Iterator[BankAnswer]:
    message = report.required("GrpHdr/MsgId")
    day = report.day("GrpHdr/CreDtTm")
    original = report.required("OrgnlGrpInfAndSts/OrgnlMsgId")
    if not report.required("OrgnlGrpInfAndSts/OrgnlMsgNmId").startswith(("pain.001", NOT_PROVIDED)):
        return  # of a file of another kind, which is not one of ours
    # Our files have one block, named like the file (see bank_files.py); many banks give its status alone.
    blocks = report.all("OrgnlPmtInfAndSts")
    about_file = [
        *((group.text("GrpSts"), group) for group in report.all("OrgnlGrpInfAndSts")),
        *((b.text("PmtInfSts"), b) for b in blocks if b.text("OrgnlPmtInfId") == original),
    ]
    for status, part in about_file:
        if kind := _STATUSES.get(status or ""):
            yield BankAnswer(kind, message, message_id=original, code=part.text("StsRsnInf/Rsn"), day=day)
            break
    for transfer in (one for block in blocks for one in block.all("TxInfAndSts")):
        reference = transfer.reference("OrgnlEndToEndId")
        kind = _STATUSES.get(transfer.text("TxSts") or "")
        if reference and kind:
            yield BankAnswer(
                kind,
                transfer.text("StsId") or message,
                reference,
                code=transfer.text("StsRsnInf/Rsn"),
                amount_cents=transfer.cents("OrgnlTxRef/Amt/InstdAmt"),
                day=day,
            )


def _returns(returned: _Part) -> Iterator[BankAnswer]:
    message = returned.required("GrpHdr/MsgId")
    for n, transfer in enumerate(returned.all("TxInf"), 1):
        if reference := transfer.reference("OrgnlEndToEndId"):
            yield BankAnswer(
                BankAnswerKind.RETURNED,
                transfer.text("RtrId") or f"{message}/{n}",
                reference,
                code=transfer.text("RtrRsnInf/Rsn"),
                amount_cents=transfer.cents("RtrdIntrBkSttlmAmt"),
                day=transfer.day("IntrBkSttlmDt") or returned.day("GrpHdr/IntrBkSttlmDt"),
            )


def _moves(accounts: list[_Part]) -> Iterator[BankAnswer]:
    for account in accounts:
        name = account.required("Id")
        for n, entry in enumerate(account.all("Ntry"), 1):
            if entry.text("Sts") == BOOKED:
                line = entry.text("AcctSvcrRef") or f"{name}/{entry.text('NtryRef') or n}"
                yield from _transfers(entry, line) if _names_transfers(entry) else _whole_file(entry, line)


def _names_transfers(entry: _Part) -> bool:
    return any(one.reference("Refs/EndToEndId") for one in entry.all("NtryDtls/TxDtls"))


def _transfers(entry: _Part, line: str) -> Iterator[BankAnswer]:
    details = entry.all("NtryDtls/TxDtls")
    for detail in details:
        reference = detail.reference("Refs/EndToEndId")
        kind = _kind(entry, detail)
        if reference and kind:
            amount = detail.cents("Amt", "AmtDtls/TxAmt/Amt")
            if amount is None and len(details) == 1:
                amount = entry.cents("Amt")
            yield BankAnswer(
                kind,
                detail.text("Refs/AcctSvcrRef") or line,
                reference,
                code=detail.text("RtrInf/Rsn"),
                amount_cents=amount,
                day=entry.day("BookgDt"),
            )


def _whole_file(entry: _Part, line: str) -> Iterator[BankAnswer]:
    """One debit for all the transfers of a file, as batch booking asks for. Those that were rejected are
    not in it."""
    details = entry.all("NtryDtls")
    if len(details) == 1 and _kind(entry, details[0]) is BankAnswerKind.SETTLED:
        file = details[0].text("Btch/PmtInfId", "TxDtls/Refs/PmtInfId", "Btch/MsgId", "TxDtls/Refs/MsgId")
        if file:
            yield BankAnswer(
                BankAnswerKind.SETTLED,
                line,
                message_id=file,
                amount_cents=entry.cents("Amt"),
                day=entry.day("BookgDt"),
            )


def _kind(entry: _Part, detail: _Part) -> BankAnswerKind | None:
    """None for what is neither: money that others sent, a debit that takes a credit back."""
    codes = [part.text("BkTxCd/Domn/Fmly/SubFmlyCd") for part in (detail, entry)]
    back = bool(detail.all("RtrInf")) or RETURN in codes or entry.text("RvslInd") in ("true", "1")
    match detail.text("CdtDbtInd") or entry.text("CdtDbtInd"):
        case "DBIT" if not back:
            return BankAnswerKind.SETTLED
        case "CRDT" if back:
            return BankAnswerKind.RETURNED
    return None
