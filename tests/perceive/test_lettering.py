"""Letters are no face only where all that tells them agrees; a real face stays one."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from edgewise.perceive.faces import Faces
from edgewise.perceive.lettering import WEAK, is_lettering
from edgewise.perceive.reading import Reading
from edgewise.perceive.see import Box, Line, Read

COLLINS = Path(__file__).parent / "collins.jpg"
WHOLE = Box(0, 0, 120, 60)


def letters(ground: str = "white", ink: str = "black") -> Image.Image:
    image = Image.new("RGB", (120, 60), ground)
    ImageDraw.Draw(image).text((6, 2), "6x1.5", fill=ink, font=ImageFont.load_default(44))
    return image


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#0e1013", "#f2f4f7")])
def test_letters_that_were_surely_read_are_no_face(ground: str, ink: str):
    assert is_lettering(letters(ground, ink), WHOLE, 0.6, [WHOLE])


def test_what_is_surely_found_or_not_on_text_stays_a_face():
    assert not is_lettering(letters(), WHOLE, WEAK, [WHOLE])
    assert not is_lettering(letters(), WHOLE, 0.6, [])
    assert not is_lettering(letters(), WHOLE, 0.6, [Box(0, 0, 120, 20), Box(0, 80, 120, 90)])
    assert not is_lettering(letters(), Box(300, 300, 300, 340), 0.6, [WHOLE])


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_face_within_a_line_of_text_stays_a_face(mode: str):
    face = Image.open(COLLINS).convert(mode).convert("RGB")
    box = Box(0, 0, face.width, face.height)
    assert not is_lettering(face, box, 0.5, [box])


def test_a_box_that_reaches_out_of_the_picture_is_looked_at_as_far_as_it_lies_in_it():
    assert is_lettering(letters(), Box(-10, -10, 130, 70), 0.6, [WHOLE])


def test_only_lines_that_were_surely_read_count():
    lines = (Line("6x1.5", WHOLE, 0.99), Line("曲曲", Box(0, 0, 640, 330), 0.72))
    assert Read(lines).written == (WHOLE,)


@pytest.mark.slow
def test_a_receipt_has_no_faces_and_a_portrait_on_it_one():
    paper = Image.new("RGB", (704, 1100), "#fbfaf6")
    draw, font = ImageDraw.Draw(paper), ImageFont.load_default(44)
    for row in range(12):
        draw.text((32, 40 + 62 * row), "WATER 6x1.5L", font=font, fill="#333")
        draw.text((544, 40 + 62 * row), f"{row}6.{90 - row}", font=font, fill="#333")
    faces, reading = Faces(), Reading()
    assert faces.find(paper), "or this tells nothing"
    assert faces.find(paper, written=reading.read(paper).written) == []
    paper.paste(Image.open(COLLINS).resize((60, 60)), (320, 900))
    found = faces.find(paper, written=reading.read(paper).written)
    assert [box.left < 350 < box.right and box.top < 930 < box.bottom for box in found] == [True]
