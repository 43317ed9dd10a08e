"""A config is checked when it is made: what holds can be built, what does not names its key."""

import subprocess
import sys
from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.step3.config import (
    PUBLISHED,
    Step3TextConfig,
    Step3VisionConfig,
    Step3VLConfig,
    text_part,
)
from tests.each_row import each_row

VISION = Step3VisionConfig(
    hidden_size=32,
    intermediate_size=64,
    output_hidden_size=48,
    num_hidden_layers=2,
    num_attention_heads=2,
    image_size=56,
    patch_size=14,
)
BOTH = Step3VLConfig(
    text_config=PUBLISHED,
    vision_config=VISION,
    image_token_id=128_001,
    understand_projector_stride=2,
    projector_bias=False,
)

STEP3 = Step3VLConfig(
    text_config=PUBLISHED,
    vision_config=Step3VisionConfig(
        hidden_size=1792,
        intermediate_size=15_360,
        output_hidden_size=4096,
        num_hidden_layers=63,
        num_attention_heads=16,
        image_size=728,
        patch_size=14,
    ),
    image_token_id=128_001,
    understand_projector_stride=2,
    projector_bias=True,
)


@each_row(
    "key, value",
    [
        ("hidden_size", -1),
        ("hidden_size", 0),
        ("hidden_size", 10**9),
        ("vocab_size", 2**40),
        ("num_hidden_layers", 10**6),
        ("num_attention_heads", -64),
        ("num_attention_groups", 8),
        ("head_dim", 255),
        ("moe_top_k", 49),
        ("moe_layers_enum", (4, 4)),
        ("moe_layers_enum", (5, 4)),
        ("moe_layers_enum", (61,)),
        ("moe_layers_enum", (-1,)),
        ("rms_norm_eps", 0.0),
        ("rms_norm_eps", float("nan")),
        ("rope_theta", 0.0),
        ("rope_theta", float("inf")),
    ],
)
def test_a_value_of_the_text_model_that_does_not_hold_is_named_with_its_key(key: str, value: Any):
    with pytest.raises(UserError, match=key) as refused:
        replace(PUBLISHED, **{key: value})
    assert refused.value.code == "bad_model_config"


@each_row(
    "key, value",
    [
        ("num_attention_heads", 5),
        ("patch_size", 15),
        ("patch_size", 2**40),
        ("image_size", -56),
        ("image_size", 57),
        ("image_size", 14),
        ("num_channels", 1),
        ("num_channels", -3),
        ("hidden_act", "gelu"),
        ("layer_norm_eps", 0),
        ("layer_norm_eps", -1e-5),
        ("layer_norm_eps", 1.0),
        ("layer_norm_eps", float("nan")),
    ],
)
def test_a_value_of_the_tower_that_does_not_hold_is_named_with_its_key(key: str, value: Any):
    with pytest.raises(UserError, match=key):
        replace(VISION, **{key: value})


def test_the_token_of_a_picture_is_one_of_the_vocabulary():
    with pytest.raises(UserError, match=r"image_token_id is 128815; below vocab_size"):
        replace(BOTH, image_token_id=PUBLISHED.vocab_size)


@each_row("stride", [0, -2, 3])
def test_the_step_of_the_downsampler_passes_nothing_by(stride: int):
    with pytest.raises(UserError, match=f"understand_projector_stride is {stride}"):
        replace(BOTH, understand_projector_stride=stride)


def test_step3_gives_169_tokens_for_the_view_and_81_for_a_crop():
    tower = STEP3.vision_config
    assert (tower.head_dim, tower.position_grid) == (112, 52)
    assert (STEP3.tokens(728), STEP3.tokens(504)) == (169, 81)


def test_the_stride_that_the_published_classes_take_by_default_gives_other_counts():
    other = replace(STEP3, understand_projector_stride=1)
    assert (other.tokens(728), other.tokens(504)) == (676, 324)


@each_row("side_px", [0, -14, 13, 730])
def test_a_picture_that_is_no_whole_number_of_patches_wide_is_refused(side_px: int):
    with pytest.raises(UserError, match=f"{side_px} pixels wide can not be cut .* of 14"):
        STEP3.tokens(side_px)


def test_a_picture_of_one_patch_is_too_small_to_shrink():
    with pytest.raises(UserError, match="14 pixels wide has 1 x 1 patches"):
        STEP3.tokens(14)


def test_the_text_part_is_found_in_both_kinds():
    assert text_part(BOTH) is text_part(PUBLISHED) is PUBLISHED


def test_a_config_can_not_be_changed_behind_the_model():
    with pytest.raises(AttributeError):
        STEP3.vision_config.hidden_size = 1  # type: ignore[misc]


def test_configs_need_no_torch():
    probe = "import sys, edgewise.step3.config_file; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_a_sequence_may_be_as_long_as_both_limits_let_it():
    short: Step3TextConfig = replace(PUBLISHED, max_seq_len=4096)
    assert (PUBLISHED.context, short.context) == (65_536, 4096)
