"""No image is larger than promised: neither as it is sent, nor decoded, nor kept."""

import struct
import zlib
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from api.codes import ApiCode
from api.images import LARGEST_BYTES
from tests.api.frontend import Frontend, is_problem
from tests.api.pictures import a_file, file_of
from tests.api.uploads import kept, refused, upload
from tests.support.people import a_client


async def test_5_mebibytes_are_the_most(api: Frontend) -> None:
    image = a_file("PNG")
    largest = image + b"\0" * (LARGEST_BYTES - len(image))
    assert len(kept(api, await upload(api, largest, "image/png"))) < len(image) * 2
    answer = await refused(api, largest + b"\0", "image/png")
    assert is_problem(answer, ApiCode.ATTACHMENT_TOO_LARGE)


async def test_a_body_too_large_that_does_not_say_so(api: Frontend) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BYTES // 100_000 + 1):
            yield b" " * 100_000

    headers = api.signed_in(a_client(api.database)) | {"Idempotency-Key": "k", "Content-Type": "image/png"}
    answer = await api.unchanged(api.http.post("/v1/attachments", content=endless(), headers=headers))
    assert is_problem(answer, ApiCode.ATTACHMENT_TOO_LARGE)


async def test_only_this_route_takes_that_much(api: Frontend) -> None:
    headers = api.signed_in(a_client(api.database)) | {"Idempotency-Key": "k", "Content-Type": "image/png"}
    for path in ("/v1/attachments/", "/v1/tickets", "/v1/holds"):
        answer = await api.http.post(path, content=b" " * 70_000, headers=headers)
        assert is_problem(answer, ApiCode.BODY_TOO_LARGE)


async def test_40_megapixels_are_the_most(api: Frontend) -> None:
    answer = await upload(api, file_of(Image.new("1", (8000, 5000)), "PNG"), "image/png")
    assert (answer.status_code, answer.json()["width"], answer.json()["height"]) == (201, 8000, 5000)
    for size in ((8000, 5001), (20_000, 20_000)):
        sent = file_of(Image.new("1", size), "PNG")
        assert len(sent) < 100_000
        answer = await refused(api, sent, "image/png")
        assert is_problem(answer, ApiCode.ATTACHMENT_TOO_LARGE)


async def test_what_would_grow_out_of_all_proportion_is_refused(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = a_file("PNG")
    monkeypatch.setattr("api.images.LARGEST_KEPT_BYTES", 50)
    answer = await refused(api, sent, "image/png")
    assert is_problem(answer, ApiCode.ATTACHMENT_TOO_LARGE)


async def test_what_is_hidden_beside_the_pixels_is_not_unpacked_without_limit(api: Frontend) -> None:
    """100 MB of nothing, as the compressed comment of a small PNG."""
    packed = b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000)
    chunk = (
        struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    )
    image, header = a_file("PNG"), 33
    answer = await refused(api, image[:header] + chunk + image[header:], "image/png")
    assert is_problem(answer, ApiCode.ATTACHMENT_NOT_AN_IMAGE)
