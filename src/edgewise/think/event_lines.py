"""Reads server-sent events out of bytes that are cut anywhere.

Only what an event's `id` and `data` say is kept; comments and other fields are passed by. An event
whose last line has not come is none. Source: HTML Living Standard, section 9.2.6.
"""

from msgspec import Struct

from edgewise.errors import LinkError

EVENT_BYTES = 1024 * 1024


class SentEvent(Struct, frozen=True):
    """One event; `id` is empty when it has none."""

    data: bytes
    id: bytes = b""


class EventLines:
    """One connection's bytes; a new connection needs a new one."""

    def __init__(self, most_bytes: int = EVENT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held = b""
        self._data: list[bytes] = []
        self._id = b""
        self._after_return = False

    def feed(self, raw: bytes) -> list[SentEvent]:
        """The events that these bytes complete. Raises LinkError for one that is too long."""
        if self._after_return and raw:  # CR LF is one end of a line, also when it is cut apart
            raw = raw.removeprefix(b"\n")
            self._after_return = False
        if raw.endswith(b"\r"):
            self._after_return = True
        *lines, self._held = (self._held + _plain(raw)).split(b"\n")
        events: list[SentEvent] = []
        for line in lines:
            self._take(line, events)
        if len(self._held) + sum(map(len, self._data)) > self._most_bytes:
            raise LinkError(
                f"the cloud sent an event of more than {self._most_bytes} bytes",
                code="cloud_broken",
            )
        return events

    def _take(self, line: bytes, events: list[SentEvent]) -> None:
        if not line:
            if self._data:
                events.append(SentEvent(b"\n".join(self._data), self._id))
            self._data, self._id = [], b""
            return
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"id":
            self._id = value


def _plain(raw: bytes) -> bytes:
    """With one kind of line end."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw
