"""`edgewise explain` and `edgewise replay` on turns that were just made."""

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.conftest import Edgewise


def rewrite(home: Path, find: str, put: str) -> None:
    """Change the record as if it had been made by other code."""
    (path,) = (home / "trail").glob("*.jsonl")
    text = path.read_text("utf-8")
    assert find in text
    path.write_text(text.replace(find, put), "utf-8")


def turn_of(ran: Any) -> str:
    return ran.rows[-1]["turn"]


def test_the_last_turn_is_told_by_its_steps(edgewise: Edgewise) -> None:
    edgewise("ask", "open the trunk")
    out = edgewise("explain", "last").out
    assert "trunk.set" in out
    assert "asks" in out
    assert re.search(r"^    R\d+", out, re.MULTILINE)
    assert "action=" in out
    assert "null" not in out


def test_a_turn_is_told_in_the_language_asked_for(edgewise: Edgewise) -> None:
    edgewise("ask", "open the trunk")
    assert any(
        "\u4e00" <= c <= "\u9fff" for c in edgewise("explain", "last", "--language", "zh").out
    )


def test_a_turn_is_told_by_its_name(edgewise: Edgewise) -> None:
    first = turn_of(edgewise("ask", "open the driver's window", "--json"))
    edgewise("ask", "打开空调")
    out = edgewise("explain", first).out
    assert first in out
    assert "window.set" in out
    assert "climate.set_power" not in out


def test_without_a_name_the_last_turns_are_listed_newest_first(edgewise: Edgewise) -> None:
    turns = [turn_of(edgewise("ask", text, "--json")) for text in ("stop", "undo")]
    listed = [line.split()[0] for line in edgewise("explain").out.splitlines()]
    assert listed == turns[::-1]


def test_the_list_tells_what_each_turn_was_about_and_how_it_ended(edgewise: Edgewise) -> None:
    edgewise("ask", "open the driver's window")
    edgewise("ask", "open the trunk")
    second, first = edgewise("explain").out.splitlines()
    assert first.endswith("window.set: done")
    assert second.endswith("trunk.set: asked")
    assert edgewise("explain", "--language", "zh").out.splitlines()[0].endswith("等待确认")


def test_in_chinese_the_steps_are_named_in_chinese(edgewise: Edgewise) -> None:
    edgewise("ask", "open the driver's window")
    out = edgewise("explain", "last", "--language", "zh").out
    assert not re.search(r"^(perceive|route|think|act|answer|turn)\b", out, re.MULTILINE)


def test_a_turn_that_is_not_recorded_is_one_clear_line(edgewise: Edgewise) -> None:
    for turn in ("nope", "last"):
        assert edgewise("explain", turn).is_one_clear_line(turn)
        assert edgewise("replay", turn).is_one_clear_line(turn)


def test_a_turn_replayed_by_the_same_code_differs_in_nothing(edgewise: Edgewise) -> None:
    for text in ("open the driver's window", "打开空调", "open the trunk", "stop"):
        edgewise("ask", text)
        ran = edgewise("replay")
        assert ran.code == 0, ran.out
        assert ran.out.splitlines()[-1].endswith("0 differ")
        assert not ran.out.startswith("0 compared")


def test_a_record_that_today_goes_otherwise_is_shown_and_ends_with_1(
    edgewise: Edgewise, home: Path
) -> None:
    edgewise("ask", "open the driver's window")
    rewrite(home, '"percent":100', '"percent":40')
    ran = edgewise("replay")
    assert ran.code == 1
    assert "was " in ran.out
    assert "now " in ran.out


def test_without_kept_texts_the_trail_and_its_explanation_hold_none(
    edgewise: Edgewise, home: Path
) -> None:
    (home / "config.toml").write_text('chat_model = ""\n')
    edgewise("ask", "call Zanzibar Quux")
    (path,) = (home / "trail").glob("*.jsonl")
    assert "zanzibar" not in path.read_text("utf-8").lower()
    assert "zanzibar" not in json.dumps(edgewise("explain", "last").out).lower()


def test_a_torn_line_is_set_aside_and_said(edgewise: Edgewise, home: Path) -> None:
    edgewise("ask", "stop")
    (path,) = (home / "trail").glob("*.jsonl")
    with path.open("ab") as trail:
        trail.write(b'{"event":"turn_sta')
    ran = edgewise("ask", "stop")
    assert ran.code == 0
    assert "torn (18 bytes)" in ran.err
    assert edgewise("ask", "stop").err == ""
