"""An architecture from a mapping: what can not be is named by its key."""

from typing import Any

import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import Gqa, architecture_from, checked, with_kv_format
from edgewise.plan.number_format import NumberFormat
from tests.each_row import each_row
from tests.plan.architectures import one_group
from tests.plan.paper import MODELS


def given(**changes: Any) -> dict[str, Any]:
    """A sound model with one layer; `a__b` changes what is inside its group."""
    group: dict[str, Any] = {
        "layers": 2,
        "attention": {"kind": "gqa", "heads": 8, "kv_heads": 2, "head_dim": 16},
        "ffn": {"kind": "moe", "experts": 8, "top_k": 2, "width": 64},
    }
    whole: dict[str, Any] = {"name": "mine", "hidden": 64, "vocab": 100, "groups": [group]}
    for name, value in changes.items():
        part, _, key = name.partition("__")
        if key:
            group[part][key] = value
        elif part in group:
            group[part] = value
        else:
            whole[part] = value
    return whole


@each_row(
    "changes, named",
    [
        ({"hidden": -64}, r"\$\.hidden"),
        ({"hidden": 10**12}, r"\$\.hidden"),
        ({"vocab": "many"}, r"\$\.vocab"),
        ({"attention__heads": 0}, r"groups\[0\]\.attention\.heads"),
        ({"attention__heads": 9}, r"groups\[0\]\.attention\.kv_heads is 2"),
        ({"attention__kind": "magic"}, r"magic"),
        ({"attention__widow": 5}, r"widow"),
        ({"ffn__top_k": 9}, r"groups\[0\]\.ffn\.top_k is 9; there are 8"),
        ({"ffn__width": -1}, r"groups\[0\]\.ffn\.width"),
        ({"layers": 0}, r"groups\[0\]\.layers"),
        ({"groups": []}, r"groups"),
    ],
)
def test_what_can_not_be_is_named(changes: dict[str, Any], named: str):
    with pytest.raises(UserError, match=named):
        architecture_from(given(**changes))


def test_a_window_and_a_chunk_exclude_each_other():
    both = one_group(Gqa(heads=2, kv_heads=1, head_dim=4, window=8, chunk=8), None)
    with pytest.raises(UserError, match=r"window and attention\.chunk"):
        checked(both)


def test_a_sound_architecture_comes_back_as_it_is():
    for model in MODELS.values():
        assert checked(model) == model
    assert architecture_from(given()).layers == 2


def test_one_format_for_all_keys_and_values():
    mixed = MODELS["llama-4-maverick"]
    assert {group.kv_format for group in mixed.groups} == {NumberFormat.BF16, NumberFormat.FP8}
    same = with_kv_format(mixed, NumberFormat.Q8_0)
    assert {group.kv_format for group in same.groups} == {NumberFormat.Q8_0}
    assert same.layers == mixed.layers == 48
