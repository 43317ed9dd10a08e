"""What the device and a model's process say to each other: frames over a pipe.

A frame is one byte of kind, an order's number (4 bytes), the length of the body (4 bytes, both big
endian), the body. Bodies of ORDER and REPORT are the engine's own (msgpack of its structs); the
frame does not look into them. Knows nothing of processes.
"""

import struct
from enum import IntEnum

import msgspec
from msgspec import Struct

HEAD = struct.Struct(">BII")
BODY_LIMIT_BYTES = 256 << 20
"""Of one frame: two hours of 16-bit sound at 16 kHz are 230 MB."""


class Kind(IntEnum):
    """What a frame is. To the process: ORDER, CANCEL. From it: READY, then of an order any number
    of REPORT and one DONE or FAILED; FAILED of the number 0 is that of the process itself."""

    ORDER = 1
    CANCEL = 2
    READY = 3
    REPORT = 4
    DONE = 5
    FAILED = 6


class Frame(Struct, frozen=True):
    """One frame."""

    kind: Kind
    order: int = 0
    body: bytes = b""


class Failure(Struct, frozen=True):
    """The body of FAILED: `error` is the name of a class of `edgewise.errors`."""

    error: str
    code: str
    message: str


class Ready(Struct, frozen=True):
    """The body of READY: how long loading took, and the process's memory then."""

    load_ms: float
    memory_bytes: int


class BadFrame(Exception):
    """Bytes that are no frame."""


def to_bytes(frame: Frame) -> bytes:
    """The frame as it is written."""
    return HEAD.pack(frame.kind, frame.order, len(frame.body)) + frame.body


def read_head(head: bytes) -> tuple[Kind, int, int]:
    """Kind, order and length of the body from a frame's first 9 bytes. Raises BadFrame."""
    kind, order, length = HEAD.unpack(head)
    if length > BODY_LIMIT_BYTES:
        raise BadFrame(f"a frame of {length:,} bytes, the limit is {BODY_LIMIT_BYTES:,}")
    try:
        return Kind(kind), order, length
    except ValueError as error:
        raise BadFrame(f"a frame of the kind {kind}") from error


failures = msgspec.msgpack.Decoder(Failure)
readies = msgspec.msgpack.Decoder(Ready)
encode = msgspec.msgpack.Encoder().encode
