"""Events are the same wherever the bytes are cut."""

import pytest

from edgewise.errors import LinkError
from edgewise.think.event_lines import EventLines, SentEvent

STREAM = (
    'id: 1\ndata: {"a": "蓝山"}\n\n: keep-alive\n\nevent: x\nid: 2\ndata: one\ndata:two\n\n'
    "retry: 5\n\ndata: [DONE]\n\n"
).encode()
EVENTS = [
    SentEvent('{"a": "蓝山"}'.encode(), b"1"),
    SentEvent(b"one\ntwo", b"2"),
    SentEvent(b"[DONE]"),
]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_are_the_same_wherever_they_are_cut(end: bytes):
    raw = STREAM.replace(b"\n", end)
    for at in range(len(raw) + 1):
        lines = EventLines()
        assert lines.feed(raw[:at]) + lines.feed(raw[at:]) == EVENTS, at
    lines = EventLines()
    assert [event for at in range(len(raw)) for event in lines.feed(raw[at : at + 1])] == EVENTS


def test_an_event_that_has_not_ended_is_none():
    lines = EventLines()
    assert lines.feed(b"data: half\n") == []
    assert lines.feed(b"data: an") == []


def test_an_event_without_end_is_refused():
    lines = EventLines(most_bytes=100)
    with pytest.raises(LinkError, match="more than 100 bytes"):
        lines.feed(b"data: " + b"x" * 100)


def test_lines_without_end_of_one_event_are_refused():
    lines = EventLines(most_bytes=100)
    for _ in range(50):
        lines.feed(b"data: xx\n")
    with pytest.raises(LinkError, match="more than 100 bytes"):
        lines.feed(b"data: xx\n")
