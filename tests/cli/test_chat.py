"""`edgewise chat`: line after line with one car and one conversation."""

from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise


def test_lines_are_answered_in_order_until_the_input_ends(edgewise: Edgewise) -> None:
    ran = edgewise("chat", "--alone", stdin="open the trunk\nno\n打开空调\n".encode())
    assert (ran.code, ran.err) == (0, "")
    welcome, question, declined, done = ran.out.splitlines()
    assert "simulated car of its own" in welcome
    assert question.endswith("(yes / no)")
    assert "won't" in declined
    assert "空调" in done


def test_an_empty_line_ends_it(edgewise: Edgewise) -> None:
    ran = edgewise("chat", "--alone", stdin="\n打开空调\n".encode())
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)


@pytest.mark.parametrize("word", ["exit", "quit", "退出", "Bye!"])
def test_a_word_of_leaving_ends_it_and_is_not_said_to_the_device(
    edgewise: Edgewise, word: str
) -> None:
    ran = edgewise("chat", "--alone", stdin=f"{word}\n打开空调\n".encode())
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)


def test_a_line_that_is_no_text_is_refused_and_the_next_is_answered(edgewise: Edgewise) -> None:
    ran = edgewise("chat", "--alone", stdin=b"open the \xff\xfe window\nstop\n")
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert len(ran.err.splitlines()) == 1
    assert "not UTF-8 text" in ran.err


OPEN_TRUNK, ASKED = b"open the trunk\n", b"set an alarm\n"


@pytest.mark.parametrize("question", [OPEN_TRUNK, ASKED])
def test_a_run_begins_with_no_open_question(edgewise: Edgewise, question: bytes) -> None:
    assert edgewise("chat", "--alone", stdin=question).out.strip().endswith(("?", "(yes / no)"))
    answers = [edgewise("chat", "--alone", stdin=line).out for line in (b"yes\n", b"7 am\n")]
    assert "nothing waiting for your yes" in answers[0]
    assert "Set:" not in answers[1]


@pytest.mark.slow
def test_a_run_without_a_name_has_a_fresh_car_and_leaves_nothing(
    edgewise: Edgewise, home: Path
) -> None:
    edgewise("chat", "--alone", stdin="把主驾车窗打开\n".encode())
    assert list(home.glob("cars/*")) == list(home.glob("sessions/*.json")) == []
    again = edgewise("chat", "--alone", stdin=b"undo\n")
    assert "nothing to undo" in again.out


@pytest.mark.slow
def test_a_named_conversation_and_its_car_are_kept(edgewise: Edgewise) -> None:
    edgewise("chat", "--alone", "-s", "trip", stdin="把主驾车窗打开\n".encode())
    again = edgewise("chat", "--alone", "--session", "trip", stdin=b"undo\n")
    assert "driver's window 0%" in again.out
    asked = edgewise("ask", "--alone", "-s", "trip", "undo")
    assert "nothing to undo" in asked.out


def test_the_state_of_the_car_may_be_given(edgewise: Edgewise, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"Vehicle.Speed": 90.0}')
    ran = edgewise("chat", "--state", str(state), stdin=OPEN_TRUNK)
    assert "simulated car of its own" in ran.out
    assert "(yes / no)" not in ran.out
    assert edgewise("chat", "--state", str(tmp_path)).is_one_clear_line("--state")
