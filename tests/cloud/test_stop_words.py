"""An answer ends before its first stop word, wherever the pieces are cut."""

import pytest

from edgewise.cloud.stop_words import StopWords


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        (("END",), "a b EN END c", "a b EN "),
        (("\n\n", "END"), "a END\n\n", "a "),
        (("aab",), "xaaab", "xa"),
        (("END",), "it never EN", "it never EN"),
        ((), "all of it", "all of it"),
        (("",), "an empty word stops nothing", "an empty word stops nothing"),
    ],
)
def test_a_text_ends_before_its_first_stop_word(
    size: int, words: tuple[str, ...], text: str, shown: str
):
    stop = StopWords(words)
    pieces = [stop.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join([*pieces, stop.finish()]) == shown
    assert stop.found == (shown != text)
