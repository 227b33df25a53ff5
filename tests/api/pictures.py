"""Small images for the tests, with what cameras, editors and attackers put into them."""

from io import BytesIO
from typing import Any

from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from tests.api.frontend import Frontend

RED, BLUE = (220, 20, 20), (20, 20, 220)
SECRET = b"Rue des Lilas"
ORIENTATION, MAKE, GPS, LATITUDE = 0x0112, 0x010F, 0x8825, 2
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def a_file(kind: str = "PNG") -> bytes:
    return file_of(picture(), kind)


def exif(orientation: int) -> Image.Exif:
    """As a phone writes it: how it was held, its maker, and where it was."""
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[MAKE] = SECRET.decode()
    tags[GPS] = {LATITUDE: tuple(TiffImagePlugin.IFDRational(one, 1) for one in (45, 45, 32))}
    return tags


def with_metadata(kind: str, orientation: int = 1) -> bytes:
    xmp = b"<x:xmpmeta><place>" + SECRET + b"</place></x:xmpmeta>"
    options: dict[str, Any] = {"exif": exif(orientation), "icc_profile": b"profile " + SECRET}
    match kind:
        case "PNG":
            text = PngInfo()
            text.add_text("Comment", SECRET.decode())
            text.add_itxt("XML:com.adobe.xmp", xmp.decode())
            options["pnginfo"] = text
        case "JPEG":
            options |= {"comment": SECRET, "xmp": xmp}
        case _:
            options["xmp"] = xmp
    return file_of(picture(), kind, **options)


def moving(kind: str) -> bytes:
    frames = [picture(), picture(40, 40).resize((60, 40)).rotate(90)]
    return file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def colours(image: Image.Image) -> tuple[str, str, str, str]:
    """Of the corners: top left, top right, bottom left, bottom right."""
    right, bottom = image.width - 4, image.height - 4
    pixels = [
        image.convert("RGB").getpixel(place) for place in ((3, 3), (right, 3), (3, bottom), (right, bottom))
    ]
    top_left, top_right, bottom_left, bottom_right = (
        "red" if isinstance(pixel, tuple) and pixel[0] > pixel[2] else "blue" for pixel in pixels
    )
    return top_left, top_right, bottom_left, bottom_right


async def an_image(api: Frontend, person: str, kind: str = "PNG") -> str:
    answer = await api.upload(person, a_file(kind), KINDS[kind])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
