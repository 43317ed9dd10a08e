"""The architecture and the exact weights of a GGUF file, from its metadata and tensors' shapes.

What a layer holds is read from its tensors, heads and widths from the metadata; what no field of
`arch` counts goes into a group's `extra`, so that parameters are the file's own to the last one.
Names are llama.cpp's (gguf-py `constants.py`). Keys and values are kept in 16 bits, as llama.cpp
does. Refused: linear attention and Mamba in GGUF, indexers. Not known: embeddings for each layer.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal

import msgspec
from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import (
    Architecture,
    Attention,
    Dense,
    Ffn,
    Gqa,
    LayerGroup,
    Mla,
    Moe,
    ShortConvolution,
    checked,
)
from edgewise.plan.gguf_values import GgufValues
from edgewise.plan.hf_config import grouped
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import StoredWeights
from edgewise.plan.weights import parameters

PATTERNS = {"gemma2": 2, "gemma3": 6, "gpt-oss": 2, "llama4": 4, "cohere2": 4}
"""Every so-manieth layer attends to all, the others slide: llama.cpp knows it by family."""
FULL = frozenset({"phi3"})
"""Families whose window llama.cpp leaves out."""
LLAMA4_CHUNK = 8192
"""llama.cpp has it in its code, not in the file."""
PARTS_OF = {
    "token_embd": "embedding",
    "output": "head",
    "ffn_gate_inp": "router",
    "ffn_gate_inp_shexp": "router",
}

SIDES = {
    "attn_q.weight": 2,
    "attn_gate.weight": 2,
    "shortconv.conv.weight": 2,
    "ffn_up.weight": 2,
    "ffn_down.weight": 2,
    "ffn_down_shexp.weight": 2,
    "ffn_up_exps.weight": 3,
    "ffn_down_exps.weight": 3,
}
"""Of the tensors that a layer's sizes are read from."""
NOT_COUNTED = ("ssm_", "indexer.")
"""Beside softmax attention too: Mamba and linear attention, and an indexer that makes it sparse."""


class GgufTensor(Struct, frozen=True):
    """A tensor as the file lists it: `shape` has the inputs first, `stored` is GGUF's own name of
    its format in small letters."""

    name: str
    shape: tuple[int, ...]
    stored: str
    size_bytes: int

    @property
    def size(self) -> int:
        """Its numbers."""
        return prod(self.shape)


Layer = Mapping[str, GgufTensor]


def architecture_of(
    metadata: Mapping[str, Any], tensors: Sequence[GgufTensor], name: str = ""
) -> Architecture:
    """The architecture of a file; `name` is what to call it, its own unless given. Raises UserError
    that names the key or the tensor of what is wrong."""
    values = GgufValues(metadata)
    layers = _by_layer(tensors, values.size("block_count"))
    named = {tensor.name: tensor for tensor in tensors}
    embedding = named.get("token_embd.weight")
    if embedding is None or len(embedding.shape) != 2:
        raise _wrong("token_embd.weight is missing")
    hidden, vocab = embedding.shape
    if hidden != (said := values.size("embedding_length")):
        raise _wrong(f"token_embd.weight is {hidden} wide; the metadata says {said}")
    groups = grouped(_layer(values, number, layer, hidden) for number, layer in enumerate(layers))
    architecture = Architecture(
        name=name or values.text("general.name") or values.family,
        hidden=hidden,
        vocab=vocab,
        groups=groups,
        tied="output.weight" not in named,
        max_context=values.count("context_length"),
        source=f"GGUF file of the family {values.family}",
    )
    rest = sum(tensor.size for tensor in tensors) - parameters(architecture).total
    if rest < 0:
        raise _wrong(f"its tensors hold {-rest} numbers less than its metadata says")
    return checked(msgspec.structs.replace(architecture, other_parameters=rest))


def weights_of(tensors: Sequence[GgufTensor]) -> StoredWeights:
    """The exact bytes of the tensors by part and format."""
    formats: dict[str, dict[str, int]] = {}
    for tensor in tensors:
        of_part = formats.setdefault(part_of(tensor), {})
        of_part[tensor.stored] = of_part.get(tensor.stored, 0) + tensor.size_bytes
    return StoredWeights({part: sum(each.values()) for part, each in formats.items()}, formats)


