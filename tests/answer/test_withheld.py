"""What others wrote is neither spoken nor shown while the car moves with others aboard."""

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.answer.answer import Outcome, answer
from edgewise.answer.withheld import withheld
from edgewise.core.call import Call, Result, Status
from edgewise.core.event import Manner
from edgewise.core.label import OWNER, Label, Origin, OriginKind, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.signal import JsonValue, snapshot_of
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language
from tests.each_row import each_row

EN, ZH = Language.ENGLISH, Language.CHINESE
TYPED = label_of(OriginKind.TYPED)
BODY = "Meet me at six"
SEATS = [
    f"Vehicle.Cabin.Seat.{seat}.OccupancyStatus"
    for seat in ("Row1.PassengerSide", "Row2.DriverSide", "Row2.Middle", "Row2.PassengerSide")
]
ALONE = dict.fromkeys(SEATS, "EMPTY")
ABOARD = {**ALONE, SEATS[1]: "OCCUPIED"}
SENDERS = (Origin(OriginKind.MESSAGE, "Alice"), Origin(OriginKind.MESSAGE, "Bob"))
MESSAGES = Label(SENDERS, OWNER)


def told(
    capability: str, data: JsonValue, label: Label, state: dict[str, object]
) -> tuple[str, Manner]:
    call = Call("t.1", capability, {}, TYPED)
    done = Result("t.1", capability, Status.DONE, data=data, label=label)
    message = Message("x", EN, TYPED, Speaker())
    outcome = Outcome(message, Thought(MessageKind.COMMAND, (call,)), (call,), (done,))
    reply = answer(outcome, builtin_catalogue().capabilities, snapshot_of(state))
    return reply.text, reply.manner


@pytest.mark.rule(16)
@pytest.mark.rule(43)
def test_message_bodies_are_shown_and_spoken_only_where_one_of_both_may_be() -> None:
    data: JsonValue = {"messages": [], "count": 2, "said": f"Alice: {BODY}"}
    moving, parked = {"Vehicle.Speed": 90.0}, {"Vehicle.Speed": 0.0}
    text, manner = told("message.read", data, MESSAGES, {**ABOARD, **moving})
    assert (BODY in text, manner) == (False, Manner.QUIET)
    assert text.startswith("2 messages (Alice, Bob). ")
    assert "when we stand" in text
    assert BODY in told("message.read", data, MESSAGES, {**ABOARD, **parked})[0]
    assert BODY in told("message.read", data, MESSAGES, {**ALONE, **moving})[0]


@pytest.mark.rule(16)
@each_row(
    ("capability", "data", "label"),
    [
        ("email.search", {"count": 1, "said": f"Alice: {BODY}"}, MESSAGES),
        ("calendar.query", {"count": 1, "said": BODY},
         label_of(OriginKind.CALENDAR, "Alice", readers=OWNER)),
        ("dialog.control", {"action": "repeat", "said": BODY}, MESSAGES),
    ],
)  # fmt: skip
def test_nothing_that_others_wrote_is_shown_then(
    capability: str, data: JsonValue, label: Label
) -> None:
    assert BODY not in told(capability, data, label, {**ABOARD, "Vehicle.Speed": 90.0})[0]


def result(data: JsonValue, label: Label) -> Result:
    return Result("t.1", "message.read", Status.DONE, data=data, label=label)


def test_how_many_of_whom_and_when_is_said_in_both_languages() -> None:
    one = result({"count": 1}, Label(SENDERS[:1], OWNER))
    assert withheld(one, EN).startswith("1 message (Alice). While we move")
    assert withheld(one, ZH).startswith("1条消息（Alice）。行驶中")


def test_a_name_is_no_place_for_a_message() -> None:
    many = [Origin(OriginKind.MESSAGE, f"{n} {BODY} and bring everything") for n in range(5)]
    text = withheld(result({"count": 5}, Label(tuple(many), OWNER)), EN)
    assert "everything" not in text
    assert text.count(BODY) == 3


def test_that_there_are_none_may_be_shown() -> None:
    assert withheld(result({"count": 0}, Label(SENDERS[:1], OWNER)), EN) == ""
