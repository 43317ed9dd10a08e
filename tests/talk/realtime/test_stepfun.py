"""StepFun's documented session fields and events, as its own page and demo send them."""

import pytest

from edgewise.talk.realtime.coding import Coding
from edgewise.talk.settings import TurnEnd
from tests.talk.realtime.wire import Wire, pcm, types

DEMO = {
    "modalities": ["text", "audio"],
    "instructions": "你是实时语音助手。",
    "voice": "jingdiannvsheng",
    "input_audio_format": "pcm16",
    "output_audio_format": "pcm16",
    "turn_detection": {
        "type": "server_vad",
        "prefix_padding_ms": 500,
        "silence_duration_ms": 100,
        "energy_awakeness_threshold": 2500,
    },
}


def test_the_demos_update_holds_as_it_is_and_is_shown_so():
    wire = Wire()
    shown = wire.update(**DEMO)
    turns = wire.talk.settings.turns
    assert (turns.end, turns.padding_ms, turns.silence_ms) == (TurnEnd.SILENCE, 500, 100)
    assert (turns.threshold, turns.replies, turns.interrupts) == (0.5, True, True)
    assert shown["turn_detection"] == DEMO["turn_detection"]
    assert (shown["voice"], shown["input_audio_format"]) == ("default", "pcm16")
    assert wire.append(pcm(100)) == []


def test_turns_are_the_clients_own_until_it_asks():
    wire = Wire(beta=True)
    assert wire.came[0]["session"]["turn_detection"] is None
    assert wire.talk.settings.turns.end is TurnEnd.CLIENT
    wire.update(turn_detection={"type": "server_vad"})
    turns = wire.talk.settings.turns
    assert (turns.padding_ms, turns.silence_ms) == (500, 100)
    wire.update(turn_detection=None)
    assert wire.talk.settings.turns.end is TurnEnd.CLIENT


@pytest.mark.parametrize(("energy", "threshold"), [(5000, 0.95), (1000, 0.2), (0, 0.05)])
def test_energy_is_taken_as_how_sure_speech_must_be(energy, threshold):
    wire = Wire(beta=True)
    wire.update(turn_detection={"type": "server_vad", "energy_awakeness_threshold": energy})
    assert wire.talk.settings.turns.threshold == pytest.approx(threshold)


def test_functions_are_taken_as_chat_completions_write_them():
    wire = Wire(beta=True)
    function = {"name": "weather", "description": "d", "parameters": {"type": "object"}}
    wire.update(tools=[{"type": "function", "function": function}], tool_choice="auto")
    (tool,) = wire.talk.settings.tools
    assert (tool.name, tool.description, tool.parameters) == ("weather", "d", {"type": "object"})


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"tools": [{"type": "retrieval", "function": {"name": "r"}}]}, "session.tools[0].type"),
        ({"input_audio_format": "mp3"}, "session.input_audio_format"),
        ({"turn_detection": {"energy_awakeness_threshold": 9000}},
         "session.turn_detection.energy_awakeness_threshold"),
        ({"modalities": []}, "session.modalities"),
        ({"colour": "red"}, "session.colour"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_its_field(session, param):
    assert Wire(beta=True).refused("session.update", session=session)["param"] == param


def test_the_other_fields_of_the_beta_hold_too():
    wire = Wire(beta=True)
    shown = wire.update(
        voice="af_heart",
        output_audio_format="g711_ulaw",
        input_audio_format="g711_alaw",
        temperature=0.7,
        max_response_output_tokens=99,
        input_audio_transcription={"model": "whisper-1", "language": "en"},
    )
    session = wire.connection.session
    assert (session.says, session.hears) == (Coding.MU, Coding.A)
    assert (shown["voice"], shown["temperature"]) == ("af_heart", 0.7)
    assert shown["max_response_output_tokens"] == 99


def test_an_answer_may_have_terms_of_its_own():
    wire = Wire(beta=True)
    wire.send("response.create", response={"modalities": ["text"], "voice": "unknown-clone"})
    ((settings, _, _),) = wire.talk.taken("reply")
    assert (settings.speaks, settings.voice) == (False, "")


def test_a_message_of_the_page_is_made_and_told_as_created():
    wire = Wire(beta=True)
    content = [{"type": "input_text", "text": "你好"}]
    item = {"id": "msg_001", "type": "message", "role": "user", "content": content}
    wire.send("conversation.item.create", item=item)
    assert wire.talk.taken("add")[0][0].text == "你好"


def test_cancelling_nothing_is_an_error_that_leaves_the_connection_open():
    wire = Wire(beta=True)
    assert wire.refused("response.cancel", event_id="x")["event_id"] == "x"
    assert types(wire.send("session.update", session={})) == ["session.updated"]
