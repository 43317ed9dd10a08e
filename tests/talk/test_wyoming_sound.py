"""Chunks of any format become what ears take."""

import array

import pytest
from wyoming.audio import AudioChunk
from wyoming.event import Event

from edgewise.errors import LinkError
from edgewise.talk.wyoming_sound import Incoming, chunks

LINE = array.array("h", range(-1000, 1000, 10)).tobytes()


def chunk(data: bytes, rate: int = 16_000, width: int = 2, channels: int = 1) -> Event:
    return AudioChunk(rate, width, channels, data).event()


def as_width(width: int) -> bytes:
    """The same line in samples of so many bytes; one byte keeps the upper eight bits, unsigned."""
    values = array.array("h", LINE)
    if width == 1:
        return bytes((value >> 8) + 128 for value in values)
    return b"".join((v << 8 * (width - 2)).to_bytes(width, "little", signed=True) for v in values)


@pytest.mark.parametrize("width", [2, 3, 4])
def test_samples_of_any_width_are_the_same_sound(width: int):
    assert Incoming().feed(chunk(as_width(width), width=width)) == LINE


def test_eight_bits_are_unsigned():
    heard = array.array("h", Incoming().feed(chunk(as_width(1), width=1)))
    assert all(0 <= a - b < 256 for a, b in zip(array.array("h", LINE), heard, strict=True))


def test_two_channels_are_mixed():
    both = array.array("h")
    for value in array.array("h", LINE):
        both.extend((value + 6, value - 6))
    assert Incoming().feed(chunk(both.tobytes(), channels=2)) == LINE


@pytest.mark.parametrize(("width", "channels"), [(2, 1), (2, 2), (3, 1)])
def test_a_chunk_may_end_within_a_sample(width: int, channels: int):
    data = LINE * 6
    data = data[: len(data) // (width * channels) * width * channels]
    whole = Incoming().feed(chunk(data, width=width, channels=channels))
    incoming = Incoming()
    pieces = [data[at : at + 7] for at in range(0, len(data), 7)]
    parts = [incoming.feed(chunk(piece, width=width, channels=channels)) for piece in pieces]
    assert b"".join(parts) == whole


def test_another_rate_becomes_the_ears_own():
    incoming = Incoming()
    data = b"".join(incoming.feed(chunk(bytes(960), 48_000)) for _ in range(100))
    assert len(data + incoming.end()) == pytest.approx(32_000, abs=4)


def test_a_change_of_format_begins_anew():
    incoming = Incoming()
    incoming.feed(chunk(bytes(961), 48_000))
    assert incoming.feed(chunk(LINE)) == LINE


@pytest.mark.parametrize(
    ("rate", "width", "channels"),
    [(0, 2, 1), (10**9, 2, 1), (16_000, 0, 1), (16_000, 2, 0), (16_000, 2, 99), (16_000, 2.0, 1)],
)
def test_a_format_that_can_not_be_is_refused(rate: int, width: int, channels: int):
    with pytest.raises(LinkError) as refused:
        Incoming().feed(chunk(b"1234", rate, width, channels))
    assert refused.value.code == "bad_event"


def test_what_is_sent_is_cut_into_tenths_of_a_second():
    assert [len(each.audio) for each in chunks(bytes(10_000))] == [4800, 4800, 400]
