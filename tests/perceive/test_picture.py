"""Any bytes: a picture, small, upright and bare, or a clear refusal within bounded memory."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from edgewise.errors import UserError
from edgewise.perceive.picture import MOST_PIXELS, decode, open_picture, pixels_of
from edgewise.perceive.see import LONGEST_PIXELS, MOST_BYTES


def file_of(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


def halves(size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def png_header(width: int, height: int, colour: int = 2) -> bytes:
    """A PNG of that size by its header, with almost nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_the_common_kinds_are_opened_and_kept_as_two(kind: str):
    picture = open_picture(file_of(halves(), kind))
    assert (picture.width, picture.height) == (40, 20)
    assert picture.media_type == ("image/jpeg" if kind == "JPEG" else "image/png")
    assert pixels_of(picture).getpixel((2, 10))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_all_ways_to_tell_colours_become_plain(mode: str):
    assert decode(file_of(Image.new(mode, (8, 4)), "PNG")).mode == "RGB"
    assert decode(file_of(Image.new("CMYK", (8, 4)), "JPEG")).mode == "RGB"


def test_what_is_see_through_lies_on_white():
    assert decode(file_of(Image.new("RGBA", (4, 4)), "PNG")).getpixel((1, 1)) == (255, 255, 255)


def test_a_picture_is_turned_as_the_camera_was_held_and_tells_nothing_else():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    exif[0x010E] = "taken at home"
    data = file_of(halves(), "JPEG", exif=exif, quality=95)
    picture = open_picture(data)
    assert (picture.width, picture.height) == (20, 40)
    assert pixels_of(picture).getpixel((10, 2))[0] > 200  # type: ignore[index] # red is above
    assert b"taken at home" in data
    assert b"taken at home" not in picture.data
    assert b"Exif" not in picture.data


def test_of_an_animation_the_first_frame_counts():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        data = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        assert decode(data).getpixel((4, 4))[0] > 200, kind  # type: ignore[index]


def test_a_long_picture_is_made_small():
    picture = open_picture(file_of(Image.new("L", (20_000, 500)), "PNG"))
    assert (picture.width, picture.height) == (LONGEST_PIXELS, 51)


def test_the_same_pixels_have_the_same_hash():
    assert open_picture(file_of(halves(), "PNG")) == open_picture(file_of(halves(), "BMP"))


BAD = {
    "empty": (b"", "is empty"),
    "text": (b"hello", "no picture"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no picture"),
    "html": (b"<!doctype html><img src=x>", "no picture"),
    "cut off": (file_of(halves((800, 600)), "JPEG")[:2000], "damaged or cut off"),
    "cut off png": (file_of(halves((800, 600)), "PNG")[:400], "damaged or cut off"),
    "20,000 pixels": (png_header(20_000, 20_000), f"{MOST_PIXELS:,}"),
    "bomb": (png_header(2**31 - 1, 2**31 - 1), f"{MOST_PIXELS:,}"),
    "deep bomb": (png_header(7_900, 7_900, 6), "damaged or cut off"),
    "tall": (png_header(1, 2_000_000_000), f"{MOST_PIXELS:,}"),
    "no size": (png_header(0, 0), "picture"),
    "tiff": (file_of(halves(), "TIFF"), "no picture"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_bytes_are_refused_by_name_with_the_limit_and_the_remedy(name: str):
    data, told = BAD[name]
    with pytest.raises(UserError, match=told) as caught:
        open_picture(data)
    assert caught.value.code == "bad_picture"
    assert "; " in str(caught.value)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at():
    with pytest.raises(UserError, match="20,000,000"):
        decode(b"\x89PNG" + bytes(MOST_BYTES))


def test_a_jpeg_that_would_be_held_whole_is_refused_by_its_header():
    data = bytearray(file_of(Image.new("RGB", (16, 16)), "JPEG", progressive=True, subsampling=0))
    at = data.index(b"\xff\xc2") + 5
    data[at : at + 4] = struct.pack(">HH", 7_900, 7_900)
    with pytest.raises(UserError, match="to decode, the limit is"):
        decode(bytes(data))


def test_any_byte_may_be_wrong():
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        whole = file_of(halves(), kind)
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            broken = bytearray(whole)
            broken[at] ^= 0xFF
            with suppress(UserError):  # anything else fails
                picture = open_picture(bytes(broken))
                assert max(picture.width, picture.height) <= LONGEST_PIXELS
