"""The families of models in `config.json`: each a function from its values to its layers in turn.

Keys and defaults are those of transformers 5.24's config classes and, for Step-3 and MiniMax-M1, of
the published files (reference note on Step-3, section 3). Layers that predict several tokens are
not yielded. `FAMILIES` at the end lists them all.
"""

from collections.abc import Callable, Iterator

from edgewise.plan.arch import Ffn, LayerGroup
from edgewise.plan.hf_attention import (
    gated_delta,
    gqa,
    lightning,
    mfa,
    mla,
    mla_biases,
    short_convolution,
)
from edgewise.plan.hf_ffn import dense, expert_biases, lfm2_width, moe, sparse_layers
from edgewise.plan.hf_values import HfValues

Layers = Iterator[LayerGroup]
FULL, SLIDING, CHUNKED = "full_attention", "sliding_attention", "chunked_attention"
LINEAR, CONV = "linear_attention", "conv"
EXPERTS = ("num_experts", "num_local_experts")
"""transformers 5 writes the second for some families whose published files have the first."""
MOST_LAYERS = 10_000
"""No published model has a tenth of it; a config's number of layers is walked through."""


def number_of_layers(config: HfValues) -> int:
    """The layers. Raises UserError for more than `MOST_LAYERS`."""
    layers = config.size("num_hidden_layers")
    if layers > MOST_LAYERS:
        raise config.wrong("num_hidden_layers", f"is {layers}; it is at most {MOST_LAYERS}")
    return layers


def _llama(config: HfValues) -> Layers:
    bias = config.flag("attention_bias", False)
    attention = gqa(config, qkv_bias=bias, output_bias=bias)
    return _alike(config, LayerGroup(1, attention, dense(config)))


def _smollm3(config: HfValues) -> Layers:
    layers, bias = number_of_layers(config), config.flag("attention_bias", False)
    every = config.size("no_rope_layer_interval", default=4)
    rotary = config.integers("no_rope_layers", layers) or _rotary(layers, every)
    window = config.count("sliding_window", default=0)
    window = window if config.flag("use_sliding_window", False) else 0
    kinds = config.kinds("layer_types", layers, FULL, SLIDING)
    for number in range(layers):
        slides = kinds[number] == SLIDING if kinds else not rotary[number]
        attention = gqa(config, window=window * slides, qkv_bias=bias, output_bias=bias)
        yield LayerGroup(1, attention, dense(config))


def _mistral(config: HfValues) -> Layers:
    window = config.count("sliding_window", default=0 if config.stands("sliding_window") else 4096)
    return _alike(config, LayerGroup(1, gqa(config, window=window), dense(config, bias=False)))


def _phi3(config: HfValues) -> Layers:
    attention = gqa(config, window=config.count("sliding_window", default=0))
    return _alike(config, LayerGroup(1, attention, dense(config, bias=False)))


def _mixtral(config: HfValues) -> Layers:
    attention = gqa(config, window=config.count("sliding_window", default=0))
    ffn = moe(config, experts=EXPERTS, width="intermediate_size")
    return _alike(config, LayerGroup(1, attention, ffn))


def _qwen2(config: HfValues) -> Layers:
    for window in _qwen_windows(config):
        yield LayerGroup(1, gqa(config, window=window, qkv_bias=True), dense(config))


def _qwen3(config: HfValues) -> Layers:
    bias = config.flag("attention_bias", False)
    for window in _qwen_windows(config):
        attention = gqa(
            config, window=window, head_dim=128, qk_norm="head", qkv_bias=bias, output_bias=bias
        )
        yield LayerGroup(1, attention, dense(config))


def _qwen2_moe(config: HfValues) -> Layers:
    bias = config.flag("qkv_bias", True)
    shared = config.size("shared_expert_intermediate_size")
    routed = moe(config, experts=EXPERTS, shared_width=shared, shared_gate=True)
    for window, sparse in zip(_qwen_windows(config), sparse_layers(config), strict=True):
        attention = gqa(config, window=window, qkv_bias=bias)
        yield LayerGroup(1, attention, routed if sparse else dense(config))


def _qwen3_moe(config: HfValues) -> Layers:
    bias = config.flag("attention_bias", False)
    slides = config.flag("use_sliding_window", False)
    window = config.count("sliding_window", default=0) if slides else 0
    attention = gqa(config, window=window, qk_norm="head", qkv_bias=bias, output_bias=bias)
    for sparse in sparse_layers(config):
        yield LayerGroup(1, attention, moe(config, experts=EXPERTS) if sparse else dense(config))


