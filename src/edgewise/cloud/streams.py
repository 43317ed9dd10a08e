"""Streams that a lost connection does not end: each event has an id, and a reader can come back.

A client that asks for it (`x-edgewise-resume: SECONDS`) gets the stream's id in the header
`x-edgewise-stream` and an `id` on each event. When it goes, the model goes on for as long as it
asked; `GET /v1/streams/{id}` with `Last-Event-ID` replays strictly after that event and goes on
live, `DELETE` stops the model. Kept is the newest part of each stream, in memory, for a while and
within bounds (`tape.py`): it is for connections that break, not for storage. One without the header
stops when its client goes.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from edgewise.cloud.caller import Caller
from edgewise.cloud.exchange import Exchange
from edgewise.cloud.refusal import Refused, bad_request, body_of
from edgewise.cloud.tape import TAPE_BYTES, Behind, Tape, TapeRoom

LONGEST_S = 300.0
MOST_OF_A_KEY = 64
MOST = 4096
_GONE = "; one that was there was forgotten after its time, or ended with a restart: ask again"
_BEHIND = Refused(
    410, "stream_gone", "the reader fell too far behind; what it missed is no longer kept"
)


class Stream:
    """One stream's newest events, and the task that reads them from the upstream."""

    def __init__(self, id: str, caller: Caller, resume_s: float, tape: Tape) -> None:
        self.id = id
        self.key = caller.key
        self.resume_s = resume_s
        self.readers = 0
        self.task: asyncio.Task[None] | None = None
        self._tape = tape

    @property
    def ended(self) -> bool:
        """Whether no more events will come."""
        return self._tape.is_ended

    def add(self, data: bytes) -> None:
        """Keep an event."""
        self._tape.append(b"id: %d\ndata: %b\n\n" % (self._tape.next, data))

    def end(self) -> None:
        """No more events will come."""
        self._tape.end()

    async def after(self, seen: int) -> AsyncGenerator[bytes, None]:
        """Frames of the events after `seen`, those that are there and those to come.

        Raises Refused at the first step only: 410 when some of them are no longer kept, 400 when
        `seen` never was. A reader that falls behind later gets an error as its last event.
        """
        self._tape.check(seen)
        try:
            async with aclosing(self._tape.batches(seen)) as batches:
                async for batch in batches:
                    yield batch
        except Behind:
            yield b"data: " + body_of(_BEHIND) + b"\n\n"


def tape_in(room: TapeRoom, limit_bytes: int = TAPE_BYTES) -> Tape:
    """A tape for a stream; its first event is 1, since 0 is who saw none."""
    return Tape(limit_bytes, room=room, first=1, field="Last-Event-ID")


class Streams:
    """All resumable streams of this process; a key finds its own only."""

    def __init__(self) -> None:
        self._streams: dict[str, Stream] = {}
        self._room = TapeRoom()

    def start(self, exchange: Exchange, caller: Caller, resume_s: float) -> Stream:
        """Read an exchange into a stream from now on; the oldest that came to its end goes for it
        where there is no room. Raises Refused (429) for too many that run."""
        own = [stream for stream in self._streams.values() if stream.key == caller.key]
        if len(own) >= MOST_OF_A_KEY:
            self._make_room(own, f"{len(own)} resumable streams of this key run")
        elif len(self._streams) >= MOST:
            self._make_room(list(self._streams.values()), f"{MOST} resumable streams run here")
        stream = Stream(
            "strm_" + secrets.token_hex(12), caller, min(resume_s, LONGEST_S), tape_in(self._room)
        )
        self._streams[stream.id] = stream
        stream.task = asyncio.create_task(_fill(stream, exchange))
        stream.task.add_done_callback(lambda _: self._forget_later(stream))
        return stream

    def find(self, id: str, caller: Caller) -> Stream:
        """The key's stream. Raises Refused (404)."""
        stream = self._streams.get(id)
        if stream is None or stream.key != caller.key:
            raise Refused(
                404, "stream_not_found", f"there is no stream {id[:60]!r} of this key{_GONE}"
            )
        return stream

    async def read(self, stream: Stream, seen: int) -> AsyncGenerator[bytes, None]:
        """`Stream.after`, noting that somebody reads; without a reader the model goes on for
        `resume_s` only."""
        stream.readers += 1
        try:
            async with aclosing(stream.after(seen)) as frames:
                async for frame in frames:
                    yield frame
        finally:
            stream.readers -= 1
            if not stream.readers and not stream.ended:
                asyncio.get_running_loop().call_later(stream.resume_s, self._give_up, stream)

    def stop(self, stream: Stream) -> None:
        """End the model and forget the stream."""
        if stream.task is not None:
            stream.task.cancel()
        self._streams.pop(stream.id, None)

    async def close(self) -> None:
        """End all."""
        tasks = [stream.task for stream in self._streams.values() if stream.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _make_room(self, among: list[Stream], full: str) -> None:
        over = next((one for one in among if one.ended and not one.readers), None)
        if over is None:
            raise Refused(
                429,
                "too_many_streams",
                f"{full}, as many as may; DELETE /v1/streams/{{id}} those that nobody reads",
                headers={"Retry-After": "5"},
            )
        self._streams.pop(over.id)

    def _give_up(self, stream: Stream) -> None:
        if not stream.readers and not stream.ended and stream.task is not None:
            stream.task.cancel()

    def _forget_later(self, stream: Stream) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(stream.resume_s, self._streams.pop, stream.id, None)


def resume_of(given: str) -> float:
    """The seconds that a client asks for, 0 for none. Raises Refused (400)."""
    if not given:
        return 0.0
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= LONGEST_S:
        raise bad_request(f"x-edgewise-resume: {given[:40]!r}; send 1 to {LONGEST_S:g} seconds")
    return seconds


def seen_of(given: str) -> int:
    """The number in a `Last-Event-ID`, 0 for none. Raises Refused (400)."""
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise bad_request(f"Last-Event-ID: {given[:40]!r}; send the id of an event")
    return int(given)


async def _fill(stream: Stream, exchange: Exchange) -> None:
    try:
        async with exchange, aclosing(exchange.batches()) as batches:
            async for batch in batches:
                for data in batch:
                    stream.add(data)
        stream.add(b"[DONE]")
    except Refused as refused:
        stream.add(body_of(refused))
    except asyncio.CancelledError:
        stopped = Refused(499, "stream_stopped", "the stream was stopped; nobody read it")
        stream.add(msgspec.json.encode({"error": msgspec.to_builtins(stopped.problem)}))
        raise
    finally:
        stream.end()
