"""The matrices that a model's layers hold: its parameters, how many act on a token, their bytes.

A multiplication's work follows from the same list (see `count`), so that parameters and FLOPs
cannot drift apart. Norms and biases are parameters and no matrices.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from msgspec import Struct

from edgewise.plan.arch import (
    Architecture,
    Attention,
    Dense,
    Ffn,
    Gqa,
    LayerGroup,
    LinearAttention,
    Mfa,
    Mla,
    Moe,
    ShortConvolution,
)
from edgewise.plan.number_format import NumberFormat, bytes_each


class Matrix(Struct, frozen=True):
    """Weights of `inputs` x `outputs`; `name` is what the field calls them."""

    name: str
    inputs: int
    outputs: int

    @property
    def size(self) -> int:
        """Its parameters; twice that are the FLOPs of one token through it."""
        return self.inputs * self.outputs


class Parameters(Struct, frozen=True):
    """A model's parameters by what they are for; `active_experts` are part of `experts`.

    `head` is 0 where it is tied to the embedding. `small` are norms, biases and convolutions."""

    embedding: int
    head: int
    projections: int
    dense: int
    shared: int
    experts: int
    active_experts: int
    router: int
    small: int
    other: int

    @property
    def total(self) -> int:
        """All of them, other towers too."""
        inside = self.embedding + self.head + self.projections + self.ffn + self.router
        return inside + self.small + self.other

    @property
    def ffn(self) -> int:
        """Feed-forward weights that are held: dense, shared and all experts."""
        return self.dense + self.shared + self.experts

    @property
    def layers_active(self) -> int:
        """What one token of text passes in the layers: no embedding, no head."""
        ffn = self.dense + self.shared + self.active_experts
        return self.projections + ffn + self.router + self.small

    @property
    def active(self) -> int:
        """What one token of text multiplies with: layers and head, no embedding look-up. A tied
        head counts as one, for it is read."""
        return self.layers_active + (self.head or self.embedding)


PARTS = ("embedding", "head", "projections", "dense", "shared", "experts", "router", "small")


def parameters(architecture: Architecture) -> Parameters:
    """The parameters of all layers, itemised."""
    hidden, vocabulary = architecture.hidden, architecture.vocab * architecture.hidden
    parts = ("projections", "dense", "shared", "experts", "active_experts", "router")
    sums: dict[str, int] = dict.fromkeys(parts, 0)
    small = hidden  # the norm before the head
    for group in architecture.groups:
        for part, size in _of_layer(group, hidden):
            sums[part] += group.layers * size
        small += group.layers * _small(group, hidden)
    return Parameters(
        embedding=vocabulary,
        head=0 if architecture.tied else vocabulary,
        small=small,
        other=architecture.other_parameters,
        **sums,
    )


def weight_bytes(
    held: Parameters, stored: NumberFormat, parts: Mapping[str, NumberFormat] | None = None
) -> float:
    """Bytes of all weights kept as `stored`; `parts` gives those of `PARTS` kept otherwise.

    A tied head has no bytes of its own. Norms and the like, and other towers, are kept in 16 bits
    unless `stored` is wider or `parts` says otherwise ("small", "other")."""
    wide = stored if bytes_each(stored) > 2 else NumberFormat.BF16
    formats = {part: stored for part in PARTS} | {"small": wide, "other": wide} | dict(parts or {})
    return sum(getattr(held, part) * bytes_each(formats[part]) for part in (*PARTS, "other"))


def projections(attention: Attention | None, hidden: int) -> tuple[Matrix, ...]:
    """The projections of one layer's attention. MLA's are the absorbed ones of decoding: as many
    weights, and as much work a token, as those of prefill."""
    match attention:
        case None:
            return ()
        case Gqa():
            return _of_gqa(attention, hidden)
        case Mla():
            return _of_mla(attention, hidden)
        case Mfa(heads=heads, q_rank=q_rank, kv_heads=kv_heads, head_dim=head_dim):
            return (
                Matrix("q", hidden, q_rank),
                Matrix("wq", q_rank, heads * head_dim),
                Matrix("k", hidden, kv_heads * head_dim),
                Matrix("v", hidden, kv_heads * head_dim),
                Matrix("o", heads * head_dim, hidden),
            )
        case LinearAttention():
            keys = attention.key_heads * attention.key_dim
            values = attention.heads * attention.value_dim
            return (
                Matrix("q", hidden, keys),
                Matrix("k", hidden, keys),
                Matrix("v", hidden, values),
                *((Matrix("gate", hidden, values),) if attention.gate else ()),
                *_if_any(Matrix("scalars", hidden, attention.heads * attention.scalars)),
                Matrix("o", values, hidden),
            )
        case ShortConvolution():
            return (Matrix("in", hidden, 3 * hidden), Matrix("o", hidden, hidden))
        case _:
            assert_never(attention)


def convolved(attention: Attention | None, hidden: int) -> int:
    """Weights of a layer's causal convolutions, each channel on its own."""
    match attention:
        case LinearAttention():
            keys = attention.key_heads * attention.key_dim
            return (2 * keys + attention.heads * attention.value_dim) * attention.convolution
        case ShortConvolution(length=length):
            return hidden * length
        case _:
            return 0


