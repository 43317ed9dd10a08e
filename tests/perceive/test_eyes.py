"""Pictures in a process of their own: what is bad costs one answer, and memory has an end."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from edgewise.errors import ModelError, UserError
from edgewise.perceive.eyes import EyesSettings, LocalEyes
from edgewise.perceive.see import MOST_BYTES, Box
from tests.perceive.test_picture import BAD, file_of, halves

COLLINS = Path(__file__).parent / "collins.jpg"
"""The face of the astronaut Eileen Collins, from a photograph of NASA's in the public domain."""


@pytest.fixture
async def eyes() -> AsyncIterator[LocalEyes]:
    eyes = LocalEyes()
    yield eyes
    await eyes.close()


def written(*lines: str) -> bytes:
    image = Image.new("RGB", (800, 100 * len(lines)), "white")
    for row, text in enumerate(lines):
        font = ImageFont.load_default(48)
        ImageDraw.Draw(image).text((40, 20 + 100 * row), text, fill="black", font=font)
    return file_of(image, "PNG")


async def test_bad_pictures_cost_one_answer_each_and_a_good_one_is_opened_after(eyes: LocalEyes):
    for data, told in BAD.values():
        with pytest.raises(UserError, match=told) as caught:
            await eyes.open(data)
        assert caught.value.code == "bad_picture"
    picture = await eyes.open(file_of(halves(), "PNG"))
    assert (picture.width, picture.height) == (40, 20)
    assert 0 < eyes.most_memory_bytes() < 400_000_000


async def test_too_large_a_file_is_not_even_sent():
    eyes = LocalEyes()
    with pytest.raises(UserError, match="20,000,000"):
        await eyes.open(bytes(MOST_BYTES + 1))
    assert eyes.most_memory_bytes() == 0


async def test_more_memory_than_is_given_is_refused_and_the_process_lives():
    eyes = LocalEyes(EyesSettings(memory_limit_bytes=150_000_000))
    try:
        large = file_of(Image.new("RGB", (7_000, 7_000)), "PNG")
        with pytest.raises((UserError, ModelError)):
            await eyes.open(large, deadline_s=60.0)
        assert (await eyes.open(file_of(halves(), "PNG"))).width == 40
    finally:
        await eyes.close()


async def test_several_may_ask_at_once(eyes: LocalEyes):
    data = file_of(halves(), "PNG")
    found = await asyncio.gather(*(eyes.open(data) for _ in range(4)))
    assert len({one.sha256 for one in found}) == 1


@pytest.mark.slow
async def test_text_is_read_with_its_place(eyes: LocalEyes):
    picture = await eyes.open(written("Turn left in 300 m", "CHECK ENGINE"))
    read = await eyes.read(picture, deadline_s=60.0)
    assert [line.text for line in read.lines] == ["Turn left in 300 m", "CHECK ENGINE"]
    first, second = (line.box for line in read.lines)
    assert 20 < first.left < 60
    assert first.bottom < second.top
    assert eyes.most_memory_bytes() < 700_000_000


@pytest.mark.slow
async def test_p7_a_face_and_a_given_box_are_gone_for_good(eyes: LocalEyes):
    scene = Image.new("RGB", (640, 360), "gray")
    scene.paste(Image.open(COLLINS), (400, 100))
    ImageDraw.Draw(scene).rectangle((40, 40, 120, 60), fill="black", outline="white")
    picture = await eyes.open(file_of(scene, "PNG"))
    hidden = await eyes.hide(picture, also=(Box(40, 40, 120, 60),), deadline_s=60.0)
    assert (hidden.faces, hidden.others) == (1, 1)
    after = Image.open(io.BytesIO(hidden.picture.data))
    for box in ((430, 130, 490, 190), (42, 42, 118, 58)):
        assert len(after.crop(box).getcolors() or ()) == 1, box
    assert after.getpixel((300, 300)) == scene.getpixel((300, 300))
