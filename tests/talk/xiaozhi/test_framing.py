"""Binary frames: what is packed comes back, and every size is exact."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import LinkError
from edgewise.talk.xiaozhi.framing import MOST_FRAME_BYTES, VERSIONS, packed, unpacked


@given(st.sampled_from(VERSIONS), st.binary(max_size=1275), st.integers(0, 2**40))
def test_a_packet_comes_back(version: int, packet: bytes, at_ms: int):
    assert unpacked(packed(packet, version, at_ms), version) == packet


def test_the_headers_are_those_of_the_firmware():
    assert packed(b"ab", 1) == b"ab"
    assert (
        packed(b"ab", 2, 0x01020304)
        == bytes.fromhex("0002 0000 00000000 01020304 00000002") + b"ab"
    )
    assert packed(b"ab", 3) == bytes.fromhex("00 00 0002") + b"ab"


@given(st.sampled_from(VERSIONS), st.binary(max_size=64))
def test_other_bytes_are_a_packet_or_refused(version: int, frame: bytes):
    with suppress(LinkError):
        packet = unpacked(frame, version)
        assert packet == b"" or frame.endswith(packet)


def test_a_frame_that_is_no_sound_is_empty():
    assert unpacked(bytes.fromhex("0002 0001 00000000 00000000 00000002") + b"{}", 2) == b""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_frame_of_a_megabyte_is_refused(version: int):
    with pytest.raises(LinkError, match=f"the limit is {MOST_FRAME_BYTES:,}"):
        unpacked(bytes(1_000_000), version)
