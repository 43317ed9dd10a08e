"""Opus: sound there and back, and no other bytes taken for it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import LinkError
from edgewise.sound.opus import OpusDecoder, OpusEncoder
from tests.talk.realtime.loud import spoken


def test_sound_comes_back_as_loud_and_as_long():
    encoder, decoder = OpusEncoder(24_000), OpusDecoder(16_000)
    size = encoder.packet_bytes
    sound = spoken(4, 600)
    pieces = [sound[at : at + size] for at in range(0, len(sound), size)]
    packets = [encoder.encode(piece) for piece in pieces]
    heard = b"".join(decoder.decode(packet) for packet in packets)
    assert len(heard) == 2 * 16_000 * 600 // 1000
    assert 6_000 < max(memoryview(heard).cast("h")) < 10_000
    assert sum(map(len, packets)) < len(sound) / 10


def test_a_packet_is_made_of_exactly_its_samples():
    with pytest.raises(ValueError, match="not 2880"):
        OpusEncoder(24_000).encode(b"\0\0")


@given(st.binary(max_size=200))
def test_any_bytes_are_sound_or_refused(data: bytes):
    with suppress(LinkError):
        assert len(OpusDecoder(16_000).decode(data)) <= 2 * 16_000 * 0.12


def test_a_packet_longer_than_any_is_refused():
    with pytest.raises(LinkError, match="one holds 1 to"):
        OpusDecoder(16_000).decode(bytes(10_000))
