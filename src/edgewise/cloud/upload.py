"""A file that comes as multipart/form-data, written to disk as it comes, or read from memory.

On its way to disk at most a few hundred kilobytes of it are in memory. What is said to be too large
is refused before it is read, what turns out so while it is read; a form that ends before its last
boundary is refused whatever came of it. The other fields are small texts. It does not know what the
fields mean.
Source: RFC 7578.
"""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from edgewise.cloud.doors import Left, header
from edgewise.cloud.file_store import disk_full, force
from edgewise.cloud.refusal import Refused, bad_request

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FORM_BYTES = 64 * 1024
"""What a form may have beside the file's bytes."""
FIELD_BYTES = 8 * 1024
MOST_PARTS = 16
WRITE_BYTES = 512 * 1024
SILENT_S = 30.0
LONGEST_S = 3600.0
_CLOSE = {"Connection": "close"}


class Form(Struct, frozen=True):
    """What came: the file's name as given, its size, and the other fields."""

    name: str
    size_bytes: int
    fields: dict[str, str]


async def receive_form(request: Request, part: Path, limit_bytes: int) -> Form:
    """Write the form's `file` to `part`, forced to disk. `part` is the caller's to remove.

    Raises Refused: 400 for what is no such form, 408 when it comes too slowly, 413 over the limit;
    Left when the client went away.
    """
    if said_bytes(request) > limit_bytes + FORM_BYTES:
        raise file_too_large(limit_bytes)
    reading = _Reading(_boundary(request), limit_bytes)
    try:
        with part.open("xb", buffering=0) as out:
            async with asyncio.timeout(LONGEST_S):
                async for data in _body(request):
                    reading.feed(data)
                    if reading.waiting_bytes >= WRITE_BYTES:
                        await asyncio.to_thread(_write, out, reading.take())
            await asyncio.to_thread(_write, out, reading.take())
        form = reading.end()
        await asyncio.to_thread(force, part)
    except TimeoutError as error:
        said = f"a file must come within {LONGEST_S:g} s, {SILENT_S:g} s without a byte at most"
        raise Refused(408, "body_too_slow", f"{said}; send it again", headers=_CLOSE) from error
    except OSError as error:
        raise disk_full(_CLOSE) from error
    return form


def form_in(request: Request, raw: bytes) -> tuple[Form, bytes]:
    """A form that is in memory already, and its file's bytes. Raises Refused (400)."""
    reading = _Reading(_boundary(request), len(raw))
    reading.feed(raw)
    return reading.end(), b"".join(reading.take())


def said_bytes(request: Request) -> int:
    """How long a body says it is; 0 when it does not."""
    said = header(request.scope, b"content-length")
    return int(said) if said.isdigit() else 0


def file_too_large(limit_bytes: int) -> Refused:
    """A 413, which ends the connection: the rest is not read."""
    said = f"the file is larger than {limit_bytes} bytes; send it in parts"
    return Refused(413, "file_too_large", said, param="file", headers=_CLOSE)


async def _body(request: Request) -> AsyncGenerator[bytes, None]:
    while True:
        async with asyncio.timeout(SILENT_S):
            message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Left
        if data := message.get("body", b""):
            yield data
        if not message.get("more_body"):
            return


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(header(request.scope, b"content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 70:  # RFC 2046, 5.1.1
        raise bad_request(
            f"Content-Type: {kind.decode('latin-1')[:60]!r}; send 'multipart/form-data' with a"
            " boundary",
            code="unsupported_media_type",
        )
    return boundary


def _write(out: Any, chunks: list[bytes]) -> None:
    for chunk in chunks:
        left = memoryview(chunk)
        while left:
            left = left[out.write(left) :]


class _Reading:
    """A form as it comes; the file's bytes wait to be taken."""

    def __init__(self, boundary: bytes, limit_bytes: int) -> None:
        self.waiting_bytes = 0
        self._limit_bytes = limit_bytes
        self._waiting: list[bytes] = []
        self._fields: dict[str, bytearray] = {}
        self._name: str | None = None
        self._size_bytes = 0
        self._parts = 0
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._field: bytearray | None = None  # None: the part is the file
        self._ended = False
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._on_part_begin,
            "on_header_begin": self._on_header_begin,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_end": self._on_end,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def feed(self, data: bytes) -> None:
        """Raises Refused."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise bad_request(f"the form can not be read: {error}", code="invalid_form") from error

    def take(self) -> list[bytes]:
        """The file's bytes that came since the last time."""
        taken, self._waiting, self.waiting_bytes = self._waiting, [], 0
        return taken

    def end(self) -> Form:
        """The whole form. Raises Refused (400) for one that was cut off or has no file."""
        if not self._ended:
            raise bad_request("the form was cut off before its last boundary", code="invalid_form")
        if self._name is None:
            raise bad_request("file: it is missing; send it as a part with a filename", "file")
        fields = {name: _text(bytes(value)) for name, value in self._fields.items()}
        return Form(self._name, self._size_bytes, fields)

    def _on_part_begin(self) -> None:
        self._parts += 1
        self._disposition = b""
        if self._parts > MOST_PARTS:
            raise bad_request(f"the form has more than {MOST_PARTS} parts", code="invalid_form")

    def _on_header_begin(self) -> None:
        self._header = (bytearray(), bytearray())

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _on_header_end(self) -> None:
        name, value = (bytes(one) for one in self._header)
        if name.lower() == b"content-disposition":
            self._disposition = value

    def _on_headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        name = _text(options.get(b"name", b""))
        if kind != b"form-data" or not name:
            raise bad_request("a part of the form has no name", code="invalid_form")
        if name in self._fields or (name == "file" and self._name is not None):
            raise bad_request(f"{name[:80]}: it is given twice", name[:80])
        if name == "file":
            self._name = _text(options.get(b"filename", b""))
            self._field = None
        else:
            self._field = self._fields[name] = bytearray()

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        chunk = data[start:end]
        if self._field is not None:
            self._field.extend(chunk)
            if len(self._field) > FIELD_BYTES:
                raise bad_request(f"a field has more than {FIELD_BYTES} bytes", code="invalid_form")
            return
        self._size_bytes += len(chunk)
        if self._size_bytes > self._limit_bytes:
            raise file_too_large(self._limit_bytes)
        self._waiting.append(chunk)
        self.waiting_bytes += len(chunk)

    def _on_end(self) -> None:
        self._ended = True


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