def _qwen3_next(config: HfValues) -> Layers:
    layers, bias = number_of_layers(config), config.flag("attention_bias", False)
    every = config.size("full_attention_interval", default=4)
    kinds = config.kinds("layer_types", layers, FULL, LINEAR) or [
        LINEAR if (number + 1) % every else FULL for number in range(layers)
    ]
    full = gqa(
        config,
        head_dim=256,
        qk_norm="head",
        output_gate="element",
        qkv_bias=bias,
        output_bias=bias,
    )
    gate_bias = full.heads * full.head_dim if bias else 0
    shared = config.size("shared_expert_intermediate_size")
    for kind, sparse in zip(kinds, sparse_layers(config), strict=True):
        routed = (
            moe(config, experts=EXPERTS, shared_width=shared, shared_gate=True)
            if sparse
            else dense(config)
        )
        if kind == LINEAR:
            yield LayerGroup(1, gated_delta(config), routed)
        else:
            yield LayerGroup(1, full, routed, extra=gate_bias)


def _gemma2(config: HfValues) -> Layers:
    return _gemma(config, every=2, qk_norm=False)


def _gemma3(config: HfValues) -> Layers:
    return _gemma(config, every=config.size("sliding_window_pattern", default=6), qk_norm=True)


def _gemma(config: HfValues, *, every: int, qk_norm: bool) -> Layers:
    """Four norms a layer; every so-manieth attends to all, the others slide."""
    layers, bias = number_of_layers(config), config.flag("attention_bias", False)
    window = config.count("sliding_window", default=4096)
    kinds = config.kinds("layer_types", layers, FULL, SLIDING)
    for number in range(layers):
        slides = kinds[number] == SLIDING if kinds else (number + 1) % every != 0
        attention = gqa(
            config,
            heads=config.size("num_attention_heads", default=8),
            kv_heads=4,
            head_dim=256,
            window=window * slides,
            qk_norm="head" if qk_norm else "none",
            qkv_bias=bias,
            output_bias=bias,
        )
        yield LayerGroup(1, attention, dense(config), norms=4)


def _deepseek_v2(config: HfValues) -> Layers:
    return _deepseek(config, router_bias=False)


def _deepseek_v3(config: HfValues) -> Layers:
    return _deepseek(config, router_bias=True)


def _deepseek(config: HfValues, *, router_bias: bool) -> Layers:
    """MLA; dense layers first, then experts (every `moe_layer_freq`-th, which is 1)."""
    attention, biases = mla(config), mla_biases(config)
    first = config.count("first_k_dense_replace", default=0)
    every = config.size("moe_layer_freq", default=1)
    for number in range(number_of_layers(config)):
        if number < first or number % every or not config.has("n_routed_experts"):
            yield LayerGroup(1, attention, dense(config), extra=biases)
            continue
        shared = config.count("n_shared_experts", default=0)
        ffn = moe(
            config,
            experts="n_routed_experts",
            shared_width=shared * config.size("moe_intermediate_size"),
            router_bias=router_bias,
        )
        biased = shared and config.flag("mlp_bias", False)
        of_shared = 2 * ffn.shared_width + config.size("hidden_size") if biased else 0
        yield LayerGroup(1, attention, ffn, extra=biases + of_shared)


def _llama4(config: HfValues) -> Layers:
    layers, bias = number_of_layers(config), config.flag("attention_bias", False)
    rotary = config.integers("no_rope_layers", layers) or _rotary(
        layers, config.size("no_rope_layer_interval", default=4)
    )
    chunk = config.count("attention_chunk_size", default=0)
    kinds = config.kinds("layer_types", layers, FULL, CHUNKED)
    every = config.size("interleave_moe_layer_step", default=1)
    sparse = config.integers("moe_layers")
    chosen = set(range(every - 1, layers, every)) if sparse is None else set(sparse)
    for number in range(layers):
        chunked = kinds[number] == CHUNKED if kinds else bool(rotary[number])
        attention = gqa(config, chunk=chunk * chunked, qkv_bias=bias, output_bias=bias)
        shared = config.size("intermediate_size")
        ffn = (
            moe(config, experts=EXPERTS, width="intermediate_size", shared_width=shared)
            if number in chosen
            else dense(config, "intermediate_size_mlp", bias=False)
        )
        yield LayerGroup(1, attention, ffn)


