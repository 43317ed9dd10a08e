"""Attention of three kinds for decoding after a filled cache, built from the planner's own sizes:
MFA (Step-3), GQA (Llama, Qwen) and MLA (DeepSeek), each as cheap as it can be decoded.

All three are the same between projections: `rows` query heads of each of `groups` key heads look
at that group's keys and values. MFA has one group; MLA decodes with its matrices absorbed, so it
has one as well, whose keys are the latents and whose values are the latents' first part. GQA has
no norm on its heads here, as nothing of it is counted.
Letters of shapes: B sequences, S tokens kept, h hidden, G groups, R rows, D and E key's and value's
width.
"""

from collections.abc import Callable
from itertools import product
from math import sqrt
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.plan.arch import Gqa, Mfa, Mla

Kind = Mfa | Gqa | Mla
Attend = Callable[[Tensor, Tensor, Tensor, float], Tensor]
"""q (B, G, R, D), keys (B, G, S, D), values (B, G, S, E), scale -> (B, G, R, E)."""
THETA = 500_000.0
BLOCK, ROW_BLOCK = 512, 1024


class Layer(nn.Module):
    """One layer's attention without what it attends to."""

    groups: int
    key_width: int
    value_width: int
    values_in_keys: bool
    scale: float

    def ask(self, x: Tensor, place: int) -> tuple[Tensor, Tensor, Tensor]:
        """x (B, h), the token at `place` -> q (B, G, R, D), its key (B, G, D), value (B, G, E)."""
        raise NotImplementedError

    def answer(self, seen: Tensor) -> Tensor:
        """(B, G, R, E) -> (B, h)."""
        raise NotImplementedError


class MfaLayer(Layer):
    """Step-3's; its tensors are named as `edgewise.step3.attention.Attention`'s."""

    values_in_keys = False

    def __init__(self, sizes: Mfa, hidden: int) -> None:
        super().__init__()
        self.groups, self.key_width = sizes.kv_heads, sizes.head_dim
        self.value_width, self.scale = sizes.head_dim, sizes.head_dim**-0.5
        width = sizes.kv_heads * sizes.head_dim
        self.q_proj = nn.Linear(hidden, sizes.q_rank, bias=False)
        self.inter_norm = nn.RMSNorm(sizes.q_rank, eps=1e-5)
        self.wq = nn.Linear(sizes.q_rank, sizes.heads * sizes.head_dim, bias=False)
        self.k_proj = nn.Linear(hidden, width, bias=False)
        self.v_proj = nn.Linear(hidden, width, bias=False)
        self.o_proj = nn.Linear(sizes.heads * sizes.head_dim, hidden, bias=False)

    def ask(self, x: Tensor, place: int) -> tuple[Tensor, Tensor, Tensor]:
        q = self.wq(self.inter_norm(self.q_proj(x)))
        q = q.unflatten(-1, (self.groups, -1, self.key_width))
        k = self.k_proj(x).unflatten(-1, (self.groups, -1))
        v = self.v_proj(x).unflatten(-1, (self.groups, -1))
        return rotate(q, place), rotate(k, place), v

    def answer(self, seen: Tensor) -> Tensor:
        return self.o_proj(seen.flatten(1))


class GqaLayer(Layer):
    """Grouped queries; tensors are named as in transformers."""

    values_in_keys = False

    def __init__(self, sizes: Gqa, hidden: int) -> None:
        super().__init__()
        self.groups, self.key_width = sizes.kv_heads, sizes.head_dim
        self.value_width, self.scale = sizes.head_dim, sizes.head_dim**-0.5
        width = sizes.kv_heads * sizes.head_dim
        self.q_proj = nn.Linear(hidden, sizes.heads * sizes.head_dim, bias=False)
        self.k_proj = nn.Linear(hidden, width, bias=False)
        self.v_proj = nn.Linear(hidden, width, bias=False)
        self.o_proj = nn.Linear(sizes.heads * sizes.head_dim, hidden, bias=False)

    def ask(self, x: Tensor, place: int) -> tuple[Tensor, Tensor, Tensor]:
        q = self.q_proj(x).unflatten(-1, (self.groups, -1, self.key_width))
        k = self.k_proj(x).unflatten(-1, (self.groups, -1))
        v = self.v_proj(x).unflatten(-1, (self.groups, -1))
        return rotate(q, place), rotate(k, place), v

    def answer(self, seen: Tensor) -> Tensor:
        return self.o_proj(seen.flatten(1))


