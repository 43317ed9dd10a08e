"""Requests in flight, in a mapped file: what they have used so far outlives a killed process.

Each request has a slot: its facts, and four counters that are overwritten as tokens come. The file
is mapped shared, so what was written is the kernel's as soon as it is written, and a `kill -9`
loses nothing; a power cut may lose the last moments. A slot is marked used after its facts are in
it, and free after the request's line is in the journal. Facts that change go to the slot's other
half before the mark moves there, so at every instant one whole version stands. The file's blocks
are taken at the start: a write into a hole of a mapped file on a full disk would kill the process.
"""

import logging
import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.cloud.usage import Usage
from edgewise.errors import DeviceError

_log = logging.getLogger("edgewise.cloud")

SLOT_BYTES = 2048
SLOTS = 8192
# used half (0: free), length of each half; input, cached, output, reasoning. In native order, since
# struct then writes each aligned counter in one store: a kill between two bytes can not tear it.
_HEAD = struct.Struct("@BxHH2xQQQQ")
_LENGTH = struct.Struct("@H")
_COUNTERS = struct.Struct("@QQQQ")
_COUNTERS_AT = 8
_HALF_BYTES = (SLOT_BYTES - _HEAD.size) // 2
_MARK = b"edgewise flights 2\n"
_FREE, _FIRST, _SECOND = 0, 1, 2


class Facts(Struct, frozen=True, array_like=True):
    """What is known of a request when it goes upstream. `started` is wall seconds."""

    id: str
    started: float
    organisation: str
    project: str
    key: str
    device: str
    endpoint: str
    model: str
    backend: str = ""
    backend_model: str = ""
    trace: str = ""


class Flights:
    """The slots of one process. Raises DeviceError when the file can not be made or mapped."""

    def __init__(self, file: Path, slots: int = SLOTS) -> None:
        self._encoder = msgspec.msgpack.Encoder()
        self._map = _mapped(file, SLOT_BYTES * (slots + 1))
        begin = self._map[: len(_MARK)]
        if begin not in (_MARK, bytes(len(_MARK))):
            self._map.close()
            raise DeviceError(
                f"{file} was written by another version; start and end that one, then delete it"
            )
        self._map[: len(_MARK)] = _MARK
        all_slots = range(len(self._map) // SLOT_BYTES - 1, 0, -1)
        self._free = [slot for slot in all_slots if self._map[slot * SLOT_BYTES] == _FREE]
        self._left = [slot for slot in all_slots if self._map[slot * SLOT_BYTES] != _FREE]
        self._map.madvise(mmap.MADV_DONTNEED)  # looking has mapped every page; the data stays

    def enter(self, facts: Facts) -> int | None:
        """A slot for a request, or `None` when all are taken. Raises DeviceError for facts that are
        too long for one."""
        raw = self._encode(facts)
        if not self._free:
            return None
        slot = self._free.pop()
        at = slot * SLOT_BYTES
        _HEAD.pack_into(self._map, at, _FREE, 0, 0, 0, 0, 0, 0)
        self._write(at, _FIRST, raw)
        return slot

    def update(self, slot: int, facts: Facts) -> None:
        """Write facts that changed on the way: another backend. Raises DeviceError as `enter`."""
        at = slot * SLOT_BYTES
        self._write(at, _SECOND if self._map[at] == _FIRST else _FIRST, self._encode(facts))

    def count(self, slot: int, usage: Usage) -> None:
        """Write what the request has used so far."""
        _COUNTERS.pack_into(
            self._map,
            slot * SLOT_BYTES + _COUNTERS_AT,
            usage.input_tokens,
            usage.cached_tokens,
            usage.output_tokens,
            usage.reasoning_tokens,
        )

    def leave(self, slot: int) -> None:
        """Free a slot whose request is in the journal."""
        self._map[slot * SLOT_BYTES] = _FREE
        self._free.append(slot)

    def left_behind(self) -> Iterator[tuple[int, Facts, Usage]]:
        """The used slots: at a start, the requests that an earlier process did not end. One that a
        power cut left unreadable is logged and freed."""
        decoder = msgspec.msgpack.Decoder(Facts)
        for slot in reversed(self._left):
            at = slot * SLOT_BYTES
            half, first, second, fresh, cached, out, reasoning = _HEAD.unpack_from(self._map, at)
            begin = _begin_of(at, half)
            try:
                facts = decoder.decode(self._map[begin : begin + (first, second)[half == _SECOND]])
            except (msgspec.MsgspecError, UnicodeDecodeError):
                _log.exception("slot %d of the flights can not be read", slot)
                self.leave(slot)
                continue
            yield slot, facts, Usage(fresh, cached, out, reasoning)

    @property
    def used(self) -> int:
        """How many requests are in flight."""
        return len(self._map) // SLOT_BYTES - 1 - len(self._free)

    def close(self) -> None:
        self._map.close()

    def _encode(self, facts: Facts) -> bytes:
        raw = self._encoder.encode(facts)
        if len(raw) > _HALF_BYTES:
            raise DeviceError(f"the facts of a request have {len(raw)} bytes, too long for a slot")
        return raw

    def _write(self, at: int, half: int, raw: bytes) -> None:
        """The half, its length, and then the one byte that makes it stand."""
        begin = _begin_of(at, half)
        self._map[begin : begin + len(raw)] = raw
        _LENGTH.pack_into(self._map, at + 2 * half, len(raw))
        self._map[at] = half


def _begin_of(at: int, half: int) -> int:
    """Where a half of the slot at `at` begins."""
    return at + _HEAD.size + (_HALF_BYTES if half == _SECOND else 0)


def _mapped(file: Path, size_bytes: int) -> mmap.mmap:
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            size_bytes = max(size_bytes, os.fstat(handle).st_size)
            os.posix_fallocate(handle, 0, size_bytes)
            return mmap.mmap(handle, 0)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise DeviceError(f"{file} can not be used: {error}; free some disk space") from error
