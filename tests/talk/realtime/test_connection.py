"""A client's events do what they say, an error names its event, and nothing of one is another's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.talk.events import (
    Cleared,
    Committed,
    Ended,
    Failed,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.session import Offer, Session
from edgewise.talk.settings import TurnEnd
from tests.talk.realtime.fake_talk import FakeTalk
from tests.talk.realtime.wire import Wire, pcm, types

SAID = Item("item_a", Who.AGENT, "It is open.", by_sound=True)


def test_a_client_is_welcomed_with_the_terms_that_hold():
    wire = Wire()
    (created,) = wire.came
    assert created["type"] == "session.created"
    assert created["session"]["model"] == "edgewise"
    assert created["session"]["audio"]["input"]["turn_detection"]["type"] == "server_vad"
    assert wire.talk.settings.vocabulary.words == ("seat heater",)


def test_sound_reaches_the_conversation_at_its_rate_and_a_commit_is_an_order():
    wire = Wire()
    assert wire.append(pcm(1000)) == []
    assert abs(len(wire.talk.heard) - 32_000) < 2 * 640  # 16 kHz; 40 ms may be held back
    assert wire.send("input_audio_buffer.commit", event_id="mine") == []
    assert wire.talk.taken("commit") == [("mine",)]
    told = wire.happen(Committed("item_1", ""))
    assert types(told) == [
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
    ]
    assert told[1]["item"]["content"] == [{"type": "input_audio", "transcript": None}]


def test_nothing_to_commit_is_an_error_and_so_it_is_after_a_commit_or_a_clear():
    wire = Wire()
    assert wire.refused("input_audio_buffer.commit")["code"] == "input_audio_buffer_commit_empty"
    wire.append(pcm(500))
    wire.send("input_audio_buffer.clear")
    assert types(wire.happen(Cleared())) == ["input_audio_buffer.cleared"]
    error = wire.refused("input_audio_buffer.commit", event_id="e7")
    assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "e7")


def test_what_a_client_holds_back_is_bounded():
    wire = Wire()
    wire.update(type="realtime", audio={"input": {"turn_detection": None}})
    for _ in range(12):
        wire.append(pcm(10_000))
    heard = len(wire.talk.heard)
    (error,) = wire.append(pcm(100))
    assert error["error"]["code"] == "input_audio_buffer_full"
    assert len(wire.talk.heard) == heard


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "invalid_json"),
        ("[1]", "invalid_json"),
        ("\ud800", "invalid_json"),
        (b"\xff\xfe", "invalid_json"),
        ("[" * 100_000, "invalid_json"),
        ("{}", "invalid_event"),
        ('{"type": 7}', "invalid_event"),
        ('{"type": "session.destroy"}', "unknown_event"),
        ('{"type": "input_audio_buffer.append"}', "invalid_value"),
        ('{"type": "input_audio_buffer.append", "audio": "!!"}', "invalid_audio"),
        ('{"type": "input_audio_buffer.append", "audio": ""}', "invalid_audio"),
        ('{"type": "input_audio_buffer.append", "audio": "AAAA"}', "invalid_audio"),
        ('{"type": "input_audio_buffer.append", "audio": "AAA=", "rate": 1}', "unknown_parameter"),
        ('{"type": "conversation.item.retrieve", "item_id": "nobody"}', "unknown_item"),
        ('{"type": "conversation.item.create", "item": {"type": "poem"}}', "unsupported_value"),
        ('{"type": "response.cancel"}', "response_cancel_not_active"),
        ('{"type": "response.create", "response": {"voices": 1}}', "unknown_parameter"),
    ],
)
def test_nonsense_is_told_by_a_code_and_the_connection_goes_on(message, code):
    wire = Wire()
    (error,) = wire.send_raw(message)
    assert (error["type"], error["error"]["code"]) == ("error", code)
    assert len(error["error"]["message"]) > 20
    assert wire.append(pcm(100)) == []


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "session", "item", "response", "audio", "role", "content",
                         "input", "output", "format", "turn_detection", "tools", "name"]),
        inner, max_size=4), max_leaves=12),
    st.sampled_from(["session.update", "conversation.item.create", "response.create",
                     "input_audio_buffer.append", "conversation.item.truncate"]))  # fmt: skip
def test_no_json_makes_it_fall_over(value, kind):
    wire = Wire()
    fields = value if isinstance(value, dict) else {"session": value, "item": value}
    wire.send_raw(json.dumps({**fields, "type": kind}))
    assert types(wire.send("no.such.event")) == ["error"]


def test_an_item_is_made_read_back_and_taken_out():
    wire = Wire()
    content = [{"type": "input_text", "text": "hello"}]
    item = {"id": "msg_1", "type": "message", "role": "user", "content": content}
    assert wire.send("conversation.item.create", item=item, event_id="e1") == []
    ((made, previous, cause),) = wire.talk.taken("add")
    assert (made.id, made.who, made.text) == ("msg_1", Who.PERSON, "hello")
    assert (previous, cause) == (None, "e1")
    wire.talk.items = (made,)
    (found,) = wire.send("conversation.item.retrieve", item_id="msg_1")
    assert found["item"]["content"] == content
    wire.send("conversation.item.delete", item_id="msg_1")
    assert wire.talk.taken("delete") == [("msg_1", "")]


def test_root_is_the_place_before_all_others():
    wire = Wire()
    item = {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "x"}]}
    wire.send("conversation.item.create", item=item, previous_item_id="root")
    assert wire.talk.taken("add")[0][1] == ""


def test_truncating_goes_to_the_conversation_which_clamps_and_says_where():
    wire = Wire()
    wire.talk.items = (SAID,)
    wire.send(
        "conversation.item.truncate", item_id="item_a", content_index=0, audio_end_ms=9_000_000
    )
    assert wire.talk.taken("truncate") == [("item_a", 9_000_000, "")]
    (told,) = wire.happen(Truncated("item_a", 1500))
    assert (told["type"], told["audio_end_ms"]) == ("conversation.item.truncated", 1500)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"item_id": "item_a", "content_index": 1, "audio_end_ms": 1}, "content_index"),
        ({"item_id": "item_a", "content_index": 0, "audio_end_ms": -1}, "audio_end_ms"),
        ({"item_id": "item_a", "content_index": 0}, "audio_end_ms"),
    ],
)
def test_what_can_not_be_truncated_is_refused_by_its_field(fields, param):
    assert Wire().refused("conversation.item.truncate", **fields)["param"] == param


def test_an_item_that_the_conversation_does_not_know_is_named_with_the_clients_event():
    wire = Wire()
    wire.send("conversation.item.delete", item_id="gone", event_id="e5")
    assert wire.talk.taken("delete") == [("gone", "e5")]
    (error,) = wire.happen(Failed("unknown_item", "there is no item 'gone'", "e5"))
    assert (error["error"]["param"], error["error"]["event_id"]) == ("item_id", "e5")


def begun(wire: Wire, **response: object) -> str:
    """An answer that the client asked for and that has begun: its asking's cause."""
    wire.send("response.create", response=response, event_id="ask-me")
    cause = wire.talk.taken("reply")[-1][1]
    wire.happen(ReplyStarted("resp_1", "item_9", "", cause))
    return cause


