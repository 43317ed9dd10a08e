"""Nothing that a person said, wrote or is called reaches a trail whose owner did not opt in."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.agent.redact import Redactor
from edgewise.core.call import Call, Effect, Impossible, Note, Resolved, Result, Status
from edgewise.core.event import (
    Answered,
    CallFinished,
    CallResolved,
    CallStarted,
    Event,
    NeedsApproval,
    PendingCall,
    Perceived,
    Stopped,
    TextDelta,
    Understood,
    to_json,
)
from edgewise.core.label import Label, Origin, OriginKind, label_of
from edgewise.core.message import Channel, Message, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.device.runtime import Device, start_device

SECRET = "Zanzibar"
SAID = Words(SECRET, SECRET)
EVE = Label((Origin(OriginKind.MESSAGE, SECRET), Origin(OriginKind.VOICE, "driver")))
CALL = Call("t.1", "message.send", {"body": SECRET, "recipient": SECRET}, EVE, {"body": EVE})
EFFECT = Effect("phone.messages.t.1", {"to": SECRET, "tags": [SECRET]})
AT = {"seq": 1, "at": 0.0, "turn": "t"}
TOOK = {"took_ms": 1.0}
ENDING = {"text": SECRET, "changed": {EFFECT.target: EFFECT.value}, **TOOK, **AT}
MESSAGE = Message(SECRET, Language.ENGLISH, EVE, Speaker(), (TextPart(SECRET, EVE),))
EVENTS: tuple[Event, ...] = (
    Perceived(message=MESSAGE, **TOOK, **AT),
    Understood(thought=Thought(MessageKind.COMMAND, (CALL,), question=SAID), **TOOK, **AT),
    CallResolved(
        call=CALL,
        resolution=Resolved((EFFECT,), [SECRET], EVE, (Note(SAID),)),
        state={"phone.contacts": [{"name": SECRET}]},
        **TOOK,
        **AT,
    ),
    CallResolved(call=CALL, resolution=Impossible("not_found", SAID), state={}, **TOOK, **AT),
    CallStarted(call="t.1", effects=(EFFECT,), **AT),
    CallFinished(
        result=Result(
            "t.1",
            "message.send",
            Status.FAILED,
            changed={EFFECT.target: EFFECT.value},
            before={EFFECT.target: SECRET},
            data={"said": SECRET},
            label=EVE,
            notes=(Note(SAID),),
            words=SAID,
        ),
        **TOOK,
        **AT,
    ),
    TextDelta(text=SECRET, **AT),
    Answered(language=Language.ENGLISH, **ENDING),
    NeedsApproval(
        approval="a",
        payload_hash="h",
        calls=(PendingCall(CALL, (EFFECT,), ()),),
        expires_at=1.0,
        zone=None,
        language=Language.ENGLISH,
        **ENDING,
    ),
    Stopped(code="x", words=Words("Too long.", "太长。"), **ENDING),
)
SENTENCES = (
    "call Zanzibar",
    "text Zanzibar that I am late",
    "navigate to Zanzibar",
    "run the Zanzibar scene",
    "add Zanzibar to my shopping list",
    "remind me of Zanzibar tomorrow at eight",
    "play Zanzibar",
    "save this place as Zanzibar",
    "read my messages",
    "who is Alice Chen",
)


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(b"key", builtin_catalogue())


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[Device]:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    made = await start_device(tmp_path, pace=1000.0)
    yield made
    await made.close()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_no_text_stays_in_any_event(redactor: Redactor, event: Event) -> None:
    assert SECRET in to_json(event).decode()
    hidden = redactor.redact(event)
    assert SECRET not in to_json(hidden).decode()
    assert type(hidden) is type(event)
    assert (hidden.seq, hidden.at, hidden.turn) == (event.seq, event.at, event.turn)


def test_what_explains_a_decision_stays(redactor: Redactor) -> None:
    window = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
    call = Call(
        "t.1",
        "window.set",
        {"windows": ["driver"], "percent": 40},
        label_of(OriginKind.VOICE, "driver"),
    )
    event = CallResolved(
        call=call, resolution=Resolved((Effect(window, 40),)), state={window: 0}, **TOOK, **AT
    )
    assert redactor.redact(event) == event


def test_what_is_said_on_the_car_s_screen_is_text(redactor: Redactor) -> None:
    title = "Vehicle.Cabin.Infotainment.Media.Played.Track"
    event = CallStarted(call="t.1", effects=(Effect(title, SECRET),), **AT)
    assert SECRET not in to_json(redactor.redact(event)).decode()


def test_a_word_in_the_place_of_a_choice_or_a_zone_is_text(redactor: Redactor) -> None:
    call = Call("t.1", "window.set", {"windows": [SECRET], "kind": SECRET}, Label())
    event = CallResolved(call=call, resolution=Resolved(), state={}, **TOOK, **AT)
    assert SECRET not in to_json(redactor.redact(event)).decode()


def test_equal_texts_look_equal_on_this_device_and_otherwise_elsewhere(redactor: Redactor) -> None:
    other = Redactor(b"other key", builtin_catalogue())
    assert redactor.hide(SECRET) == redactor.hide(SECRET)
    assert redactor.hide(SECRET) != redactor.hide(SECRET.lower())
    assert redactor.hide(SECRET) != other.hide(SECRET)
    assert f"{len(SECRET)}:" in redactor.hide(SECRET)


def test_an_empty_text_stays_empty_and_numbers_stay(redactor: Redactor) -> None:
    assert redactor.hide({"a": "", "b": 1, "c": [True, None]}) == {
        "a": "",
        "b": 1,
        "c": [True, None],
    }


async def test_a_whole_device_writes_no_name_and_no_text(device: Device, tmp_path: Path) -> None:
    rows = (await device.agent.drivers.read(["phone.contacts", "phone.messages"])).values()
    private = {"zanzibar", "alice chen"} | {
        str(row[key]).casefold()
        for reading in rows
        for row in reading.value
        for key in ("name", "from", "body", "number", "phone")
        if len(str(row.get(key) or "")) > 1
    }
    assert len(private) > 20
    for text in SENTENCES:
        request = Request((TextPart(text),), "s", Speaker(channel=Channel.TYPED))
        events = [event async for event in device.agent.run(request)]
        assert events[-1].text
    (trail,) = (tmp_path / "trail").glob("*.jsonl")
    written = trail.read_text("utf-8").casefold()
    assert [text for text in private if text in written] == []
    assert all(msgspec.json.decode(line) for line in written.splitlines())
