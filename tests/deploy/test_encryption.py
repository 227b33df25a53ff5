import os
from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from deploy.encryption import EncryptionCodec, PayloadUnreadable, data_converter

OLD, NEW = os.urandom(32), os.urandom(32)


class Intervention(BaseModel):
    day: date
    hours: Decimal
    note: str


INTERVENTION = Intervention(day=date(2026, 11, 23), hours=Decimal("0.25"), note="imprimante")


async def test_a_value_comes_back_as_it_was_and_cannot_be_read_on_the_way() -> None:
    converter = data_converter({"old": OLD}, "old")
    [payload] = await converter.encode([INTERVENTION])
    assert dict(payload.metadata) == {"encoding": b"binary/encrypted", "encryption-key-id": b"old"}
    assert b"imprimante" not in payload.SerializeToString()
    assert await converter.decode([payload], [Intervention]) == [INTERVENTION]


async def test_the_same_value_never_looks_the_same_twice() -> None:
    converter = data_converter({"old": OLD}, "old")
    payloads = [(await converter.encode(["oui"]))[0].data for _ in range(50)]
    assert len(set(payloads)) == 50


async def test_a_new_key_takes_over_and_the_old_one_still_reads() -> None:
    [before] = await data_converter({"old": OLD}, "old").encode(["hier"])
    both = data_converter({"old": OLD, "new": NEW}, "new")
    [after] = await both.encode(["aujourd'hui"])
    assert after.metadata["encryption-key-id"] == b"new"
    assert await both.decode([before, after], [str, str]) == ["hier", "aujourd'hui"]


async def test_an_error_hides_its_message() -> None:
    converter = data_converter({"old": OLD}, "old")
    failure = Failure()
    await converter.encode_failure(ApplicationError("M. Dupont, 06 12 34 56 78", type="refused"), failure)
    assert b"Dupont" not in failure.SerializeToString()
    assert failure.application_failure_info.type == "refused"
    assert "Dupont" in str(await converter.decode_failure(failure))


async def _altered(change: str) -> Payload:
    [payload] = await EncryptionCodec({"old": OLD, "new": NEW}, "old").encode([Payload(data=b"x")])
    match change:
        case "content":
            payload.data = payload.data[:-1] + bytes([payload.data[-1] ^ 1])
        case "label":
            payload.metadata["encryption-key-id"] = b"new"
        case "lost key":
            payload.metadata["encryption-key-id"] = b"forgotten"
        case "cut":
            payload.data = payload.data[:8]
    return payload


@pytest.mark.parametrize("change", ["content", "label", "lost key", "cut"])
async def test_what_was_altered_is_refused(change: str) -> None:
    payload = await _altered(change)
    with pytest.raises(PayloadUnreadable):
        await EncryptionCodec({"old": OLD, "new": NEW}, "old").decode([payload])


async def test_what_was_never_encrypted_passes_through() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'"main"')
    assert await EncryptionCodec({"old": OLD}, "old").decode([plain]) == [plain]


@pytest.mark.parametrize(("keys", "active"), [({"a": OLD}, "b"), ({"a": b"short"}, "a")])
def test_a_wrong_key_ring_is_refused(keys: dict[str, bytes], active: str) -> None:
    with pytest.raises(ValueError, match="payload key"):
        EncryptionCodec(keys, active)