def test_one_answer_at_a_time_and_cancelling_ends_it():
    wire = Wire()
    begun(wire)
    error = wire.refused("response.create", event_id="e2")
    assert error["code"] == "conversation_already_has_active_response"
    assert wire.refused("response.cancel", response_id="resp_2")["param"] == "response_id"
    wire.send("response.cancel", event_id="e3")
    assert wire.talk.taken("cancel") == [("", "e3")]
    (done,) = wire.happen(ReplyEnded("resp_1", "item_9", Ended.CANCELLED, "", ""))
    assert done["response"]["status"] == "cancelled"
    assert done["response"]["status_details"]["reason"] == "client_cancelled"
    wire.send("response.create")
    assert len(wire.talk.taken("reply")) == 2


def test_an_answer_out_of_band_has_its_own_input_and_gives_its_metadata_back():
    wire = Wire()
    begun(wire)
    wire.talk.items = (SAID,)
    text = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "sum?"}]}
    wire.send(
        "response.create",
        response={
            "conversation": "none",
            "instructions": "Classify.",
            "output_modalities": ["text"],
            "metadata": {"topic": "t"},
            "input": [{"type": "item_reference", "id": "item_a"}, text],
        },
    )
    settings, cause, aside = wire.talk.taken("reply")[-1]
    assert (settings.instructions, settings.speaks) == ("Classify.", False)
    assert [item.text for item in aside.items] == ["It is open.", "sum?"]
    assert not aside.keeps
    (created,) = wire.happen(ReplyStarted("resp_2", "item_8", "", cause))
    assert created["response"]["metadata"] == {"topic": "t"}
    assert created["response"]["conversation_id"] is None
    told = wire.happen(ReplyText("resp_2", "item_8", "yes"))
    assert "conversation.item.added" not in types(told)
    assert wire.talk.settings.instructions == ""  # the session's own are as they were


def test_an_asking_that_fails_names_the_clients_event():
    wire = Wire()
    wire.send("response.create", event_id="e9")
    cause = wire.talk.taken("reply")[0][1]
    (error,) = wire.happen(Failed("reply_active", "one is in progress", cause))
    assert (error["error"]["code"], error["error"]["event_id"]) == ("reply_active", "e9")
    wire.send("response.create")
    assert len(wire.talk.taken("reply")) == 2


def test_clearing_the_output_ends_the_answer():
    wire = Wire()
    begun(wire)
    assert types(wire.send("output_audio_buffer.clear")) == ["output_audio_buffer.cleared"]
    assert wire.talk.taken("cancel") == [("", "")]


