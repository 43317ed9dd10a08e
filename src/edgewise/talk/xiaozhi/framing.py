"""Binary frames of the protocol: an Opus packet, with a header by the version that was agreed on.

1: the packet alone. 2: 16 bytes (version u16, type u16, reserved u32, timestamp_ms u32, size u32).
3: 4 bytes (type u8, reserved u8, size u16). All big-endian; type 0 is sound. The device does not
check sizes, so the one that is sent is exact. Source: protocols/protocol.h of the firmware.
"""

import struct

from edgewise.errors import LinkError

VERSIONS = (1, 2, 3)
MOST_FRAME_BYTES = 8_192
_V2 = struct.Struct(">HHIII")
_V3 = struct.Struct(">BBH")
_SOUND = 0


def packed(packet: bytes, version: int, at_ms: int = 0) -> bytes:
    """The frame of a packet. `at_ms` is when it is played, where the version tells that."""
    match version:
        case 2:
            return _V2.pack(2, _SOUND, 0, at_ms & 0xFFFFFFFF, len(packet)) + packet
        case 3:
            return _V3.pack(_SOUND, 0, len(packet)) + packet
        case _:
            return packet


def unpacked(frame: bytes, version: int) -> bytes:
    """The packet of a frame, empty where it holds something else than sound. Raises LinkError
    (`bad_frame`) for one that is too long, too short or of another size than it says."""
    if len(frame) > MOST_FRAME_BYTES:
        raise _bad(f"{len(frame):,} bytes; the limit is {MOST_FRAME_BYTES:,}")
    match version:
        case 2:
            return _unpacked(frame, _V2, kind_at=1)
        case 3:
            return _unpacked(frame, _V3, kind_at=0)
        case _:
            return frame


def _unpacked(frame: bytes, header: struct.Struct, *, kind_at: int) -> bytes:
    if len(frame) < header.size:
        raise _bad(f"{len(frame)} bytes; its header alone has {header.size}")
    fields = header.unpack_from(frame)
    packet = frame[header.size :]
    if fields[-1] != len(packet):
        raise _bad(f"it says {fields[-1]} bytes and holds {len(packet)}")
    return packet if fields[kind_at] == _SOUND else b""


def _bad(told: str) -> LinkError:
    return LinkError(f"a binary frame that is not as in the protocol: {told}", code="bad_frame")
