"""Messages of banks other than the one the tests run, in the few words that matter here."""

PREFIX = "urn:iso:std:iso:20022:tech:xsd:"


def a_message(kind: str, body: str) -> bytes:
    return f'<Document xmlns="{PREFIX}{kind}">{body}</Document>'.encode()


def a_report(
    group: str, *blocks: str, kind: str = "pain.002.001.10", about: str = "pain.001.001.09"
) -> bytes:
    """`group` is what is said of the file, `blocks` what of its blocks of transfers."""
    original = f"<OrgnlMsgId>OMEA-2026-11-1</OrgnlMsgId><OrgnlMsgNmId>{about}</OrgnlMsgNmId>"
    told = "".join(f"<OrgnlPmtInfAndSts>{block}</OrgnlPmtInfAndSts>" for block in blocks)
    return a_message(
        kind,
        "<CstmrPmtStsRpt><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-12-01T23:59:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts>{original}{group}</OrgnlGrpInfAndSts>{told}</CstmrPmtStsRpt>",
    )


def a_status(reference: str, status: str, more: str = "") -> str:
    told = f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{more}"
    return f"<TxInfAndSts>{told}</TxInfAndSts>"


def a_notice(*entries: str, kind: str = "camt.054.001.08") -> bytes:
    told = "".join(f"<Ntry>{entry}</Ntry>" for entry in entries)
    head = "<GrpHdr><MsgId>N1</MsgId></GrpHdr>"
    return a_message(
        kind,
        f"<BkToCstmrDbtCdtNtfctn>{head}<Ntfctn><Id>A1</Id>{told}</Ntfctn></BkToCstmrDbtCdtNtfctn>",
    )


def an_entry(
    details: str,
    *,
    side: str = "DBIT",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    amount: str = '<Amt Ccy="EUR">12.34</Amt>',
    more: str = "<AcctSvcrRef>L1</AcctSvcrRef>",
) -> str:
    return (
        f"{amount}<CdtDbtInd>{side}</CdtDbtInd>{status}<BookgDt><Dt>2026-12-02</Dt></BookgDt>{more}"
        f"<NtryDtls>{details}</NtryDtls>"
    )


def a_detail(reference: str, more: str = "") -> str:
    return f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{more}</TxDtls>"
