"""What an uploaded file really is: decoded in full and encoded again, so that only its pixels are kept."""

import hashlib
from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import Image as Pillow
from PIL import ImageOps, JpegImagePlugin
from PIL.ImageFile import ImageFile

from api.codes import ApiCode
from api.errors import Problem
from db.models.attachments import ImageType
from db.stores.attachments import Image

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
# Encoded by us, what was packed more tightly grows; but nobody makes us keep many times what they sent.
LARGEST_KEPT_BYTES = 2 * LARGEST_BYTES

FORMATS = {"PNG": ImageType.PNG, "JPEG": ImageType.JPEG, "MPO": ImageType.JPEG, "WEBP": ImageType.WEBP}


def clean_image(content: bytes, said: str) -> Image:
    """The image in `content`, turned as its EXIF says, without any metadata and without what follows it.

    `said` is the type it was announced as. It takes seconds of computing for the largest ones: never call it
    in the event loop. Raises `Problem` with one of the codes `attachment_…`.
    """
    try:
        image = Pillow.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
        _check(image, said)
        cleaned = _encoded(image, content)
    except Problem:
        raise
    except Pillow.DecompressionBombError:
        raise Problem(ApiCode.ATTACHMENT_TOO_LARGE) from None
    except Exception:
        # There is no list of what Pillow raises on a broken file: fuzzed ones have raised about everything.
        raise Problem(ApiCode.ATTACHMENT_NOT_AN_IMAGE) from None
    if len(cleaned) > LARGEST_KEPT_BYTES:
        raise Problem(ApiCode.ATTACHMENT_TOO_LARGE)
    kind = FORMATS[image.format or ""]
    return Image(kind, image.width, image.height, hashlib.sha256(cleaned).hexdigest(), cleaned)


def _check(image: ImageFile, said: str) -> None:
    """By what the file's header says, before anything large is decoded."""
    if image.width * image.height > LARGEST_PIXELS:
        raise Problem(ApiCode.ATTACHMENT_TOO_LARGE)
    if FORMATS[image.format or ""] != said:
        raise Problem(ApiCode.ATTACHMENT_TYPE_MISMATCH)
    # The second picture of a phone's JPEG (MPO) is a depth map or the like: not a movement, and not kept.
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        raise Problem(ApiCode.ATTACHMENT_ANIMATED)


def _encoded(image: ImageFile, content: bytes) -> bytes:
    image.load()
    # As photographed, if nothing readable says how to turn it.
    with suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)
    options: dict[str, Any]
    match image:
        case JpegImagePlugin.JpegImageFile():
            # The quality it had: a higher one would add nothing but bytes.
            options = {
                "format": "JPEG",
                "qtables": image.quantization,
                "subsampling": JpegImagePlugin.get_sampling(image),
            }
        case _ if image.format == "WEBP":
            # Fast rather than small; the quality is that of the colours, or the effort if lossless.
            lossless = _is_lossless(content)
            options = {
                "format": "WEBP",
                "method": 0,
                "lossless": lossless,
                "quality": 20 if lossless else 80,
            }
        case _:
            options = {"format": "PNG"}
    # The encoders take comments, profiles and the like from there; how to paint a palette is all they need.
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    pixels = image.convert("RGB") if image.mode == "CMYK" else image
    cleaned = BytesIO()
    pixels.save(cleaned, **options)
    return cleaned.getvalue()


def _is_lossless(content: bytes) -> bool:
    """Whether a WebP's pixels are in a `VP8L` chunk (https://developers.google.com/speed/webp/docs/riff_container)."""
    place = 12
    while place + 8 <= len(content):
        name, length = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        if name in {b"VP8L", b"VP8 "}:
            return name == b"VP8L"
        place += 8 + length + length % 2
    return False