def part_of(tensor: GgufTensor) -> str:
    """Which of `weights.PARTS` a tensor belongs to, "other" for what is not known."""
    last = tensor.name.removesuffix(".weight").rsplit(".", 1)[-1]
    if len(tensor.shape) < 2 or tensor.name.endswith(".bias") or ".conv." in tensor.name:
        return "small"
    if last in PARTS_OF:
        return PARTS_OF[last]
    if last.startswith("ffn_"):
        kind = last.rsplit("_", 1)[-1]
        return {"exps": "experts", "shexp": "shared"}.get(kind, "dense")
    if tensor.name.startswith("blk.") and (last.startswith("attn_") or "shortconv." in tensor.name):
        return "projections"
    return "other"


def _by_layer(tensors: Sequence[GgufTensor], count: int) -> list[dict[str, GgufTensor]]:
    """Each layer's tensors by their names in it."""
    if count > 10_000:
        raise _wrong(f"block_count is {count}; it is at most 10000")
    layers: list[dict[str, GgufTensor]] = [{} for _ in range(count)]
    for tensor in tensors:
        if not tensor.name.startswith("blk."):
            continue
        number, _, inside = tensor.name.removeprefix("blk.").partition(".")
        if not number.isdecimal() or len(number) > 5 or int(number) >= count:
            raise _wrong(f"the tensor {tensor.name} is of no layer; there are {count}")
        layers[int(number)][inside] = tensor
    for number, layer in enumerate(layers):
        if not layer:
            raise _wrong(f"layer {number} has no tensors; is it a part of a split file?")
    return layers


def _layer(values: GgufValues, number: int, layer: Layer, hidden: int) -> LayerGroup:
    """One layer; `extra` is what its tensors hold besides."""
    for inside, tensor in layer.items():
        if inside.startswith(NOT_COUNTED):
            raise _wrong(f"{tensor.name} belongs to an attention that is not counted here")
        if (sides := SIDES.get(inside)) not in (None, len(tensor.shape)):
            raise _wrong(f"{tensor.name} is {tensor.shape}; it has {sides} sides")
    norms = sum(
        inside.endswith("_norm.weight") and tensor.shape == (hidden,)
        for inside, tensor in layer.items()
        if not inside.startswith(("attn_q_norm", "attn_k_norm"))
    )
    group = LayerGroup(
        1,
        _attention(values, number, layer, hidden),
        _ffn(values, number, layer, hidden),
        kv_format=NumberFormat.FP16,
        norms=norms,
    )
    one = Architecture(name="layer", hidden=hidden, vocab=1, groups=(group,), tied=True)
    counted = (
        parameters(one).total - 2 * hidden
    )  # the embedding's row, and the norm before the head
    extra = sum(tensor.size for tensor in layer.values()) - counted
    if extra < 0:
        raise _wrong(f"layer {number} holds {-extra} numbers less than its metadata says")
    return msgspec.structs.replace(group, extra=extra)


