"""Feed-forward from a config's values."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.hf_ffn import dense, expert_biases, lfm2_width, moe, sparse_layers
from edgewise.plan.hf_values import HfValues

EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16}


def test_more_acting_experts_than_there_are_are_refused():
    with pytest.raises(UserError, match="num_experts_per_tok is 5; there are 4 experts"):
        moe(HfValues(EXPERTS | {"num_experts_per_tok": 5}), experts="num_experts")


def test_biases_are_where_the_config_says():
    values = HfValues({"intermediate_size": 8, "mlp_bias": True})
    assert dense(values).bias
    assert not dense(values, bias=False).bias
    assert expert_biases(moe(HfValues(EXPERTS), experts="num_experts"), 32) == 4 * (32 + 32)


def test_every_second_layer_has_experts_but_those_named():
    values = {"num_hidden_layers": 6, "decoder_sparse_step": 2, "mlp_only_layers": [3]}
    assert list(sparse_layers(HfValues(values))) == [False, True, False, False, False, True]


def test_lfm2_is_two_thirds_as_wide_as_written_and_rounded_up():
    assert lfm2_width(HfValues({"intermediate_size": 12288})) == 8192
    assert lfm2_width(HfValues({"block_ff_dim": 6656, "block_ffn_dim_multiplier": 1.0})) == 4608
    written = {"intermediate_size": 100, "block_auto_adjust_ff_dim": False}
    assert lfm2_width(HfValues(written)) == 100
