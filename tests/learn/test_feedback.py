"""Feedback becomes rows: those with words, and private ones only when asked for."""

from edgewise.core.event import NOTHING, Corrected
from edgewise.core.label import OWNER, Label
from edgewise.core.thought import Alternative, MessageKind
from edgewise.core.words import Language
from edgewise.learn.feedback import rows_of

OPEN = Label()


def corrected(text: str, label: Label = OPEN) -> Corrected:
    return Corrected(
        seq=9,
        at=1_800_000_000.0,
        turn="t",
        text=text,
        language=Language.CHINESE,
        label=label,
        kind=MessageKind.COMMAND,
        understood=(Alternative("window.set", 0.7),),
        meant=NOTHING,
        model_hash="m",
    )


def test_a_row_tells_what_was_said_understood_and_meant() -> None:
    (row,) = rows_of([corrected("开窗")]).rows
    assert (row.text, row.language, row.chosen) == ("开窗", Language.CHINESE, "nothing")
    assert row.understood == (Alternative("window.set", 0.7),)
    assert (row.time, row.model_hash) == ("2027-01-15T08:00:00+00:00", "m")


def test_sentences_without_words_and_private_ones_are_left_out_and_counted() -> None:
    found = [corrected("a"), corrected("b", Label(readers=OWNER)), corrected("‹3:0123456789ab›")]
    rows = rows_of(found)
    assert [row.text for row in rows.rows] == ["a"]
    assert (rows.wordless, rows.private) == (1, 1)
    assert [row.text for row in rows_of(found, private=True).rows] == ["a", "b"]
