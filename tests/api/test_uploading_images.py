"""An uploaded file is what its content says, and only its pixels are kept."""

import hashlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from api.codes import ApiCode
from tests.api.frontend import Frontend, is_problem
from tests.api.pictures import (
    BLUE,
    KINDS,
    MAKE,
    SECRET,
    a_file,
    colours,
    exif,
    file_of,
    moving,
    opened,
    picture,
    with_metadata,
)
from tests.api.uploads import kept, refused, upload


@pytest.mark.parametrize("kind", KINDS)
async def test_an_image_is_kept_and_described(api: Frontend, kind: str) -> None:
    answer = await upload(api, a_file(kind), KINDS[kind])
    content = kept(api, answer)
    assert answer.json() == {
        "id": answer.json()["id"],
        "content_type": KINDS[kind],
        "bytes": len(content),
        "width": 60,
        "height": 40,
        "sha256": hashlib.sha256(content).hexdigest(),
        "expires_at": "2026-11-25T09:00:00+01:00",
    }
    assert opened(content).format == kind
    assert colours(opened(content)) == ("red", "blue", "red", "blue")


@pytest.mark.parametrize("said", ["IMAGE/PNG", "image/png; charset=binary"])
async def test_the_type_is_read_as_http_writes_it(api: Frontend, said: str) -> None:
    assert (await upload(api, a_file("PNG"), said)).json()["content_type"] == "image/png"


@pytest.mark.parametrize("kind", KINDS)
async def test_metadata_are_gone(api: Frontend, kind: str) -> None:
    sent = with_metadata(kind)
    assert SECRET in sent
    assert opened(sent).getexif()[MAKE] == SECRET.decode()
    content = kept(api, await upload(api, sent, KINDS[kind]))
    assert SECRET not in content
    assert dict(opened(content).getexif()) == {}
    assert not {"exif", "icc_profile", "xmp", "comment", "Comment"} & set(opened(content).info)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("orientation", "size", "corners"),
    [
        (2, (60, 40), ("blue", "red", "blue", "red")),
        (3, (60, 40), ("blue", "red", "blue", "red")),
        (6, (40, 60), ("red", "red", "blue", "blue")),
        (8, (40, 60), ("blue", "blue", "red", "red")),
    ],
)
async def test_an_image_is_turned_before_its_orientation_is_forgotten(
    api: Frontend, kind: str, orientation: int, size: tuple[int, int], corners: tuple[str, ...]
) -> None:
    answer = await upload(api, with_metadata(kind, orientation), KINDS[kind])
    image = opened(kept(api, answer))
    assert (answer.json()["width"], answer.json()["height"]) == image.size == size
    assert colours(image) == corners


async def test_exif_that_nobody_can_read_spoils_no_image(api: Frontend) -> None:
    sent = file_of(picture(), "JPEG", exif=b"Exif\0\0not a directory of tags")
    assert colours(opened(kept(api, await upload(api, sent, "image/jpeg")))) == ("red", "blue", "red", "blue")


@pytest.mark.parametrize("kind", KINDS)
async def test_what_follows_or_hides_in_an_image_is_gone(api: Frontend, kind: str) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as written:
        written.writestr("evil.js", "alert(1)")
    script = b"<html><script>alert(document.cookie)</script></html>"
    for added in (archive.getvalue(), script):
        content = kept(api, await upload(api, a_file(kind) + added, KINDS[kind]))
        assert added not in content
        assert b"evil.js" not in content
    if kind == "JPEG":
        content = kept(api, await upload(api, file_of(picture(), kind, comment=script), KINDS[kind]))
        assert b"<script" not in content


@pytest.mark.parametrize("kind", KINDS)
async def test_another_type_than_said_is_refused(api: Frontend, kind: str) -> None:
    for said in ({*KINDS.values()} - {KINDS[kind]}) | {"text/html", "image/svg+xml", "application/json", ""}:
        answer = await refused(api, a_file(kind), said)
        assert is_problem(answer, ApiCode.ATTACHMENT_TYPE_MISMATCH)


