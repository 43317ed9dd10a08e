"""How long the frames of a FLAC are, each by its own head: a decoder believes these.

What STREAMINFO says of the whole is the sender's word, and decoders play frames of another rate or
of fewer channels. A head is known by its checksum, so it is found without reading what is between.
Source: RFC 9639, 9.1.
"""

import re
from collections.abc import Callable

_SYNC = re.compile(rb"\xff[\xf8\xf9]")
_LONGEST_HEAD = 16
_BLOCKS = (0, 192, 576, 1_152, 2_304, 4_608, 0, 0, *(256 << power for power in range(8)))
_FIXED_RATES_HZ = (88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100)
_RATES_HZ = (0, *_FIXED_RATES_HZ, 48_000, 96_000, 0, 0, 0, 0)
_BLOCK_BYTES = {6: 1, 7: 2}
_RATE_BYTES = {12: (1, 1_000), 13: (2, 1), 14: (2, 10)}


def frames_ms(data: bytes, begin: int, rate_hz: int, take: Callable[[], None]) -> float:
    """The milliseconds of all frames from `begin` on; one that tells no rate has `rate_hz`. `take`
    is called for each that could be one."""
    total = 0.0
    for found in _SYNC.finditer(data, begin):
        take()
        head = data[found.start() : found.start() + _LONGEST_HEAD]
        samples, rate = _frame(head, rate_hz)
        if samples and rate:
            total += samples * 1000 / rate
    return total


def _frame(head: bytes, rate_hz: int) -> tuple[int, int]:
    """Samples and rate of the frame with this head; nothing where it is none."""
    if len(head) < 6 or head[3] & 1 or head[3] >> 4 > 10:
        return 0, 0
    block, rate = head[2] >> 4, head[2] & 15
    at = 4 + max(1, 8 - (head[4] ^ 0xFF).bit_length())  # past the frame's number
    block_bytes, (rate_bytes, unit) = _BLOCK_BYTES.get(block, 0), _RATE_BYTES.get(rate, (0, 0))
    end = at + block_bytes + rate_bytes
    if end >= len(head) or _checksum(head[:end]) != head[end]:
        return 0, 0
    samples = int.from_bytes(head[at : at + block_bytes]) + 1 if block_bytes else _BLOCKS[block]
    told = int.from_bytes(head[at + block_bytes : end]) * unit if rate_bytes else _RATES_HZ[rate]
    return samples, told if rate else rate_hz


def _checksum(data: bytes) -> int:
    """CRC-8 with the polynomial x^8 + x^2 + x + 1."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x107) if value & 0x80 else value << 1
    return value
