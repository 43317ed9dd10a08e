"""Answers that a repeat gets again: the same `Idempotency-Key` with the same body within a day.

A client whose connection broke can not know whether its request was answered; asked again under the
same key, it is answered from here, neither thought about nor billed twice, or told (409) that the
first one still runs. The same key with another body is another request. Only whole answers are
kept, in this process's memory and within bounds: what was forgotten, or was answered by another
process or before a restart, is made anew.
Source: draft-ietf-httpapi-idempotency-key-header-07, sections 2.2 to 2.6, but for other bodies.
"""

import asyncio
import hashlib
from collections import OrderedDict
from contextlib import aclosing, suppress
from typing import Any

from msgspec import Struct

from edgewise.cloud.doors import Send
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.streams import Stream
from edgewise.core.clock import Clock

KEPT_S = 86_400.0
MOST_OF_A_PROJECT = 1_024
PROJECT_BYTES = 16 * 1024 * 1024
ALL_BYTES = 64 * 1024 * 1024
ANSWER_BYTES = 1024 * 1024
"""A larger answer is not kept."""
LONGEST_KEY = 255
_ENTRY_BYTES = 512
"""What keeping one takes beside its bytes."""
_OWN = (b"x-ratelimit", b"openai-processing-ms", b"x-edgewise-stream")
"""Headers that are of one reply, not of its answer."""
_DONE = b"data: [DONE]\n\n"
_STILL_RUNS = Refused(
    409,
    "still_running",
    "the first request under this Idempotency-Key still runs; ask again in a moment",
    headers={"Retry-After": "2"},
)

Headers = list[tuple[bytes, bytes]]
Name = tuple[str, bytes]
"""Of a request: its project, and a digest of its key and body."""


class Whole(Struct, frozen=True):
    """An answer as it was sent, until when it is kept (monotonic seconds)."""

    headers: Headers
    body: bytes
    until: float

    @property
    def size_bytes(self) -> int:
        """What keeping it takes."""
        return len(self.body) + _ENTRY_BYTES

    async def send_again(self, send: Send) -> None:
        """Send it as the reply."""
        headers = [*self.headers, (b"idempotent-replayed", b"true")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Repeats:
    """The answers of this process, each project's apart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, OrderedDict[bytes, Whole]] = {}
        self._sizes: dict[str, int] = {}
        self._running: set[Name] = set()
        self._following: set[asyncio.Task[None]] = set()

    def find(self, project: str, key: str, body: bytes) -> "Whole | Recording":
        """The answer, or a recording of the first one, which must be ended.

        Raises Refused: 409 while the first runs, 400 for a key that is none.
        """
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise bad_request(f"Idempotency-Key: send at most {LONGEST_KEY} printable characters")
        digest = hashlib.sha256(key.encode("utf-8", "replace") + b"\0" + body).digest()
        name = (project, digest)
        if name in self._running:
            raise _STILL_RUNS
        kept = self._kept.get(project)
        held = kept.get(digest) if kept is not None else None
        if held is not None and held.until > self._clock.monotonic():
            return held
        self._running.add(name)
        return Recording(self, name)

    def end(self, name: Name, headers: Headers, body: bytes | None) -> None:
        """A first request is over; its whole answer is kept (`None`: there is none)."""
        self._running.discard(name)
        if body is None:
            return
        project, digest = name
        own = [one for one in headers if not one[0].lower().startswith(_OWN)]
        whole = Whole(own, body, self._clock.monotonic() + KEPT_S)
        self._forget(project, digest)
        self._kept.setdefault(project, OrderedDict())[digest] = whole
        self._sizes[project] = self._sizes.get(project, 0) + whole.size_bytes
        self._make_room(project)

    def follow(self, recording: "Recording", stream: Stream) -> None:
        """Record a stream to its end, also when its client has gone."""
        task = asyncio.create_task(recording.read(stream))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def close(self) -> None:
        """End all recordings."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    def _make_room(self, project: str) -> None:
        """Let go what is over, and the oldest of who holds too much."""
        now, kept = self._clock.monotonic(), self._kept[project]
        while kept and (
            next(iter(kept.values())).until <= now
            or len(kept) > MOST_OF_A_PROJECT
            or self._sizes[project] > PROJECT_BYTES
        ):
            self._forget(project, next(iter(kept)))
        while sum(self._sizes.values()) > ALL_BYTES:
            largest = max(self._sizes, key=self._sizes.__getitem__)
            self._forget(largest, next(iter(self._kept[largest])))

    def _forget(self, project: str, digest: bytes) -> None:
        kept = self._kept.get(project)
        if kept is None or digest not in kept:
            return
        self._sizes[project] -= kept.pop(digest).size_bytes
        if not kept:
            del self._kept[project], self._sizes[project]


class Recording:
    """A first answer as it is sent. `end` it when the reply is over."""

    def __init__(self, repeats: Repeats, name: Name) -> None:
        self._repeats = repeats
        self._name = name
        self._headers: Headers = []
        self._pieces: list[bytes] = []
        self._size_bytes = 0
        self._is_good = False
        self._is_over = False
        self._follows = False

    def watch(self, send: Send) -> Send:
        """`send`, and what goes through it is noted."""

        async def watched(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._is_good = message["status"] == 200
                self._headers = list(message["headers"])
            elif not self._follows:
                self._add(message["body"])
                self._is_over = not message.get("more_body", False)
            await send(message)

        return watched

    def follow(self, stream: Stream, headers: Headers) -> None:
        """Note what that stream gives, to its end, whether or not anybody else reads it."""
        self._follows, self._is_good, self._headers = True, True, list(headers)
        self._repeats.follow(self, stream)

    async def read(self, stream: Stream) -> None:
        """See `follow`."""
        try:
            with suppress(Refused):
                async with aclosing(stream.after(0)) as frames:
                    async for frame in frames:
                        self._add(frame)
                self._is_over = True
        finally:
            self._keep()

    def end(self) -> None:
        """The reply is over, or broke off; a stream that is followed goes on."""
        if not self._follows:
            self._keep()

    def _add(self, piece: bytes) -> None:
        self._size_bytes += len(piece)
        if self._size_bytes > ANSWER_BYTES:
            self._is_good = False
            self._pieces.clear()
        elif self._is_good:
            self._pieces.append(piece)

    def _keep(self) -> None:
        body = b"".join(self._pieces)
        kind = dict(self._headers).get(b"content-type", b"")
        is_whole = self._is_good and self._is_over
        if kind.startswith(b"text/event-stream"):
            is_whole = is_whole and body.endswith(_DONE)
        self._repeats.end(self._name, self._headers, body if is_whole else None)
