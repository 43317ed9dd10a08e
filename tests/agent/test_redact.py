"""Nothing that a person said, wrote or is called reaches a trail whose owner did not opt in."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.agent.redact import Redactor, is_hidden
from edgewise.core.call import Call, Effect, Impossible, Note, Resolved, Result, Status
from edgewise.core.event import (
    Answered,
    CallFinished,
    CallResolved,
    CallStarted,
    Corrected,
    Event,
    NeedsApproval,
    PendingCall,
    Perceived,
    Stopped,
    TextDelta,
    TurnStarted,
    Understood,
    to_json,
)
from edgewise.core.label import Label, Origin, OriginKind, label_of
from edgewise.core.message import Channel, Message, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.thought import Alternative, MessageKind, Thought
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


def test_what_is_empty_or_yes_or_no_stays(redactor: Redactor) -> None:
    told = {"a": "", "c": [True, None, False], "d": {}, "e": []}
    assert redactor.hide(told) == told


@pytest.mark.parametrize("number", [31.230416, 13912345678, 250_000])
def test_a_number_outside_the_car_is_hidden_wherever_it_stands(
    redactor: Redactor, number: float
) -> None:
    private = {"value": number, "rows": [{"n": number}]}
    effects = (
        Effect("phone.contacts.t.1", private),
        Effect("Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Latitude", number),
    )
    changed = {effect.target: effect.value for effect in effects}
    call = Call("t.1", "call.dial", {"number": number}, Label())
    state = {"Vehicle.CurrentLocation.Longitude": number, "nav.route": private}
    result = Result("t.1", "call.dial", Status.DONE, changed=changed, before=changed, data=private)
    for event in (
        CallResolved(call=call, resolution=Resolved(effects, private), state=state, **TOOK, **AT),
        CallStarted(call="t.1", effects=effects, **AT),
        CallFinished(result=result, **TOOK, **AT),
        Answered(text="", language=Language.ENGLISH, changed=changed, **TOOK, **AT),
    ):
        assert str(number) in to_json(event).decode()
        hidden = redactor.redact(event)
        assert str(number) not in to_json(hidden).decode()
        assert type(hidden) is type(event)


def test_amounts_and_counts_of_what_is_no_setting_of_the_car_are_hidden(
    redactor: Redactor,
) -> None:
    call = Call("t.1", "alarm.manage", {"duration": 61234, "op": "set"}, Label())
    event = CallResolved(call=call, resolution=Resolved(), state={}, **TOOK, **AT)
    kept = redactor.redact(event)
    assert isinstance(kept, CallResolved)
    assert kept.call.arguments["op"] == "set"
    assert str(kept.call.arguments["duration"]).startswith("‹")


@pytest.mark.parametrize(("name", "stays"), [("default", True), ("cli", True), ("alice", False)])
def test_a_session_s_name_is_kept_only_where_it_says_nothing(
    redactor: Redactor, name: str, stays: bool
) -> None:
    event = TurnStarted(session=name, speaker=Speaker(), policy_hash="p", catalogue_hash="c", **AT)
    kept = redactor.redact(event)
    assert isinstance(kept, TurnStarted)
    assert (kept.session == name) is stays


def test_names_that_nothing_declares_are_text(redactor: Redactor) -> None:
    unknown = Call("t.1", SECRET, {SECRET: 1}, Label(), {SECRET: Label()})
    known = Call("t.2", "window.set", {SECRET: 1, "percent": 40}, Label(), {SECRET: Label()})
    thought = Thought(
        MessageKind.COMMAND, (unknown, known), alternatives=(Alternative(SECRET, 0.1),)
    )
    event = Understood(thought=thought, **TOOK, **AT)
    hidden = redactor.redact(event)
    assert SECRET not in to_json(hidden).decode()
    assert isinstance(hidden, Understood)
    assert hidden.thought.calls[1].arguments["percent"] == 40
    failed = CallFinished(result=Result("t.1", SECRET, Status.IMPOSSIBLE), **TOOK, **AT)
    assert SECRET not in to_json(redactor.redact(failed)).decode()


def test_a_correction_hides_its_words_once_and_what_nothing_declares(redactor: Redactor) -> None:
    said = Corrected(
        text=SECRET, language=Language.ENGLISH, label=EVE, kind=MessageKind.COMMAND,
        understood=(Alternative(SECRET, 0.5), Alternative("window.set", 0.4)), meant=SECRET, **AT,
    )  # fmt: skip
    kept = redactor.redact(said)
    assert isinstance(kept, Corrected)
    assert SECRET not in to_json(kept).decode()
    assert is_hidden(kept.text)
    assert not is_hidden(SECRET)
    assert kept.understood[1].capability == "window.set"
    for meant in ("other", "nothing", "roof.set"):
        again = redactor.redact(msgspec.structs.replace(kept, meant=meant))
        assert isinstance(again, Corrected)
        assert (again.text, again.meant) == (kept.text, meant)


def test_why_a_turn_stopped_is_hidden_with_its_text(redactor: Redactor) -> None:
    event = Stopped(code="x", words=SAID, text=SECRET, changed={}, **TOOK, **AT)
    assert SECRET not in to_json(redactor.redact(event)).decode()


def test_the_car_s_own_numbers_stay(redactor: Redactor) -> None:
    state = {"Vehicle.Speed": 61.5, "Vehicle.Cabin.Infotainment.Media.Volume": 30}
    call = Call("t.1", "media.set_volume", {"level": 30}, Label())
    event = CallResolved(call=call, resolution=Resolved(), state=state, **TOOK, **AT)
    assert redactor.redact(event) == event


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
