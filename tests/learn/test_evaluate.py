"""What counts as right, what as a false act, and how the confidence is judged."""

from collections import Counter

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Mention, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.learn.evaluate import Slots, calibration_error, evaluate, same_functions
from edgewise.learn.public_sets import NONE, Sample
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


def parts(*names: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(name.split("|")) for name in names)


@each_row(
    ("wanted", "got", "right"),
    [
        (parts("window.set"), ("window.set",), True),
        (parts("window.set|roof.set"), ("roof.set",), True),
        (parts("window.set"), (), False),
        (parts("window.set"), ("window.set", "door.lock"), False),
        (parts("window.set", "door.lock"), ("door.lock", "window.set"), True),
        (parts("window.set", "door.lock"), ("window.set",), False),
        (parts(NONE), (), True),
        (parts(NONE), ("window.set",), False),
        (parts("window.set", NONE), ("window.set",), True),
        (parts("window.set", NONE), (), False),
    ],
)
def test_functions_are_right_when_all_are_there_and_no_other(
    wanted: tuple[frozenset[str], ...], got: tuple[str, ...], right: bool
) -> None:
    assert same_functions(wanted, got) is right


def thought_of(*names: str, kind: MessageKind = MessageKind.COMMAND, sure: float = 1.0) -> Thought:
    typed = label_of(OriginKind.TYPED)
    calls = tuple(Call(f"t.{i}", name, {}, typed) for i, name in enumerate(names))
    return Thought(kind, calls, sure)


def test_a_set_is_counted_and_its_errors_are_named() -> None:
    made = {
        "a": thought_of("window.set"),
        "b": thought_of("window.set", sure=0.5),
        "c": thought_of("vehicle.get_status", kind=MessageKind.QUESTION),
        "d": thought_of(kind=MessageKind.CHAT),
    }
    wanted = {"a": "window.set", "b": NONE, "c": "vehicle.get_status", "d": "alarm.manage"}
    samples = [
        Sample(text, Language.ENGLISH, parts(name), name.upper()) for text, name in wanted.items()
    ]
    told: list[int] = []
    outcome = evaluate("x", samples, lambda text, _: made[text], CAPABILITIES, told.append)
    assert told == [1, 2, 3, 4]
    assert (outcome.rows, outcome.right, outcome.mapped, outcome.mapped_right) == (4, 2, 3, 2)
    assert (outcome.quiet, outcome.acted) == (2, 1)
    assert [(miss.text, miss.acted) for miss in outcome.misses] == [("b", True), ("d", False)]
    assert outcome.confusions() == [(NONE, "window.set", 1), ("alarm.manage", NONE, 1)]
    figures = {result.metric: result.value for result in outcome.results()}
    assert figures["x functions"] == 50
    assert figures["x false acts"] == 50


def test_confidence_that_tells_the_share_that_is_right_has_no_error() -> None:
    half = [(0.5, True), (0.5, False)]
    assert calibration_error(half) == 0
    assert calibration_error([(1.0, False), (1.0, True)]) == pytest.approx(0.5)
    assert calibration_error([]) == 0


def test_arguments_are_compared_as_pairs_of_name_and_words() -> None:
    said = (Mention("date", "Tomorrow"), Mention("person", "Ann"))
    thought = Thought(MessageKind.COMMAND, thought_of("call.dial").calls, 1.0, mentions=said)
    slots = (("date", "tomorrow"), ("person", "bob"), ("time", "nine"))
    sample = Sample("x", Language.ENGLISH, parts("call.dial"), "CALL", slots)
    both = Sample(
        "y", Language.ENGLISH, parts("call.dial"), "CALL", (*slots[:1], ("person", "ann"))
    )
    outcome = evaluate("x", [sample, both], lambda *_: thought, CAPABILITIES)
    assert (outcome.slots.wanted, outcome.slots.found, outcome.slots.both) == (5, 4, 3)
    assert outcome.slots.exact == 1
    assert outcome.slots.f1 == pytest.approx(100 * 6 / 9)


def test_spans_of_a_kind_that_a_set_never_marks_are_neither_right_nor_wrong():
    slots = Slots(frozenset({"date"}))
    found = Counter([("date", "today"), ("message_body", "hello")])
    slots.count(Counter([("date", "today")]), found, right=True)
    assert (slots.found, slots.both, slots.exact) == (1, 1, 1)
