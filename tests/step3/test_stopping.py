"""Text ends before a stop string, and nothing of one is shown, however tokens divide it."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.step3.stopping import TextStream
from tests.each_row import each_row


def of_pieces(*pieces: str) -> tuple[range, Callable[[Sequence[int]], str]]:
    """A vocabulary of these texts: its tokens, and what decodes them."""
    return range(len(pieces)), lambda ids: "".join(pieces[token] for token in ids)


def of_bytes(ids: Sequence[int]) -> str:
    """Tokens as bytes, as byte-level tokenizers have them."""
    return bytes(ids).decode("utf-8", "replace")


def shown(pieces: Sequence[str], stop: Sequence[str]) -> list[str]:
    """What each token shows, and last what comes at the end, until one stops it."""
    tokens, decode = of_pieces(*pieces)
    stream = TextStream(decode, stop)
    texts: list[str] = []
    for token in tokens:
        texts.append(stream.take(token))
        if stream.stopped:
            return texts
    return [*texts, stream.close()]


@each_row(
    "pieces, stop, texts",
    [
        (["a", "b"], [], ["a", "b", ""]),
        (["a", "END", "b"], ["END"], ["a", ""]),
        (["aE", "N", "Db"], ["END"], ["a", "", ""]),
        (["aE", "N", "b"], ["END"], ["a", "", "ENb", ""]),
        (["aE", "N"], ["END"], ["a", "", "EN"]),
        (["aENEN", "D"], ["END"], ["aEN", ""]),
        (["ab", "ab", "ac"], ["ababac"], ["", "", ""]),
        (["ab", "ab", "ab", "ac"], ["ababac"], ["", "", "ab", ""]),
        (["x\n", "\n", "y"], ["\n\n", "y"], ["x", ""]),
        (["abc", "d"], ["bc", "abcd"], ["a"]),
        (["a", "bcd"], ["bc", "abcd"], ["", ""]),
    ],
)
def test_what_may_begin_a_stop_string_waits(pieces: list[str], stop: list[str], texts: list[str]):
    assert shown(pieces, stop) == texts


@given(
    pieces=st.lists(st.text("abc", min_size=0, max_size=4), max_size=12),
    stop=st.lists(st.text("abc", min_size=1, max_size=5), max_size=3),
)
def test_the_text_is_that_up_to_the_first_stop_string(pieces: list[str], stop: list[str]):
    whole, expected = "", None
    for piece in pieces:
        whole += piece
        if ends := [at for one in stop if (at := whole.find(one)) >= 0]:
            expected = whole[: min(ends)]
            break
    assert "".join(shown(pieces, stop)) == (whole if expected is None else expected)


def test_a_character_is_shown_when_its_last_byte_is_there():
    stream = TextStream(of_bytes)
    assert [stream.take(byte) for byte in "a开é".encode()] == ["a", "", "", "开", "", "é"]
    assert stream.close() == ""


def test_bytes_that_never_become_a_character_are_shown_at_the_end():
    stream = TextStream(of_bytes)
    assert [stream.take(byte) for byte in "开".encode()[:2]] == ["", ""]
    assert stream.close() == "\ufffd"
    assert stream.close() == ""


@given(ids=st.lists(st.integers(0, 255), max_size=20))
def test_any_bytes_come_out_as_they_would_at_once(ids: list[int]):
    stream = TextStream(of_bytes)
    assert "".join([*map(stream.take, ids), stream.close()]) == of_bytes(ids)


def test_a_stop_string_may_lie_across_the_bytes_of_its_characters():
    stream = TextStream(of_bytes, ["停止"])
    texts = [stream.take(byte) for byte in "说停停止".encode()]
    assert "".join(texts) == "说停"
    assert stream.stopped
    assert stream.close() == ""


def test_a_space_that_a_tokenizer_writes_by_what_stands_before_is_kept():
    words = ["▁so", "▁it", "▁goes"]

    def decode(ids: Sequence[int]) -> str:
        return "".join(words[token] for token in ids).replace("▁", " ").removeprefix(" ")

    stream = TextStream(decode)
    assert [stream.take(token) for token in range(3)] == ["so", " it", " goes"]


def test_without_a_tokenizer_there_is_no_text_and_no_stop_string():
    stream = TextStream(None)
    assert (stream.take(7), stream.close()) == ("", "")
    with pytest.raises(UserError, match=r"stop strings are text.*or stop_ids"):
        TextStream(None, ["END"])
