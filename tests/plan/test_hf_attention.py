"""Attention from a config's values."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.hf_attention import gated_delta, gqa, lightning, mfa, mla, mla_biases
from edgewise.plan.hf_values import HfValues

LATENT = {
    "hidden_size": 32,
    "num_attention_heads": 4,
    "kv_lora_rank": 8,
    "q_lora_rank": None,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 4,
    "v_head_dim": 12,
}


def test_key_heads_are_as_many_as_heads_and_a_head_its_share_unless_said():
    values = {"hidden_size": 32, "num_attention_heads": 4}
    attention = gqa(HfValues(values))
    assert (attention.kv_heads, attention.head_dim) == (4, 8)
    assert gqa(HfValues(values), head_dim=128).head_dim == 128
    assert gqa(HfValues(values | {"head_dim": 16}), head_dim=128).head_dim == 16


def test_more_heads_than_the_width_are_refused():
    with pytest.raises(UserError, match="num_attention_heads is 64; that is more than hidden"):
        gqa(HfValues({"hidden_size": 32, "num_attention_heads": 64}))


def test_a_querys_rank_that_is_null_is_none():
    assert mla(HfValues(LATENT)).q_rank == 0
    assert mla_biases(HfValues(LATENT)) == 0
    assert mla_biases(HfValues(LATENT | {"attention_bias": True})) == 8 + 4 + 32


def test_step_3_calls_key_heads_groups():
    values = {"num_attention_heads": 64, "num_attention_groups": 1, "head_dim": 256}
    assert mfa(HfValues(values | {"share_q_dim": 2048})).kv_heads == 1


def test_linear_attention_has_its_own_heads():
    values = {
        "linear_num_value_heads": 4,
        "linear_num_key_heads": 2,
        "linear_key_head_dim": 8,
        "linear_value_head_dim": 16,
    }
    delta = gated_delta(HfValues(values))
    assert (delta.heads, delta.key_heads, delta.convolution) == (4, 2, 4)
    assert lightning(HfValues({"hidden_size": 32, "num_attention_heads": 4})).key_dim == 8
