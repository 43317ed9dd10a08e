"""How a number is stored, and the bits that one of them takes with its share of scales.

The GGUF formats are llama.cpp's block layouts (ggml-common.h): the bytes of a block by its weights.
A file named after one of them often mixes several; its reader knows the file's real size.
"""

from enum import StrEnum


class NumberFormat(StrEnum):
    """Formats of weights, of keys and values, of states, and of a chip's arithmetic."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8"
    INT8 = "int8"
    FP4 = "fp4"
    INT4 = "int4"
    MXFP4 = "mxfp4"
    NVFP4 = "nvfp4"
    Q8_0 = "q8_0"
    Q6_K = "q6_k"
    Q5_K = "q5_k"
    Q5_1 = "q5_1"
    Q5_0 = "q5_0"
    Q4_K = "q4_k"
    Q4_1 = "q4_1"
    Q4_0 = "q4_0"
    IQ4_NL = "iq4_nl"
    IQ4_XS = "iq4_xs"
    Q3_K = "q3_k"
    Q2_K = "q2_k"


BITS: dict[NumberFormat, float] = {
    NumberFormat.FP32: 32,
    NumberFormat.BF16: 16,
    NumberFormat.FP16: 16,
    NumberFormat.FP8: 8,
    NumberFormat.INT8: 8,
    NumberFormat.FP4: 4,
    NumberFormat.INT4: 4,
    NumberFormat.MXFP4: 17 * 8 / 32,
    NumberFormat.NVFP4: 9 * 8 / 16,
    NumberFormat.Q8_0: 34 * 8 / 32,
    NumberFormat.Q6_K: 210 * 8 / 256,
    NumberFormat.Q5_K: 176 * 8 / 256,
    NumberFormat.Q5_1: 24 * 8 / 32,
    NumberFormat.Q5_0: 22 * 8 / 32,
    NumberFormat.Q4_K: 144 * 8 / 256,
    NumberFormat.Q4_1: 20 * 8 / 32,
    NumberFormat.Q4_0: 18 * 8 / 32,
    NumberFormat.IQ4_NL: 18 * 8 / 32,
    NumberFormat.IQ4_XS: 136 * 8 / 256,
    NumberFormat.Q3_K: 110 * 8 / 256,
    NumberFormat.Q2_K: 84 * 8 / 256,
}


def bytes_each(stored: NumberFormat) -> float:
    """Bytes that one number takes, its share of the block's scales included."""
    return BITS[stored] / 8
