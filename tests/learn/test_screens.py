"""Made screens are the same from the same seed, and say what stands on them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from edgewise.errors import UserError
from edgewise.learn.screens import FOLDERS, FONTS, KINDS, VARIANTS, font_path, make_screens

fonts = pytest.mark.skipif(
    not any((Path(folder) / FONTS[0]).is_file() for folder in FOLDERS),
    reason="Noto Sans CJK is not here (Debian: fonts-noto-cjk)",
)


@fonts
def test_every_kind_is_drawn_in_every_variant():
    screens = list(make_screens(len(KINDS), seed=1))
    assert [one.variant for one in screens[:3]] == list(VARIANTS)
    assert {one.kind for one in screens} == set(KINDS)
    for one in screens:
        assert len(one.strings) >= 8
        assert Image.open(io.BytesIO(one.data)).width > 300


@fonts
def test_a_seed_gives_the_same_screens_and_another_others():
    one, same, other = (next(make_screens(1, seed)) for seed in (1, 1, 2))
    assert one == same
    assert one.strings != other.strings


def test_a_missing_font_is_named_with_its_package():
    with pytest.raises(UserError, match="fonts-noto-cjk"):
        font_path("NoSuchFont.ttc")
