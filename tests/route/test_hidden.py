"""A secret is known again in any letters and grouping, by digests alone, and quickly."""

import time

import pytest

from edgewise.errors import DeviceError
from edgewise.route.hidden import Hidden
from edgewise.route.recognise.found import Kind
from tests.each_row import each_row

KEY = b"k" * 32


def again(value: str, text: str) -> list[str]:
    """The stretches of `text` in which `value` is known again."""
    hidden = Hidden(KEY, 100)
    hidden.hold(Kind.PASSWORD, value)
    assert value not in repr(vars(hidden))
    return [text[one.start : one.end] for one in hidden.find(text)]


@each_row(
    "value, text, known",
    [
        ("Canary77x", "is canary77X long? (Canary77x!)", ["canary77X", "Canary77x"]),
        ("482913", "48 29-13, 482.913 and 482913", ["48 29-13", "482.913", "482913"]),
        ("4111 1111 1111 1111", "4111111111111111", ["4111111111111111"]),
        ("abc12345", "ａｂｃ１２３\u200b４５安全", ["ａｂｃ１２３\u200b４５"]),
        ("Canary77x?", "Canary77x", ["Canary77x"]),
        ("hunter22)", "what of hunter22, then", ["hunter22"]),
        ("4711", "the 4711th and x4711y", ["4711", "4711"]),
        ("pass", "passport", []),
        ("4711", "14711 47112", []),
        ("ab", "ab ab", []),
    ],
)
def test_a_secret_is_known_again_as_a_whole(value: str, text: str, known: list[str]):
    assert again(value, text) == known


def test_what_is_forgotten_is_not_known():
    hidden = Hidden(KEY, 100)
    hidden.hold(Kind.CODE, "482913")
    hidden.clear()
    assert list(hidden.find("482913")) == []


def test_so_many_are_held_and_no_more():
    hidden = Hidden(KEY, 2)
    for value in ("111", "222", "111"):
        hidden.hold(Kind.CODE, value)
    with pytest.raises(DeviceError, match="begin a new session"):
        hidden.hold(Kind.CODE, "333")


def test_looking_for_them_takes_time_in_line_with_the_text():
    hidden = Hidden(KEY, 1_000)
    for number in range(100, 300):
        hidden.hold(Kind.PASSWORD, f"{number}x{'7' * number}")
    began = time.process_time()
    assert list(hidden.find("1-2.3 45x " * 15_000)) == []
    assert time.process_time() - began < 3.0
