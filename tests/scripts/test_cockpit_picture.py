"""The picture of the README is the one that the script draws, and small."""

from PIL import Image

from scripts.cockpit_picture import MOST_BYTES, PICTURE, SIZE


def test_the_picture_has_the_size_that_is_drawn_and_is_small():
    with Image.open(PICTURE) as image:
        assert image.size == SIZE
    assert PICTURE.stat().st_size <= MOST_BYTES
