"""`edgewise chat`: line after line with one car and one conversation."""

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


def test_bytes_that_are_not_text_do_not_end_it(edgewise: Edgewise) -> None:
    ran = edgewise("chat", "--alone", stdin=b"\xff\xfe\n\xe5\xbc\nstop\n")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 4
