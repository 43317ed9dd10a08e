"""Experts: both paths give the same, and weights are those of a softmax over all of them."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from msgspec.structs import replace
from torch import Tensor
from torch.nn import functional as F

from edgewise.step3.config import Step3TextConfig
from edgewise.step3.moe import MixtureOfExperts
from scripts.step3.golden import SEED, TINY, fill_seeded
from tests.each_row import each_row

torch.set_num_threads(1)
torch.manual_seed(SEED)
TOKENS = torch.randn(2, 7, TINY.hidden_size)


def mixture(config: Step3TextConfig, *, plain: bool = False) -> MixtureOfExperts:
    made = MixtureOfExperts(config, plain=plain)
    fill_seeded(made, SEED)
    return made.requires_grad_(False)


@each_row("tokens", [TOKENS, TOKENS[:1, :1], TOKENS[:, :0]])
@each_row("config", [TINY, replace(TINY, norm_expert_weight=True), replace(TINY, moe_top_k=4)])
def test_the_grouped_path_gives_what_the_plain_one_gives(tokens: Tensor, config: Step3TextConfig):
    if not tokens.numel():
        assert mixture(config)(tokens).shape == tokens.shape
        return
    torch.testing.assert_close(mixture(config)(tokens), mixture(config, plain=True)(tokens))


def test_weights_are_of_a_softmax_over_all_experts_and_are_not_made_to_sum_to_one():
    moe = mixture(TINY)
    tokens = TOKENS.flatten(0, 1)
    chosen, weights = moe.route(tokens)
    of_all = (tokens @ moe.gate.weight.T).softmax(-1)
    torch.testing.assert_close(weights, of_all.sort(descending=True).values[:, :2])
    torch.testing.assert_close(weights, of_all.gather(1, chosen))
    assert bool((weights.sum(-1) < 0.999).any())
    _, summing = mixture(replace(TINY, norm_expert_weight=True)).route(tokens)
    torch.testing.assert_close(summing.sum(-1), torch.ones(len(tokens)))


def test_a_token_gets_its_experts_by_their_weights():
    moe = mixture(TINY)
    token = TOKENS[0, :1]
    chosen, weights = moe.route(token)
    expected = torch.zeros_like(token)
    for e, weight in zip(chosen[0], weights[0], strict=True):
        inner = F.silu(token @ moe.gate_proj.weight[e].T) * (token @ moe.up_proj.weight[e].T)
        expected += weight * (inner @ moe.down_proj.weight[e].T)
    torch.testing.assert_close(moe(token), expected)


def test_experts_begin_as_other_weights_do():
    fresh = MixtureOfExperts(TINY)
    assert 0 < fresh.gate_proj.weight.std() < 1
    assert not torch.equal(fresh.gate_proj.weight[0], fresh.gate_proj.weight[1])


def test_both_paths_can_be_trained():
    for plain in (False, True):
        moe = MixtureOfExperts(TINY, plain=plain)
        moe(TOKENS).square().mean().backward()
        for parameter in moe.parameters():
            assert parameter.grad is not None
            assert parameter.grad.abs().sum() > 0
