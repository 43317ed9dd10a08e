"""OpenAI's session fields: what is asked holds and is shown, what can not be is refused by name."""

import pytest

from edgewise.core.words import Language
from edgewise.talk.realtime.coding import Coding
from edgewise.talk.realtime.session import Offer
from edgewise.talk.settings import TurnEnd
from tests.talk.realtime.wire import Wire

TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object"}}


def test_everything_that_a_client_may_set_holds_and_is_shown():
    wire = Wire()
    shown = wire.update(
        type="realtime",
        instructions="Be brief.",
        output_modalities=["audio"],
        max_output_tokens=200,
        tools=[TOOL],
        tool_choice={"type": "function", "name": "weather"},
        audio={
            "input": {
                "format": {"type": "audio/pcma"},
                "transcription": {"language": "zh", "prompt": "座椅, 车窗", "keywords": ["Nio"]},
                "turn_detection": {
                    "type": "server_vad",
                    "threshold": 0.7,
                    "prefix_padding_ms": 100,
                    "silence_duration_ms": 250,
                    "create_response": False,
                },
            },
            "output": {"voice": "zf_xiaobei", "speed": 1.2, "format": {"type": "audio/pcmu"}},
        },
    )
    settings, session = wire.talk.settings, wire.connection.session
    assert (settings.instructions, settings.most_tokens) == ("Be brief.", 200)
    assert (settings.voice, settings.speed) == ("zf_xiaobei", 1.2)
    assert settings.language is Language.CHINESE
    assert settings.vocabulary.words == ("Nio", "座椅", "车窗", "seat heater")
    assert (settings.turns.end, settings.turns.replies) == (TurnEnd.SILENCE, False)
    assert (settings.turns.threshold, settings.turns.silence_ms) == (0.7, 250)
    assert [tool.name for tool in settings.tools] == ["weather"]
    assert settings.tool_choice == "weather"
    assert (session.hears, session.says) == (Coding.A, Coding.MU)
    assert shown["tool_choice"] == {"type": "function", "name": "weather"}
    assert shown["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 250
    assert shown["audio"]["output"] == {
        "format": {"type": "audio/pcmu"},
        "voice": "zf_xiaobei",
        "speed": 1.2,
    }


def test_an_update_leaves_what_it_does_not_name():
    wire = Wire()
    wire.update(type="realtime", instructions="Be brief.", tools=[TOOL])
    wire.update(type="realtime", audio={"input": {"turn_detection": {"type": "semantic_vad"}}})
    settings = wire.talk.settings
    assert (settings.instructions, len(settings.tools)) == ("Be brief.", 1)
    assert settings.turns.end is TurnEnd.SENSE


def test_no_turn_detection_means_that_the_client_commits():
    wire = Wire()
    shown = wire.update(type="realtime", audio={"input": {"turn_detection": None}})
    assert shown["audio"]["input"]["turn_detection"] is None
    turns = wire.talk.settings.turns
    assert (turns.end, turns.replies) == (TurnEnd.CLIENT, False)


@pytest.mark.parametrize(("eagerness", "longest_ms"), [("low", 4000), ("high", 800)])
def test_eagerness_is_how_long_a_thought_may_pause(eagerness, longest_ms):
    wire = Wire()
    detection = {"type": "semantic_vad", "eagerness": eagerness}
    shown = wire.update(type="realtime", audio={"input": {"turn_detection": detection}})
    assert wire.talk.settings.turns.longest_ms == longest_ms
    assert shown["audio"]["input"]["turn_detection"]["eagerness"] == eagerness


def test_a_transcription_session_hears_and_answers_nothing():
    wire = Wire()
    shown = wire.update(type="transcription", audio={"input": {"transcription": {}}})
    assert shown["type"] == "transcription"
    assert not wire.talk.settings.turns.replies
    assert wire.connection.session.shows_words
    assert wire.refused("response.create")["code"] == "unsupported_value"
    wire.update(type="transcription", audio={"input": {"turn_detection": {"type": "server_vad"}}})
    assert not wire.talk.settings.turns.replies
    assert wire.refused("session.update", session={"type": "realtime"})["param"] == "session.type"


@pytest.mark.parametrize("voice", ["marin", {"id": "alloy"}, None])
def test_a_voice_of_openais_is_answered_in_our_own(voice):
    wire = Wire()
    wire.update(type="realtime", audio={"output": {"voice": "af_heart"}})
    shown = wire.update(type="realtime", audio={"output": {"voice": voice}})
    assert wire.talk.settings.voice == ""
    assert shown["audio"]["output"]["voice"] == "default"


@pytest.mark.parametrize(
    ("session", "param", "code"),
    [
        ({"modalities": ["text"]}, "session.modalities", "unknown_parameter"),
        ({"output_modalities": ["text", "audio"]}, "session.output_modalities", "invalid_value"),
        ({"output_modalities": []}, "session.output_modalities", "invalid_value"),
        ({"model": "gpt-realtime"}, "session.model", "unsupported_value"),
        ({"prompt": {"id": "p"}}, "session.prompt", "unsupported_value"),
        ({"tools": [TOOL, TOOL]}, "session.tools[1].name", "invalid_value"),
        ({"tools": [{"type": "mcp"}]}, "session.tools[0].type", "unsupported_value"),
        ({"tools": [{"name": "auto"}]}, "session.tools[0].name", "invalid_value"),
        ({"tools": [{"name": "a b"}]}, "session.tools[0].name", "invalid_value"),
        ({"tool_choice": "required"}, "session.tool_choice", "invalid_value"),
        ({"tool_choice": "weather"}, "session.tool_choice", "invalid_value"),
        ({"max_output_tokens": 0}, "session.max_output_tokens", "invalid_value"),
        (
            {"audio": {"output": {"voice": "nobody"}}},
            "session.audio.output.voice",
            "invalid_value",
        ),
        (
            {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}}},
            "session.audio.input.format.rate",
            "unsupported_value",
        ),
        (
            {"audio": {"input": {"format": {"type": "audio/opus"}}}},
            "session.audio.input.format.type",
            "invalid_value",
        ),
        (
            {"audio": {"input": {"transcription": {"language": "fr"}}}},
            "session.audio.input.transcription.language",
            "unsupported_value",
        ),
        (
            {"audio": {"input": {"turn_detection": {"idle_timeout_ms": 6000}}}},
            "session.audio.input.turn_detection.idle_timeout_ms",
            "unsupported_value",
        ),
    ],
)
def test_what_can_not_be_is_refused_by_its_field(session, param, code):
    error = Wire().refused("session.update", session={"type": "realtime", **session})
    assert (error["param"], error["code"]) == (param, code)