def _attention(values: GgufValues, number: int, layer: Layer, hidden: int) -> Attention | None:
    if "shortconv.conv.weight" in layer:
        return ShortConvolution(length=layer["shortconv.conv.weight"].shape[0])
    if "attn_kv_a_mqa.weight" in layer:
        return _mla(values)
    fused = layer.get("attn_qkv.weight")
    query = layer.get("attn_q.weight")
    if fused is None and query is None:
        tensors = ", ".join(sorted(layer))
        raise _wrong(f"layer {number} has no attention that is known; its tensors: {tensors}")
    heads = values.of_layer("attention.head_count", number)
    kv_heads = values.of_layer("attention.head_count_kv", number, default=heads)
    head_dim = values.size("attention.key_length", default=max(hidden // heads, 1))
    value_dim = values.size("attention.value_length", default=head_dim)
    if heads % kv_heads:
        raise _wrong(f"attention.head_count_kv is {kv_heads}; it divides {heads} heads")
    own_kv = fused is not None or "attn_k.weight" in layer
    _hold(layer, number, "attn_output.weight", (heads * value_dim, hidden))
    if own_kv and fused is None:
        _hold(layer, number, "attn_k.weight", (hidden, kv_heads * head_dim))
        _hold(layer, number, "attn_v.weight", (hidden, kv_heads * value_dim))
    window, chunk = _reach(values, number)
    return Gqa(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        value_dim=0 if value_dim == head_dim else value_dim,
        window=window,
        chunk=chunk,
        qk_norm="head" if _is_head_norm(layer, head_dim) else "none",
        output_gate=_gate(layer, query, heads, head_dim, value_dim),
        qkv_bias="attn_q.bias" in layer or "attn_qkv.bias" in layer,
        output_bias="attn_output.bias" in layer,
        own_kv=own_kv,
    )


def _hold(layer: Layer, number: int, name: str, shape: tuple[int, int]) -> None:
    """Refuse a layer whose tensor has not the shape that the metadata asks for."""
    tensor = layer.get(name)
    if tensor is None or tensor.shape != shape:
        found = "missing" if tensor is None else tensor.shape
        raise _wrong(f"blk.{number}.{name} is {found}; by the metadata it is {shape}")


def _mla(values: GgufValues) -> Mla:
    """Latent attention; files from before llama.cpp absorbed its matrices have no `_mla` keys."""
    rope = values.size("rope.dimension_count")
    key = values.size("attention.key_length_mla", default=values.count("attention.key_length"))
    value = values.size(
        "attention.value_length_mla", default=values.count("attention.value_length")
    )
    if key <= rope:
        raise _wrong(f"attention.key_length is {key}; it is above rope.dimension_count, {rope}")
    return Mla(
        heads=values.size("attention.head_count"),
        q_rank=values.count("attention.q_lora_rank"),
        kv_rank=values.size("attention.kv_lora_rank"),
        rope_dim=rope,
        nope_dim=key - rope,
        value_dim=value,
    )


def _ffn(values: GgufValues, number: int, layer: Layer, hidden: int) -> Ffn | None:
    up = layer.get("ffn_up.weight")
    experts = layer.get("ffn_up_exps.weight") or layer.get("ffn_down_exps.weight")
    if experts is not None:
        narrow = layer["ffn_down_exps.weight"].shape[0] if "ffn_down_exps.weight" in layer else 0
        shared = layer.get("ffn_down_shexp.weight")
        return Moe(
            experts=experts.shape[2],
            top_k=values.size("expert_used_count"),
            width=narrow or experts.shape[1],
            shared_width=shared.shape[0] if shared is not None else 0,
            gated="ffn_gate_exps.weight" in layer or "ffn_gate_up_exps.weight" in layer,
            shared_gate="ffn_gate_inp_shexp.weight" in layer,
            router_bias="exp_probs_b.bias" in layer or "ffn_gate_inp.bias" in layer,
        )
    if up is None:
        return None
    down = layer.get("ffn_down.weight")
    if down is None or down.shape[1] != hidden:
        raise _wrong(f"blk.{number}.ffn_down.weight is missing or not {hidden} wide")
    fused = up.shape[1] == 2 * down.shape[0]
    return Dense(
        width=down.shape[0],
        gated=fused or "ffn_gate.weight" in layer,
        bias="ffn_up.bias" in layer and "ffn_down.bias" in layer,
    )


def _reach(values: GgufValues, number: int) -> tuple[int, int]:
    """A layer's window and chunk."""
    every = PATTERNS.get(values.family, 0)
    slides = (number + 1) % every != 0 if every else values.family not in FULL
    pattern = values.raw("attention.sliding_window_pattern")
    if isinstance(pattern, list):
        slides = bool(values.of_layer("attention.sliding_window_pattern", number, least=0))
    elif isinstance(pattern, int) and pattern > 1:
        slides = (number + 1) % pattern != 0
    if values.family == "llama4":
        return 0, LLAMA4_CHUNK if slides else 0
    return (values.count("attention.sliding_window") if slides else 0), 0


def _is_head_norm(layer: Layer, head_dim: int) -> bool:
    norm = layer.get("attn_q_norm.weight")
    return norm is not None and norm.shape == (head_dim,)


def _gate(
    layer: Layer, query: GgufTensor | None, heads: int, head_dim: int, value_dim: int
) -> Literal["none", "head", "element"]:
    """The output gate: a matrix of its own, or a query of twice the width."""
    gate = layer.get("attn_gate.weight")
    if gate is not None:
        return "head" if gate.shape[1] == heads else "element"
    wide = query is not None and query.shape[1] == heads * (head_dim + value_dim)
    return "element" if wide else "none"


def _wrong(what: str) -> UserError:
    return UserError(f"the GGUF file is wrong: {what}", code="bad_architecture")