def matrices_of_one(ffn: Dense | Moe) -> int:
    """How many matrices a feed-forward has: gated three, else two."""
    return 3 if ffn.gated else 2


def router(ffn: Ffn | None, hidden: int) -> int:
    """Weights that choose experts, and the gate on shared ones."""
    return hidden * (ffn.experts + ffn.shared_gate) if isinstance(ffn, Moe) else 0


def _of_layer(group: LayerGroup, hidden: int) -> Iterator[tuple[str, int]]:
    """The parts of one layer and their sizes."""
    yield "projections", sum(matrix.size for matrix in projections(group.attention, hidden))
    yield "router", router(group.ffn, hidden)
    match group.ffn:
        case None:
            return
        case Dense(width=width):
            yield "dense", matrices_of_one(group.ffn) * hidden * width
        case Moe(width=width, experts=experts, top_k=top_k, shared_width=shared_width):
            one = matrices_of_one(group.ffn) * hidden
            yield "shared", one * shared_width
            yield "experts", one * width * experts
            yield "active_experts", one * width * top_k
        case _:
            assert_never(group.ffn)


def _of_gqa(attention: Gqa, hidden: int) -> tuple[Matrix, ...]:
    keys = attention.kv_heads * attention.head_dim
    values = attention.kv_heads * (attention.value_dim or attention.head_dim)
    out = attention.heads * (attention.value_dim or attention.head_dim)
    gates = {"none": 0, "head": attention.heads, "element": out}[attention.output_gate]
    return (
        Matrix("q", hidden, attention.heads * attention.head_dim),
        *((Matrix("k", hidden, keys), Matrix("v", hidden, values)) if attention.own_kv else ()),
        *_if_any(Matrix("gate", hidden, gates)),
        Matrix("o", out, hidden),
    )


def _of_mla(attention: Mla, hidden: int) -> tuple[Matrix, ...]:
    heads, q_rank = attention.heads, attention.q_rank
    queries = heads * (attention.nope_dim + attention.rope_dim)
    asked = (
        (Matrix("q_a", hidden, q_rank), Matrix("q_b", q_rank, queries))
        if q_rank
        else (Matrix("q", hidden, queries),)
    )
    return (
        *asked,
        Matrix("kv_a", hidden, attention.kv_rank + attention.rope_dim),
        Matrix("w_uk", attention.kv_rank, heads * attention.nope_dim),
        Matrix("w_uv", attention.kv_rank, heads * attention.value_dim),
        Matrix("o", heads * attention.value_dim, hidden),
    )


def _if_any(matrix: Matrix) -> tuple[Matrix, ...]:
    return (matrix,) if matrix.size else ()


def _small(group: LayerGroup, hidden: int) -> int:
    """Norms, biases and convolutions of one layer."""
    attention, ffn = group.attention, group.ffn
    size = group.norms * hidden + group.extra + convolved(attention, hidden)
    match attention:
        case Gqa():
            size += _small_of_gqa(attention, hidden)
        case Mla():
            size += attention.q_rank + attention.kv_rank
        case Mfa():
            size += attention.q_rank
        case LinearAttention():
            normed = attention.heads if attention.norm == "width" else 1
            size += attention.heads * attention.scalars + normed * attention.value_dim
        case _:
            pass
    match ffn:
        case Dense(bias=True, width=width):
            size += hidden + width * (matrices_of_one(ffn) - 1)
        case Moe(router_bias=True, experts=experts):
            size += experts
        case _:
            pass
    return size


def _small_of_gqa(attention: Gqa, hidden: int) -> int:
    heads, kv_heads = attention.heads, attention.kv_heads if attention.own_kv else 0
    head_dim, value_dim = attention.head_dim, attention.value_dim or attention.head_dim
    widths = (heads + kv_heads) * head_dim
    size = {"none": 0, "head": head_dim * (2 if kv_heads else 1), "width": widths}[
        attention.qk_norm
    ]
    if attention.qkv_bias:
        size += widths + kv_heads * value_dim
    return size + (hidden if attention.output_bias else 0)
