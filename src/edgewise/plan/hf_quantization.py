"""How the weights beside a `config.json` are kept, from its `quantization_config`.

Known are the methods that engines read from there by themselves: AWQ, GPTQ, compressed-tensors,
FP8 and MXFP4. Scales of AWQ's and GPTQ's groups are not counted, nor which layers are left wide.
"""

from collections.abc import Mapping
from typing import Any, cast

from msgspec import Struct

from edgewise.plan.hf_values import HfValues
from edgewise.plan.number_format import NumberFormat

KEYS = ("quantization_config", "compression_config")
INTEGERS = {4: NumberFormat.INT4, 8: NumberFormat.INT8}
FLOATS = {4: NumberFormat.NVFP4, 8: NumberFormat.FP8}
BY_METHOD = {"fp8": NumberFormat.FP8, "mxfp4": NumberFormat.MXFP4}


class Quantization(Struct, frozen=True):
    """`method` in the config's own word; `format` is the nearest there is, None where none fits."""

    method: str
    format: NumberFormat | None


def quantization_of(values: object) -> Quantization | None:
    """What a config's mapping says, its text part's too; None where it says nothing. Raises
    UserError that names the key of what is wrong."""
    if not isinstance(values, Mapping):
        return None
    outer = HfValues(cast(Mapping[str, Any], values))
    for config in (outer, outer.within("text_config")):
        for key in KEYS:
            if config is not None and (found := config.within(key)) is not None:
                return _read(found)
    return None


def _read(config: HfValues) -> Quantization:
    method = config.text("quant_method")
    if method in ("awq", "gptq"):
        found = INTEGERS.get(config.count("bits", "w_bit", default=0))
    elif method == "compressed-tensors":
        found = _of_groups(config)
    else:
        found = BY_METHOD.get(method)
    return Quantization(method or "no quant_method", found)


def _of_groups(config: HfValues) -> NumberFormat | None:
    """The format that all groups of layers are kept in."""
    formats: set[NumberFormat | None] = set()
    groups = config.within("config_groups")
    for name in groups.keys() if groups else ():
        group = groups and groups.within(name)
        weights = group and group.within("weights")
        if weights is not None:
            by_bits = FLOATS if weights.text("type") == "float" else INTEGERS
            formats.add(by_bits.get(weights.count("num_bits", default=0)))
    return formats.pop() if len(formats) == 1 else None
