"""How much of the device each caller may use: turns, open streams, conversations by sound.

Each caller (`callers.py`) has places of its own, so a program can not crowd out a person. What a
person says that waits for nothing ("stop", an emergency call) and a person's no are never counted.
It keeps the start of each turn of the last minute and nothing else.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping

from msgspec import Struct

from edgewise.core.clock import Clock, SystemClock
from edgewise.device.callers import Caller
from edgewise.device.wire import ApiError

MINUTE_S = 60.0


class Allowance(Struct, frozen=True):
    """What one caller may use; a stream is one of `GET .../stream`, a conversation one connection
    to `/v1/realtime`."""

    turns_at_once: int
    turns_a_minute: int
    streams: int
    conversations: int = 4


ALLOWANCES: Mapping[Caller, Allowance] = {
    Caller.OWNER: Allowance(turns_at_once=8, turns_a_minute=600, streams=16),
    Caller.PAGE: Allowance(turns_at_once=8, turns_a_minute=600, streams=32),
    Caller.PROGRAM: Allowance(turns_at_once=4, turns_a_minute=240, streams=8),
}
"""A person does not speak ten times a second; a page holds two streams open."""

Leave = Callable[[], None]


class Limits:
    """Counts what each caller uses now, and refuses what is over its allowance."""

    def __init__(
        self, allowances: Mapping[Caller, Allowance] = ALLOWANCES, clock: Clock | None = None
    ) -> None:
        clock = clock or SystemClock()
        self._use = {caller: _Use(caller, given, clock) for caller, given in allowances.items()}

    def enter_turn(self, caller: Caller, *, urgent: bool = False) -> Leave:
        """Take a place for a turn; call what is returned, once, when it has ended.

        Raises ApiError (429) over the limit, with `Retry-After`. A person's urgent turn needs no
        place.
        """
        if urgent and caller is not Caller.PROGRAM:
            return _nothing
        return self._use[caller].enter_turn()

    def enter_stream(self, caller: Caller) -> Leave:
        """Take a place for an open stream, as `enter_turn` does for a turn."""
        return self._use[caller].enter_stream()

    def enter_conversation(self, caller: Caller) -> Leave:
        """Take a place for a conversation by sound, as `enter_turn` does for a turn."""
        return self._use[caller].enter_conversation()


class _Use:
    """What one caller uses."""

    def __init__(self, caller: Caller, given: Allowance, clock: Clock) -> None:
        self._who = caller.value
        self._given = given
        self._clock = clock
        self._running = 0
        self._streams = 0
        self._conversations = 0
        self._began: deque[float] = deque()

    def enter_turn(self) -> Leave:
        now, given = self._clock.monotonic(), self._given
        while self._began and self._began[0] <= now - MINUTE_S:
            self._began.popleft()
        if self._running >= given.turns_at_once:
            raise _too_many(
                "too_many_turns",
                f"{self._running} turns of the {self._who} are running; the limit is"
                f" {given.turns_at_once}",
                "wait for one to end, or cancel one with DELETE /v1/agent/turns/{id}",
            )
        if len(self._began) >= given.turns_a_minute:
            wait_s = math.ceil(self._began[0] + MINUTE_S - now)
            raise _too_many(
                "too_many_turns",
                f"{len(self._began)} turns of the {self._who} began within a minute; the limit is"
                f" {given.turns_a_minute}",
                f"wait {wait_s} s",
                wait_s,
            )
        self._began.append(now)
        self._running += 1
        return self._leave_turn

    def enter_stream(self) -> Leave:
        if self._streams >= self._given.streams:
            raise _too_many(
                "too_many_streams",
                f"{self._streams} streams of the {self._who} are open; the limit is"
                f" {self._given.streams}",
                "close one; one stream tells of all turns, and one of the whole state",
            )
        self._streams += 1
        return self._leave_stream

    def enter_conversation(self) -> Leave:
        if self._conversations >= self._given.conversations:
            raise _too_many(
                "too_many_conversations",
                f"{self._conversations} conversations of the {self._who} are open; the limit is"
                f" {self._given.conversations}",
                "close one",
            )
        self._conversations += 1
        return self._leave_conversation

    def _leave_conversation(self) -> None:
        self._conversations -= 1

    def _leave_turn(self) -> None:
        self._running -= 1

    def _leave_stream(self) -> None:
        self._streams -= 1


def _too_many(code: str, message: str, remedy: str, wait_s: int = 1) -> ApiError:
    return ApiError(429, code, message, remedy, {"Retry-After": str(max(1, wait_s))})


def _nothing() -> None:
    return
