"""Multi-matrix factorisation attention (MFA): many query heads from one shared low-rank query, and
one key and value head for them all.

    q = wq(inter_norm(q_proj(x)))      hidden -> rank -> heads x head_dim
    k = k_proj(x), v = v_proj(x)       hidden -> head_dim

q and k are rotated over the whole head, half against half (RoPE as in GPT-NeoX); no bias, no gate.
Letters of shapes: B sequences, T tokens, S tokens that may be looked at, H heads, D head_dim.
Source: Step-3 system report (arXiv 2507.19427), and the reference note, section 3.2.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.step3.config import Step3TextConfig

Rotation = tuple[Tensor, Tensor]
"""cos and sin of every token's angles, each (B or 1, T, 1, D/2), fp32."""
Look = Callable[[Tensor, Tensor, Tensor], Tensor]
"""How tokens look at those before: q (B, T, H, D), k and v (B, T, 1, D) -> (B, T, H, D)."""


class Attention(nn.Module):
    """(B, T, hidden) -> (B, T, hidden); a token sees itself and those before it.

    `plain` computes it word for word; else by torch's fused kernel. Both give the same."""

    def __init__(self, config: Step3TextConfig, *, plain: bool = False) -> None:
        super().__init__()
        h, rank, self.head_dim = config.hidden_size, config.share_q_dim, config.head_dim
        heads = config.num_attention_heads * config.head_dim
        self.q_proj = nn.Linear(h, rank, bias=False)
        self.inter_norm = nn.RMSNorm(rank, eps=config.rms_norm_eps)
        self.wq = nn.Linear(rank, heads, bias=False)
        self.k_proj = nn.Linear(h, config.head_dim, bias=False)
        self.v_proj = nn.Linear(h, config.head_dim, bias=False)
        self.o_proj = nn.Linear(heads, h, bias=False)
        self.look: Look = attend_plain if plain else attend_fused

    def forward(self, x: Tensor, rotation: Rotation, look: Look | None = None) -> Tensor:
        """`look` replaces the model's own, to look at tokens that are kept elsewhere."""
        q = self.wq(self.inter_norm(self.q_proj(x)))  # (B, T, H * D)
        q = q.unflatten(-1, (-1, self.head_dim))  # (B, T, H, D)
        k = self.k_proj(x).unsqueeze(-2)  # (B, T, 1, D)
        v = self.v_proj(x).unsqueeze(-2)  # (B, T, 1, D)
        q, k = rotate(q, rotation), rotate(k, rotation)
        return self.o_proj((look or self.look)(q, k, v).flatten(-2))


def attend_plain(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k / sqrt D) v: q (B, T, H, D), k and v (B, S, 1, D) -> (B, T, H, D)."""
    q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)  # (B, H or 1, T or S, D)
    scores = q @ k.mT * q.shape[-1] ** -0.5  # (B, H, T, S)
    hidden = ~causal(q.shape[-2], k.shape[-2], q.device)  # (T, S)
    weights = scores.float().masked_fill(hidden, float("-inf")).softmax(-1)
    return (weights.to(v.dtype) @ v).transpose(1, 2)


def attend_fused(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The same by one kernel, which never holds all scores at once."""
    heads, T, S = q.shape[2], q.shape[1], k.shape[1]
    if T == 1:  # nothing is hidden: the heads of one token are rows of one product
        return F.scaled_dot_product_attention(q, k.transpose(1, 2), v.transpose(1, 2))
    q = q.transpose(1, 2)  # (B, H, T, D)
    k, v = (one.transpose(1, 2).expand(-1, heads, -1, -1) for one in (k, v))  # no copy
    mask = None if S == T else causal(T, S, q.device)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
    return out.transpose(1, 2)


def causal(T: int, S: int, device: torch.device) -> Tensor:
    """(T, S): true where one of the last T of S tokens may look: at itself and those before it."""
    return torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)


def rotation_at(positions: Tensor, config: Step3TextConfig) -> Rotation:
    """The angles of tokens at `positions`, (T,) or (B, T), counted from 0."""
    steps = torch.arange(0, config.head_dim, 2, device=positions.device) / config.head_dim
    angles = positions[..., None] * (1.0 / config.rope_theta**steps)  # (..., T, D/2)
    return angles.cos().unsqueeze(-2), angles.sin().unsqueeze(-2)


def rotate(x: Tensor, rotation: Rotation) -> Tensor:
    """Turns each pair (x[i], x[i + D/2]) of (B, T, heads, D) by its angle."""
    cos, sin = rotation
    left, right = x.chunk(2, dim=-1)
    turned = torch.cat((left * cos - right * sin, right * cos + left * sin), dim=-1)
    return turned.to(x.dtype)
