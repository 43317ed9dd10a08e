"""The tower and the projector, held against a plain computation of another structure.

The plain one is numpy in double precision: loops over pictures, heads and places, patches and
kernels laid out as rows of one matrix product, and resizing by matrices of filter weights. It
takes the weights by the checkpoint's names.
"""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from edgewise.errors import UserError
from edgewise.step3.config import Step3VisionConfig, Step3VLConfig
from edgewise.step3.vision import Step3Vision
from tests.step3.small import both
from tests.step3.test_config import STEP3

torch.set_num_threads(1)

Array = NDArray[np.float64]
VIEW_PX, CROP_PX = 24, 16


def config(**changes: Any) -> Step3VLConfig:
    """A tiny one: 12 x 12 patches become 3 x 3 tokens, a crop's 8 x 8 become 2 x 2."""
    sizes: dict[str, Any] = {
        "hidden_size": 12,
        "intermediate_size": 20,
        "output_hidden_size": 6,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "image_size": VIEW_PX,
        "patch_size": 2,
        "understand_projector_stride": 2,
        "projector_bias": True,
        "text_hidden_size": 10,
    }
    return both(**sizes | changes)


def eyes(shape: Step3VLConfig) -> Step3Vision:
    """Random in all its parts: biases and norms too, which start as zeros and ones."""
    torch.manual_seed(7)
    model = Step3Vision(shape)
    for name, tensor in model.named_parameters():
        torch.nn.init.normal_(tensor, mean=1.0 if "norm" in name else 0.0, std=0.2)
    return model.eval()


def pixels(count: int, side: int) -> torch.Tensor:
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(side))


# --- the plain computation


def plain(model: Step3Vision, pictures: torch.Tensor, **twists: Any) -> Array:
    """(B, 3, side, side) -> (B, N, text width), without torch. A twist breaks one rule."""
    weights = {name: w.detach().double().numpy() for name, w in model.state_dict().items()}
    return np.stack(
        [plain_picture(weights, model.config, p, twists) for p in pictures.double().numpy()]
    )


def plain_picture(
    weights: dict[str, Array], config: Step3VLConfig, picture: Array, twists: dict[str, Any]
) -> Array:
    shape = config.vision_config
    vision, prefix = "vision_model.", twists.get("prefix", 4)
    x = plain_embeddings(weights, shape, picture, prefix, twists.get("cubic", -0.5))
    for number in range(shape.num_hidden_layers):
        layer = f"{vision}transformer.layers.{number}."
        for branch, norm in ((plain_attention, "layer_norm1"), (plain_mlp, "layer_norm2")):
            gain, shift = weights[f"{layer}{norm}.weight"], weights[f"{layer}{norm}.bias"]
            if twists.get("norm_first"):
                x = x + branch(weights, layer, shape, plain_norm(x, gain, shift, shape))
            else:
                x = x + plain_norm(branch(weights, layer, shape, x), gain, shift, shape)
    patches = x[prefix:]
    side = round(len(patches) ** 0.5)
    grid = patches.reshape(side, side, -1)
    grid = convolve(grid, *of(weights, "vit_downsampler"), config.understand_projector_stride, 0)
    if twists.get("activation"):
        grid = np.maximum(grid, 0)
    grid = convolve(grid, *of(weights, "vit_downsampler2"), 2, 1)
    matrix, bias = of(weights, "vit_large_projector")
    return grid.reshape(-1, grid.shape[-1]) @ matrix.T + bias


def plain_embeddings(
    weights: dict[str, Array], shape: Step3VisionConfig, picture: Array, prefix: int, cubic: float
) -> Array:
    name = "vision_model.embeddings."
    grid = convolve(
        picture.transpose(1, 2, 0), *of(weights, f"{name}patch_embedding"), shape.patch_size, 0
    )
    table = weights[f"{name}position_embedding.weight"]
    learned = table[1:].reshape(shape.position_grid, shape.position_grid, -1)
    matrix = resizing(shape.position_grid, len(grid), cubic)
    positions = np.einsum("ai,bj,ijd->abd", matrix, matrix, learned)
    first = weights[f"{name}class_embedding"][0] + table[0]
    return np.concatenate([np.stack([first] * prefix), (grid + positions).reshape(-1, len(first))])


def plain_attention(
    weights: dict[str, Array], layer: str, shape: Step3VisionConfig, x: Array
) -> Array:
    matrix, bias = of(weights, f"{layer}self_attn.qkv_proj")
    heads: list[Array] = []
    for head in range(shape.num_attention_heads):
        rows = np.arange(head * shape.head_dim, (head + 1) * shape.head_dim)
        q, k, v = (
            x @ matrix[rows + part * shape.hidden_size].T + bias[rows + part * shape.hidden_size]
            for part in range(3)
        )
        scores = np.exp(q @ k.T / np.sqrt(shape.head_dim))
        heads.append(scores / scores.sum(axis=1, keepdims=True) @ v)
    out, shift = of(weights, f"{layer}self_attn.out_proj")
    return np.concatenate(heads, axis=1) @ out.T + shift


