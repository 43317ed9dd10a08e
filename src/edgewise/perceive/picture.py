"""A file's bytes as a picture: decoded once, upright, small, without anything but its pixels.

A picture comes from anywhere, so all is decided by its header before a pixel is decoded: its kind,
its size, the memory that decoding takes. Runs in the process of the eyes alone (`eyes_process.py`).
It does not know what a picture shows. Source of the traps: Pillow's documentation, "Security".
"""

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager

from PIL import Image, ImageOps, JpegImagePlugin

from edgewise.errors import UserError
from edgewise.perceive.see import LONGEST_PIXELS, MOST_BYTES, Picture

MOST_PIXELS = 64_000_000
"""Of a file, by its header: the largest photos of ordinary telephones have 50 million."""
MOST_DECODED_BYTES = 300 << 20
"""Of memory for decoding one picture, all its forms on the way together."""
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
LARGE_PNG_BYTES = 3 << 20
"""A picture that is larger as PNG is a photo: it is kept as JPEG."""
JPEG_QUALITY = 90
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError,
    OverflowError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for bytes that are no picture, or not all of one."""
_FOUR_BYTES = frozenset({"RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "I", "F"})
_MAGIC = {b"\x89PNG": "PNG", b"\xff\xd8": "JPEG", b"GIF8": "GIF", b"BM": "BMP"}
_NO_PICTURE = "it is no picture that is read here"
_REMEDY = "give a PNG, JPEG, WebP, GIF or BMP file"


def open_picture(data: bytes) -> Picture:
    """The picture in a file's bytes. Raises UserError (`bad_picture`)."""
    upright = decode(data)
    is_photo = data[:2] == b"\xff\xd8"
    encoded = b"" if is_photo else _encoded(upright, "PNG")
    if is_photo or len(encoded) > LARGE_PNG_BYTES:
        return picture_of(upright, "JPEG", _encoded(upright, "JPEG"))
    return picture_of(upright, "PNG", encoded)


def decode(data: bytes) -> Image.Image:
    """Its pixels in RGB, upright, at most `LONGEST_PIXELS` long. Raises UserError."""
    if len(data) > MOST_BYTES:
        raise _refused(
            f"it has {len(data):,} bytes, the limit is {MOST_BYTES:,}", "give a smaller file"
        )
    if not data:
        raise _refused("it is empty", _REMEDY)
    with _pillow(*_unopened(data)):
        image = Image.open(io.BytesIO(data), formats=KINDS)
    _check_size(image)
    with _pillow(f"this {image.format} is damaged or cut off", "give the whole file again"):
        if image.format == "JPEG":
            image.draft("RGB", (LONGEST_PIXELS, LONGEST_PIXELS))
        turned = image.getexif().get(0x0112, 1)
        image.load()
        return _upright(_plain(_reduced(image)), turned)


def _unopened(data: bytes) -> tuple[str, str]:
    """What to say of bytes that can not be opened, and the remedy."""
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
    if not kind:
        return f"{_NO_PICTURE}, its first bytes are {data[:8]!r}", _REMEDY
    what = f"the header of this {kind} is damaged, or has a longer text in it than is read"
    return what, "save it anew, without its texts"


def pixels_of(picture: Picture) -> Image.Image:
    """The pixels of a picture that was opened here. Raises UserError where it was not."""
    return decode(picture.data)


def picture_of(image: Image.Image, kind: str, data: bytes = b"") -> Picture:
    """`image` as a picture; `data` is it as `kind` where that is known."""
    data = data or _encoded(image, kind)
    digest = hashlib.sha256(data).hexdigest()
    return Picture(data, _MEDIA_TYPES[kind], image.width, image.height, digest)


