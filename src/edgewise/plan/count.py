"""What a token costs: FLOPs and bytes by item, for decoding and for prefill. A multiplication and
its addition are two FLOPs.

Counted: matrix multiplications, attention's scores and values, updates of states, convolutions.
Not counted: norms, activations, rotary positions, softmax, gates' products, the embedding look-up;
together well under a hundredth. Attention is causal: a token attends to those before it and itself,
at most a window's. `paper_` sums are those of the Step-3 report's Tables 2 and 3: they leave out
router, embedding and head, charge values at the keys' width, which matters for MLA alone (576 where
512 would do), and a state's work twice (10 FLOPs an element of MiniMax's, whose model does 5).
Source: reference note on Step-3, section 1.2; that the counts are those of models that run:
tests/plan/test_counted.py and tests/step3/test_counted.py.
"""

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
from edgewise.plan.number_format import bytes_each
from edgewise.plan.weights import convolved, matrices_of_one, projections, router


class Work(Struct, frozen=True):
    """FLOPs and bytes of some tokens through a model.

    `scores` are queries by keys, `values` their weights by values, `state` updates and readings of
    linear attention's states with the convolutions. `kv_read` and `state_traffic` are the bytes of
    cache that are read, and of states that are read and written; `kv_write` those that are added.
    """

    scores: float = 0
    values: float = 0
    state: float = 0
    projections: float = 0
    dense: float = 0
    shared: float = 0
    experts: float = 0
    router: float = 0
    head: float = 0
    kv_read: float = 0
    kv_write: float = 0
    state_traffic: float = 0

    @property
    def core(self) -> float:
        """FLOPs of attention that are not projections."""
        return self.scores + self.values + self.state

    @property
    def attention(self) -> float:
        """FLOPs of attention."""
        return self.core + self.projections

    @property
    def ffn(self) -> float:
        """FLOPs of feed-forward layers, the router's left out."""
        return self.dense + self.shared + self.experts

    @property
    def flops(self) -> float:
        """All FLOPs that are counted."""
        return self.attention + self.ffn + self.router + self.head

    @property
    def cache_traffic(self) -> float:
        """Bytes of keys, values and states that one pass moves, what it adds left out: the paper's
        `B_kv`."""
        return self.kv_read + self.state_traffic

    @property
    def paper_core(self) -> float:
        """The paper's `F_core`: values charged at the keys' width, a state's work twice."""
        return 2 * (self.scores + self.state)

    @property
    def paper_linear(self) -> float:
        """The paper's `F_linear`."""
        return self.projections

    @property
    def paper_ffn(self) -> float:
        """The paper's `F_ffn`: active experts, shared ones included, and dense layers."""
        return self.ffn


def decode(architecture: Architecture, context: int) -> Work:
    """The work for one token that attends to `context` tokens, itself among them. MLA decodes
    with its matrices absorbed: it attends in the latent's width."""
    return _work(architecture, new=1, before=max(context, 1) - 1, absorbed=True)


def prefill(
    architecture: Architecture,
    tokens: int,
    before: int = 0,
    *,
    heads: int = 1,
    masked: bool = True,
) -> Work:
    """The work for `tokens` tokens at once, after `before` that are in the cache.

    `heads` is for how many of them the head is computed. `masked` false counts every pair of a
    token and all tokens in reach of the last, as a kernel does that multiplies first and masks
    then. MLA expands its latents to keys and values for each head."""
    return _work(
        architecture, new=tokens, before=before, absorbed=False, heads=heads, masked=masked
    )


def kv_elements(attention: Attention | None) -> int:
    """Numbers that one layer keeps for each token."""
    match attention:
        case Gqa(kv_heads=kv_heads, head_dim=head_dim, value_dim=value_dim, own_kv=own_kv):
            return kv_heads * (head_dim + (value_dim or head_dim)) if own_kv else 0
        case Mla(kv_rank=kv_rank, rope_dim=rope_dim):
            return kv_rank + rope_dim
        case Mfa(kv_heads=kv_heads, head_dim=head_dim):
            return 2 * kv_heads * head_dim
        case _:
            return 0


def kv_bytes_per_token(architecture: Architecture) -> float:
    """Bytes that one more token adds to the cache while no window is full."""
    return sum(
        group.layers * kv_elements(group.attention) * bytes_each(group.kv_format)
        for group in architecture.groups
    )


def kv_bytes(architecture: Architecture, context: int) -> float:
    """Bytes of the cache that `context` tokens of one sequence need; a window's layers keep no more
    than a window."""
    return sum(
        group.layers
        * kv_elements(group.attention)
        * bytes_each(group.kv_format)
        * min(context, reach(group.attention) or context)
        for group in architecture.groups
    )


def state_bytes(architecture: Architecture) -> float:
    """Bytes of the states of one sequence, whatever its length; a convolution keeps the tokens
    before the current one, in the layers' `kv_format`."""
    return sum(
        group.layers * _state_bytes(group, architecture.hidden) for group in architecture.groups
    )


def reach(attention: Attention | None) -> int:
    """Tokens that a layer attends to at most; 0 is no limit."""
    return attention.window or attention.chunk if isinstance(attention, Gqa) else 0


def pairs(new: int, before: int, window: int = 0, chunk: int = 0) -> int:
    """Pairs of a token among `new` and one it attends to, after `before` others."""
    if chunk:
        return _chunked(before + new, chunk) - _chunked(before, chunk)
    return _windowed(before + new, window) - _windowed(before, window)


