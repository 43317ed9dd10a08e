"""A layer's feed-forward from the values of a `config.json`: the parts that families share."""

from collections.abc import Iterator

from edgewise.plan.arch import Dense, Moe
from edgewise.plan.hf_values import HfValues


def dense(
    config: HfValues,
    key: str = "intermediate_size",
    *,
    width: int = 0,
    bias: bool | None = None,
) -> Dense:
    """A gated layer of the width under the key, or of `width`; `mlp_bias` tells of biases unless
    `bias` does."""
    return Dense(
        width=width or config.size(key),
        bias=config.flag("mlp_bias", False) if bias is None else bias,
    )


def moe(
    config: HfValues,
    *,
    experts: str | tuple[str, ...],
    top_k: str | tuple[str, ...] = "num_experts_per_tok",
    width: str = "moe_intermediate_size",
    shared_width: int = 0,
    shared_gate: bool = False,
    router_bias: bool = False,
) -> Moe:
    """Experts by the family's keys for how many there are, how many act and how wide each is."""
    of_experts = (experts,) if isinstance(experts, str) else experts
    of_top_k = (top_k,) if isinstance(top_k, str) else top_k
    found = Moe(
        experts=config.size(*of_experts),
        top_k=config.size(*of_top_k),
        width=config.size(width),
        shared_width=shared_width,
        shared_gate=shared_gate,
        router_bias=router_bias,
    )
    if found.top_k > found.experts:
        raise config.wrong(of_top_k[0], f"is {found.top_k}; there are {found.experts} experts")
    return found


def expert_biases(ffn: Moe, hidden: int) -> int:
    """Biases where each expert has them: of gate and up together, and of down."""
    return ffn.experts * (2 * ffn.width + hidden)


def sparse_layers(config: HfValues) -> Iterator[bool]:
    """Whether each layer has experts, as Qwen says it: every so-manieth, but those named."""
    every = config.size("decoder_sparse_step", default=1)
    only_dense = set(config.integers("mlp_only_layers") or ())
    for number in range(config.size("num_hidden_layers")):
        yield number not in only_dense and (number + 1) % every == 0


def lfm2_width(config: HfValues) -> int:
    """LFM2's width: two thirds of what is written, by a factor, rounded up to a multiple."""
    width = config.size("block_ff_dim", "intermediate_size")
    if not config.flag("block_auto_adjust_ff_dim", True):
        return width
    width = int(2 * width / 3)
    width = int(config.number("block_ffn_dim_multiplier", 1.0) * width)
    multiple = config.size("block_multiple_of", default=256)
    return multiple * ((width + multiple - 1) // multiple)