NO_IMAGES: dict[str, bytes] = {
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "json": b'{"a": 1}',
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "gif": file_of(picture(), "GIF"),
    "bmp": file_of(picture(), "BMP"),
    "tiff": file_of(picture(), "TIFF"),
    "the beginning of a png and then html": a_file("PNG")[:8] + b"<script>alert(1)</script>" * 10,
    "the header of a png and then html": a_file("PNG")[:33] + b"<script>alert(1)</script>" * 10,
    "the beginning of a jpeg and then html": a_file("JPEG")[:20] + b"<script>alert(1)</script>" * 10,
    "the beginning of a webp and then html": a_file("WEBP")[:20] + b"<script>alert(1)</script>" * 10,
}


@pytest.mark.parametrize("name", NO_IMAGES)
async def test_what_is_not_one_of_the_three_is_refused_whatever_it_says(api: Frontend, name: str) -> None:
    for said in KINDS.values():
        answer = await refused(api, NO_IMAGES[name], said)
        assert answer.json()["code"] in {"attachment_not_an_image", "attachment_type_mismatch"}
        assert answer.status_code == 422


@pytest.mark.parametrize("name", ["svg", "html", "gif", "bmp", "tiff", "pdf", "nothing"])
async def test_another_kind_of_file_is_no_image(api: Frontend, name: str) -> None:
    answer = await refused(api, NO_IMAGES[name], "image/png")
    assert is_problem(answer, ApiCode.ATTACHMENT_NOT_AN_IMAGE)


@pytest.mark.parametrize("kind", KINDS)
async def test_half_an_image_is_no_image(api: Frontend, kind: str) -> None:
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    whole = file_of(noise, kind)
    for length in (len(whole) // 4, len(whole) // 2, len(whole) * 3 // 4):
        answer = await refused(api, whole[:length], KINDS[kind])
        assert is_problem(answer, ApiCode.ATTACHMENT_NOT_AN_IMAGE)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_an_animated_image_is_refused(api: Frontend, kind: str) -> None:
    answer = await refused(api, moving(kind), KINDS[kind])
    assert is_problem(answer, ApiCode.ATTACHMENT_ANIMATED)


async def test_a_phones_jpeg_with_a_second_picture_keeps_the_first(api: Frontend) -> None:
    second = Image.new("RGB", (60, 40), BLUE)
    sent = file_of(picture(), "MPO", save_all=True, append_images=[second], exif=exif(1))
    assert opened(sent).format == "MPO"
    content = kept(api, await upload(api, sent, "image/jpeg"))
    assert (opened(content).format, colours(opened(content))) == ("JPEG", ("red", "blue", "red", "blue"))
    assert content.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *((mode, "PNG") for mode in ("1", "L", "LA", "P", "RGBA", "I;16")),
        *((mode, "JPEG") for mode in ("L", "CMYK")),
        ("RGBA", "WEBP"),
    ],
)
async def test_every_way_of_writing_colours(api: Frontend, mode: str, kind: str) -> None:
    image = Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else picture().convert(mode)
    image_options: dict[str, Any] = {"transparency": 0} if mode == "P" else {}
    sent = file_of(image, kind, **image_options)
    content = kept(api, await upload(api, sent, KINDS[kind]))
    seen = opened(content)
    assert (seen.mode, seen.info.get("transparency")) == (
        "RGB" if mode == "CMYK" else opened(sent).mode,
        opened(sent).info.get("transparency"),
    )
    if kind == "PNG":
        assert seen.convert("RGBA").tobytes() == opened(sent).convert("RGBA").tobytes()


async def test_a_lossless_webp_stays_one(api: Frontend) -> None:
    sent = file_of(Image.effect_noise((50, 50), 80).convert("RGB"), "WEBP", lossless=True)
    content = kept(api, await upload(api, sent, "image/webp"))
    assert opened(content).tobytes() == opened(sent).tobytes()
