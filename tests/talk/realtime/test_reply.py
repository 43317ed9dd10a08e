"""An answer is opened, said and shut in the order that clients of the API rely on."""

import base64

import pytest

from edgewise.talk.events import (
    Ended,
    ReplyActed,
    ReplyCall,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
)
from tests.talk.realtime.wire import Wire, pcm, types

STARTED = ReplyStarted("resp_1", "item_9", "item_8")
SPOKEN = (
    STARTED,
    ReplyText("resp_1", "item_9", "It is "),
    ReplyText("resp_1", "item_9", "open."),
    ReplySound("resp_1", "item_9", pcm(100), "It is open."),
    ReplyEnded("resp_1", "item_9", Ended.COMPLETED, "It is open.", "It is open.", "", "", 12, 5),
)


def test_a_spoken_answer_in_the_words_of_today():
    told = Wire().happen(*SPOKEN)
    assert types(told) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.done",
    ]
    assert told[2]["previous_item_id"] == told[-2]["previous_item_id"] == "item_8"
    assert base64.b64decode(told[6]["delta"]) == pcm(100)
    done = told[-1]["response"]
    assert (done["status"], done["status_details"]) == ("completed", None)
    assert done["output"][0]["content"] == [{"type": "output_audio", "transcript": "It is open."}]
    assert done["usage"]["total_tokens"] == 17


def test_the_same_answer_in_stepfuns_words():
    told = Wire(beta=True).happen(*SPOKEN)
    assert types(told) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        "response.audio_transcript.delta",
        "response.audio_transcript.delta",
        "response.audio.delta",
        "response.audio.done",
        "response.audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
    ]
    assert told[-1]["response"]["output"][0]["content"][0]["type"] == "audio"
    assert all(event["response_id"] == "resp_1" for event in told if "delta" in event["type"])


@pytest.mark.parametrize(
    ("beta", "kind"), [(False, "response.output_text"), (True, "response.text")]
)
def test_an_answer_in_text(beta, kind):
    wire = Wire(beta=beta)
    wire.update(modalities=["text"]) if beta else wire.update(
        type="realtime", output_modalities=["text"]
    )
    told = wire.happen(
        STARTED,
        ReplyText("resp_1", "item_9", "Hi."),
        ReplyEnded("resp_1", "item_9", Ended.COMPLETED, "Hi.", "Hi."),
    )
    assert f"{kind}.delta" in types(told)
    (done,) = [event for event in told if event["type"] == f"{kind}.done"]
    assert done["text"] == "Hi."
    assert not [event for event in told if "audio" in event["type"]]


def test_a_call_of_the_clients_function_comes_whole_and_behind_the_words():
    told = Wire().happen(
        STARTED,
        ReplyText("resp_1", "item_9", "One moment."),
        ReplyCall("resp_1", "item_c", "call_1", "weather", '{"city":"Bern"}'),
        ReplyEnded("resp_1", "item_9", Ended.COMPLETED, "One moment.", "One moment."),
    )
    kinds = types(told)
    shut = kinds.index("response.output_item.done")
    assert shut < kinds.index("response.function_call_arguments.delta")
    (done,) = [one for one in told if one["type"] == "response.function_call_arguments.done"]
    assert (done["call_id"], done["name"], done["output_index"]) == ("call_1", "weather", 1)
    assert done["arguments"] == '{"city":"Bern"}'
    output = told[-1]["response"]["output"]
    assert [item["type"] for item in output] == ["message", "function_call"]
    assert output[1]["arguments"] == '{"city":"Bern"}'


@pytest.mark.parametrize(("done", "end"), [(True, "completed"), (False, "failed")])
def test_what_the_device_did_is_told_as_a_call_of_its_own(done, end):
    acted = ReplyActed("resp_1", "item_d", "c1", "window.set", {"percent": 50}, "50 %", done)
    told = Wire().happen(STARTED, acted)
    assert types(told) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        f"response.mcp_call.{end}",
        "response.output_item.done",
        "conversation.item.done",
    ]
    item = told[-1]["item"]
    assert (item["name"], item["arguments"]) == ("window.set", '{"percent":50}')
    assert item["output"] == ("50 %" if done else None)
    assert item["error"] == (None if done else {"type": "tool_execution_error", "message": "50 %"})
    assert not [kind for kind in types(Wire(beta=True).happen(STARTED, acted)) if ".mcp" in kind]


@pytest.mark.parametrize(
    ("ended", "status", "reason"),
    [
        (Ended.CANCELLED, "cancelled", "client_cancelled"),
        (Ended.INTERRUPTED, "cancelled", "turn_detected"),
        (Ended.INCOMPLETE, "incomplete", "max_output_tokens"),
        (Ended.FAILED, "failed", None),
    ],
)
def test_an_answer_that_was_cut_says_why_and_shuts_what_was_open(ended, status, reason):
    end = ReplyEnded("resp_1", "item_9", ended, "It is ", "It", "model_crashed", "it crashed")
    told = Wire().happen(*SPOKEN[:2], end)
    response = told[-1]["response"]
    assert response["status"] == response["status_details"]["type"] == status
    assert response["status_details"].get("reason") == reason
    assert response["output"][0]["status"] == "incomplete"
    assert "response.output_audio.done" in types(told)
    if ended is Ended.FAILED:
        assert response["status_details"]["error"]["code"] == "model_crashed"


def test_sound_of_telephones_comes_whole_at_their_rate():
    wire = Wire()
    wire.update(type="realtime", audio={"output": {"format": {"type": "audio/pcmu"}}})
    told = wire.happen(*SPOKEN)
    sound = b"".join(
        base64.b64decode(one["delta"])
        for one in told
        if one["type"] == "response.output_audio.delta"
    )
    assert len(sound) == 800  # 100 ms at 8 kHz, also what the resampler had held back


def test_words_of_an_answer_that_is_not_there_any_more_are_dropped():
    assert Wire().happen(ReplyText("resp_0", "item_0", "late")) == []
