"""Small models of the kinds that the planner knows, as transformers builds them, each with the
planner's description beside it."""

from dataclasses import dataclass, field
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from edgewise.plan.arch import (
    Architecture,
    Attention,
    Dense,
    Ffn,
    Gqa,
    LayerGroup,
    LinearAttention,
    Mla,
    Moe,
    ShortConvolution,
)
from edgewise.plan.number_format import NumberFormat

HIDDEN, VOCAB = 32, 56
GQA = Gqa(heads=4, kv_heads=2, head_dim=8)
NORMED = Gqa(heads=4, kv_heads=2, head_dim=8, qk_norm="head")
MLA = Mla(heads=4, q_rank=12, kv_rank=16, rope_dim=4, nope_dim=8, value_dim=6)
DELTA = LinearAttention(
    heads=4,
    key_heads=2,
    key_dim=8,
    value_dim=6,
    gate=True,
    scalars=2,
    convolution=4,
    flops_per_element=7,
)
LIGHTNING = LinearAttention(heads=4, key_heads=4, key_dim=8, value_dim=8, gate=True, norm="width")
CONVOLUTION = ShortConvolution(length=3)
DENSE = Dense(width=48)
BLOCK = 4
"""Tokens that lightning attention takes at once."""


@dataclass(frozen=True)
class Small:
    """A small model: `kind` is transformers' prefix of its classes, `keys` are of its config."""

    kind: str
    layers: tuple[tuple[Attention, Ffn], ...]
    keys: dict[str, Any] = field(default_factory=dict)
    tied: bool = False
    norms: int = 2
    config: str = "Config"
    headless: bool = False

    @property
    def architecture(self) -> Architecture:
        """What the planner is told."""
        groups = tuple(
            LayerGroup(1, attention, ffn, kv_format=NumberFormat.FP32, norms=self.norms)
            for attention, ffn in self.layers
        )
        return Architecture(
            name=self.kind, hidden=HIDDEN, vocab=VOCAB, groups=groups, tied=self.tied
        )

    @property
    def top_k(self) -> int:
        return max((ffn.top_k for _, ffn in self.layers if isinstance(ffn, Moe)), default=0)

    @property
    def state(self) -> tuple[int, ...]:
        """The shape of its layers' state for one sequence."""
        for attention, _ in self.layers:
            if isinstance(attention, LinearAttention):
                return (1, attention.heads, attention.key_dim, attention.value_dim)
        return ()

    def build(self) -> nn.Module:
        """The model with random weights, of the paths that are written for reading."""
        config = getattr(transformers, self.kind + self.config)(
            **{
                "hidden_size": HIDDEN,
                "vocab_size": VOCAB,
                "num_hidden_layers": len(self.layers),
                "num_attention_heads": 4,
                "num_key_value_heads": 2,
                "intermediate_size": 48,
                "tie_word_embeddings": self.tied,
                "max_position_embeddings": 128,
            }
            | self.keys
        )
        torch.manual_seed(7)
        plain = {"attn_implementation": "eager", "experts_implementation": "eager"}
        if self.headless:
            return Headed(
                getattr(transformers, self.kind + "TextModel")._from_config(config, **plain)
            )
        return transformers.AutoModelForCausalLM.from_config(config, **plain).eval()


