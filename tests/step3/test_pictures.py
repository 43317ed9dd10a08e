"""A picture is cut by the published rules, and its pixels are what a plain computation gives."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from edgewise.errors import UserError
from edgewise.step3.pictures import (
    CLIP_MEAN,
    CLIP_STD,
    MOST_CROPS,
    Cut,
    ImagePatcher,
    prepare,
    to_pixels,
)

torch.set_num_threads(1)

SMALL = ImagePatcher(view_px=28, crop_px=12, longest_px=72, shortest_px=4)
"""The same rules a fortieth as large, so that pixels are quickly made."""
BLACK = [-mean / std for mean, std in zip(CLIP_MEAN, CLIP_STD, strict=True)]
WHITE = [(1 - mean) / std for mean, std in zip(CLIP_MEAN, CLIP_STD, strict=True)]


def noise(width: int, height: int) -> Image.Image:
    values = np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def colour_of(pixels: torch.Tensor) -> list[int]:
    """The one colour that normalised pixels (3, side, side) are all of, as 0 to 255."""
    assert torch.allclose(pixels, pixels[:, :1, :1].expand_as(pixels), atol=1e-4)
    means, deviations = torch.tensor(CLIP_MEAN), torch.tensor(CLIP_STD)
    return [round(float(value) * 255) for value in pixels[:, 0, 0] * deviations + means]


# --- where it is cut

RULES = [
    ("the view shows it as it is: at most 728 long, not above 1.5 times", 728, 728, 0, 0, 0),
    ("a tiny one too", 1, 1, 0, 0, 0),
    ("exactly 1.5 times is not above 1.5 times", 600, 400, 0, 0, 0),
    ("at most 728 long and above 1.5 times: the short side is the window", 600, 300, 300, 2, 1),
    ("the same standing", 300, 600, 300, 1, 2),
    ("above 728: 504 is the window; 0.446 left over makes a second", 729, 729, 504, 2, 2),
    ("wide: 2.38 windows are 3, 1.59 are 2", 1200, 800, 504, 3, 2),
    ("tall: the same turned", 800, 1200, 504, 2, 3),
    ("0.18 of a window left over is left out", 1100, 504, 504, 2, 1),
    ("exactly 0.2 left over, in floating point: 352 / 160 - 2 is above it", 352, 160, 160, 3, 1),
    ("and 328 / 40 - 8 is below it", 328, 40, 40, 8, 1),
    ("a side below one window is one", 1000, 300, 504, 2, 1),
    ("exactly four times as long is not above four", 2000, 500, 504, 4, 1),
    ("above four times: the short side where it is below 504", 2000, 400, 400, 5, 1),
    ("the same standing", 400, 2000, 400, 1, 5),
    ("above four times and broad: 504 still; 3024 is the limit itself", 3024, 700, 504, 6, 2),
    ("above 3024: scaled to 3024 x 2268", 4032, 3024, 504, 6, 5),
    ("the largest square has 36 crops", 6000, 6000, 504, 6, 6),
    ("a side below 32 and above four times: a square, small enough for the view", 125, 31, 0, 0, 0),
    ("exactly four times is no strip yet", 124, 31, 31, 4, 1),
    ("the same standing", 31, 124, 31, 1, 4),
    ("a square that is above 728", 10, 800, 504, 2, 2),
    ("32 is not below 32", 728, 32, 32, 23, 1),
]


@pytest.mark.parametrize(
    ("width", "height", "window", "columns", "rows"),
    [rule[1:] for rule in RULES],
    ids=[f"{rule[1]}x{rule[2]}: {rule[0]}" for rule in RULES],
)
def test_a_picture_is_cut_as_the_rule_says(
    width: int, height: int, window: int, columns: int, rows: int
):
    cut = ImagePatcher().cut(width, height)
    assert (cut.window_px, cut.columns, cut.rows) == (window, columns, rows)


@pytest.mark.parametrize(
    ("size", "padded", "scaled", "stretched"),
    [
        ((1200, 800), (1200, 800), (1200, 800), (1512, 1008)),
        ((1000, 300), (1000, 300), (1000, 300), (1008, 300)),
        ((10, 800), (800, 800), (800, 800), (1008, 1008)),
        ((4032, 3024), (4032, 3024), (3024, 2268), (3024, 2520)),
        ((4236, 4236), (4236, 4236), (3023, 3023), (3024, 3024)),
        ((5000, 50), (5000, 50), (3024, 30), (3030, 30)),
    ],
    ids=str,
)
def test_a_picture_is_padded_then_scaled_then_stretched_to_whole_windows(
    size: tuple[int, int],
    padded: tuple[int, int],
    scaled: tuple[int, int],
    stretched: tuple[int, int],
):
    cut = ImagePatcher().cut(*size)
    assert (cut.padded, cut.scaled, cut.stretched) == (padded, scaled, stretched)


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [
        (0, 5, "it is 0 x 5 pixels; give one with something on it"),
        (5, 0, "it is 5 x 0 pixels"),
        (8001, 8000, "8,001 x 8,000 pixels, strips padded to a square; the limit is 64,000,000"),
        (8001, 1, "8,001 x 8,001 pixels"),
        (20_000, 40, "a strip of 20,000 x 40 pixels, to be cut into more than 128; cut it"),
        (40, 20_000, "a strip of 40 x 20,000 pixels"),
        (200_000, 32, "a strip of 200,000 x 32 pixels"),
    ],
)
def test_a_picture_that_can_not_be_cut_is_refused_with_its_size(width: int, height: int, told: str):
    with pytest.raises(UserError, match=f"the picture: .*{told}") as refused:
        ImagePatcher().cut(width, height)
    assert refused.value.code == "bad_picture"


def cut_or_none(patcher: ImagePatcher, width: int, height: int) -> Cut | None:
    """None where it is refused as too long a strip."""
    try:
        return patcher.cut(width, height)
    except UserError as refused:
        return None if "strip of" in str(refused) else pytest.fail(str(refused))


sides = st.one_of(st.integers(1, 60), st.integers(1, 800), st.integers(1, 6000))


@given(width=sides, height=sides)
def test_crops_tile_the_picture_row_by_row_and_none_lies_outside(width: int, height: int):
    cut = cut_or_none(ImagePatcher(), width, height)
    if cut is None:
        assert max(width, height) > 3024
        return
    assert max(cut.scaled) <= 3024
    assert cut.crops == len(cut.boxes) <= MOST_CROPS
    if not cut.crops:
        assert max(cut.scaled) <= 728
        return
    canvas = cut.columns * cut.window_px, cut.rows * cut.window_px
    for whole, kept, side, count in zip(
        canvas, cut.stretched, cut.scaled, (cut.columns, cut.rows), strict=True
    ):
        assert kept == whole or (kept == side < whole == cut.window_px and count == 1)
    expected = iter(cut.boxes)
    for top in range(0, canvas[1], cut.window_px):
        for left in range(0, canvas[0], cut.window_px):
            assert next(expected) == (left, top, left + cut.window_px, top + cut.window_px)
    assert next(expected, None) is None


@given(width=sides, height=sides)
def test_a_picture_on_its_side_is_cut_on_its_side(width: int, height: int):
    lying = cut_or_none(ImagePatcher(), width, height)
    standing = cut_or_none(ImagePatcher(), height, width)
    if lying is None or standing is None:
        assert lying is standing
        return
    assert (lying.columns, lying.rows) == (standing.rows, standing.columns)
    assert lying.window_px == standing.window_px


# --- its pixels


@pytest.mark.parametrize("size", [(40, 30), (9, 13), (28, 28), (100, 3)], ids=str)
def test_pixels_are_normalised_and_then_stretched_as_a_plain_computation_does(
    size: tuple[int, int],
):
    picture = noise(*size)
    values = (np.asarray(picture) / 255 - CLIP_MEAN) / CLIP_STD
    down, across = triangle(size[1], 28), triangle(size[0], 28)
    expected = np.einsum("ai,bj,ijc->cab", down, across, values)
    assert np.abs(to_pixels(picture, 28)[0].numpy() - expected).max() <= 1e-5


def triangle(source: int, target: int) -> NDArray[np.float64]:
    """Weights (target, source) of the bilinear filter, widened where it shrinks (antialias)."""
    scale = source / target
    centres = (np.arange(target) + 0.5) * scale
    distances = np.abs(np.arange(source) + 0.5 - centres[:, None]) / max(scale, 1.0)
    weights = np.clip(1 - distances, 0, None)
    return weights / weights.sum(axis=1, keepdims=True)


def test_crops_come_row_by_row_and_the_view_shows_them_all():
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0), (0, 250, 250), (9, 9, 9)]
    picture = Image.new("RGB", (36, 24))
    for number, colour in enumerate(colours):
        picture.paste(colour, (number % 3 * 12, number // 3 * 12, number % 3 * 12 + 12, 24))
    pixels = prepare(picture, SMALL)
    assert (pixels.columns, pixels.rows) == (3, 2)
    assert [tuple(colour_of(crop)) for crop in pixels.crops] == colours
    assert pixels.crops.shape == (6, 3, 12, 12)
    assert pixels.view.shape == (1, 3, 28, 28)
    for (x, y), colour in zip(
        [(2, 2), (14, 2), (25, 2), (2, 25), (14, 25), (25, 25)], colours, strict=True
    ):
        seen = pixels.view[0, :, y, x] * torch.tensor(CLIP_STD) + torch.tensor(CLIP_MEAN)
        assert [round(float(part) * 255) for part in seen] == list(colour)


def test_a_crop_lower_than_the_window_is_black_below():
    pixels = prepare(Image.new("RGB", (36, 9), "white"), SMALL)
    assert (pixels.columns, pixels.rows) == (3, 1)
    for crop in pixels.crops:
        assert torch.allclose(crop[:, :9], torch.tensor(WHITE)[:, None, None].expand(3, 9, 12))
        assert torch.allclose(crop[:, 9:], torch.tensor(BLACK)[:, None, None].expand(3, 3, 12))


def test_a_strip_is_padded_with_black_at_the_right_and_below():
    view = prepare(Image.new("RGB", (28, 3), "white"), SMALL).view[0]
    assert torch.allclose(view[:, :3], torch.tensor(WHITE)[:, None, None].expand(3, 3, 28))
    assert torch.allclose(view[:, 4:], torch.tensor(BLACK)[:, None, None].expand(3, 24, 28))
    upright = prepare(Image.new("RGB", (3, 28), "white"), SMALL).view[0]
    assert torch.allclose(upright, view.transpose(1, 2), atol=1e-5)


def test_step3s_own_lengths_are_taken_unless_others_are_given():
    pixels = prepare(noise(600, 300))
    assert pixels.crops.shape == (2, 3, 504, 504)
    assert pixels.view.shape == (1, 3, 728, 728)
    assert prepare(noise(20, 20)).crops.shape == (0, 3, 504, 504)


@given(width=st.integers(1, 90), height=st.integers(1, 90))
def test_every_picture_becomes_crops_and_a_view_between_black_and_white(width: int, height: int):
    cut = SMALL.cut(width, height)
    pixels = prepare(noise(width, height), SMALL)
    assert pixels.crops.shape == (cut.crops, 3, 12, 12)
    assert (pixels.columns, pixels.rows) == (cut.columns, cut.rows)
    for seen in (pixels.crops, pixels.view):
        for channel in range(3):
            if len(seen):
                assert float(seen[:, channel].min()) >= BLACK[channel] - 1e-4
                assert float(seen[:, channel].max()) <= WHITE[channel] + 1e-4


# --- what kinds of pictures


@pytest.mark.parametrize(
    ("picture", "colour"),
    [
        (Image.new("L", (8, 8), 200), [200, 200, 200]),
        (Image.new("1", (8, 8), 1), [255, 255, 255]),
        (Image.new("I;16", (8, 8), 200 * 256 + 7), [200, 200, 200]),
        (Image.new("I", (8, 8), 200 * 256 + 7), [200, 200, 200]),
        (Image.new("RGBA", (8, 8), (10, 20, 30, 0)), [255, 255, 255]),
        (Image.new("RGBA", (8, 8), (10, 20, 30, 255)), [10, 20, 30]),
        (Image.new("LA", (8, 8), (10, 0)), [255, 255, 255]),
        (Image.new("CMYK", (8, 8), (255, 0, 0, 0)), [0, 255, 255]),
        (Image.new("RGB", (8, 8), (10, 20, 30)).quantize(2), [10, 20, 30]),
        (Image.new("YCbCr", (8, 8), (200, 128, 128)), [200, 200, 200]),
    ],
    ids=["grey", "bits", "16_bits", "32_bits", "clear", "opaque", "clear_grey", "CMYK", "P", "YCC"],
)
def test_a_picture_of_any_colours_is_seen_in_rgb_on_white(picture: Image.Image, colour: list[int]):
    assert colour_of(prepare(picture, SMALL).view[0]) == colour


def test_a_colour_that_a_file_calls_clear_is_white():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 20, 30)).save(file, "PNG", transparency=(10, 20, 30))
    assert colour_of(prepare(Image.open(file), SMALL).view[0]) == [255, 255, 255]


@pytest.mark.parametrize("mode", ["F", "LAB", "La"])
def test_pixels_whose_range_is_not_known_are_refused_by_their_mode(mode: str):
    with pytest.raises(UserError, match=f"its pixels are of mode {mode}; save it as RGB"):
        prepare(Image.new(mode, (8, 8)), SMALL)


def test_an_empty_picture_is_refused():
    with pytest.raises(UserError, match="it is 0 x 8 pixels"):
        prepare(Image.new("RGB", (0, 8)), SMALL)


def test_a_file_that_is_cut_off_is_refused():
    file = io.BytesIO()
    noise(40, 40).save(file, "PNG")
    with pytest.raises(UserError, match=r"it can not be decoded .*; give the whole file again"):
        prepare(Image.open(io.BytesIO(file.getvalue()[:2000])), SMALL)


def test_the_picture_itself_is_left_as_it_was():
    picture = noise(40, 20)
    before = picture.copy()
    prepare(picture, SMALL)
    assert picture == before
