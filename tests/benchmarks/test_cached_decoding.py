"""The benchmark of decoding with and without a cache."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from benchmarks import cached_decoding
from benchmarks.cached_decoding import LAYERS, compare_cached, small
from edgewise.step3.config import PUBLISHED


def test_the_small_model_keeps_what_a_token_takes_of_the_cache_and_has_dense_and_expert_layers():
    config = small(4)
    assert config.head_dim == PUBLISHED.head_dim
    assert 0 < len(config.moe_layers_enum) < LAYERS
    assert config.hidden_size * 4 == PUBLISHED.hidden_size


def test_a_token_with_the_cache_is_told_beside_one_without(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cached_decoding, "TOKENS", 5)
    found = list(compare_cached(64, (64, 512), "cpu", torch.float32, "fp32"))
    assert [result.unit for result in found] == ["tokens/s", "x"] * 2
    assert 1 < found[1].value < found[3].value
