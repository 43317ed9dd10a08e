"""One form for what is written in many, and the way back to where it stood."""

from edgewise.route.recognise.folded import fold
from tests.each_row import each_row


@each_row(
    "text, form",
    [
        ("１３８－Ａｂ", "138-Ab"),
        ("1\u200b3\u20608", "138"),
        ("a\u00a0b", "a b"),
        ("٣٤ 𝟓", "34 5"),
        ("幺三八零零幺三八", "13800138"),
        ("一二三", "一二三"),
        ("Zoë Müller", "Zoë Müller"),
    ],
)
def test_digits_letters_blanks_and_dashes_have_one_form(text: str, form: str):
    assert fold(text).text == form


def test_a_stretch_is_told_in_the_text_as_given():
    text = "\u200bab\u200b\u200bc\u200bd"
    folded = fold(text)
    assert folded.text == "abcd"
    assert [folded.original(place, place + 1) for place in range(4)] == [
        (1, 2), (2, 3), (5, 6), (7, 8),
    ]  # fmt: skip
    assert folded.original(0, 4) == (1, 8)


def test_small_letters_are_as_many_as_the_text_has():
    folded = fold("İSTANBUL 王 ABC")
    assert len(folded.lower) == len(folded.text)
    assert folded.lower.endswith("abc")