def test_tools_are_refused_with_the_reason_where_nobody_could_ask_them():
    offer = Offer("edgewise", tools=False, no_tools="the device has functions of its own")
    error = Wire(offer=offer).refused(
        "session.update", session={"type": "realtime", "tools": [TOOL]}
    )
    assert (error["param"], error["code"]) == ("session.tools", "unsupported_value")
    assert "functions of its own" in error["message"]


def test_what_has_no_effect_here_is_taken_and_shown_as_not_there():
    shown = Wire().update(
        type="realtime",
        tracing="auto",
        truncation="auto",
        include=[],
        audio={"input": {"noise_reduction": {"type": "near_field"}}},
    )
    assert shown["tracing"] is None
    assert shown["audio"]["input"]["noise_reduction"] is None


def test_an_answer_may_have_terms_of_its_own():
    wire = Wire()
    wire.update(type="realtime", instructions="Be brief.", tools=[TOOL])
    response = {
        "instructions": "Rhyme.",
        "tools": [],
        "max_output_tokens": "inf",
        "audio": {"output": {"voice": "af_heart", "format": {"type": "audio/pcmu"}}},
    }
    wire.send("response.create", response=response)
    ((settings, _, aside),) = wire.talk.taken("reply")
    assert (settings.instructions, settings.tools, settings.voice) == ("Rhyme.", (), "af_heart")
    assert aside is None
    assert wire.talk.settings.voice == ""