def plain_mlp(weights: dict[str, Array], layer: str, shape: Step3VisionConfig, x: Array) -> Array:
    del shape
    (first, shift), (second, other) = (of(weights, f"{layer}mlp.{name}") for name in ("fc1", "fc2"))
    x = x @ first.T + shift
    return x / (1 + np.exp(-1.702 * x)) @ second.T + other


def plain_norm(x: Array, gain: Array, shift: Array, shape: Step3VisionConfig) -> Array:
    centred = x - x.mean(axis=1, keepdims=True)
    spread = (centred**2).mean(axis=1, keepdims=True) + shape.layer_norm_eps
    return centred / np.sqrt(spread) * gain + shift


def convolve(grid: Array, kernel: Array, bias: Array, stride: int, padding: int) -> Array:
    """(height, width, in) -> (height, width, out): each window as one row of a matrix product."""
    outs, _, high, wide = kernel.shape
    grid = np.pad(grid, ((padding, padding), (padding, padding), (0, 0)))
    down = range(0, grid.shape[0] - high + 1, stride)
    across = range(0, grid.shape[1] - wide + 1, stride)
    windows = [grid[y : y + high, x : x + wide].transpose(2, 0, 1) for y in down for x in across]
    rows = np.stack(windows).reshape(len(down) * len(across), -1)
    return (rows @ kernel.reshape(outs, -1).T + bias).reshape(len(down), len(across), outs)


def resizing(source: int, target: int, a: float) -> Array:
    """Weights (target, source) of Keys' cubic filter, widened where it shrinks (antialias)."""
    if source == target:
        return np.eye(source)
    scale = source / target
    reach = max(scale, 1.0)
    centres = (np.arange(target) + 0.5) * scale
    x = np.abs(np.arange(source) + 0.5 - centres[:, None]) / reach
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    weights = np.where(x < 1, near, np.where(x < 2, far, 0.0))
    return weights / weights.sum(axis=1, keepdims=True)


def of(weights: dict[str, Array], name: str) -> tuple[Array, Array]:
    matrix = weights[f"{name}.weight"]
    return matrix, weights.get(f"{name}.bias", np.zeros(len(matrix)))


# --- the tests


@pytest.mark.parametrize("side", [VIEW_PX, CROP_PX, 36], ids=["view", "crop", "larger"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"understand_projector_stride": 1},
        {"projector_bias": False},
        {"layer_norm_eps": 1e-2},
        {"num_attention_heads": 1, "num_hidden_layers": 1},
    ],
    ids=["step3", "stride_1", "no_bias", "eps", "one_head"],
)
def test_the_eyes_see_what_a_plain_computation_sees(changes: dict[str, Any], side: int):
    model = eyes(config(**changes))
    pictures = pixels(2, side)
    with torch.no_grad():
        seen = model(pictures).numpy()
    expected = plain(model, pictures)
    assert seen.shape == (2, model.config.tokens(side), 10)
    assert np.abs(seen - expected).max() <= 1e-5
    assert np.abs(expected).max() > 1


@pytest.mark.parametrize(
    "twist",
    [{"prefix": 1}, {"prefix": 5}, {"norm_first": True}, {"cubic": -0.75}, {"activation": True}],
    ids=str,
)
def test_the_plain_computation_would_tell_each_likely_mistake(twist: dict[str, Any]):
    model = eyes(config())
    pictures = pixels(1, CROP_PX)
    with torch.no_grad():
        seen = model(pictures).numpy()
    assert np.abs(seen - plain(model, pictures)).max() <= 1e-5
    assert np.abs(seen - plain(model, pictures, **twist)).max() > 1e-3


def step3(**changes: Any) -> Step3Vision:
    """At its published sizes, without memory for the weights."""
    with torch.device("meta"):
        return Step3Vision(both(STEP3, **changes))


@pytest.mark.parametrize(
    ("width", "tower", "whole"),
    [(15360, 4_285_292_032, 4_675_381_760), (3072, 1_509_985_792, 1_900_075_520)],
    ids=["5B as stated", "class default"],
)
def test_the_config_alone_gives_the_number_of_parameters(width: int, tower: int, whole: int):
    model = step3(intermediate_size=width)
    counts = [
        sum(part.numel() for part in module.parameters()) for module in (model.vision_model, model)
    ]
    assert counts == [tower, whole]


