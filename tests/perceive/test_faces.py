"""Faces are looked for everywhere, at every size; what is found twice counts once."""

from pathlib import Path

import pytest
from PIL import Image

from edgewise.errors import ModelError
from edgewise.perceive.faces import FAR, NEAR, Faces, anchors, merged, tiles_of
from edgewise.perceive.see import Box

COLLINS = Path(__file__).parent / "collins.jpg"


def test_the_anchors_are_as_many_as_the_nets_answer():
    assert anchors(NEAR).shape == (896, 2)
    assert anchors(FAR).shape == (2304, 2)
    assert anchors(NEAR)[0].tolist() == [1 / 32, 1 / 32]
    assert anchors(NEAR)[-1].tolist() == [15 / 16, 15 / 16]


@pytest.mark.parametrize("size", [(2048, 1152), (640, 480), (300, 2048), (100, 100)])
def test_tiles_cover_the_whole_picture_and_overlap(size: tuple[int, int]):
    width, height = size
    tiles = list(tiles_of(width, height))
    assert tiles[0] == (0, 0, max(size))
    for side in {side for _, _, side in tiles[1:]}:
        for x in range(0, width, 7):
            assert any(left <= x < left + side for left, _, one in tiles if one == side)
        for y in range(0, height, 7):
            assert any(top <= y < top + side for _, top, one in tiles if one == side)


def test_one_face_found_in_two_tiles_is_one():
    one, again, other = Box(0, 0, 100, 100), Box(5, 5, 105, 105), Box(200, 0, 260, 60)
    assert merged([one, again, other]) == [one, other]


def test_a_search_that_is_given_up_gives_no_faces():
    class Never(Faces):
        def __init__(self) -> None:
            self._nets = []

    with pytest.raises(ModelError):
        Never().find(Image.new("RGB", (64, 64)), lambda: True)


@pytest.mark.slow
@pytest.mark.parametrize("side", [120, 60, 30])
def test_a_face_is_found_large_and_small(side: int):
    scene = Image.new("RGB", (1280, 720), (120, 130, 140))
    scene.paste(Image.open(COLLINS).resize((side, side)), (700, 300))
    x, y = 700 + side * 0.5, 300 + side * 0.5
    found = Faces().find(scene)
    assert any(one.left < x < one.right and one.top < y < one.bottom for one in found)
