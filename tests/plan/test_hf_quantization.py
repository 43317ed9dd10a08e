"""How a quantized model's weights are kept, by its config."""

from typing import Any

import pytest

from edgewise.errors import UserError
from edgewise.plan.hf_quantization import Quantization, quantization_of
from edgewise.plan.number_format import NumberFormat


def packed(bits: int, kind: str, **more: Any) -> dict[str, Any]:
    groups = {"group_0": {"weights": {"num_bits": bits, "type": kind}, **more}}
    return {"quant_method": "compressed-tensors", "config_groups": groups}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, NumberFormat.INT4),
        ({"quant_method": "awq", "w_bit": 4}, NumberFormat.INT4),
        ({"quant_method": "gptq", "bits": 8}, NumberFormat.INT8),
        ({"quant_method": "gptq", "bits": 3}, None),
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, NumberFormat.FP8),
        ({"quant_method": "mxfp4"}, NumberFormat.MXFP4),
        (packed(8, "float"), NumberFormat.FP8),
        (packed(8, "int"), NumberFormat.INT8),
        (packed(4, "int", input_activations=None), NumberFormat.INT4),
        (packed(4, "float"), NumberFormat.NVFP4),
        ({"quant_method": "compressed-tensors"}, None),
        ({"quant_method": "aqlm"}, None),
    ],
)
def test_the_nearest_format_is_read(told: dict[str, Any], found: NumberFormat | None):
    assert quantization_of({"quantization_config": told}) == Quantization(
        told["quant_method"], found
    )


def test_groups_of_different_formats_fit_none():
    told = packed(8, "float")
    told["config_groups"]["group_1"] = {"weights": {"num_bits": 4, "type": "int"}}
    assert quantization_of({"compression_config": told}) == Quantization("compressed-tensors", None)


def test_it_stands_with_the_text_too_and_often_nowhere():
    told = {"quantization_config": {"quant_method": "fp8"}}
    assert quantization_of({"text_config": told}) == Quantization("fp8", NumberFormat.FP8)
    assert quantization_of({"hidden_size": 8}) is None
    assert quantization_of({"quantization_config": None}) is None


def test_what_is_none_is_named():
    with pytest.raises(UserError, match=r"quantization_config\.bits is 'four'"):
        quantization_of({"quantization_config": {"quant_method": "awq", "bits": "four"}})
