"""A config.json becomes an architecture, or an error that names the key."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.plan.hf_config import architecture_of
from edgewise.plan.weights import parameters
from tests.plan.paper import MODELS

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49152,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}
STEP3: dict[str, Any] = {
    "model_type": "step3_text",
    "hidden_size": 7168,
    "intermediate_size": 18432,
    "num_hidden_layers": 61,
    "num_attention_heads": 64,
    "num_attention_groups": 1,
    "head_dim": 256,
    "share_q_dim": 2048,
    "moe_num_experts": 48,
    "moe_top_k": 3,
    "moe_intermediate_size": 5120,
    "share_expert_dim": 5120,
    "moe_layers_enum": ",".join(str(layer) for layer in range(4, 60)),
    "vocab_size": 128815,
    "max_position_embedding": 65536,
}
DEEPSEEK: dict[str, Any] = {
    "model_type": "deepseek_v3",
    "hidden_size": 7168,
    "intermediate_size": 18432,
    "moe_intermediate_size": 2048,
    "num_hidden_layers": 61,
    "num_nextn_predict_layers": 1,
    "num_attention_heads": 128,
    "num_key_value_heads": 128,
    "n_shared_experts": 1,
    "n_routed_experts": 256,
    "num_experts_per_tok": 8,
    "moe_layer_freq": 1,
    "first_k_dense_replace": 3,
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128,
    "v_head_dim": 128,
    "vocab_size": 129280,
    "max_position_embeddings": 163840,
    "tie_word_embeddings": False,
}


@pytest.mark.parametrize(
    ("config", "name"),
    [(LLAMA, "smollm2-135m"), (STEP3, "step-3"), (DEEPSEEK, "deepseek-v3")],
)
def test_a_published_config_is_the_model_of_the_list(config: dict[str, Any], name: str):
    read, listed = architecture_of(config), MODELS[name]
    assert parameters(read) == parameters(listed)
    assert (read.layers, read.max_context) == (listed.layers, listed.max_context)


def test_the_text_of_a_model_of_several_parts_is_read():
    text = {key: value for key, value in STEP3.items() if key != "model_type"}
    whole = {"model_type": "step3_vl", "vision_config": {"hidden_size": 1}, "text_config": text}
    assert parameters(architecture_of(whole)) == parameters(MODELS["step-3"])


def test_a_sparse_text_config_takes_its_familys_defaults():
    text = {
        "model_type": "gemma3_text",
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 34,
        "sliding_window": 1024,
    }
    read = architecture_of({"model_type": "gemma3", "text_config": text})
    assert (read.vocab, read.tied) == (262_208, True)
    assert [group.layers for group in read.groups] == [29, 5]


def test_the_outer_config_says_whether_the_head_is_tied():
    text = {"model_type": "llama"} | {k: v for k, v in LLAMA.items() if k != "tie_word_embeddings"}
    assert architecture_of({"text_config": text, "tie_word_embeddings": True}).tied
    assert not architecture_of({"text_config": text}).tied


def test_a_family_that_is_not_known_is_told_with_those_near_it():
    with pytest.raises(UserError, match="model_type qwen33 is not known; near it: qwen3"):
        architecture_of(LLAMA | {"model_type": "qwen33"})
    with pytest.raises(UserError, match=r"model_type xlstm is not known; .*llama"):
        architecture_of(LLAMA | {"model_type": "xlstm"})
    with pytest.raises(UserError, match="model_type is missing"):
        architecture_of({"hidden_size": 8})


@pytest.mark.parametrize("key", ["hidden_size", "num_hidden_layers", "intermediate_size"])
def test_a_missing_key_is_named(key: str):
    with pytest.raises(UserError, match=f"{key} is missing"):
        architecture_of({name: value for name, value in LLAMA.items() if name != key})


@pytest.mark.parametrize("value", [-1, 0, 10**9, 1.5, True, "576", [576]])
def test_a_size_that_cannot_be_is_named(value: object):
    with pytest.raises(UserError, match="hidden_size is ") as refused:
        architecture_of(LLAMA | {"hidden_size": value})
    assert refused.value.code == "bad_architecture"


def test_a_key_of_a_nested_config_is_called_by_its_path():
    with pytest.raises(UserError, match=r"text_config\.hidden_size is missing"):
        architecture_of({"model_type": "llama4", "text_config": {"num_attention_heads": 4}})


def test_a_config_of_another_family_lacks_the_keys():
    with pytest.raises(UserError, match="kv_lora_rank is missing"):
        architecture_of(LLAMA | {"model_type": "deepseek_v3"})


def test_heads_that_the_key_heads_do_not_divide_are_refused():
    with pytest.raises(UserError, match="num_key_value_heads is 2; it divides 9 heads"):
        architecture_of(LLAMA | {"num_key_value_heads": 2})


@pytest.mark.parametrize("values", [[], "llama", None, 3])
def test_what_is_no_mapping_is_refused(values: object):
    with pytest.raises(UserError, match="no mapping"):
        architecture_of(values)


@given(
    st.dictionaries(
        st.sampled_from([*STEP3, *DEEPSEEK, "layer_types", "text_config"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.integers()),
    ),
    st.sampled_from([LLAMA, STEP3, DEEPSEEK]),
)
def test_any_config_is_an_architecture_or_an_error_of_the_user(
    changed: dict[str, Any], config: dict[str, Any]
):
    wanted = {key: value for key, value in changed.items() if key != "num_hidden_layers"}
    with suppress(UserError):
        assert architecture_of(config | wanted).layers == config["num_hidden_layers"]
