"""Metadata of a GGUF file by its family's keys."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.gguf_values import GgufValues

VALUES = GgufValues(
    {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "llama.heads": [4, 8],
        "llama.pattern": [False, True],
        "llama.text": "x",
    }
)


def test_a_key_is_the_familys():
    assert VALUES.family == "llama"
    assert VALUES.size("block_count") == 2
    assert (VALUES.count("missing"), VALUES.size("missing", default=3)) == (0, 3)


def test_a_layer_has_its_own_of_a_list():
    assert [VALUES.of_layer("heads", number) for number in (0, 1)] == [4, 8]
    assert VALUES.of_layer("block_count", 1) == 2
    assert VALUES.of_layer("pattern", 1, least=0) == 1
    with pytest.raises(UserError, match=r"llama\.heads has 2 entries; there is a layer 2"):
        VALUES.of_layer("heads", 2)


def test_what_is_wrong_is_named_with_its_whole_key():
    with pytest.raises(UserError, match=r"llama\.missing is missing"):
        VALUES.size("missing")
    with pytest.raises(UserError, match=r"llama\.text is 'x'; it is a whole number"):
        VALUES.size("text")
    with pytest.raises(UserError, match=r"general\.architecture is missing"):
        GgufValues({})
