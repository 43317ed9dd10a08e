import base64
import math
import struct
from typing import Any

import pytest

from edgewise.testing.upstream.embedding import embed, vector_of
from edgewise.testing.upstream.refusal import Rejected


def test_the_same_text_has_the_same_vector_of_length_1():
    assert vector_of("a", 8) == vector_of("a", 8) != vector_of("b", 8)
    assert math.isclose(math.hypot(*vector_of("a", 64)), 1)


def test_base64_holds_the_same_numbers():
    asked = {"model": "m", "input": ["a", "b c"], "dimensions": 4}
    plain, tokens = embed(asked)
    packed, _ = embed(asked | {"encoding_format": "base64"})
    assert tokens == plain["usage"]["prompt_tokens"] == 3
    for one, other in zip(plain["data"], packed["data"], strict=True):
        numbers = struct.unpack("<4f", base64.b64decode(other["embedding"]))
        assert numbers == pytest.approx(one["embedding"])


@pytest.mark.parametrize(("given", "count"), [("a b", 1), ([1, 2], 1), ([[1], [2, 3]], 2)])
def test_text_and_token_numbers_are_accepted(given: Any, count: int):
    assert len(embed({"model": "m", "input": given})[0]["data"]) == count


@pytest.mark.parametrize(
    "wrong",
    [{}, {"input": ""}, {"input": []}, {"input": "a", "dimensions": 0}, {"input": "a", "x": 1},
     {"input": "a", "encoding_format": "hex"}],
)  # fmt: skip
def test_a_wrong_request_is_rejected(wrong: dict[str, Any]):
    with pytest.raises(Rejected):
        embed({"model": "m"} | wrong)