class Headed(nn.Module):
    """A model whose class with a head sees pictures too, with a head of its own."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model.eval()
        self.lm_head = nn.Linear(HIDDEN, VOCAB, bias=False)

    def forward(self, ids: Tensor, **options: Any) -> Any:
        found = self.model(ids, **options)
        self.lm_head(found.last_hidden_state)
        return found


SMALL = {
    "llama": Small("Llama", ((GQA, DENSE), (GQA, DENSE)), {"head_dim": 8}),
    "qwen2": Small(
        "Qwen2", ((Gqa(heads=4, kv_heads=2, head_dim=8, qkv_bias=True), DENSE),), tied=True
    ),
    "qwen3": Small("Qwen3", ((NORMED, DENSE), (NORMED, DENSE)), {"head_dim": 8}, tied=True),
    "qwen3 moe": Small(
        "Qwen3Moe",
        ((NORMED, DENSE), (NORMED, Moe(experts=4, top_k=2, width=16))),
        {
            "head_dim": 8,
            "num_experts": 4,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 16,
            "mlp_only_layers": [0],
        },
    ),
    "ernie": Small(
        "Ernie4_5_Moe",
        ((GQA, DENSE), (GQA, Moe(experts=4, top_k=2, width=16, router_bias=True))),
        {
            "moe_num_experts": 4,
            "moe_k": 2,
            "moe_intermediate_size": 16,
            "moe_num_shared_experts": 0,
        },
    ),
    "gemma3": Small(
        "Gemma3",
        tuple(
            (Gqa(heads=4, kv_heads=1, head_dim=8, qk_norm="head", window=window), DENSE)
            for window in (5, 0)
        ),
        {
            "head_dim": 8,
            "num_key_value_heads": 1,
            "sliding_window": 5,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        tied=True,
        norms=4,
        config="TextConfig",
    ),
    "step 3.5": Small(
        "Step3p7",
        tuple(
            (
                Gqa(
                    heads, kv_heads=2, head_dim=8, window=window, qk_norm="head", output_gate="head"
                ),
                ffn,
            )
            for heads, window, ffn in (
                (6, 5, DENSE),
                (4, 0, Moe(experts=4, top_k=2, width=16, shared_width=24, router_bias=True)),
            )
        ),
        {
            "head_dim": 8,
            "num_sliding_attention_heads": 6,
            "layer_types": ["sliding_attention", "full_attention"],
            "sliding_window": 5,
            "mlp_layer_types": ["dense", "sparse"],
            "n_routed_experts": 4,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 16,
            "share_expert_dim": 24,
        },
        config="TextConfig",
        headless=True,
    ),
    "llama4": Small(
        "Llama4",
        (
            (Gqa(heads=4, kv_heads=2, head_dim=8, chunk=6), DENSE),
            (GQA, Moe(experts=4, top_k=1, width=16, shared_width=16)),
        ),
        {
            "head_dim": 8,
            "intermediate_size": 16,
            "intermediate_size_mlp": 48,
            "attention_chunk_size": 6,
            "no_rope_layer_interval": 2,
            "moe_layers": [1],
            "num_local_experts": 4,
            "num_experts_per_tok": 1,
            "use_qk_norm": False,
        },
        config="TextConfig",
    ),
    "deepseek v3": Small(
        "DeepseekV3",
        (
            (MLA, DENSE),
            (MLA, Moe(experts=4, top_k=2, width=16, shared_width=16, router_bias=True)),
        ),
        {
            "num_key_value_heads": 4,
            "q_lora_rank": 12,
            "kv_lora_rank": 16,
            "qk_rope_head_dim": 4,
            "qk_nope_head_dim": 8,
            "v_head_dim": 6,
            "first_k_dense_replace": 1,
            "n_routed_experts": 4,
            "n_shared_experts": 1,
            "num_experts_per_tok": 2,
            "n_group": 1,
            "topk_group": 1,
            "moe_intermediate_size": 16,
            "num_nextn_predict_layers": 0,
        },
    ),
    "minimax": Small(
        "MiniMax",
        tuple((attention, Moe(experts=4, top_k=2, width=48)) for attention in (LIGHTNING, GQA)),
        {
            "head_dim": 8,
            "layer_types": ["linear_attention", "full_attention"],
            "block_size": BLOCK,
            "num_local_experts": 4,
            "num_experts_per_tok": 2,
        },
    ),
    "qwen3 next": Small(
        "Qwen3Next",
        tuple(
            (attention, Moe(experts=4, top_k=2, width=16, shared_width=24, shared_gate=True))
            for attention in (
                DELTA,
                Gqa(heads=4, kv_heads=2, head_dim=8, qk_norm="head", output_gate="element"),
            )
        ),
        {
            "head_dim": 8,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 4,
            "linear_key_head_dim": 8,
            "linear_value_head_dim": 6,
            "linear_conv_kernel_dim": 4,
            "num_experts": 4,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 16,
            "shared_expert_intermediate_size": 24,
        },
    ),
    "lfm2": Small(
        "Lfm2",
        ((CONVOLUTION, DENSE), (NORMED, DENSE)),
        {
            "layer_types": ["conv", "full_attention"],
            "conv_L_cache": 3,
            "block_auto_adjust_ff_dim": False,
        },
        tied=True,
    ),
}
