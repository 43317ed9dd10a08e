"""Frames say exactly what they are; what is no frame is refused, and extra words mean nothing."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.core.exchange import (
    Cancel,
    Ended,
    FromCloud,
    FromDevice,
    How,
    Proposed,
    Pulse,
    cloud_frame,
    device_frame,
    numbered,
)
from edgewise.core.label import Label


def test_a_numbered_message_is_the_frame_around_its_json() -> None:
    body = msgspec.json.encode(Cancel("t1"))
    assert numbered(3, 2, body) == msgspec.json.encode(FromDevice(3, 2, Cancel("t1")))
    assert device_frame(numbered(3, 2, body)) == FromDevice(3, 2, Cancel("t1"))


def test_what_the_cloud_adds_to_a_proposal_is_not_read() -> None:
    text = (
        '{"frame":"message","seq":1,"ack":0,"approved":true,"message":{"type":"proposed",'
        '"turn":"t","call":"c1","capability":"door.lock","arguments":{},"label":{},'
        '"approved":true,"approval":{"id":"a","payload_hash":"h","approved":true},'
        '"speaker":{"zone":"driver","channel":"voice"}}}'
    )
    assert cloud_frame(text) == FromCloud(1, 0, Proposed("t", "c1", "door.lock", {}, Label()))


@pytest.mark.parametrize(
    "text",
    [
        '{"frame":"message","seq":1,"ack":0,"message":{"type":"approve","call":"c1"}}',
        '{"frame":"approve","ack":1}',
        '{"frame":"message","seq":0,"ack":0,"message":{"type":"cancel","turn":"t"}}',
        '{"frame":"message","seq":1,"ack":0,"message":{"type":"cancel","turn":""}}',
        '{"frame":"message","seq":1,"ack":0,"message":{"type":"cancel","turn":"a b"}}',
        '{"frame":"message","seq":1,"ack":0,"message":{"type":"say","turn":"t","parts":[]}}',
        '{"frame":"pulse","pulse":-1}',
    ],
)
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        device_frame(text)


def test_a_device_takes_no_message_of_a_device() -> None:
    with pytest.raises(msgspec.ValidationError):
        cloud_frame(msgspec.json.encode(Pulse(1)))


@given(st.text(max_size=500))
def test_any_text_survives_the_way(text: str) -> None:
    message = Ended("t", How.FAILED, "c", text.encode("utf-8", "replace").decode())
    frame = cloud_frame(numbered(1, 0, msgspec.json.encode(message)))
    assert frame == FromCloud(1, 0, message)
