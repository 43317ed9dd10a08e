"""The feed-forward part: SwiGLU, and a mixture of experts made of it.

    y = sum over the top k experts e of w[e] * expert_e(x),  w = softmax(gate(x)) over all experts

The weights are not made to sum to one again (unless `norm_expert_weight`), nor scaled or biased.
Beside the experts stands one that every token passes, without a gate (`model.Block`).
Letters of shapes: N tokens, K experts a token, E experts, h hidden, I an expert's width.
Source: Step-3 system report (arXiv 2507.19427), and the reference note, section 3.3.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.step3.config import Step3TextConfig


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)): (..., h) -> (..., h)."""

    def __init__(self, h: int, width: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(h, width, bias=False)
        self.up_proj = nn.Linear(h, width, bias=False)
        self.down_proj = nn.Linear(width, h, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Stacked(nn.Module):
    """One matrix for each expert, as checkpoints hold them: `weight` is (E, out, in)."""

    def __init__(self, experts: int, out: int, inner: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(experts, out, inner))
        if not self.weight.is_meta:
            for one in self.weight:
                nn.init.kaiming_uniform_(one, a=5**0.5)  # as nn.Linear begins


class MixtureOfExperts(nn.Module):
    """(..., h) -> (..., h). `plain` takes one token at a time and each of its experts; else all
    tokens of an expert at once. Both give the same but for the order of sums."""

    def __init__(self, config: Step3TextConfig, *, plain: bool = False) -> None:
        super().__init__()
        h, experts, width = config.hidden_size, config.moe_num_experts, config.moe_intermediate_size
        self.top_k, self.renormalise = config.moe_top_k, config.norm_expert_weight
        self.plain = plain
        self.gate = nn.Linear(h, experts, bias=False)
        self.gate_proj = Stacked(experts, width, h)
        self.up_proj = Stacked(experts, width, h)
        self.down_proj = Stacked(experts, h, width)

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.reshape(-1, x.shape[-1])  # (N, h)
        mix = self.mix_plain if self.plain else self.mix_grouped
        return mix(tokens, *self.route(tokens)).view_as(x)

    def route(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """The chosen experts of each token and their weights, both (N, K)."""
        weights = self.gate(tokens).float().softmax(-1)  # (N, E)
        weights, chosen = weights.topk(self.top_k, dim=-1)
        if self.renormalise:
            weights = weights / weights.sum(-1, keepdim=True)
        return chosen, weights.to(tokens.dtype)

    def expert(self, e: int, x: Tensor) -> Tensor:
        """(n, h) -> (n, h) by expert e."""
        weights = self.gate_proj.weight[e], self.up_proj.weight[e], self.down_proj.weight[e]
        return swiglu(x, *weights)

    def mix_plain(self, tokens: Tensor, chosen: Tensor, weights: Tensor) -> Tensor:
        return torch.stack(
            [
                sum(
                    (w * self.expert(int(e), x[None])[0] for e, w in zip(es, ws, strict=True)),
                    start=torch.zeros_like(x),
                )
                for x, es, ws in zip(tokens, chosen, weights, strict=True)
            ]
        )

    def mix_grouped(self, tokens: Tensor, chosen: Tensor, weights: Tensor) -> Tensor:
        order = chosen.flatten().argsort(stable=True)  # the N * K choices, by expert
        whose = order // self.top_k  # the token of each
        share = weights.flatten()[order, None]
        counts = chosen.flatten().bincount(minlength=self.gate.out_features).tolist()
        # unbind: the gradient of each `weight[e]` alone would be a whole stack of zeros but for e
        stacks = (self.gate_proj.weight, self.up_proj.weight, self.down_proj.weight)
        experts = zip(counts, *(stack.unbind() for stack in stacks), strict=True)
        out = torch.zeros_like(tokens)
        start = 0
        for count, *matrices in experts:
            if count:
                mine = slice(start, start + count)
                found = swiglu(tokens[whose[mine]], *matrices) * share[mine]
                out.index_add_(0, whose[mine], found)
                start += count
        return out


def swiglu(x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
    """down(silu(gate(x)) * up(x)) of plain matrices, each (out, in): (n, h) -> (n, h)."""
    return F.linear(F.silu(F.linear(x, gate)) * F.linear(x, up), down)
