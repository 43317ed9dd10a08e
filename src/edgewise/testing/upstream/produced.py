"""The truth of what was produced, by the id that the gateway sends in `x-request-id`.

`output_tokens` were written to a connection that was open; a client that half-closes and reads on
receives exactly these. `generated_tokens` also hold those of a reply whose one body was not written
because the client had left before its end. `input_tokens` count once the reply has begun.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct


class Record(Struct):
    """One request id, over all its attempts. `outcome` is that of the last attempt: running,
    finished, refused, failed (as told to) or left (the client went)."""

    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    generated_tokens: int = 0
    characters: int = 0
    sound_ms: int = 0
    outcome: str = "running"


class Produced:
    """What an upstream produced since it started; totals always, requests unless told not to."""

    def __init__(self, *, keep_requests: bool = True) -> None:
        self.requests: dict[str, Record] = {}
        self.totals = Record(outcome="")
        self._keep = keep_requests
        self._waiting: list[asyncio.Future[None]] = []
        self._unnamed = 0

    def begin(self, request_id: str) -> Record:
        """Counts an attempt; without an id it is `unnamed-1`, `unnamed-2` and so on."""
        self.totals.attempts += 1
        if not request_id:
            self._unnamed += 1
            request_id = f"unnamed-{self._unnamed}"
        record = self.requests.get(request_id)
        if record is None:
            record = Record()
            if self._keep:
                self.requests[request_id] = record
        record.attempts += 1
        record.outcome = "running"
        self._tell()
        return record

    def finish(self, record: Record, outcome: str) -> None:
        """An attempt has ended."""
        record.outcome = outcome
        self._tell()

    def add_input(self, record: Record, tokens: int) -> None:
        """A reply has begun: its prompt was read."""
        record.input_tokens += tokens
        self.totals.input_tokens += tokens

    def add_generated(self, record: Record, tokens: int) -> None:
        """Tokens were made."""
        record.generated_tokens += tokens
        self.totals.generated_tokens += tokens
        self._tell()

    def add_output(self, record: Record, tokens: int) -> None:
        """Tokens were written."""
        record.output_tokens += tokens
        self.totals.output_tokens += tokens

    def add_characters(self, record: Record, count: int) -> None:
        """A text was read that is said aloud."""
        record.characters += count
        self.totals.characters += count

    def add_sound(self, record: Record, milliseconds: int) -> None:
        """Sound was heard, or made."""
        record.sound_ms += milliseconds
        self.totals.sound_ms += milliseconds

    async def until(self, holds: Callable[[], bool], limit_s: float = 10.0) -> None:
        """Wait until `holds()`, looked at after each change. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while not holds():
                change = asyncio.get_running_loop().create_future()
                self._waiting.append(change)
                await change

    async def ended(self, request_id: str, limit_s: float = 10.0) -> Record:
        """The record of a request when it has come and is over. Raises TimeoutError."""

        def is_over() -> bool:
            record = self.requests.get(request_id)
            return record is not None and record.outcome != "running"

        await self.until(is_over, limit_s)
        return self.requests[request_id]

    def told(self) -> dict[str, Any]:
        """`{"totals": {...}, "requests": {id: {...}}}`."""
        return {
            "totals": msgspec.to_builtins(self.totals),
            "requests": msgspec.to_builtins(self.requests),
        }

    def _tell(self) -> None:
        for change in self._waiting:
            if not change.done():
                change.set_result(None)
        self._waiting.clear()
