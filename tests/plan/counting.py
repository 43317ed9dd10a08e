"""What a model really multiplies, by part: torch's flop counter and the sizes of its tensors.

torch counts matrix products and convolutions. Three things are added to its formulas: its fused
attention for CPUs, which it leaves out; what is done element by element on a state of linear
attention; and that an outer product (an inner length of one) has no additions.
"""

import re
from collections import Counter
from collections.abc import Callable
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

aten = torch.ops.aten
ATTENTION = re.compile(r"\.(self_attn|linear_attn|conv)(\.|$)")
PARTS = (
    ("head", re.compile(r"(^|\.)lm_head$")),
    ("embedding", re.compile(r"(^|\.)embed_tokens$")),
    ("attention", ATTENTION),
    ("router", re.compile(r"\.(gate|router|shared_expert_gate)$")),
    ("shared", re.compile(r"\.shared?_experts?(\.|$)")),
    ("experts", re.compile(r"\.(experts|moe)(\.|$)")),
    ("dense", re.compile(r"\.(mlp|feed_forward)(\.|$)")),
)
"""The planner's items by the path of a module; the first that fits."""
STACKED = re.compile(r"experts\.\w+_proj$")
SMALL_TENSOR = re.compile(r"conv\w*\.weight$|correction_bias$")
CONSTANT = re.compile(r"inv_freq|_decay$|slope_rate|embed_scale")
LINEAR = (aten.mm, aten.addmm)


def part_of(path: str) -> str:
    """The part of the model that a module is."""
    return next((part for part, fits in PARTS if fits.search(path)), "small")


def count_flops(run: Callable[[], object], state: tuple[int, ...] = ()) -> Counter[str]:
    """FLOPs of a run by the planner's items; attention is "projections", "convolved" and "core".
    `state` is the shape of linear attention's state, if there is one."""
    mapping = {
        aten._scaled_dot_product_flash_attention_for_cpu: _fused,
        aten.bmm: _bmm,
        **_elementwise(state),
    }
    with FlopCounterMode(display=False, custom_mapping=mapping) as counter, torch.no_grad():
        run()
    items: Counter[str] = Counter()
    for path, flops in _own(counter.get_flop_counts()).items():
        for operation, amount in flops.items():
            items[_item(path, operation)] += amount
    assert sum(items.values()) == counter.get_total_flops()
    return +items


def count_parameters(model: nn.Module, top_k: int = 0) -> dict[str, int]:
    """The model's numbers by the planner's parts; of stacked experts, `top_k` act."""
    parts: Counter[str] = Counter()
    for name, weight in published_tensors(model).items():
        path = name if STACKED.search(name) else name.rpartition(".")[0]
        is_matrix = weight.dim() > 1 and not SMALL_TENSOR.search(name)
        part = part_of(path) if is_matrix else "small"
        parts["projections" if part == "attention" else part] += weight.numel()
        if part == "experts":
            parts["active_experts"] += weight.numel() // len(weight) * top_k
    return dict(parts)


def published_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The tensors that a checkpoint has, a bias that chooses experts among them; what follows from
    the config is left out."""
    kept = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    return {name: tensor for name, tensor in kept.items() if not CONSTANT.search(name)}


def _own(counts: dict[str, dict[Any, int]]) -> dict[str, Counter[Any]]:
    """What each module does itself, without those in it."""
    own = {path: Counter(flops) for path, flops in counts.items() if path != "Global"}
    for path in own:
        outer = path
        while outer := outer.rpartition(".")[0]:
            if outer in own:
                own[outer].subtract(counts[path])
                break
    return own


def _item(path: str, operation: Any) -> str:
    part = part_of(path)
    if part != "attention":
        return part
    if operation is aten.convolution:
        return "convolved"
    return "projections" if operation in LINEAR else "core"


def _fused(query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_flop_count(query, key, value)


def _bmm(a_shape: Any, b_shape: Any, *_: Any, **__: Any) -> int:
    batch, rows, inner = a_shape
    return batch * rows * b_shape[-1] * (2 * inner if inner > 1 else 1)


def _elementwise(state: tuple[int, ...]) -> dict[Any, Callable[..., int]]:
    """One FLOP for each element of a state that is made or summed up."""

    def made(*_: Any, out_shape: Any = None, **__: Any) -> int:
        return prod(state) if state and tuple(out_shape) == state else 0

    def summed(shape: Any, *_: Any, **__: Any) -> int:
        return prod(state) if state and tuple(shape) == state else 0

    return {aten.mul: made, aten.add: made, aten.sum: summed}