def test_a_first_update_without_a_type_changes_to_stepfuns_words():
    wire = Wire()
    shown = wire.update(modalities=["text", "audio"], voice="jingdiannvsheng")
    assert shown["modalities"] == ["text", "audio"]
    assert shown["turn_detection"] is None
    assert wire.talk.settings.turns.end is TurnEnd.CLIENT
    told = wire.happen(Committed("item_1", ""))
    assert types(told) == ["input_audio_buffer.committed", "conversation.item.created"]


def test_a_ga_client_that_forgot_its_type_is_told_so():
    wire = Wire()
    error = wire.refused("session.update", session={"output_modalities": ["text"]})
    assert (error["code"], error["param"]) == ("missing_required_parameter", "session.type")
    wire.update(type="realtime")
    assert wire.refused("session.update", session={"voice": "x"})["param"] == "session.type"


def test_an_update_that_is_refused_changes_nothing():
    wire = Wire()
    session = {"type": "realtime", "instructions": "Rhyme.", "audio": {"output": {"speed": 99}}}
    assert wire.refused("session.update", session=session)["param"] == "session.audio.output.speed"
    assert wire.talk.settings.instructions == ""


def test_a_service_without_ears_or_voice_says_what_to_do():
    wire = Wire(offer=Offer("m", no_ears="no ears; install them", no_voice="no voice; install it"))
    assert wire.came[0]["session"]["output_modalities"] == ["text"]
    (error,) = wire.append(pcm(100))
    assert "install them" in error["error"]["message"]
    session = {"type": "realtime", "output_modalities": ["audio"]}
    assert "install it" in wire.refused("session.update", session=session)["message"]


def test_two_connections_share_nothing():
    one, other = Wire(), Wire()
    one.update(type="realtime", instructions="Rhyme.")
    begun(one)
    assert other.talk.orders == [("configure",)]
    assert other.refused("response.cancel")["code"] == "response_cancel_not_active"
    first, second = FakeTalk(), FakeTalk()
    Connection(first, Session("a", Offer("m")))
    assert second.orders == []


def test_by_a_track_an_answer_has_no_sound_in_its_events_and_is_told_as_it_is_played():
    wire = Wire(by_track=True)
    told = wire.happen(
        ReplyStarted("r1", "i1", ""),
        ReplyText("r1", "i1", "hello"),
        ReplySound("r1", "i1", pcm(100), "hello"),
        ReplyEnded("r1", "i1", Ended.COMPLETED, "hello", "hello"),
    )
    assert "response.output_audio.delta" not in types(told)
    assert "response.output_audio.done" in types(told)
    assert types(wire.play(40)) == ["output_audio_buffer.started"]
    (stopped,) = wire.play(100)
    assert (stopped["type"], stopped["response_id"]) == ("output_audio_buffer.stopped", "r1")


def test_by_a_track_an_interrupted_answer_is_cut_to_what_was_played():
    wire = Wire(by_track=True)
    wire.happen(ReplyStarted("r1", "i1", ""), ReplySound("r1", "i1", pcm(100), "hello"))
    wire.play(40)
    told = wire.happen(ReplyEnded("r1", "i1", Ended.INTERRUPTED, "hello", "hel"))
    assert types(told)[-1] == "response.done"
    assert "output_audio_buffer.cleared" in types(wire.came)
    assert wire.talk.taken("truncate") == [("i1", 40, "")]


def test_by_a_track_a_client_clears_what_is_played_and_appends_nothing():
    wire = Wire(by_track=True)
    wire.happen(ReplyStarted("r1", "i1", ""), ReplySound("r1", "i1", pcm(100), "hello"))
    wire.play(40)
    assert wire.send("output_audio_buffer.clear") == []
    assert wire.came[-1]["type"] == "output_audio_buffer.cleared"
    assert wire.talk.taken("cancel") == [("", "")]
    assert wire.talk.taken("truncate") == [("i1", 40, "")]
    assert wire.refused("input_audio_buffer.append", audio="AAAA")["param"] == "audio"


def test_a_track_that_is_never_committed_is_bounded_and_that_is_told_once():
    wire = Wire(by_track=True)
    wire.update(type="realtime", audio={"input": {"turn_detection": None}})
    second = bytes(32_000)
    assert [event for _ in range(120) for event in wire.hear(second)] == []
    (error,) = wire.hear(second)
    assert error["error"]["code"] == "input_audio_buffer_full"
    assert wire.hear(second) == []
    assert len(wire.talk.heard) == 120 * len(second)
    wire.send("input_audio_buffer.clear")
    assert wire.hear(second) == []
    assert len(wire.talk.heard) == 121 * len(second)


def test_a_track_is_not_heard_where_there_are_no_ears():
    wire = Wire(offer=Offer("edgewise", no_ears="install ears"), by_track=True)
    assert wire.hear(bytes(3_200)) == []
    assert wire.talk.heard == b""
