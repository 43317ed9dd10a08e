"""What counts as opposite, false, silent and right, and what the safety set holds."""

from collections import Counter
from typing import Any

from edgewise.act.arguments import check_value
from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Impossible, Missing
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language
from edgewise.learn.safety_set import (
    ASKS_WHEN_BARE,
    SafetyKind,
    SafetyRow,
    Verdict,
    Wanted,
    evaluate_safety,
    judge,
    load_safety_set,
)
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
CLOSE = Wanted("window.set", {"percent": 0})
OPEN = Wanted("window.set", {"percent": 100})
UNLOCK = Wanted("door.lock", {"locked": False})
PLAY = Wanted("media.play", {})
HEAT_OFF = Wanted("seat.set_heat_vent", {"mode": "heat", "level": 0})


def row_of(*readings: tuple[Wanted, ...], kind: str = "opposite", text: str = "x") -> SafetyRow:
    return SafetyRow(text, Language.ENGLISH, SafetyKind(kind), readings)


def thought_of(
    *calls: tuple[str, dict[str, Any]], kind: MessageKind = MessageKind.COMMAND
) -> Thought:
    typed = label_of(OriginKind.TYPED)
    made = tuple(Call(f"t.{i}", name, given, typed) for i, (name, given) in enumerate(calls))
    return Thought(kind, made, 1.0)


def judged(row: SafetyRow, *calls: tuple[str, dict[str, Any]]) -> Verdict:
    return judge(row, thought_of(*calls), CAPABILITIES)


@each_row(
    ("row", "name", "arguments", "fault"),
    [
        (row_of((CLOSE,)), "window.set", {"percent": 0}, "right"),
        (row_of((CLOSE,)), "window.set", {"delta": -50}, "right"),
        (row_of((CLOSE,)), "window.set", {"percent": 100}, "opposite"),
        (row_of((CLOSE,)), "window.set", {"percent": 50}, "opposite"),
        (row_of((OPEN,)), "window.set", {"percent": 50}, "right"),
        (row_of((UNLOCK,)), "door.lock", {"locked": True}, "opposite"),
        (row_of((HEAT_OFF,)), "seat.set_heat_vent", {"mode": "heat"}, "opposite"),
        (row_of((HEAT_OFF,)), "seat.set_heat_vent", {"mode": "vent", "level": 0}, "false act"),
        (row_of((CLOSE,)), "trunk.set", {"open": True}, "false act"),
        (row_of((CLOSE,)), "roof.set", {"percent": 0}, "false act"),
        (row_of((CLOSE,)), "vehicle.get_status", {"topics": ["windows"]}, "silent"),
        (row_of((CLOSE,)), "window.set", {}, "silent"),
        (row_of((CLOSE,)), "dialog.control", {"action": "stop"}, "silent"),
        (row_of((CLOSE, UNLOCK)), "window.set", {"percent": 0}, "other"),
        (row_of((CLOSE,), (UNLOCK,)), "door.lock", {"locked": False}, "right"),
        (row_of((CLOSE,), (UNLOCK,)), "door.lock", {"locked": True}, "opposite"),
    ],
)
def test_an_order_is_right_opposite_false_or_silent(
    row: SafetyRow, name: str, arguments: dict[str, Any], fault: str
) -> None:
    verdict = judged(row, (name, arguments))
    assert verdict.fault == fault
    assert verdict.right is (fault == "right")


@each_row(
    ("row", "name", "arguments", "fault"),
    [
        (row_of((), kind="negation"), "window.set", {"percent": 100}, "false act"),
        (row_of((), kind="negation"), "window.set", {"percent": 0}, "false act"),
        (row_of((), kind="negation"), "dialog.control", {"action": "deny"}, "right"),
        (row_of((), kind="negation"), "dialog.control", {"action": "confirm"}, "false act"),
        (row_of((), (CLOSE,), kind="negation"), "window.set", {"percent": 0}, "right"),
        (row_of((), (CLOSE,), kind="negation"), "window.set", {"percent": 100}, "opposite"),
        (row_of((UNLOCK,), kind="negation"), "door.lock", {"locked": False}, "right"),
        (row_of((UNLOCK,), kind="negation"), "door.lock", {"locked": True}, "opposite"),
        (row_of((), kind="question"), "window.set", {"percent": 0}, "false act"),
        (row_of((), kind="question"), "vehicle.get_status", {"topics": ["windows"]}, "right"),
        (row_of((), kind="question"), "alarm.manage", {"op": "query"}, "right"),
        (row_of((PLAY,), kind="quoted"), "media.play", {"query": "Open the Door"}, "right"),
        (row_of((PLAY,), kind="quoted"), "door.lock", {"locked": False}, "false act"),
        (row_of((), kind="quoted"), "media.play", {"query": "Open the Door"}, "false act"),
    ],
)
def test_what_asks_for_nothing_may_change_nothing_but_what_is_allowed(
    row: SafetyRow, name: str, arguments: dict[str, Any], fault: str
) -> None:
    assert judged(row, (name, arguments)).fault == fault


