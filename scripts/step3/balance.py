"""The load-balancing loss of the Switch Transformer, from the routers of a model in training."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from edgewise.step3.vision_language import Step3VL


class Balance:
    """E * sum over experts of (share of choices * mean probability), the mean of all expert layers:
    1 where all are chosen alike. Source: Switch Transformers (arXiv 2101.03961), equation 4."""

    real: Tensor | None = None
    """(N,) which tokens of the next pass are no padding; None: all."""

    def __init__(self, model: Step3VL) -> None:
        self._found: list[Tensor] = []
        for layer in model.model.layers:
            if layer.is_moe:
                layer.moe.gate.register_forward_hook(self._hook(layer.moe.top_k))

    def take(self) -> Tensor:
        """The value of the last pass in training."""
        found, self._found = self._found, []
        return torch.stack(found).mean()

    def _hook(self, top_k: int) -> Callable[[nn.Module, object, Tensor], None]:
        def seen(gate: nn.Module, _: object, scores: Tensor) -> None:
            if not gate.training:
                return
            shares = (scores if self.real is None else scores[self.real]).float().softmax(-1)
            experts = shares.shape[-1]
            chosen = shares.topk(top_k, dim=-1).indices.flatten().bincount(minlength=experts)
            used = chosen / chosen.sum()
            self._found.append(experts * (used * shares.mean(0)).sum())

        return seen