def _minimax(config: HfValues) -> Layers:
    layers = number_of_layers(config)
    ffn = moe(config, experts=EXPERTS, width="intermediate_size")
    kinds = config.kinds("layer_types", layers, FULL, LINEAR)
    listed = config.integers("attn_type_list", layers)
    linear = lightning(config)
    for number in range(layers):
        if kinds:
            full = kinds[number] == FULL
        else:
            full = bool(listed[number]) if listed else (number + 1) % 2 == 1
        if full:
            attention = gqa(config, window=config.count("sliding_window", default=0))
            yield LayerGroup(1, attention, ffn)
        else:
            yield LayerGroup(1, linear, ffn)


def _ernie(config: HfValues) -> Layers:
    bias = config.flag("use_bias", False)
    attention = gqa(config, head_dim=128, qkv_bias=bias, output_bias=bias)
    return _alike(config, LayerGroup(1, attention, dense(config, bias=bias)))


def _ernie_moe(config: HfValues) -> Layers:
    layers, bias = number_of_layers(config), config.flag("use_bias", False)
    attention = gqa(config, qkv_bias=bias, output_bias=bias)
    shared = config.count("moe_num_shared_experts", default=2)
    routed = moe(
        config,
        experts="moe_num_experts",
        top_k="moe_k",
        shared_width=shared * config.size("moe_intermediate_size"),
        router_bias=True,
    )
    of_shared = 2 * routed.shared_width + config.size("hidden_size") if shared and bias else 0
    first = config.count("moe_layer_start_index", default=1)
    last = config.last("moe_layer_end_index", layers)
    every = config.size("moe_layer_interval", default=1)
    for number in range(layers):
        if (number + 1) % every == 0 and first <= number <= last:
            yield LayerGroup(1, attention, routed, extra=of_shared)
        else:
            yield LayerGroup(1, attention, dense(config, bias=bias))


def _step3(config: HfValues) -> Layers:
    layers = number_of_layers(config)
    listed = config.integers("moe_layers_enum")
    sparse = set(range(4, layers - 1) if listed is None else listed)
    routed = moe(
        config,
        experts="moe_num_experts",
        top_k="moe_top_k",
        shared_width=config.count("share_expert_dim", default=0),
    )
    for number in range(layers):
        yield LayerGroup(1, mfa(config), routed if number in sparse else dense(config))


def _step3p5(config: HfValues) -> Layers:
    layers = number_of_layers(config)
    kinds = config.kinds("layer_types", layers, FULL, SLIDING) or [FULL] * layers
    ffns = config.kinds("mlp_layer_types", layers, "dense", "sparse")
    listed = config.integers("moe_layers_enum")
    sparse = set(range(3, layers) if listed is None else listed)
    other = config.within("attention_other_setting")
    heads = config.size("num_attention_heads")
    sliding_heads = other.size("num_attention_heads", default=heads) if other else heads
    sliding_heads = config.size("num_sliding_attention_heads", default=sliding_heads)
    window, bias = config.count("sliding_window", default=0), config.flag("attention_bias", False)
    routed = moe(
        config,
        experts=("n_routed_experts", "moe_num_experts"),
        top_k=("num_experts_per_tok", "moe_top_k"),
        shared_width=config.count("share_expert_dim", "share_expert_dims", default=0),
        router_bias=True,
    )
    for number, kind in enumerate(kinds):
        slides = kind == SLIDING
        attention = gqa(
            config,
            heads=sliding_heads if slides else heads,
            window=window * slides,
            qk_norm="head",
            output_gate="head",
            qkv_bias=bias,
            output_bias=bias,
        )
        is_sparse = ffns[number] == "sparse" if ffns else number in sparse
        yield LayerGroup(1, attention, routed if is_sparse else dense(config))


def _glm4_moe(config: HfValues) -> Layers:
    norm = "head" if config.flag("use_qk_norm", False) else "none"
    attention = gqa(config, qk_norm=norm, qkv_bias=config.flag("attention_bias", False))
    shared = config.count("n_shared_experts", default=1)
    routed = moe(
        config,
        experts="n_routed_experts",
        shared_width=shared * config.size("moe_intermediate_size"),
        router_bias=True,
    )
    first = config.count("first_k_dense_replace", default=1)
    for number in range(number_of_layers(config)):
        yield LayerGroup(1, attention, routed if number >= first else dense(config))


