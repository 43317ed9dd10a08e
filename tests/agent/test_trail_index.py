"""The index follows the lines, whatever happened to it."""

from pathlib import Path

from edgewise.agent.trail_index import note, open_index, to_tag
from edgewise.core.event import (
    NOTHING,
    Answered,
    Corrected,
    Judged,
    Stopped,
    TextDelta,
    TurnStarted,
)
from edgewise.core.label import Label
from edgewise.core.message import Speaker
from edgewise.core.thought import MessageKind
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


def test_the_newest_correction_of_a_turn_is_the_one_that_is_found(tmp_path: Path) -> None:
    index, _ = open_index(tmp_path)
    kind, language = MessageKind.CHAT, Language.ENGLISH
    note(index, "a.jsonl", 7, started("t1"))
    for start, seq in ((20, 4), (30, 5)):
        said = Corrected(
            seq=seq, at=seq, turn="t1", text="", language=language, label=Label(), kind=kind,
            understood=(), meant=NOTHING,
        )  # fmt: skip
        note(index, "a.jsonl", start, said)
    rows = index.execute("SELECT turn, file, start, at FROM correction").fetchall()
    assert rows == [("t1", "a.jsonl", 30, 5.0)]
    index.close()
    again, _ = open_index(tmp_path)  # the file is gone: so is what was said in it
    assert again.execute("SELECT count(*) FROM correction").fetchall() == [(0,)]


def test_the_newest_judgement_of_a_turn_is_found_and_goes_with_its_file(tmp_path: Path) -> None:
    index, _ = open_index(tmp_path)
    note(index, "a.jsonl", 7, started("t1"))
    for start, seq in ((20, 4), (30, 5)):
        note(index, "a.jsonl", start, Judged(seq=seq, at=seq, turn="t1", good=seq == 4))
    rows = index.execute("SELECT turn, file, start, at FROM judgement").fetchall()
    assert rows == [("t1", "a.jsonl", 30, 5.0)]
    index.close()
    again, _ = open_index(tmp_path)
    assert again.execute("SELECT count(*) FROM judgement").fetchall() == [(0,)]
