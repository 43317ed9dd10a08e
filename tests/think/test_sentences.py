"""Sentences are stretches of the text, each under its heading; pieces hold them all, once."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.think.sentences import pieces_of, sentences_of, terms_of, tokens_of

TEXT = """# Lease
4. Rent
The rent is due on day 3. Mr. Voss takes it. “Late?” Then 5% more.
2026-03-04 08:10 pump 3 restarted
第三条 租金
每月租金为4200元。押金为两个月租金。
"""


def test_sentences_stand_under_their_heading():
    found = sentences_of(TEXT)
    assert [one.text for one in found if one.is_heading] == ["# Lease", "4. Rent", "第三条 租金"]
    plain = [one for one in found if not one.is_heading]
    assert plain[0].text == "The rent is due on day 3."
    assert plain[1].text == "Mr. Voss takes it."
    assert found[plain[1].heading].text == "4. Rent"
    assert (plain[0].follows, plain[1].follows) == (False, True)
    assert plain[-1].text == "押金为两个月租金。"


@given(st.text(alphabet="ab. \n12。！A第三条#租金", max_size=200))
def test_each_sentence_is_a_stretch_of_the_text_and_no_word_is_lost(text: str):
    found = sentences_of(text)
    assert all(text[one.start : one.start + len(one.text)] == one.text for one in found)
    assert "".join("".join(one.text for one in found).split()) == "".join(text.split())


@given(st.lists(st.text("ab ", min_size=1, max_size=80), max_size=30), st.integers(1, 60))
def test_pieces_hold_all_sentences_once_and_are_no_longer_than_allowed(lines: list[str], most: int):
    found = sentences_of("\n".join(lines))
    pieces = pieces_of(found, most)
    numbers = [n for piece in pieces for n in range(piece.first, piece.last)]
    assert numbers == list(range(len(found)))
    for piece in pieces:
        tokens = sum(tokens_of(one.text) for one in found[piece.first : piece.last])
        assert tokens <= most or piece.last == piece.first + 1


def test_terms_are_roots_numbers_and_pairs_of_characters():
    assert terms_of("Who pays the fees of 1,840.50?") == ("pay", "fee", "1,840.50")
    assert terms_of("请问押金是多少") == ("押金",)