@pytest.mark.parametrize(("side", "tokens"), [(728, 169), (504, 81)])
def test_at_step3s_own_sizes_as_many_tokens_come_out_as_the_config_says(side: int, tokens: int):
    model = step3(num_hidden_layers=1)
    seen = model(torch.empty(2, 3, side, side, device="meta"))
    assert seen.shape == (2, tokens, 7168)
    assert model.config.tokens(side) == tokens


def test_every_tensor_bears_its_name_and_shape_of_the_checkpoint():
    shapes = {name: tuple(w.shape) for name, w in Step3Vision(config()).state_dict().items()}
    layers = {
        f"vision_model.transformer.layers.{number}.{name}": shape
        for number in range(2)
        for name, shape in {
            "layer_norm1.weight": (12,),
            "layer_norm1.bias": (12,),
            "self_attn.qkv_proj.weight": (36, 12),
            "self_attn.qkv_proj.bias": (36,),
            "self_attn.out_proj.weight": (12, 12),
            "self_attn.out_proj.bias": (12,),
            "layer_norm2.weight": (12,),
            "layer_norm2.bias": (12,),
            "mlp.fc1.weight": (20, 12),
            "mlp.fc1.bias": (20,),
            "mlp.fc2.weight": (12, 20),
            "mlp.fc2.bias": (12,),
        }.items()
    }
    assert shapes == layers | {
        "vision_model.embeddings.class_embedding": (1, 12),
        "vision_model.embeddings.patch_embedding.weight": (12, 3, 2, 2),
        "vision_model.embeddings.patch_embedding.bias": (12,),
        "vision_model.embeddings.position_embedding.weight": (145, 12),
        "vit_downsampler.weight": (6, 12, 2, 2),
        "vit_downsampler.bias": (6,),
        "vit_downsampler2.weight": (12, 6, 3, 3),
        "vit_downsampler2.bias": (12,),
        "vit_large_projector.weight": (10, 12),
        "vit_large_projector.bias": (10,),
    }


def test_a_projector_without_bias_has_no_tensor_for_one():
    names = Step3Vision(config(projector_bias=False)).state_dict()
    assert "vit_large_projector.bias" not in names


def test_a_pictures_features_are_its_crops_and_then_the_view():
    model = eyes(config())
    crops, view = pixels(3, CROP_PX), pixels(1, VIEW_PX)
    with torch.no_grad():
        together = model.features(crops, view)
        assert together.shape == (3 * 4 + 9, 10)
        for number in range(3):
            alone = model(crops[number : number + 1])[0]
            torch.testing.assert_close(together[4 * number : 4 * number + 4], alone)
        torch.testing.assert_close(together[12:], model(view)[0])
        torch.testing.assert_close(model.features(crops[:0], view), model(view)[0])


def test_a_learned_position_is_taken_as_it_is_on_the_grid_it_was_learned_for():
    embeddings = eyes(config()).vision_model.embeddings
    of_class, of_patches = embeddings.positions(12)
    assert torch.equal(torch.cat([of_class, of_patches]), embeddings.position_embedding.weight)


def test_in_half_precision_positions_are_resized_in_full_precision():
    model = eyes(config()).to(torch.bfloat16)
    halved = model.vision_model.embeddings.positions(8)[1]
    full = model.float().vision_model.embeddings.positions(8)[1]
    assert halved.dtype == torch.bfloat16
    assert torch.equal(halved, full.bfloat16())


def test_pixels_in_full_precision_are_seen_by_eyes_in_half():
    seen = eyes(config()).to(torch.bfloat16)(pixels(1, VIEW_PX))
    assert seen.dtype == torch.bfloat16
    assert bool(torch.isfinite(seen).all())


def test_learning_reaches_every_part_of_the_eyes():
    model = eyes(config())
    model.features(pixels(2, CROP_PX), pixels(1, VIEW_PX)).square().sum().backward()
    still = [name for name, w in model.named_parameters() if w.grad is None or not w.grad.any()]
    assert still == []


@pytest.mark.parametrize(
    "shape",
    [(3, 24, 24), (1, 1, 24, 24), (1, 4, 24, 24), (1, 3, 24, 16), (0, 3, 24, 24), (1, 24, 24, 3)],
    ids=str,
)
def test_pixels_that_are_no_square_pictures_are_refused_with_their_shape(shape: tuple[int, ...]):
    with pytest.raises(UserError, match=r"pixels of shape \(.*give \(pictures, 3, side, side\)"):
        eyes(config())(torch.zeros(shape))


@pytest.mark.parametrize("side", [1, 2, 23])
def test_pixels_of_a_side_that_the_tower_can_not_cut_are_refused(side: int):
    with pytest.raises(UserError, match=f"{side} pixels wide"):
        eyes(config())(torch.zeros(1, 3, side, side))
