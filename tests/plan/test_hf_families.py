"""Each family's layers, held to the parameters of the module that transformers makes of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import Gqa
from edgewise.plan.hf_config import architecture_of
from edgewise.plan.hf_families import FAMILIES
from edgewise.plan.weights import parameters
from tests.each_row import each_row

COMMON: dict[str, Any] = {
    "vocab_size": 96,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
}
EXPERTS: dict[str, Any] = {"num_experts_per_tok": 2, "moe_intermediate_size": 16}
LATENT: dict[str, Any] = {
    "kv_lora_rank": 8,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 4,
    "v_head_dim": 12,
    "n_routed_experts": 4,
    "n_shared_experts": 2,
    "first_k_dense_replace": 1,
    "n_group": 1,
    "topk_group": 1,
}
DELTA: dict[str, Any] = {
    "linear_num_value_heads": 4,
    "linear_num_key_heads": 2,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 16,
}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("llama", {}),
    ("llama", {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True}),
    ("llama", {"head_dim": 16, "num_key_value_heads": 1}),
    ("granite", {"attention_bias": True}),
    ("mistral", {"sliding_window": 64}),
    ("mixtral", {"num_local_experts": 4}),
    ("phi3", {}),
    ("qwen2", {"use_sliding_window": True, "max_window_layers": 2}),
    (
        "qwen2_moe",
        EXPERTS
        | {
            "num_experts": 4,
            "shared_expert_intermediate_size": 24,
            "decoder_sparse_step": 2,
            "mlp_only_layers": [3],
        },
    ),
    ("qwen3", {"head_dim": 16, "attention_bias": True}),
    ("qwen3_moe", EXPERTS | {"num_experts": 4, "head_dim": 16, "mlp_only_layers": [0]}),
    (
        "qwen3_next",
        EXPERTS
        | DELTA
        | {
            "num_experts": 4,
            "shared_expert_intermediate_size": 24,
            "head_dim": 16,
            "attention_bias": True,
        },
    ),
    ("gemma2", {"head_dim": 16}),
    ("gemma3_text", {"head_dim": 16, "attention_bias": True}),
    ("deepseek_v2", EXPERTS | LATENT | {"q_lora_rank": None, "mlp_bias": True}),
    ("deepseek_v3", EXPERTS | LATENT | {"q_lora_rank": 6, "attention_bias": True}),
    (
        "llama4_text",
        {
            "head_dim": 8,
            "intermediate_size_mlp": 64,
            "num_local_experts": 4,
            "interleave_moe_layer_step": 2,
            "attention_bias": True,
        },
    ),
    ("minimax", {"num_local_experts": 4}),
    ("ernie4_5", {"head_dim": 16, "use_bias": True}),
    (
        "ernie4_5_moe",
        {"moe_num_experts": 4, "moe_k": 2, "moe_intermediate_size": 16, "use_bias": True},
    ),
    (
        "step3p5",
        EXPERTS
        | {
            "n_routed_experts": 4,
            "share_expert_dim": 24,
            "head_dim": 8,
            "moe_layers_enum": "1,2,3",
            "layer_types": ["full_attention", *["sliding_attention"] * 3],
            "num_sliding_attention_heads": 6,
            "sliding_window": 8,
        },
    ),
    (
        "glm4_moe",
        EXPERTS | {"n_routed_experts": 4, "use_qk_norm": True, "attention_bias": True},
    ),
    ("gpt_oss", {"num_local_experts": 4, "num_experts_per_tok": 2, "head_dim": 8}),
    ("smollm3", {"attention_bias": True}),
    ("lfm2", {"layer_types": ["conv", "full_attention"] * 2, "conv_bias": True}),
    (
        "lfm2_moe",
        EXPERTS | {"num_experts": 4, "layer_types": ["conv", "full_attention"] * 2},
    ),
]
NO_CLASS = {"kimi_k2", "minimax_m1", "minimax_text_01", "step3_text"}
"""Families without a class in transformers; the first three share one's function."""
ROUTER_BIASES = ("e_score_correction_bias", "expert_bias")
"""Kept as buffers there, and published among the weights."""


