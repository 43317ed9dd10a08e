"""Small Step-3 models whose tokens depend on all before them, and their pictures."""

from collections.abc import Sequence
from typing import Any

import torch
from msgspec.structs import replace

from edgewise.step3.config import (
    Step3Config,
    Step3TextConfig,
    Step3VisionConfig,
    Step3VLConfig,
)
from edgewise.step3.image_tokens import ImageTokenIds, Layout, expand
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.pictures import PicturePixels
from edgewise.step3.vision_language import Step3VL
from edgewise.step3.weights import model_of

SMALL = Step3TextConfig(
    hidden_size=16,
    intermediate_size=24,
    num_hidden_layers=2,
    num_attention_heads=2,
    head_dim=8,
    share_q_dim=12,
    moe_layers_enum=(1,),
    moe_num_experts=3,
    moe_top_k=2,
    moe_intermediate_size=8,
    share_expert_dim=8,
    vocab_size=40,
    max_position_embedding=96,
    max_seq_len=96,
)
TOWER = Step3VisionConfig(
    hidden_size=8,
    intermediate_size=8,
    output_hidden_size=4,
    num_hidden_layers=1,
    num_attention_heads=2,
    image_size=16,
    patch_size=2,
)
SEEING = Step3VLConfig(
    text_config=SMALL,
    vision_config=TOWER,
    image_token_id=9,
    understand_projector_stride=2,
    projector_bias=True,
)
IDS = ImageTokenIds(image=9, crop_start=1, crop_end=2, row_end=3, view_start=4, view_end=5)


def both(plain: Step3VLConfig = SEEING, **changes: Any) -> Step3VLConfig:
    """A config of text and vision with changes by name, each made where the name is known.

    `text_hidden_size` is the width of the text model, which the tower has as well."""
    parts = {"text_config": plain.text_config, "vision_config": plain.vision_config}
    for name in ("vision_config", "text_config"):
        own = set(type(parts[name]).__struct_fields__) & set(changes)
        parts[name] = replace(parts[name], **{key: changes.pop(key) for key in own})
    if "text_hidden_size" in changes:
        width = changes.pop("text_hidden_size")
        parts["text_config"] = replace(parts["text_config"], hidden_size=width)
    return replace(plain, **parts, **changes)


def small_model(seed: int, config: Step3Config = SMALL, *, plain: bool = False) -> Step3ForCausalLM:
    """Random weights, large enough that what a token looks at changes what follows."""
    model = model_of(config, plain=plain)
    draws = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            drawn = torch.randn(weight.shape, generator=draws)
            norm = "norm" in name
            weight.copy_(1 + 0.1 * drawn if norm else drawn * 1.5 / weight[0].numel() ** 0.5)
    return model.requires_grad_(False).eval()


def seeing_model(seed: int, *, plain: bool = False) -> Step3VL:
    model = small_model(seed, SEEING, plain=plain)
    assert isinstance(model, Step3VL)
    return model


def picture(seed: int, columns: int = 0, rows: int = 0) -> PicturePixels:
    draws = torch.Generator().manual_seed(seed)
    crops = torch.randn(columns * rows, 3, 8, 8, generator=draws)
    return PicturePixels(crops, torch.randn(1, 3, 16, 16, generator=draws), columns, rows)


def with_pictures(prompt: Sequence[int], pictures: Sequence[PicturePixels]) -> list[int]:
    """The prompt with its image tokens expanded: a crop takes one, a view four."""
    return expand(prompt, [Layout(one.columns, one.rows, 1, 4) for one in pictures], IDS)