def _check_size(image: Image.Image) -> None:
    """Raises UserError for what takes more memory than is given, by its header alone."""
    width, height = image.size
    if width < 1 or height < 1:
        raise _refused(f"it is {width} x {height} pixels", "give one with something on it")
    if width * height > MOST_PIXELS:
        raise _refused(
            f"it is {width:,} x {height:,} pixels, the limit is {MOST_PIXELS:,} in all",
            "make it smaller before",
        )
    needed = _needed_bytes(image)
    if needed > MOST_DECODED_BYTES:
        raise _refused(
            f"{width:,} x {height:,} pixels of {image.mode} take {needed >> 20} MB to decode, the"
            f" limit is {MOST_DECODED_BYTES >> 20} MB",
            "make it smaller before",
        )


def _needed_bytes(image: Image.Image) -> int:
    """How much memory decoding takes at most: of a JPEG less, as it is decoded at a fraction of its
    size; but one with several scans is held whole, two bytes a coefficient."""
    width, height = image.size
    pixels = width * height
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        scale = 1
        while scale < 8 and max(width, height) >= 2 * scale * LONGEST_PIXELS:
            scale *= 2
        several = "progressive" in image.info or "progression" in image.info
        return pixels * 4 // scale**2 + (pixels * _samples_a_pixel(image) * 2 if several else 0)
    a_pixel = 4 if image.mode in _FOUR_BYTES else 2 if image.mode.startswith(("I;", "LA")) else 1
    whole_file = 2 if image.format in ("WEBP", "GIF") else 1  # canvas and frame
    return pixels * (a_pixel * whole_file + (4 if image.mode in ("P", "PA") else 0))


def _samples_a_pixel(image: JpegImagePlugin.JpegImageFile) -> int:
    """Of all its colours together, rounded up: colours are often told at half the size."""
    layers = [(one[1], one[2]) for one in image.layer]
    full = max((across * down for across, down in layers), default=1)
    return -(-sum(across * down for across, down in layers) // max(full, 1)) or image.layers


def _reduced(image: Image.Image) -> Image.Image:
    """At most `LONGEST_PIXELS` long; a palette and deep greys are made plain first, as between
    their numbers there is nothing."""
    longest = max(image.size)
    if image.mode in ("P", "PA", "1"):
        see_through = "transparency" in image.info or image.mode == "PA"
        image = image.convert("RGBA" if see_through else "RGB" if image.mode == "P" else "L")
    elif image.mode.startswith(("I", "F")):
        image = _shallow(image)
    if longest > LONGEST_PIXELS:
        share = LONGEST_PIXELS / longest
        size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _shallow(image: Image.Image) -> Image.Image:
    """16-bit greys as 8-bit ones."""
    return image.convert("I").point(lambda value: value / 256).convert("L")


def _plain(image: Image.Image) -> Image.Image:
    """In RGB, what is see-through on white."""
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    return image.convert("RGB")


def _upright(image: Image.Image, turned: int) -> Image.Image:
    """Turned as the camera was held (EXIF orientation, 1 to 8)."""
    if turned not in range(2, 9):
        return image
    exif = Image.Exif()
    exif[0x0112] = turned
    image.info["exif"] = exif.tobytes()
    return ImageOps.exif_transpose(image)


def _encoded(image: Image.Image, kind: str) -> bytes:
    """Without metadata: only pixels are handed over."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    file = io.BytesIO()
    if kind == "PNG":
        bare.save(file, "PNG", compress_level=4)
    else:
        bare.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()


@contextmanager
def _pillow(what: str, remedy: str) -> Generator[None]:
    """Pillow's errors as a UserError; its warnings are for programmers."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except MemoryError as error:
        raise _refused("decoding it takes more memory than is given", "make it smaller") from error
    except Image.DecompressionBombError as error:
        told = f"it has more pixels than the limit, which is {MOST_PIXELS:,}"
        raise _refused(told, "make it smaller before") from error
    except _BROKEN as error:
        raise _refused(what, remedy) from error


def _refused(what: str, remedy: str) -> UserError:
    return UserError(f"the picture: {what}; {remedy}", code="bad_picture")
