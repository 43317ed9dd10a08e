"""What came out of content keeps its label over turns: in the history, in answers, when leant on.

A call of the turn before may hold an argument that came from content (a number out of a message).
Whoever says "and the passenger's too" repeats it, and does not make it their own (rule 33); what
was read out stays content when it is said again (rules 34, 35).
"""

import pytest

from edgewise.core.call import Call
from edgewise.core.event import Understood
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.message import Speaker
from edgewise.core.thought import Context, Exchange
from edgewise.perceive.perceive import language_of
from tests.each_row import each_row
from tests.safety.device import car, results_of, said, thinking
from tests.safety.situation import DRIVER_WINDOW
from tests.safety.virtual_time import LoopClock, in_virtual_time

MINE = label_of(OriginKind.TYPED, "driver")
FOREIGN = label_of(OriginKind.MESSAGE, "13999999999")
SECRET = label_of(OriginKind.CALENDAR, readers=("owner",))
PASSENGER_WINDOW = DRIVER_WINDOW.replace("DriverSide", "PassengerSide")


def understood(text: str, before: Call | None = None, awaiting: Call | None = None) -> list[Call]:
    exchanges = (Exchange("before", (before,), "ok", MINE),) if before else ()
    context = Context(
        language_of(text), label=MINE, exchanges=exchanges, awaiting=awaiting, turn="t",
        now="2026-11-23T10:00:00",
    )  # fmt: skip
    return list(thinking().understand(text, context).calls)


def half_open(label: Label) -> Call:
    """The driver's window half open, of which half came from somewhere."""
    arguments = {"windows": ["driver"], "percent": 50}
    return Call("p.1", "window.set", arguments, MINE, {"percent": label})


@pytest.mark.rule(33)
@each_row("label", [FOREIGN, SECRET, join([MINE, FOREIGN])])
@each_row("text", ["and the passenger's too", "副驾也要", "no, the passenger's", "不对，是副驾"])
def test_what_is_leant_on_keeps_the_label_of_its_arguments(text: str, label: Label) -> None:
    (call,) = understood(text, half_open(label))
    assert call.arguments == {"windows": ["passenger"], "percent": 50}
    assert call.label_of("percent") == label
    assert call.label_of("windows") == MINE


@pytest.mark.rule(33)
def test_what_the_person_says_anew_is_their_own() -> None:
    (call,) = understood("no, to 20 percent", half_open(FOREIGN))
    assert call.arguments["percent"] == 20
    assert call.label_of("percent").trusted


@pytest.mark.rule(33)
def test_a_call_that_waits_for_an_argument_keeps_the_labels_it_has() -> None:
    held = Call("p.1", "message.send", {"recipient": "13999999999"}, MINE, {"recipient": FOREIGN})
    (call,) = understood("I am on my way", awaiting=held)
    assert call.arguments["recipient"] == "13999999999"
    assert call.label_of("recipient") == FOREIGN
    assert call.label_of("body").trusted


@pytest.mark.rule(33, 34)
@pytest.mark.parametrize("text", ["repeat that", "再说一遍"])
def test_what_was_read_out_is_still_content_when_it_is_said_again(text: str) -> None:
    async def play(clock: LoopClock) -> Label | None:
        tested = await car(None, {}, clock=clock)
        await tested.run(said("read my messages", Speaker()))
        (result,) = results_of(await tested.run(said(text, Speaker())))
        return result.label

    label = in_virtual_time(play)
    assert label is not None
    assert OriginKind.MESSAGE in {origin.kind for origin in label.untrusted_origins()}
    assert label.private


@pytest.mark.rule(34)
def test_nothing_leans_on_a_turn_that_held_content() -> None:
    async def play(clock: LoopClock) -> list[list[Call]]:
        turns: list[list[Call]] = []
        for first in ("open the driver window halfway",
                      "read my messages and open the driver window halfway"):  # fmt: skip
            tested = await car(None, {}, clock=clock)
            await tested.run(said(first, Speaker()))
            events = await tested.run(said("and the passenger's too", Speaker()))
            turns.append([c for e in events if isinstance(e, Understood) for c in e.thought.calls])
        return turns

    plain, with_content = in_virtual_time(play)
    assert [call.arguments for call in plain] == [{"windows": ["passenger"], "percent": 50}]
    assert with_content == []
