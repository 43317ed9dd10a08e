"""The scripted cloud is wrong as often as it says, and what is asked of it takes the real way."""

from pathlib import Path

import pytest

from benchmarks.pair_check import is_right
from benchmarks.pair_cloud import ACCURACY, Line, connected, script
from benchmarks.pair_questions import SEED, Asked, Key, questions

ASKED = questions()


def test_the_script_is_right_as_often_as_it_says_and_the_same_for_a_seed():
    lines = script(ASKED, SEED)
    assert script(ASKED, SEED) == lines
    right = sum(is_right(one, lines[one.id].text) for one in ASKED) / len(ASKED)
    assert right == pytest.approx(ACCURACY, abs=0.025)
    assert right < 1
    firsts = sorted(line.first_ms for line in lines.values())
    assert 350 < firsts[len(firsts) // 2] < 550
    assert firsts[-1] > 1_000


def test_a_key_that_contradicts_its_own_answer_is_an_error():
    bad = Asked("x", "k", "en", "What is the capital of Peru?", Key(("Lima",)), "Quito")
    with pytest.raises(ValueError, match="right by its key"):
        script([bad, ASKED[0]], SEED)


@pytest.mark.slow
async def test_a_question_goes_redacted_through_the_platform_and_its_bill_is_known(tmp_path: Path):
    mail = "li.na@example.com"
    one = Asked("q", "k", "en", f"What did {mail} write?", Key((mail,)), mail)
    async with connected(tmp_path) as way:
        found = await way.ask(one, Line(f"It is {mail}.", 30.0, 1.0))
    assert (found.text, found.right, found.replaced) == (f"It is {mail}.", True, 1)
    assert found.sent_bytes > 300
    assert found.received_bytes > 300
    assert found.input_tokens > 20
    assert found.cost > 0
    assert 0.03 <= found.began_s <= found.took_s