class MlaLayer(Layer):
    """Latents as keys and values; tensors are named as in transformers, but for `kv_b_proj`, of
    which `w_uk` (heads, nope, rank) makes the query and `w_uv` (heads, rank, value) the outcome."""

    groups, values_in_keys = 1, True

    def __init__(self, sizes: Mla, hidden: int) -> None:
        super().__init__()
        heads, rank, self.nope = sizes.heads, sizes.kv_rank, sizes.nope_dim
        self.query_width = sizes.nope_dim + sizes.rope_dim
        self.key_width, self.value_width = rank + sizes.rope_dim, rank
        self.scale = self.query_width**-0.5
        self.q_a_proj = nn.Linear(hidden, sizes.q_rank, bias=False)
        self.q_a_layernorm = nn.RMSNorm(sizes.q_rank, eps=1e-6)
        self.q_b_proj = nn.Linear(sizes.q_rank, heads * self.query_width, bias=False)
        self.kv_a_proj_with_mqa = nn.Linear(hidden, self.key_width, bias=False)
        self.kv_a_layernorm = nn.RMSNorm(rank, eps=1e-6)
        self.w_uk = nn.Parameter(torch.randn(heads, sizes.nope_dim, rank) / sqrt(rank))
        self.w_uv = nn.Parameter(torch.randn(heads, rank, sizes.value_dim) / sqrt(rank))
        self.o_proj = nn.Linear(heads * sizes.value_dim, hidden, bias=False)

    def ask(self, x: Tensor, place: int) -> tuple[Tensor, Tensor, Tensor]:
        q = self.q_b_proj(self.q_a_layernorm(self.q_a_proj(x)))
        q = q.unflatten(-1, (-1, self.query_width))  # (B, R, nope + rope)
        latent_q = torch.bmm(q[..., : self.nope].transpose(0, 1), self.w_uk).transpose(0, 1)
        q = torch.cat((latent_q, rotate(q[..., self.nope :], place)), -1)
        latent, k = self.kv_a_proj_with_mqa(x).tensor_split([self.value_width], -1)
        latent = self.kv_a_layernorm(latent)
        key = torch.cat((latent, rotate(k, place)), -1)
        return q[:, None], key[:, None], latent[:, None]

    def answer(self, seen: Tensor) -> Tensor:
        values = torch.bmm(seen[:, 0].transpose(0, 1), self.w_uv)  # (R, B, value)
        return self.o_proj(values.transpose(0, 1).flatten(1))


def layer_of(sizes: Kind, hidden: int) -> Layer:
    """A layer of that kind with random weights."""
    match sizes:
        case Mfa():
            return MfaLayer(sizes, hidden)
        case Gqa():
            return GqaLayer(sizes, hidden)
        case Mla():
            return MlaLayer(sizes, hidden)


class Cache:
    """Keys and values of `tokens` tokens, random, in one layer. `turned` keeps keys by element
    and not by token, so that a row of a product with the query lies in one piece."""

    def __init__(
        self,
        layer: Layer,
        tokens: int,
        batch: int = 1,
        *,
        turned: bool = False,
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
    ) -> None:
        size = (batch, layer.groups, tokens)
        kept = random((*size, layer.key_width), dtype, device)
        self.keys = kept.mT.contiguous().mT if turned else kept  # (B, G, S, D)
        if layer.values_in_keys:
            self.values = self.keys[..., : layer.value_width]
        else:
            self.values = random((*size, layer.value_width), dtype, device)
        self.in_keys = layer.values_in_keys

    def write(self, place: int, key: Tensor, value: Tensor) -> None:
        self.keys[:, :, place] = key
        if not self.in_keys:
            self.values[:, :, place] = value


class Stack(nn.Module):
    """Layers of attention alone, each with a norm before it and added to what it reads."""

    def __init__(self, sizes: Kind, hidden: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layer_of(sizes, hidden) for _ in range(layers))
        self.norms = nn.ModuleList(nn.RMSNorm(hidden, eps=1e-5) for _ in range(layers))

    @property
    def attention(self) -> list[Layer]:
        return cast(list[Layer], list(self.layers))

    def forward(self, x: Tensor, caches: list[Cache], place: int, attend: Attend) -> Tensor:
        """x (B, h), the token at `place`, which sees all before it -> (B, h)."""
        for layer, norm, cache in zip(self.attention, self.norms, caches, strict=True):
            q, key, value = layer.ask(norm(x), place)
            cache.write(place, key, value)
            end = place + 1
            seen = attend(q, cache.keys[:, :, :end], cache.values[:, :, :end], layer.scale)
            x = x + layer.answer(seen)
        return x


