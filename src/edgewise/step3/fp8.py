"""Weights in eight bits: float8 e4m3, with one scale for each block of 128 x 128.

weight = float(stored) * scale of its block; the last blocks of a row or column may be smaller.
Experts are stacked in front, (E, out, in) with scales (E, out / 128, in / 128). Step-3's own fp8
files were not read; the layout is that of block fp8 as engines read it (reference note on Step-3,
section 3.5).
"""

import torch
from torch import Tensor

BLOCK = 128
LARGEST = torch.finfo(torch.float8_e4m3fn).max


def scale_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(..., out, in) of a weight -> the shape of its scales."""
    *stack, rows, columns = shape
    return (*stack, -(-rows // BLOCK), -(-columns // BLOCK))


def quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    """The stored weight in e4m3 and its scales in fp32; a block's largest value fills the range."""
    rows, columns = weight.shape[-2:]
    padding = (0, -columns % BLOCK, 0, -rows % BLOCK)
    padded = torch.nn.functional.pad(weight.float().abs(), padding)
    blocks = padded.unflatten(-1, (-1, BLOCK)).unflatten(-3, (-1, BLOCK))  # (..., R, 128, C, 128)
    scales = blocks.amax((-3, -1)) / LARGEST  # (..., R, C)
    scales = scales.masked_fill(scales == 0, 1.0)
    stored = weight.float() / spread(scales, weight.shape)
    return stored.to(torch.float8_e4m3fn), scales


def dequantise(stored: Tensor, scales: Tensor) -> Tensor:
    """The weight in fp32."""
    return stored.float() * spread(scales.float(), stored.shape)


def spread(scales: Tensor, shape: torch.Size) -> Tensor:
    """Each scale over its block: (..., R, C) -> (..., out, in)."""
    rows = scales.repeat_interleave(BLOCK, -2)[..., : shape[-2], :]
    return rows.repeat_interleave(BLOCK, -1)[..., : shape[-1]]
