"""The models that ship, and how one is found by name."""

import re

import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import Gqa, Moe
from edgewise.plan.builtin import find_model, models_from
from edgewise.plan.weights import parameters
from tests.plan.paper import MODELS, NAMES

ONE = b"""
[[model]]
name = "mine"
aliases = ["ours"]
hidden = 8
vocab = 10
[[model.groups]]
layers = 1
attention = { kind = "gqa", heads = 2, kv_heads = 1, head_dim = 4 }
ffn = { kind = "dense", width = 16 }
"""


def test_every_model_says_where_its_sizes_are_from_and_where_they_were_read():
    for name, model in MODELS.items():
        assert re.search(r"config of [\w.-]+/[\w.-]+|arXiv:\d{4}\.\d{5}", model.source), name
        assert "; read in " in model.source, name
        assert "://" not in model.source, name
    assert set(NAMES.values()) <= set(MODELS)


def test_a_model_named_after_its_size_has_that_size():
    sized = 0
    for name, model in MODELS.items():
        held = parameters(model)
        for number, unit in re.findall(r"-([0-9.]+)([bm])(?=-|$)", name):
            stated = float(number) * {"b": 1e9, "m": 1e6}[unit]
            assert stated * 0.95 <= held.total <= stated * 1.25, (name, held.total)
            sized += 1
        for acting in re.findall(r"-a([0-9.]+)b", name):
            assert held.active == pytest.approx(float(acting) * 1e9, rel=0.05), name
    assert sized > 10


def test_sizes_are_such_as_models_have():
    for name, model in MODELS.items():
        assert 8 <= model.layers <= 128, name
        assert model.vocab > 32_000, name
        assert model.max_context >= 8192, name
        assert model.hidden % 64 == 0, name
        for group in model.groups:
            if isinstance(group.attention, Gqa):
                assert group.attention.head_dim in (64, 128, 256), name
                assert group.attention.window < model.max_context, name
            width = group.ffn.width if group.ffn is not None else 0
            assert isinstance(group.ffn, Moe) or 2 <= width / model.hidden <= 6, name


def test_a_model_is_found_by_name_and_alias_in_any_case():
    assert find_model("Step-3", MODELS) is MODELS["step-3"]
    assert find_model(" DSv3 ", MODELS) is MODELS["deepseek-v3"]
    assert find_model("Qwen/Qwen3-0.6B", MODELS) is MODELS["qwen3-0.6b"]


def test_an_unknown_model_is_told_with_those_near_it():
    with pytest.raises(UserError, match=r"step-4; near it: step-3") as refused:
        find_model("step-4", MODELS)
    assert refused.value.code == "no_such_model"
    with pytest.raises(UserError, match=r"known: .*minimax-m1"):
        find_model("zzzzzzzz", MODELS)


def test_a_list_that_is_wrong_names_the_key():
    assert list(models_from(ONE)) == ["mine"]
    with pytest.raises(UserError, match=r"groups\[0\]\.attention\.heads"):
        models_from(ONE.replace(b"heads = 2,", b"heads = -2,"))
    with pytest.raises(UserError, match="ours stands twice"):
        models_from(ONE + ONE.replace(b'"mine"', b'"other"'))
    with pytest.raises(UserError, match="list of models"):
        models_from(b"[[model]\nname")


def test_near_models_are_named_once_and_as_they_are_listed():
    with pytest.raises(UserError) as refused:
        find_model("deepseek-v4", MODELS)
    told = str(refused.value).partition("near it: ")[2].partition(". ")[0].split(", ")
    assert "deepseek-v3" in told
    assert len(told) == len(set(told))
    assert set(told) <= set(MODELS)