def attend_by_queries(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """Queries times keys, as it is written."""
    weights = ((q * scale) @ keys.mT).float().softmax(-1)
    return weights.to(q.dtype) @ values


def attend_by_keys(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """Keys times queries: the long side first."""
    weights = (keys @ (q * scale).mT).mT.float().softmax(-1)
    return (values.mT @ weights.to(q.dtype).mT).mT


def attend_by_groups(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """A plain product of two matrices for each sequence and group."""
    q, out = q * scale, q.new_empty(*q.shape[:-1], values.shape[-1])
    for b, g in product(range(q.shape[0]), range(q.shape[1])):
        weights = torch.mm(q[b, g], keys[b, g].mT).float().softmax(-1)
        torch.mm(weights.to(q.dtype), values[b, g], out=out[b, g])
    return out


def attend_by_rows(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """Matrix by vector for each query head, block by block, so that a group's other rows find a
    block in the processor's cache: such kernels read memory faster than those for two rows."""
    q, starts = q * scale, range(0, keys.shape[2], ROW_BLOCK)
    heads = list(product(*map(range, q.shape[:2])))
    scores, out = (
        q.new_empty(*q.shape[:-1], keys.shape[2]),
        q.new_zeros(*q.shape[:-1], values.shape[-1]),
    )
    for (b, g), start in product(heads, starts):
        part = slice(start, start + ROW_BLOCK)
        for row in range(q.shape[2]):
            torch.mv(keys[b, g, part], q[b, g, row], out=scores[b, g, row, part])
    weights = scores.float().softmax(-1).to(q.dtype)
    for (b, g), start in product(heads, starts):
        part = slice(start, start + ROW_BLOCK)
        for row in range(q.shape[2]):
            out[b, g, row].addmv_(values[b, g, part].mT, weights[b, g, row, part])
    return out


def attend_fused(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """torch's kernel, which takes a group's rows as if they were tokens. It wants values as wide as
    keys; MLA's are its keys' first part, so it is given the keys and what is over is dropped."""
    if values.data_ptr() == keys.data_ptr():
        whole = F.scaled_dot_product_attention(q, keys, keys, scale=scale)
        return whole[..., : values.shape[-1]]
    return F.scaled_dot_product_attention(q, keys, values, scale=scale)


def attend_by_blocks(q: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
    """Block by block with a running softmax (flash decoding), so that a block's values, which for
    MLA are its keys, are still in the processor's cache when they are read."""
    q = q * scale
    most = torch.full_like(q[..., :1], float("-inf"), dtype=torch.float32)
    total = torch.zeros_like(most)
    seen = torch.zeros((*q.shape[:-1], values.shape[-1]), device=q.device)
    for k, v in zip(keys.split(BLOCK, 2), values.split(BLOCK, 2), strict=True):
        scores = (q @ k.mT).float()
        top = torch.maximum(most, scores.amax(-1, keepdim=True))
        weights, shrink = (scores - top).exp(), (most - top).exp()
        total = total * shrink + weights.sum(-1, keepdim=True)
        seen = seen * shrink + (weights.to(v.dtype) @ v).float()
        most = top
    return (seen / total).to(q.dtype)


def random(size: tuple[int, ...], dtype: torch.dtype, device: str) -> Tensor:
    """Random numbers that repeat after a million: to draw a gigabyte takes longer than to time
    its use."""
    made = torch.empty(size, dtype=dtype, device=device)
    some = torch.randn(min(2**20, made.numel()), device=device).to(dtype)
    for part in made.flatten().split(some.numel()):
        part.copy_(some[: part.numel()])
    return made


def rotate(x: Tensor, place: int) -> Tensor:
    """Turns each pair (x[i], x[i + half]) of the last axis by its angle at `place`."""
    width = x.shape[-1]
    steps = torch.arange(0, width, 2, device=x.device) / width
    angles = place * THETA**-steps
    cos, sin = angles.cos(), angles.sin()
    left, right = x.chunk(2, -1)
    return torch.cat((left * cos - right * sin, right * cos + left * sin), -1).to(x.dtype)
