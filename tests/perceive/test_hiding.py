"""What is hidden is one colour, larger than it was; the rest stays as it was."""

import io

from PIL import Image

from edgewise.perceive.hiding import hide_boxes
from edgewise.perceive.see import Box


def noise() -> Image.Image:
    return Image.effect_noise((200, 100), 80).convert("RGB")


def test_a_hidden_box_is_one_colour_and_reaches_beyond_the_face():
    image = noise()
    hidden = hide_boxes(image, [Box(50, 40, 70, 60)], [], "image/png")
    after = Image.open(io.BytesIO(hidden.picture.data))
    assert len(after.crop((43, 33, 77, 67)).getcolors() or ()) == 1
    assert after.crop((100, 0, 200, 100)).tobytes() == image.crop((100, 0, 200, 100)).tobytes()
    assert (hidden.faces, hidden.others) == (1, 0)


def test_two_pictures_that_differ_only_in_the_box_become_the_same():
    one, other = noise(), None
    other = one.copy()
    other.putpixel((60, 50), (255, 0, 0))
    boxes = [Box(50, 40, 70, 60)]
    assert hide_boxes(one, boxes, [], "image/png") == hide_boxes(other, boxes, [], "image/png")


def test_boxes_beyond_the_edge_are_cut_and_empty_ones_do_nothing():
    image = noise()
    hidden = hide_boxes(image, [Box(-20, -20, 10, 10)], [Box(190, 90, 250, 150)], "image/jpeg")
    assert (hidden.picture.width, hidden.picture.media_type) == (200, "image/jpeg")
    assert hide_boxes(image, [Box(300, 300, 320, 320)], [], "image/png").picture.width == 200


def test_the_picture_that_was_given_is_not_changed():
    image = noise()
    before = image.tobytes()
    hide_boxes(image, [Box(0, 0, 200, 100)], [], "image/png")
    assert image.tobytes() == before