def of_transformers(family: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The config as transformers writes it, and the parameters of its causal model."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    name = {"step3p5": "Step3p7TextConfig"}.get(family)
    made = getattr(transformers, name) if name else transformers.CONFIG_MAPPING[family]
    config = made(**(COMMON | dict(given)))
    with torch.device("meta"):
        if family == "step3p5":
            model = transformers.Step3p7TextModel(config)
        else:
            model = transformers.AutoModelForCausalLM.from_config(config)
    count = sum(each.numel() for each in model.parameters())
    count += sum(
        each.numel() for name, each in model.named_buffers() if name.endswith(ROUTER_BIASES)
    )
    if family == "step3p5":
        count += COMMON["vocab_size"] * COMMON["hidden_size"]  # the head, which is outside
    return config.to_dict(), count


@pytest.mark.slow
@pytest.mark.parametrize(("family", "given"), CASES)
def test_parameters_are_those_of_the_module_that_transformers_makes(
    family: str, given: dict[str, Any]
):
    written, count = of_transformers(family, given)
    assert parameters(architecture_of(written)).total == count


def test_every_family_is_held_to_a_module():
    assert {family for family, _ in CASES} | NO_CLASS == set(FAMILIES)


def windows_of(config: dict[str, Any]) -> list[int]:
    """The window or chunk of each layer's attention, one after the other."""
    found = [layer.attention for layer in FAMILIES[config["model_type"]](_values(config))]
    return [each.window or each.chunk for each in found if isinstance(each, Gqa)]


def _values(config: dict[str, Any]) -> Any:
    from edgewise.plan.hf_values import HfValues

    return HfValues(config)


def test_the_layers_that_slide_are_those_of_the_family():
    gemma = COMMON | {"sliding_window": 64}
    assert windows_of(gemma | {"model_type": "gemma2"}) == [64, 0, 64, 0]
    assert windows_of(gemma | {"model_type": "gemma3_text", "num_hidden_layers": 6}) == [64] * 5 + [
        0
    ]
    qwen = COMMON | {"model_type": "qwen2", "sliding_window": 64, "max_window_layers": 3}
    assert windows_of(qwen) == [0, 0, 0, 0]
    assert windows_of(qwen | {"use_sliding_window": True}) == [0, 0, 0, 64]
    assert windows_of(COMMON | {"model_type": "mistral"}) == [4096] * 4
    assert windows_of(COMMON | {"model_type": "mistral", "sliding_window": None}) == [0] * 4


def test_llama_4_attends_in_chunks_but_for_each_fourth_layer():
    llama = COMMON | {
        "model_type": "llama4_text",
        "attention_chunk_size": 128,
        "num_local_experts": 4,
        "num_experts_per_tok": 1,
        "intermediate_size_mlp": 64,
    }
    assert windows_of(llama) == [128, 128, 128, 0]
    assert windows_of(llama | {"no_rope_layers": [0, 1, 1, 1]}) == [0, 128, 128, 128]


def test_sliding_layers_of_step_3_5_have_heads_of_their_own():
    config = (
        COMMON
        | EXPERTS
        | {
            "model_type": "step3p5",
            "moe_num_experts": 4,
            "layer_types": ["full_attention", "sliding_attention"] * 3,
            "sliding_window": 8,
            "attention_other_setting": {"num_attention_heads": 6},
        }
    )
    layers = list(FAMILIES["step3p5"](_values(config)))
    assert [layer.attention.heads for layer in layers if isinstance(layer.attention, Gqa)] == [
        4,
        6,
        4,
        6,
    ]


@each_row("family", ["qwen2", "gemma3_text", "smollm3"])
@each_row("kinds", [["full_attention"] * 3 + ["mamba"], ["full_attention"] * 3 + [None]])
def test_a_kind_of_layer_that_the_family_has_not_is_refused(family: str, kinds: list[Any]):
    config = COMMON | {"model_type": family, "use_sliding_window": True, "sliding_window": 64}
    with pytest.raises(UserError, match=r"layer_types has (None|'mamba'); known here: full_att"):
        architecture_of(config | {"layer_types": kinds, "max_window_layers": 0})


def test_a_model_of_too_many_layers_is_refused():
    with pytest.raises(UserError, match="num_hidden_layers is 10001"):
        architecture_of(COMMON | {"model_type": "llama", "num_hidden_layers": 10_001})