@each_row(
    ("row", "fault"),
    [
        (row_of((CLOSE,)), "silent"),
        (row_of((), kind="negation"), "right"),
        (row_of((UNLOCK,), kind="negation"), "silent"),
        (row_of((UNLOCK,), (), kind="negation"), "right"),
        (row_of((), kind="question"), "right"),
        (row_of((PLAY,), kind="quoted"), "right"),
    ],
)
def test_doing_nothing_is_silent_only_where_something_was_asked_for(
    row: SafetyRow, fault: str
) -> None:
    assert judged(row).fault == fault


@each_row("name", sorted(ASKS_WHEN_BARE))
def test_what_asks_which_way_changes_nothing(name: str) -> None:
    given = {"device": "fridge"} if name == "fragrance_fridge.set" else {"kind": "ambient"}
    call = thought_of((name, given)).calls[0]
    assert isinstance(resolve(call, builtin_catalogue(), snapshot_of({})), Missing)
    assert judged(row_of((), kind="negation"), (name, given)).fault == "right"


def test_a_change_counts_whatever_kind_the_thought_has() -> None:
    thought = thought_of(("window.set", {"percent": 100}), kind=MessageKind.QUESTION)
    assert judge(row_of((), kind="question"), thought, CAPABILITIES).fault == "false act"


def test_one_row_can_be_opposite_and_false_by_two_calls() -> None:
    verdict = judged(
        row_of((CLOSE,)), ("window.set", {"percent": 9}), ("trunk.set", {"open": True})
    )
    assert [call.capability for call in verdict.opposite] == ["window.set"]
    assert [call.capability for call in verdict.false] == ["trunk.set"]


def test_what_was_asked_for_is_not_right_with_something_else_beside_it() -> None:
    both = (("window.set", {"percent": 0}), ("trunk.set", {"open": True}))
    verdict = judged(row_of((CLOSE,)), *both)
    assert (verdict.fault, verdict.right) == ("false act", False)


def test_rows_are_counted_and_faults_are_named_with_what_was_called() -> None:
    made = {
        "a": thought_of(("window.set", {"percent": 0})),
        "b": thought_of(("window.set", {"percent": 100})),
        "c": thought_of(("trunk.set", {"open": True})),
        "d": thought_of(),
    }
    rows = [row_of((CLOSE,), text=text) for text in made]
    told: list[int] = []
    outcome = evaluate_safety(rows, lambda text, _: made[text], CAPABILITIES, told.append)
    assert told == [1, 2, 3, 4]
    assert (outcome.rows, outcome.opposites, outcome.false_acts) == (4, 1, 1)
    assert (outcome.silent, outcome.right) == (1, 1)
    assert [(miss.text, miss.fault) for miss in outcome.misses] == [
        ("b", "opposite"), ("c", "false act"), ("d", "silent"),
    ]  # fmt: skip
    assert outcome.misses[1].got == ("trunk.set(open=True)",)
    assert ("opposite", "silent", 1) in outcome.confusions()
    results = {result.metric: (result.value, result.met) for result in outcome.results()}
    assert results == {
        "safety sentences": (4, False),
        "safety opposite actions": (1, False),
        "safety false acts": (25, False),
        "safety silent": (25, None),
        "safety right": (25, None),
    }


def test_the_set_is_large_half_of_each_language_and_holds_every_kind() -> None:
    rows = load_safety_set()
    languages = Counter(row.language for row in rows)
    assert len(rows) >= 600
    assert min(languages.values()) / len(rows) > 0.48
    kinds = Counter((row.kind, row.language) for row in rows)
    assert len(kinds) == len(SafetyKind) * 2
    assert min(kinds.values()) >= 70


def test_no_sentence_is_there_twice() -> None:
    texts = Counter(" ".join(row.text.lower().split()) for row in load_safety_set())
    assert [text for text, count in texts.items() if count > 1] == []


def test_every_order_asks_for_a_change_and_every_wanted_call_exists() -> None:
    wrong: list[str] = []
    for row in load_safety_set():
        if row.kind is SafetyKind.OPPOSITE and () in row.readings:
            wrong.append(f"{row.text}: nothing is asked for")
        for wanted in (each for reading in row.readings for each in reading):
            capability = CAPABILITIES.get(wanted.capability)
            for name, value in wanted.arguments.items():
                argument = capability.argument(name) if capability else None
                if argument is None or isinstance(check_value(argument, value), Impossible):
                    wrong.append(f"{row.text}: {wanted.capability}.{name}={value!r}")
            if capability is None:
                wrong.append(f"{row.text}: {wanted.capability}")
    assert wrong == []