def _work(
    architecture: Architecture,
    *,
    new: int,
    before: int,
    absorbed: bool,
    heads: int = 1,
    masked: bool = True,
) -> Work:
    hidden = architecture.hidden
    sums = dict.fromkeys(Work.__struct_fields__, 0.0)
    sums["head"] = 2.0 * hidden * architecture.vocab * min(heads, new)
    for group in architecture.groups:
        own = _attention(group, hidden, new, before, absorbed, masked) | _ffn(
            group.ffn, hidden, new
        )
        for item, amount in own.items():
            sums[item] += group.layers * amount
    return Work(**sums)


def _attention(
    group: LayerGroup, hidden: int, new: int, before: int, absorbed: bool, masked: bool
) -> dict[str, float]:
    """The items of one layer's attention. The cache is read once for all tokens of a pass: what
    the first of them reaches and all new ones."""
    attention = group.attention
    stored = kv_elements(attention) * bytes_each(group.kv_format)
    at_key, at_value = _widths(attention, absorbed)
    met = _pairs_of(attention, new, before, masked)
    return {
        "scores": 2.0 * at_key * met,
        "values": 2.0 * at_value * met,
        "state": new * _state_flops(attention, hidden),
        "projections": 2.0 * new * sum(each.size for each in projections(attention, hidden)),
        "kv_read": _read_elements(attention)
        * bytes_each(group.kv_format)
        * _tokens_read(attention, new, before),
        "kv_write": stored * new,
        "state_traffic": 2.0 * _state_bytes(group, hidden),
    }


def _ffn(ffn: Ffn | None, hidden: int, new: int) -> dict[str, float]:
    """The items of one layer's feed-forward."""
    match ffn:
        case None:
            return {}
        case Dense(width=width):
            return {"dense": 2.0 * new * matrices_of_one(ffn) * hidden * width}
        case Moe(width=width, top_k=top_k, shared_width=shared_width):
            one = 2.0 * new * matrices_of_one(ffn) * hidden
            return {
                "shared": one * shared_width,
                "experts": one * width * top_k,
                "router": 2.0 * new * router(ffn, hidden),
            }
        case _:
            assert_never(ffn)


def _widths(attention: Attention | None, absorbed: bool) -> tuple[int, int]:
    """Elements that meet for one pair of tokens over all heads: at the key, at the value."""
    match attention:
        case Gqa(heads=heads, head_dim=head_dim, value_dim=value_dim):
            return heads * head_dim, heads * (value_dim or head_dim)
        case Mla(heads=heads, kv_rank=kv_rank, rope_dim=rope_dim) if absorbed:
            return heads * (kv_rank + rope_dim), heads * kv_rank
        case Mla(heads=heads, nope_dim=nope_dim, rope_dim=rope_dim, value_dim=value_dim):
            return heads * (nope_dim + rope_dim), heads * value_dim
        case Mfa(heads=heads, head_dim=head_dim):
            return heads * head_dim, heads * head_dim
        case _:
            return 0, 0


def _pairs_of(attention: Attention | None, new: int, before: int, masked: bool) -> int:
    if not masked:
        return new * _tokens_read(attention, new, before)
    window, chunk = (attention.window, attention.chunk) if isinstance(attention, Gqa) else (0, 0)
    if new == 1:
        return _tokens_read(attention, new, before)
    return pairs(new, before, window, chunk)


def _tokens_read(attention: Attention | None, new: int, before: int) -> int:
    """Tokens whose keys and values a pass reads. A chunk counts as full once it can be: where in
    it a token stands is not known, and the paper counts so."""
    limit = reach(attention)
    return new + (min(before, limit - 1) if limit else before)


def _read_elements(attention: Attention | None) -> int:
    """Numbers of each token that one layer reads, be they its own or another layer's."""
    if isinstance(attention, Gqa) and not attention.own_kv:
        return attention.kv_heads * (
            attention.head_dim + (attention.value_dim or attention.head_dim)
        )
    return kv_elements(attention)


def _state_flops(attention: Attention | None, hidden: int) -> float:
    """FLOPs of one token in one layer's state and convolution."""
    flops = 2.0 * convolved(attention, hidden)
    if isinstance(attention, LinearAttention):
        flops += attention.flops_per_element * _state_elements(attention)
    return flops


def _state_elements(attention: LinearAttention) -> int:
    return attention.heads * attention.key_dim * attention.value_dim


def _state_bytes(group: LayerGroup, hidden: int) -> float:
    """Bytes that one layer keeps of a sequence whatever its length."""
    match group.attention:
        case LinearAttention(convolution=length, state_format=state_format):
            recurrent = _state_elements(group.attention) * bytes_each(state_format)
        case ShortConvolution(length=length):
            recurrent = 0.0
        case _:
            return 0.0
    channels = convolved(group.attention, hidden) // length if length else 0
    return recurrent + channels * max(length - 1, 0) * bytes_each(group.kv_format)


def _windowed(tokens: int, window: int) -> int:
    """Pairs among the first `tokens`, each of which attends to at most `window`."""
    full = min(tokens, window) if window else tokens
    return full * (full + 1) // 2 + (tokens - full) * window


def _chunked(tokens: int, chunk: int) -> int:
    """Pairs among the first `tokens`, each of which attends within its chunk."""
    whole, rest = divmod(tokens, chunk)
    return whole * chunk * (chunk + 1) // 2 + rest * (rest + 1) // 2
