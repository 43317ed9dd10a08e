"""Reads what a client sends over plain HTTP/1.1: counts requests, unwraps their bodies.

Knows lengths, chunks (RFC 9112), the codings gzip and deflate (RFC 9110), and WebSocket frames with
their masks and compression. Keep-alive and pipelining are followed; answers are not looked at, so a
refused upgrade is told from the next bytes. What can not be read (TLS, HTTP/2, other codings) is
never guessed at: `unread` says why, and whoever counts or searches must not claim to have seen all.
"""

import re
import zlib
from collections.abc import Callable, Iterator

from edgewise.testing.frame_reader import FrameReader, is_frame

LONGEST_HEAD_BYTES = 64 * 1024
PIECE_BYTES = 64 * 1024
_START = re.compile(rb"[A-Z]{3,20} \S+ HTTP/1\.[01]$")
_BEGUN = re.compile(rb"[A-Z]{1,20}($| )")


class RequestReader:
    """One connection's requests. `tell(number, data)` gets what the plain stream does not show: the
    content of a chunked or coded body, or of frames; request numbers are from 1."""

    def __init__(self, tell: Callable[[int, bytes], None]) -> None:
        self.requests = 0
        self.unread = ""
        self._tell = tell
        self._buffer = bytearray()
        self._step: Callable[[], bool] = self._read_head
        self._begun = False
        self._left = 0
        self._wrapped = False
        self._codings: list[_Inflate] = []
        self._frames: FrameReader | None = None

    @property
    def between(self) -> bool:
        """Whether no request is under way: nothing came yet, or all of the last one did."""
        return self._step == self._read_head and not self._begun

    def feed(self, data: bytes) -> int:
        """Reads on; returns how many requests began in it."""
        before = self.requests
        self._buffer += data
        try:
            while self._buffer and self._step():
                pass
        except (ValueError, zlib.error) as error:
            self._give_up(str(error))
        return self.requests - before

    def _read_head(self) -> bool:
        if not self._begun:
            while self._buffer.startswith(
                b"\r\n"
            ):  # allowed before a request, RFC 9112 section 2.2
                del self._buffer[:2]
            if not self._buffer or bytes(self._buffer) == b"\r":
                return False
            if not _BEGUN.match(self._buffer[:21]):
                raise ValueError("not plain HTTP/1.1")
            self._begun = True
            self.requests += 1
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_HEAD_BYTES:
                raise ValueError(f"a head of more than {LONGEST_HEAD_BYTES} bytes")
            return False
        first, *lines = bytes(self._buffer[:end]).split(b"\r\n")
        del self._buffer[: end + 4]
        if not _START.match(first):
            raise ValueError("not plain HTTP/1.1")
        self._begin_body(first, _fields(lines))
        return True

    def _begin_body(self, first: bytes, fields: dict[str, str]) -> None:
        named = [name for name in _words(fields, "content-encoding") if name != "identity"]
        self._codings = [_Inflate(name) for name in reversed(named)]
        chunked = "chunked" in _words(fields, "transfer-encoding")
        self._wrapped = chunked or bool(named)
        length = fields.get("content-length", "0")
        if not length.isdecimal():
            raise ValueError(f"a content-length of {length!r}")
        self._left = int(length)
        self._begun = False
        if first.startswith(b"CONNECT ") or "upgrade" in fields:
            self._step = self._read_upgraded
        elif chunked:
            self._step = self._read_chunk_size
        else:
            self._step = self._read_body if self._left else self._read_head

    def _read_body(self) -> bool:
        self._left -= self._take(self._left)
        if not self._left:
            self._step = self._read_head
        return True

    def _read_chunk_size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self._left = int(line.split(b";")[0].strip(), 16)
        self._step = self._read_chunk if self._left else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        if self._left > 0:
            self._left -= self._take(self._left)
            return True
        if len(self._buffer) < 2:
            return False
        del self._buffer[:2]
        self._step = self._read_chunk_size
        return True

    def _read_trailer(self) -> bool:
        line = self._line()
        if line == b"":
            self._step = self._read_head
        return line is not None

    def _read_upgraded(self) -> bool:
        if self._frames is None:
            if len(self._buffer) < 2:
                return False
            if not is_frame(self._buffer):  # the upgrade was refused: the next request
                self._step = self._read_head
                return True
            self._frames = FrameReader()
        for content in self._frames.feed(bytes(self._buffer)):
            self._tell(self.requests, content)
        self._buffer.clear()
        return False

    def _give_up(self, why: str) -> None:
        self.unread = why
        self._step = self._pass_over
        self._buffer.clear()

    def _pass_over(self) -> bool:
        self._buffer.clear()
        return False

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_HEAD_BYTES:
                raise ValueError("a chunk without its size")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _take(self, most: int) -> int:
        """Takes up to `most` bytes of a body out of the buffer; returns how many."""
        data = bytes(self._buffer[:most])
        del self._buffer[:most]
        if self._wrapped:
            for content in _through(self._codings, data):
                self._tell(self.requests, content)
        return len(data)


class _Inflate:
    """One content coding taken off. Raises ValueError for one that is not known."""

    def __init__(self, name: str) -> None:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise ValueError(f"the content-encoding {name!r}")
        self._held = b""
        # 47: gzip or zlib by the header. "deflate" comes without a header too, against RFC 9110.
        self._decoder = None if name == "deflate" else zlib.decompressobj(47)

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._decoder is None:
            self._held += data
            if len(self._held) < 2:
                return
            headed = self._held[0] & 15 == 8 and int.from_bytes(self._held[:2]) % 31 == 0
            self._decoder, data = zlib.decompressobj(15 if headed else -15), self._held
        while data:
            yield self._decoder.decompress(data, PIECE_BYTES)
            data = self._decoder.unconsumed_tail
            if self._decoder.eof:  # a gzip file may have several members
                data = self._decoder.unused_data
                self._decoder = zlib.decompressobj(47)


def _through(codings: list[_Inflate], data: bytes) -> Iterator[bytes]:
    if not codings:
        yield data
        return
    first, *rest = codings
    for piece in first.feed(data):
        yield from _through(rest, piece)


def _fields(lines: list[bytes]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        name, value = name.strip().lower(), value.strip()
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def _words(fields: dict[str, str], name: str) -> list[str]:
    return [word for part in fields.get(name, "").split(",") if (word := part.strip().lower())]
