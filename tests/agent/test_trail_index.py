"""The index follows the lines, whatever happened to it."""

from pathlib import Path

from edgewise.agent.trail_index import note, open_index, to_tag
from edgewise.core.event import Answered, Stopped, TextDelta, TurnStarted
from edgewise.core.message import Speaker
from edgewise.core.words import Language, Words


def started(turn: str) -> TurnStarted:
    return TurnStarted(
        seq=1, at=1.0, turn=turn, session="s", speaker=Speaker(), policy_hash="", catalogue_hash=""
    )


def test_a_turn_is_noted_where_it_starts_and_how_it_ended(tmp_path: Path) -> None:
    index, mended = open_index(tmp_path)
    assert mended == ""
    note(index, "a.jsonl", 7, started("t1"))
    note(index, "a.jsonl", 9, TextDelta(seq=2, at=1.0, turn="t1", text="x"))
    end = Answered(
        seq=3, at=1.0, turn="t1", text="", language=Language.ENGLISH, changed={}, took_ms=1
    )
    note(index, "a.jsonl", 11, end)
    rows = index.execute("SELECT file, start, session, ended FROM turn").fetchall()
    assert rows == [("a.jsonl", 7, "s", "answered")]


def test_an_event_is_named_as_it_stands_in_the_lines() -> None:
    words = Words("a", "b")
    stopped = Stopped(
        seq=1, at=1.0, turn="t", code="x", words=words, text="", changed={}, took_ms=1
    )
    assert to_tag(stopped) == "stopped"
