"""A device's messages are read, also those that its firmware does not escape."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import LinkError
from edgewise.talk.xiaozhi import messages
from edgewise.talk.xiaozhi.messages import Abort, Hello, Listen, Mcp, Mode, read


def test_a_hello_of_the_firmware_is_read():
    told = read(
        '{"type":"hello","version":1,"features":{"mcp":true,"aec":true,"glyph_push":true},'
        '"transport":"websocket","text_font":{"bundle":"x"},"audio_params":{"format":"opus",'
        '"sample_rate":16000,"channels":1,"frame_duration":60}}'
    )
    assert isinstance(told, Hello)
    assert (told.features.mcp, told.features.aec) == (True, True)
    assert told.audio_params.frame_duration == 60


def test_listening_is_read_with_its_mode():
    told = read('{"session_id":"s","type":"listen","state":"start","mode":"manual"}')
    assert told == Listen("start", Mode.MANUAL)
    assert read('{"type":"abort","session_id":"s"}') == Abort(None)
    assert read('{"type":"mcp","payload":{"id":1}}') == Mcp({"id": 1})


@pytest.mark.parametrize("text", ['say "hi"', "a\nline", 'back\\slash"', '"}'])
def test_words_that_were_not_escaped_are_read(text: str):
    joined = '{"session_id":"s","type":"listen","state":"detect","text":"' + text + '"}'
    told = read(joined)
    assert isinstance(told, Listen)
    assert told.state == "detect"
    assert told.text.strip("\\") in (text, text.replace("\\", ""), text.strip("\\"))


def test_words_cannot_make_another_message_of_it():
    joined = '{"type":"listen","state":"detect","text":"x","type":"abort","state":"start" oops"}'
    assert isinstance(read(joined), Listen)


def test_types_of_tomorrow_are_ignored():
    assert read('{"type":"glyph","payload":{}}') is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "7", "{}", '{"type":7}', '{"type":"listen"}', '{"type":"mcp","payload":[]}',
     '{"type":"listen","state":"start","mode":"sleep"}', "[" * 100_000,
     '{"type":"listen","state":"detect","text":"' + "a" * 3000 + '"}'],
)  # fmt: skip
def test_what_is_no_message_is_refused(text: str):
    with pytest.raises(LinkError) as told:
        read(text)
    assert told.value.code == "bad_message"


@given(st.text() | st.binary())
def test_nothing_else_is_ever_raised(text: str | bytes):
    with suppress(LinkError):
        read(text)


def test_an_alert_has_all_that_the_firmware_asks_for():
    told = msgspec.json.decode(messages.alert("s", "Edgewise", "no network", "sad"))
    assert set(told) >= {"status", "message", "emotion", "session_id"}
