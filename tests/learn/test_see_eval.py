"""A string counts only where all of it was read, as often as it is there."""

from pathlib import Path

import pytest

from edgewise.errors import UserError
from edgewise.learn.screens import Screen
from edgewise.learn.see_eval import Score, figures, load_pictures


def scored(strings: tuple[str, ...], lines: list[str]) -> Score:
    score = Score()
    score.add(Screen("s.png", "chat", "dark", "full", b"", strings), lines, 12.0)
    return score


def test_white_space_and_full_width_signs_do_not_matter():
    score = scored(("一共￥128.50", "Turn left"), ["一共¥128.50", "Turnleft"])
    assert (score.all.strings, score.all.right) == (2, 2)


def test_a_string_that_stands_there_twice_must_be_read_twice():
    score = scored(("On", "On", "Off"), ["On", "Off"])
    assert (score.all.strings, score.all.right) == (3, 2)
    assert score.missed == [("s.png", "On")]


def test_what_is_wrong_by_one_sign_is_wrong_and_its_signs_are_counted():
    score = scored(("22.5°C",), ["22.5C!"])
    assert (score.all.right, score.all.characters, score.all.recalled) == (0, 6, 5)
    assert score.all.invented == 1


def test_figures_name_the_goal_and_each_kind():
    found = {one.metric: one for one in figures(scored(("On",), ["On"]), "made")}
    assert found["made | strings right"].met
    assert found["made | kind chat: strings right"].value == 100.0
    assert not next(figures(scored(("On",), ["0n"]), "made")).met


def test_own_pictures_are_those_with_a_text_beside(tmp_path: Path):
    with pytest.raises(UserError, match="no picture"):
        list(load_pictures(tmp_path))
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "a.txt").write_text("停\nSTOP\n", "utf-8")
    (tmp_path / "b.png").write_bytes(b"y")
    (screen,) = load_pictures(tmp_path)
    assert (screen.name, screen.strings) == ("a.png", ("停", "STOP"))
