"""Text is split where a speaker would pause, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.answer.clauses import (
    CUT_PAUSE_S,
    LENGTHS,
    WEAK_PAUSE_S,
    Clauses,
    clauses_of,
    pause_s,
)
from edgewise.core.words import Language

EN, ZH = Language.ENGLISH, Language.CHINESE
LANGUAGES = st.sampled_from([EN, ZH])
TEXTS = st.text(st.sampled_from("ab 1.,:;!?…—\n”)A好的。，！？、：0 "), max_size=300)


def test_the_first_clause_ends_at_a_comma_the_next_at_its_sentence():
    assert clauses_of("OK, the window is open, and warm. Anything else?", EN) == [
        "OK, ",
        "the window is open, and warm. ",
        "Anything else?",
    ]
    assert clauses_of("好的，空调已调到22度，风量3挡。还需要什么？", ZH) == [
        "好的，",
        "空调已调到22度，风量3挡。",
        "还需要什么？",
    ]


def test_dots_and_colons_in_numbers_end_nothing():
    assert clauses_of("It is 3.5 km away, at 7:30. Done.", EN) == [
        "It is 3.5 km away, ",
        "at 7:30. ",
        "Done.",
    ]
    assert clauses_of("还有3.5公里。", ZH) == ["还有3.5公里。"]
    assert clauses_of("Pay 1,250 now.", EN) == ["Pay 1,250 now."]


def test_abbreviations_and_initials_end_nothing():
    assert clauses_of("Dr. Smith and J. R. Brown, e.g. today.", EN) == [
        "Dr. Smith and J. R. Brown, ",
        "e.g. today.",
    ]


def test_a_closing_quote_stays_with_its_sentence():
    assert clauses_of("“好！”他说。", ZH) == ["“好！”", "他说。"]
    assert clauses_of("He said “Stop!” Then he left.", EN) == [
        "He said “Stop!” ",
        "Then he left.",
    ]


def test_a_long_first_clause_is_cut_before_a_phrase():
    text = "The steering wheel and the seats are being heated because it is cold outside now"
    first, *rest = clauses_of(text, EN)
    assert len(first) <= LENGTHS[EN].first
    assert "".join([first, *rest]) == text
    assert rest[0].startswith("because ") or first.endswith(" ")


def test_a_clause_is_given_as_soon_as_it_is_complete():
    clauses = Clauses(EN)
    assert clauses.feed("It is 3") == []
    assert clauses.feed(".") == []  # 3.5, or the end: not known yet
    assert clauses.feed("5 km. ") == ["It is 3.5 km. "]
    assert clauses.feed("Turn left") == []
    assert clauses.end() == ["Turn left"]


def test_a_chinese_sentence_is_complete_with_its_mark():
    clauses = Clauses(ZH)
    assert clauses.feed("已打开") == []
    assert clauses.feed("。") == ["已打开。"]
    assert clauses.end() == []


def test_white_space_alone_is_no_clause_after_another():
    assert clauses_of("Done.  \n", EN) == ["Done.  \n"]


@given(TEXTS, LANGUAGES, st.lists(st.integers(1, 40), max_size=20))
def test_clauses_joined_are_the_text_however_it_comes(
    text: str, language: Language, sizes: list[int]
):
    clauses, given_ones, place = Clauses(language), list[str](), 0
    for size in sizes:
        given_ones += clauses.feed(text[place : place + size])
        place += size
    given_ones += clauses.feed(text[place:]) + clauses.end()
    assert "".join(given_ones) == text


@given(TEXTS, LANGUAGES)
def test_no_clause_is_longer_than_the_most(text: str, language: Language):
    for clause in clauses_of(text, language):
        assert len(clause.strip("”) \n.!?…。！？")) <= LENGTHS[language].most


def test_a_pause_follows_the_mark():
    assert pause_s("Done. ") > pause_s("OK, ") == WEAK_PAUSE_S
    assert pause_s("“好！”") == pause_s("好。")
    assert pause_s("and then ") == CUT_PAUSE_S
