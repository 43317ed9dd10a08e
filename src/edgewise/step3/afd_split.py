"""Which of a model's tensors each process holds when attention and feed-forward run apart.

Attention workers hold everything but the feed-forward matrices: embedding, attention, norms, the
router and the head, each worker all of it. FFN workers split those matrices: whole experts of the
mixtures, and of a dense or shared feed-forward a share of its width; so each gives a part of every
sum, and the parts are added up where they arrive.
Letters of shapes: N tokens, h hidden, K experts a token. Source: Step-3 system report, section 5
(the router stands on the attention side).
"""

from msgspec.structs import replace
from torch import Tensor, nn

from edgewise.step3.checkpoint import Checkpoint, Part
from edgewise.step3.config import Step3TextConfig
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.moe import MixtureOfExperts, SwiGLU

MATRICES = ("gate_proj", "up_proj", "down_proj")


def attention_side(config: Step3TextConfig) -> Step3ForCausalLM:
    """The model without its feed-forward matrices. Make it on the meta device."""
    model = Step3ForCausalLM(config)
    for block in model.model.layers:
        if block.is_moe:
            del block.share_expert
            for name in MATRICES:
                delattr(block.moe, name)
        else:
            del block.mlp
    return model


class FeedSide(nn.Module):
    """What one of several FFN workers holds; its tensors bear a checkpoint's names. Make it on the
    meta device."""

    def __init__(self, config: Step3TextConfig, worker: int, workers: int) -> None:
        super().__init__()
        self.model = nn.Module()
        layers = [FeedLayer(config, layer, worker, workers) for layer in config.layers]
        self.model.layers = nn.ModuleList(layers)

    def forward(
        self, layer: int, tokens: Tensor, chosen: Tensor | None, weights: Tensor | None
    ) -> Tensor:
        """This worker's part of a layer's feed-forward: (N, h) -> (N, h); see `FeedLayer`."""
        return self.model.layers[layer](tokens, chosen, weights)  # pyright: ignore

    def parts(self) -> dict[str, Part]:
        """Which part of each tensor is held here, by the names of `named_parameters`."""
        return {
            f"model.layers.{n}.{name}": part
            for n, layer in enumerate(self.model.layers)  # pyright: ignore
            for name, part in layer.parts().items()
        }


class FeedLayer(nn.Module):
    """One layer of it: `mlp`, or `moe` (this worker's experts) and `share_expert`."""

    def __init__(self, config: Step3TextConfig, layer: int, worker: int, workers: int) -> None:
        super().__init__()
        self.experts = share(config.moe_num_experts, worker, workers)
        self.is_moe = layer in config.moe_layers_enum
        wide = config.share_expert_dim if self.is_moe else config.intermediate_size
        self.width = share(wide, worker, workers)
        dense = SwiGLU(config.hidden_size, len(self.width))
        if self.is_moe:
            mine = replace(config, moe_num_experts=len(self.experts), moe_top_k=1)
            self.moe = MixtureOfExperts(mine)
            del self.moe.gate
            self.share_expert = dense
        else:
            self.mlp = dense

    def forward(self, tokens: Tensor, chosen: Tensor | None, weights: Tensor | None) -> Tensor:
        """tokens (N, h), chosen and weights (N, K) in a layer of experts, else None -> (N, h)."""
        if chosen is None or weights is None:
            return self.mlp(tokens)
        mixed = tokens.new_zeros(tokens.shape)
        for place, expert in enumerate(self.experts):
            whose, which = (chosen == expert).nonzero(as_tuple=True)
            if len(whose):
                found = self.moe.expert(place, tokens[whose]) * weights[whose, which, None]
                mixed.index_add_(0, whose, found)
        return self.share_expert(tokens) + mixed

    def parts(self) -> dict[str, Part]:
        """Which part of each of its tensors is here, of the model's whole one."""
        found: dict[str, Part] = {}
        for name, _ in self.named_parameters():
            if name.startswith("moe."):
                found[name] = Part(0, self.experts.start, self.experts.stop)
            else:
                dim = 1 if "down_proj" in name else 0
                found[name] = Part(dim, self.width.start, self.width.stop)
        return found


def share(count: int, worker: int, workers: int) -> range:
    """Which of `count` things a worker has: as even as can be, in order, each thing once."""
    return range(count * worker // workers, count * (worker + 1) // workers)


def fill_side(
    side: nn.Module, checkpoint: Checkpoint, parts: dict[str, Part], device: str
) -> list[str]:
    """Gives a side on the meta device its tensors, one after the other, in the type that the head
    is stored in. Tells their names, and of which only a part was read."""
    side.to(checkpoint.dtype_of("lm_head.weight")).to_empty(device=device)
    told: list[str] = []
    for name, weight in side.named_parameters():
        part = parts.get(name)
        checkpoint.read(name, weight, part)
        told.append(name if part is None else f"{name}[{part.dim}: {part.start}..{part.stop}]")
    return told
