"""A file of transfers as a bank takes it: pain.001.001.09, for SEPA credit transfers.

The library has no notion of the same file twice: it draws ids at random and reads the machine's clock. Ours
take their place before the file is checked against the schema, so that what is sent is what was checked. No
postal address is written: none is needed, and unstructured ones are refused since November 2026.
"""

import re
import unicodedata

from lxml import etree
from sepaxml import SepaTransfer
from sepaxml.validation import try_valid_xml
from text_unidecode import unidecode

from domain.bank_transfers import NOT_PROVIDED, BankTransfer, TransferFile
from domain.opening_hours import PARIS

SCHEMA = "pain.001.001.09"
# EPC132-08: shorter than the schema's 140 for a name.
LONGEST_NAME = 70
LONGEST_REMITTANCE = 140
_NAMES = {None: f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
# The second is that of a number (« n° »), not of a temperature.
_SIGNS = str.maketrans({"&": "+", "°": "o"})
_OUTSIDE_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


def pain001(file: TransferFile) -> bytes:
    """The file's bytes, the same for the same file. Some 300 ms of work, most of it the schema's.

    Raises `sepaxml.validation.ValidationError` if they are not valid, which is a fault of ours.
    """
    payments = SepaTransfer(
        {
            "name": sepa_text(file.debtor.name, LONGEST_NAME),
            "IBAN": file.debtor.iban,
            "currency": "EUR",
            "batch": True,
        },
        schema=SCHEMA,
        clean=False,
    )
    for transfer in file.transfers:
        payments.add_payment(_payment(transfer, file))
    written = _repeatable(payments.export(validate=False), file)
    try_valid_xml(written, SCHEMA)
    return written


def sepa_text(text: str, longest: int) -> str:
    """A text in the characters that every bank takes (EPC217-08): other letters as those that sound like
    them, an ampersand as a plus, other signs as a full stop; cut to the length given. What nobody could read
    aloud is left out."""
    latin = unidecode(unicodedata.normalize("NFC", text).translate(_SIGNS))
    taken = _OUTSIDE_SEPA.sub(".", " ".join(latin.split()))
    return taken[:longest].strip() or NOT_PROVIDED


def _payment(transfer: BankTransfer, file: TransferFile) -> dict[str, object]:
    # One execution date for all makes one block of payments.
    return {
        "name": sepa_text(transfer.creditor.name, LONGEST_NAME),
        "IBAN": transfer.creditor.iban,
        "amount": transfer.amount_cents,
        "execution_date": file.execution_date,
        "description": sepa_text(transfer.remittance, LONGEST_REMITTANCE),
        "endtoend_id": transfer.reference,
    }


def _repeatable(exported: bytes, file: TransferFile) -> bytes:
    document = etree.fromstring(exported)
    [header] = document.findall("CstmrCdtTrfInitn/GrpHdr", _NAMES)
    [block] = document.findall("CstmrCdtTrfInitn/PmtInf", _NAMES)
    header.find("MsgId", _NAMES).text = file.message_id
    header.find("CreDtTm", _NAMES).text = file.created_at.astimezone(PARIS).isoformat(timespec="seconds")
    # The file's own id: what the bank says of its only block, it says of the file.
    block.find("PmtInfId", _NAMES).text = file.message_id
    # EPC132-08: a bank known by the IBAN alone is said not to be provided, where the library says nothing.
    bank = block.find("DbtrAgt/FinInstnId", _NAMES)
    other = etree.SubElement(bank, etree.QName(_NAMES[None], "Othr"))
    etree.SubElement(other, etree.QName(_NAMES[None], "Id")).text = NOT_PROVIDED
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))
