"""A layer's attention from the values of a `config.json`: the parts that families share."""

from typing import Literal

from edgewise.plan.arch import Gqa, LinearAttention, Mfa, Mla, ShortConvolution
from edgewise.plan.hf_values import HfValues

LIGHTNING_FLOPS = 5
"""For each element of the state: decay 1, the new key by value 2, read 2."""
DELTA_FLOPS = 7
"""For each element of the state: decay 1, the old value at the key 2, its correction 2, read 2."""


def gqa(
    config: HfValues,
    *,
    heads: int = 0,
    kv_heads: int = 0,
    head_dim: int = 0,
    window: int = 0,
    chunk: int = 0,
    qk_norm: Literal["none", "head", "width"] = "none",
    output_gate: Literal["none", "head", "element"] = "none",
    qkv_bias: bool = False,
    output_bias: bool = False,
) -> Gqa:
    """Softmax attention. `heads` stands for the config's own number; `kv_heads` and `head_dim` are
    the family's defaults (else: as many as heads, and the hidden width's share of each)."""
    heads = heads or config.size("num_attention_heads")
    kv_heads = config.size("num_key_value_heads", "num_attention_groups", default=kv_heads or heads)
    if heads % kv_heads:
        raise config.wrong("num_key_value_heads", f"is {kv_heads}; it divides {heads} heads")
    share = config.size("hidden_size") // heads
    if not (head_dim or share or config.has("head_dim")):
        raise config.wrong("num_attention_heads", f"is {heads}; that is more than hidden_size")
    return Gqa(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=config.size("head_dim", default=head_dim or share),
        window=window,
        chunk=chunk,
        qk_norm=qk_norm,
        output_gate=output_gate,
        qkv_bias=qkv_bias,
        output_bias=output_bias,
    )


def mla(config: HfValues) -> Mla:
    """DeepSeek's latent attention; a query's rank that is null means none."""
    return Mla(
        heads=config.size("num_attention_heads"),
        q_rank=config.count("q_lora_rank", default=0),
        kv_rank=config.size("kv_lora_rank"),
        rope_dim=config.size("qk_rope_head_dim"),
        nope_dim=config.size("qk_nope_head_dim"),
        value_dim=config.size("v_head_dim"),
    )


def mla_biases(config: HfValues) -> int:
    """Biases of a layer of it: on what goes down to the ranks, and on the output."""
    if not config.flag("attention_bias", False):
        return 0
    attention = mla(config)
    return attention.q_rank + attention.kv_rank + attention.rope_dim + config.size("hidden_size")


def mfa(config: HfValues) -> Mfa:
    """Step-3's attention; its config calls key/value heads groups."""
    return Mfa(
        heads=config.size("num_attention_heads"),
        q_rank=config.size("share_q_dim"),
        kv_heads=config.size("num_attention_groups", "num_key_value_heads"),
        head_dim=config.size("head_dim"),
    )


def lightning(config: HfValues) -> LinearAttention:
    """MiniMax's linear attention: as many key heads as heads, and an output gate."""
    heads = config.size("num_attention_heads")
    head_dim = config.size("head_dim", default=max(config.size("hidden_size") // heads, 1))
    return LinearAttention(
        heads=heads,
        key_heads=heads,
        key_dim=head_dim,
        value_dim=head_dim,
        gate=True,
        norm="width",
        flops_per_element=LIGHTNING_FLOPS,
    )


def gated_delta(config: HfValues) -> LinearAttention:
    """Qwen3-Next's linear attention: gated delta rule, after a convolution."""
    return LinearAttention(
        heads=config.size("linear_num_value_heads"),
        key_heads=config.size("linear_num_key_heads"),
        key_dim=config.size("linear_key_head_dim"),
        value_dim=config.size("linear_value_head_dim"),
        gate=True,
        scalars=2,
        convolution=config.size("linear_conv_kernel_dim", default=4),
        flops_per_element=DELTA_FLOPS,
    )


def short_convolution(config: HfValues) -> ShortConvolution:
    """LFM2's gated convolution."""
    return ShortConvolution(length=config.size("conv_L_cache", default=3))
