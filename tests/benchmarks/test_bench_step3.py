"""What the benchmark of MFA, GQA and MLA compares, and how it predicts."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from benchmarks.bench_step3 import (
    LAYERS,
    WAYS,
    Kept,
    Machine,
    Setting,
    architecture,
    fastest,
    kinds,
    predict,
    ratio,
    size_of,
)
from edgewise.plan.arch import Gqa, Mfa, Mla
from edgewise.plan.count import kv_elements
from edgewise.step3.config import PUBLISHED

CPU = Setting("cpu", 4, 1, (torch.float32,))
MACHINE = Machine(flops_s=1e11, bytes_s=1e10, vector_bytes_s=5e9)
RATES = MACHINE.flops_s, MACHINE.bytes_s


@pytest.mark.parametrize("scale", [1, 4])
def test_the_kinds_have_nearly_the_same_parameters_and_the_published_caches(scale: int):
    hidden = PUBLISHED.hidden_size // scale
    found = kinds(hidden, scale)
    assert [kv_elements(sizes) for sizes in found.values()] == [512, 2048, 576]
    for sizes in found.values():
        assert size_of(sizes, hidden) == pytest.approx(size_of(found["MFA"], hidden), rel=0.05)
    if scale == 1:
        assert found["MFA"] == Mfa(heads=64, q_rank=2048, kv_heads=1, head_dim=256)


def test_a_prediction_is_the_slower_of_arithmetic_and_memory_for_each_part():
    found = kinds(CPU.hidden, CPU.scale)
    weights = 4 * LAYERS * size_of(found["GQA"], CPU.hidden)
    cache = 4 * LAYERS * 2048 * 32_768
    expected = pytest.approx((weights + cache) / MACHINE.bytes_s)
    assert predict(found["GQA"], CPU, torch.float32, 32_768, *RATES) == (expected, weights + cache)
    mla = found["MLA"]
    assert isinstance(mla, Mla)
    computing = LAYERS * 2 * mla.heads * (576 + 512) * 32_768 / MACHINE.flops_s
    weights = 4 * LAYERS * size_of(mla, CPU.hidden)
    predicted, _ = predict(mla, CPU, torch.float32, 32_768, *RATES)
    assert predicted == pytest.approx(computing + weights / MACHINE.bytes_s)


def test_a_batch_reads_the_weights_once_and_each_cache():
    gqa = kinds(CPU.hidden, CPU.scale)["GQA"]
    many = Setting("cpu", 4, 8, (torch.float32,))
    one_s, one = predict(gqa, CPU, torch.float32, 8192, *RATES)
    eight_s, eight = predict(gqa, many, torch.float32, 8192, *RATES)
    weights = 4 * LAYERS * size_of(gqa, CPU.hidden)
    assert eight - weights == 8 * (one - weights)
    assert one_s < eight_s < 8 * one_s


def test_a_ratio_says_by_how_much_clock_and_planner_are_apart():
    mfa = Kept("fused", 0.010, 0.008, 0.010, 1)
    found = list(ratio("x", mfa, Kept("fused", 0.030, 0.016, 0.010, 1)))
    assert [result.value for result in found] == [3, 2, 1.5, 1, 3]
    assert [result.met for result in found] == [None, None, True, None, False]


@pytest.mark.slow
def test_the_fastest_way_is_one_of_those_tried():
    small = Setting("cpu", 64, 1, (torch.float32,))
    gqa = Gqa(heads=8, kv_heads=8, head_dim=128)
    with torch.inference_mode():
        kept = fastest(gqa, small, torch.float32, 64, MACHINE)
    assert kept.way in WAYS
    assert kept.seconds > 0
    assert kept.bytes == predict(gqa, small, torch.float32, 64, *RATES)[1]
    assert architecture(gqa, small.hidden, LAYERS).layers == LAYERS
