"""Reads WebSocket frames as a client sends them: unmasked, and inflated when they are compressed.

RFC 6455 section 5.2, and permessage-deflate of RFC 7692 with or without context takeover: an
inflater that keeps its window reads both. What control frames carry is told too.
"""

import zlib
from collections.abc import Iterator

OPCODES = frozenset((0, 1, 2, 8, 9, 10))
_COMPRESSED = 0x40
_CONTROL = 0x08
_FINAL = 0x80
_MASKED = 0x80
_FLUSHED = b"\x00\x00\xff\xff"
"""What a sender leaves away at the end of a compressed message, RFC 7692 section 7.2.2."""


def is_frame(data: bytes | bytearray) -> bool:
    """Whether two bytes begin a frame of a client, which is always masked; a request never does."""
    return data[0] & 15 in OPCODES and bool(data[1] & _MASKED)


class FrameReader:
    """The frames of one connection, told as they come. Raises ValueError for what is no frame."""

    def __init__(self) -> None:
        self._buffer = b""
        self._inflater = zlib.decompressobj(-15)
        self._compressed = False
        self._first = 0
        self._left = 0
        self._key = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The content in `data`, frame by frame; the last may be unfinished."""
        self._buffer += data
        while self._left or self._begin():
            size = min(self._left, len(self._buffer))
            content = _unmask(self._buffer[:size], self._key)
            self._buffer = self._buffer[size:]
            self._left -= size
            self._key = self._key[size % 4 :] + self._key[: size % 4]
            yield self._opened(content)
            if self._left:
                return

    def _begin(self) -> bool:
        """Reads the head of the next frame, if all of it is there."""
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        if not is_frame(buffer):
            raise ValueError("what follows an upgrade is no masked WebSocket frame")
        short = buffer[1] & 127
        width = {126: 2, 127: 8}.get(short, 0)
        begin = 2 + width + 4
        if len(buffer) < begin:
            return False
        self._first = buffer[0]
        self._left = int.from_bytes(buffer[2 : 2 + width]) if width else short
        self._key = buffer[begin - 4 : begin]
        self._buffer = buffer[begin:]
        if self._first & 7 and not self._first & _CONTROL:
            self._compressed = bool(self._first & _COMPRESSED)
        return True

    def _opened(self, content: bytes) -> bytes:
        if self._first & _CONTROL or not self._compressed:
            return content
        ended = self._first & _FINAL and not self._left
        return self._inflater.decompress(content + (_FLUSHED if ended else b""))


def _unmask(data: bytes, key: bytes) -> bytes:
    """Each byte with that of the repeated key, all as one large number."""
    keys = (key * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(keys)).to_bytes(len(data))
