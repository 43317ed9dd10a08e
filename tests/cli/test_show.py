"""What a person sees of a turn's events."""

import pytest

from edgewise.cli.show import Screen
from edgewise.core.event import Answered, Stopped, TextDelta
from edgewise.core.words import Language, Words


def delta(text: str) -> TextDelta:
    return TextDelta(seq=1, at=0.0, turn="t", text=text)


def answered(text: str) -> Answered:
    return Answered(
        seq=2, at=0.0, turn="t", text=text, language=Language.ENGLISH, changed={}, took_ms=1.0
    )


def stopped(text: str) -> Stopped:
    words = Words(text, text)
    return Stopped(seq=2, at=0.0, turn="t", code="x", words=words, text=text, changed={}, took_ms=1)


def test_a_streamed_answer_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    for event in (delta("Hello"), delta(" there"), answered("Hello there.")):
        screen.show(event)
    assert capsys.readouterr().out == "Hello there.\n"


def test_a_second_answer_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    for event in (delta("Hi"), answered("Hi."), answered("Hi.")):
        screen.show(event)
    assert capsys.readouterr().out == "Hi.\nHi.\n"


def test_a_turn_stopped_while_it_spoke_says_so_on_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    screen.show(delta("The capital of"))
    screen.show(stopped("Stopped."))
    assert capsys.readouterr().out == "The capital of\nStopped.\n"


def test_brackets_are_not_taken_for_styles_and_long_lines_not_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "[bold]" + "词" * 200
    Screen().show(answered(text))
    assert capsys.readouterr().out == text + "\n"


def test_steps_are_shown_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(verbose=True).show(answered("Hi."))
    assert capsys.readouterr().out.splitlines() == ["Hi.", "answer    'Hi.' (aloud)  1.0 ms in all"]


def test_what_the_device_says_before_a_streamed_answer_is_shown_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    for event in (delta("The lamp"), delta(" is on"), answered("Lamp on. The lamp is on.")):
        screen.show(event)
    assert capsys.readouterr().out == "The lamp is on.\nLamp on.\n"
