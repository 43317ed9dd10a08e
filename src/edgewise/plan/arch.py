"""A model's architecture as sizes alone: what `count` needs to know, and nothing of its words.

Layers that are alike stand in one group; their order does not change a count. Sizes are elements,
never bytes. A router's way of choosing, rotary positions and activations do not appear: they cost
nothing that is counted. Not covered: sparse attention by an indexer (DeepSeek-V3.2), embeddings
for each layer (Gemma 3n). Source of the attention kinds: Step-3 report (arXiv:2507.19427),
section 4; reference note on Step-3, sections 1 and 3.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edgewise.errors import UserError
from edgewise.plan.number_format import NumberFormat

LARGEST = 10**8
"""No width, vocabulary, context or number of experts of a real model comes near it."""

Size = Annotated[int, Meta(ge=1, le=LARGEST)]
Count = Annotated[int, Meta(ge=0, le=LARGEST)]


class Gqa(Struct, frozen=True, tag_field="kind", tag="gqa", forbid_unknown_fields=True):
    """Softmax attention; `kv_heads` equal to `heads` is MHA, one is MQA.

    `value_dim` 0 means `head_dim`. `window` and `chunk` are tokens, 0 is none: a window slides, a
    chunk starts anew. `qk_norm` is over each head or over the whole width. The output gate is one
    number a head or one an element. `own_kv` is false where a layer reads another layer's keys and
    values: it has neither their projections nor a cache."""

    heads: Size
    kv_heads: Size
    head_dim: Size
    value_dim: Count = 0
    window: Count = 0
    chunk: Count = 0
    qk_norm: Literal["none", "head", "width"] = "none"
    output_gate: Literal["none", "head", "element"] = "none"
    qkv_bias: bool = False
    output_bias: bool = False
    own_kv: bool = True


class Mla(Struct, frozen=True, tag_field="kind", tag="mla", forbid_unknown_fields=True):
    """Multi-head latent attention (DeepSeek): one latent and one rotary key a token for all heads.

    `q_rank` 0 means that the query is projected at once."""

    heads: Size
    q_rank: Count
    kv_rank: Size
    rope_dim: Size
    nope_dim: Size
    value_dim: Size


class Mfa(Struct, frozen=True, tag_field="kind", tag="mfa", forbid_unknown_fields=True):
    """Multi-matrix factorisation attention (Step-3): a query through one shared rank, with a norm
    on it, and few wide key/value heads."""

    heads: Size
    q_rank: Size
    kv_heads: Size
    head_dim: Size


class LinearAttention(
    Struct, frozen=True, tag_field="kind", tag="linear", forbid_unknown_fields=True
):
    """Attention with a state of fixed size: `heads` x `key_dim` x `value_dim` elements.

    Lightning has as many key heads as heads; gated delta and Mamba-2 have fewer (Mamba-2: groups,
    with `key_dim` the state's width and `value_dim` the head's). `gate` is an output gate as wide
    as the values (Mamba's z); `scalars` are numbers projected for each head (gated delta: 2,
    Mamba-2: 1); `convolution` is the length of a causal convolution over q, k and v, 0 for none.
    `norm` is over each head (gated delta) or over the whole width (lightning, Mamba-2).
    `flops_per_element` of the state and token: decay 1, outer product 2, read 2, hence 5; the delta
    rule reads the state once more, before it writes: 7."""

    heads: Size
    key_heads: Size
    key_dim: Size
    value_dim: Size
    gate: bool = False
    scalars: Count = 0
    convolution: Count = 0
    norm: Literal["head", "width"] = "head"
    flops_per_element: Annotated[float, Meta(ge=0, le=1000)] = 5
    state_format: NumberFormat = NumberFormat.FP32


class ShortConvolution(
    Struct, frozen=True, tag_field="kind", tag="convolution", forbid_unknown_fields=True
):
    """A gated causal convolution of `length` tokens over the hidden width (LFM2)."""

    length: Size


class Dense(Struct, frozen=True, tag_field="kind", tag="dense", forbid_unknown_fields=True):
    """A feed-forward layer; gated has three matrices (SwiGLU, GeGLU), else two."""

    width: Size
    gated: bool = True
    bias: bool = False


class Moe(Struct, frozen=True, tag_field="kind", tag="moe", forbid_unknown_fields=True):
    """Experts of `width`, of which each token takes `top_k`.

    `shared_width` is the width of all shared experts together, 0 for none. `shared_gate` is one
    number a token on them (Qwen2-MoE), `router_bias` one number an expert."""

    experts: Size
    top_k: Size
    width: Size
    shared_width: Count = 0
    gated: bool = True
    shared_gate: bool = False
    router_bias: bool = False


Attention = Gqa | Mla | Mfa | LinearAttention | ShortConvolution
Ffn = Dense | Moe


class LayerGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """Layers that are alike. `norms` are the norms over the hidden width in each of them; `extra`
    are small parameters of each that no size tells: attention sinks, experts' biases.

    `kv_format` is how these layers keep keys and values (see `with_kv_format`)."""

    layers: Size
    attention: Attention | None
    ffn: Ffn | None
    kv_format: NumberFormat = NumberFormat.BF16
    norms: Count = 2
    extra: Count = 0


class Architecture(Struct, frozen=True, forbid_unknown_fields=True):
    """A model. `tied` heads use the embedding's matrix; `other_parameters` are those of what is not
    the language model (a vision tower, its projector)."""

    name: str
    hidden: Size
    vocab: Size
    groups: Annotated[tuple[LayerGroup, ...], Meta(min_length=1)]
    tied: bool = False
    max_context: Count = 0
    other_parameters: Annotated[int, Meta(ge=0, le=10**13)] = 0
    aliases: tuple[str, ...] = ()
    source: str = ""

    @property
    def layers(self) -> int:
        """All layers of all groups."""
        return sum(group.layers for group in self.groups)


def with_kv_format(architecture: Architecture, kv_format: NumberFormat) -> Architecture:
    """The same model with the keys and values of all layers kept in one format."""
    groups = tuple(
        msgspec.structs.replace(group, kv_format=kv_format) for group in architecture.groups
    )
    return msgspec.structs.replace(architecture, groups=groups)


def architecture_from(values: object) -> Architecture:
    """The architecture in a mapping (of TOML or JSON). Raises UserError that names the key."""
    try:
        architecture = msgspec.convert(values, Architecture)
    except msgspec.ValidationError as error:
        raise _wrong(str(error)) from error
    for number, group in enumerate(architecture.groups):
        for trouble in _troubles(group):
            raise _wrong(f"groups[{number}].{trouble} (model {architecture.name})")
    return architecture


def checked(architecture: Architecture) -> Architecture:
    """The architecture itself if its sizes can be. Raises UserError that names the key."""
    return architecture_from(msgspec.to_builtins(architecture))


def _troubles(group: LayerGroup) -> Iterator[str]:
    """What fits each field alone and not its neighbour."""
    match group.attention:
        case Gqa(heads=heads, kv_heads=kv_heads) | Mfa(heads=heads, kv_heads=kv_heads):
            if heads % kv_heads:
                yield f"attention.kv_heads is {kv_heads}; it divides heads, {heads}"
        case LinearAttention(heads=heads, key_heads=key_heads):
            if heads % key_heads:
                yield f"attention.key_heads is {key_heads}; it divides heads, {heads}"
        case _:
            pass
    match group.attention:
        case Gqa(window=window, chunk=chunk) if window and chunk:
            yield "attention.window and attention.chunk are both set; a layer has one of them"
        case _:
            pass
    match group.ffn:
        case Moe(experts=experts, top_k=top_k) if top_k > experts:
            yield f"ffn.top_k is {top_k}; there are {experts} experts"
        case _:
            pass


def _wrong(what: str) -> UserError:
    return UserError(f"the model's architecture is wrong: {what}", code="bad_architecture")
