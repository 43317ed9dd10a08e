"""Block fp8: each block of 128 x 128 has its own scale, so a large block spoils no other."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.step3.fp8 import LARGEST, dequantise, quantise, scale_shape
from tests.each_row import each_row


@each_row("shape", [(128, 128), (256, 384), (200, 130), (3, 130, 5), (1, 1)])
def test_what_was_quantised_comes_back_within_the_steps_of_e4m3(shape: tuple[int, ...]):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    stored, scales = quantise(weight)
    assert (stored.dtype, stored.shape) == (torch.float8_e4m3fn, weight.shape)
    assert tuple(scales.shape) == scale_shape(shape)
    torch.testing.assert_close(dequantise(stored, scales), weight, rtol=1 / 16, atol=1e-3)


def test_a_block_is_scaled_by_its_own_largest_value():
    weight = torch.ones(129, 129)
    weight[128, 128] = 1000.0
    stored, scales = quantise(weight)
    expected = torch.tensor([[1.0, 1.0], [1.0, 1000.0]]) / LARGEST
    torch.testing.assert_close(scales, expected)
    torch.testing.assert_close(dequantise(stored, scales), weight)


def test_a_scale_holds_for_the_rows_and_columns_of_its_block():
    stored = torch.ones(130, 257).to(torch.float8_e4m3fn)
    weight = dequantise(stored, torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    assert [weight[r, c].item() for r, c in ((0, 0), (127, 128), (0, 256))] == [1.0, 2.0, 3.0]
    assert [weight[r, c].item() for r, c in ((128, 0), (129, 255), (128, 256))] == [4.0, 5.0, 6.0]


def test_a_block_of_zeros_stays_zero():
    stored, scales = quantise(torch.zeros(3, 3))
    assert not dequantise(stored, scales).any()
    assert bool(scales.isfinite().all())