def _gpt_oss(config: HfValues) -> Layers:
    layers, bias = number_of_layers(config), config.flag("attention_bias", True)
    kinds = config.kinds("layer_types", layers, FULL, SLIDING)
    window = config.count("sliding_window", default=0)
    ffn = moe(config, experts=EXPERTS, width="intermediate_size", router_bias=True)
    extra = config.size("num_attention_heads") + expert_biases(ffn, config.size("hidden_size"))
    for number in range(layers):
        slides = kinds[number] == SLIDING if kinds else number % 2 == 0
        attention = gqa(
            config, head_dim=64, window=window * slides, qkv_bias=bias, output_bias=bias
        )
        yield LayerGroup(1, attention, ffn, extra=extra)


def _lfm2(config: HfValues) -> Layers:
    layers, ffn = number_of_layers(config), dense(config, width=lfm2_width(config))
    full = config.integers("full_attn_idxs")
    chosen = set(range(layers) if full is None else full)
    kinds = config.kinds("layer_types", layers, FULL, CONV) or [
        FULL if number in chosen else CONV for number in range(layers)
    ]
    for kind in kinds:
        yield _lfm2_layer(config, kind, ffn)


def _lfm2_moe(config: HfValues) -> Layers:
    layers = number_of_layers(config)
    kinds = config.kinds("layer_types", layers, FULL, CONV)
    if kinds is None:
        raise config.wrong("layer_types", "is missing")
    first = config.count("num_dense_layers", default=2)
    biased = config.flag("use_expert_bias", True)
    routed = moe(config, experts=EXPERTS, router_bias=biased)
    for number, kind in enumerate(kinds):
        yield _lfm2_layer(config, kind, routed if number >= first else dense(config))


def _lfm2_layer(config: HfValues, kind: str, ffn: Ffn) -> LayerGroup:
    if kind == FULL:
        return LayerGroup(1, gqa(config, qk_norm="head"), ffn)
    biases = 5 * config.size("hidden_size") if config.flag("conv_bias", False) else 0
    return LayerGroup(1, short_convolution(config), ffn, extra=biases)


def _alike(config: HfValues, layer: LayerGroup) -> Layers:
    for _ in range(number_of_layers(config)):
        yield layer


def _qwen_windows(config: HfValues) -> Iterator[int]:
    """A window where `use_sliding_window` is set: the layers named, else those from
    `max_window_layers` on."""
    layers = number_of_layers(config)
    if not config.flag("use_sliding_window", False):
        yield from [0] * layers
        return
    window, first = config.count("sliding_window", default=0), config.count("max_window_layers")
    kinds = config.kinds("layer_types", layers, FULL, SLIDING)
    for number in range(layers):
        slides = kinds[number] == SLIDING if kinds else number >= first
        yield window * slides


def _rotary(layers: int, every: int) -> list[int]:
    """1 for each layer with rotary positions: all but every so-manieth."""
    return [int((number + 1) % every != 0) for number in range(layers)]


FAMILIES: dict[str, Callable[[HfValues], Layers]] = {
    "llama": _llama,
    "granite": _llama,
    "smollm3": _smollm3,
    "mistral": _mistral,
    "mixtral": _mixtral,
    "phi3": _phi3,
    "qwen2": _qwen2,
    "qwen2_moe": _qwen2_moe,
    "qwen3": _qwen3,
    "qwen3_moe": _qwen3_moe,
    "qwen3_next": _qwen3_next,
    "gemma2": _gemma2,
    "gemma3_text": _gemma3,
    "deepseek_v2": _deepseek_v2,
    "deepseek_v3": _deepseek_v3,
    "kimi_k2": _deepseek_v3,
    "llama4_text": _llama4,
    "minimax": _minimax,
    "minimax_m1": _minimax,
    "minimax_text_01": _minimax,
    "ernie4_5": _ernie,
    "ernie4_5_moe": _ernie_moe,
    "step3_text": _step3,
    "step3p5": _step3p5,
    "glm4_moe": _glm4_moe,
    "gpt_oss": _gpt_oss,
    "lfm2": _lfm2,
    "lfm2_moe": _lfm2_moe,
}
"""The families by their `model_type`."""
