"""The drivers of a voice device: effects become calls of its tools, its status becomes readings.

The device is behind a link that comes and goes; while there is none it is away. Its status is
asked for once for all targets, kept for a moment, and asked again after a write and while a change
is waited for. A tool is called once, never again by itself. What a tool may do, the policy has
decided before; which tools there are, `board_tools.py` says.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from edgewise.act.board_status import STATUS, TOLD, decoded, says_no, spoken, states_in
from edgewise.act.board_tools import CALL_S, LOOK, Board, Use
from edgewise.act.catalogue.device import SETTINGS
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading, as_object
from edgewise.core.words import Words
from edgewise.errors import DeviceError

STATUS_S = 2.0
"""How long the status may take; a turn waits for it."""
KEPT_S = 1.0
POLL_S = 0.3
PREFIXES = ("Vehicle", "phone", "board")
"""Of the targets that a device serves: where the built-in volume and settings stand, and its own.
`Vehicle` is only a name here: a voice device has none of a car's signals but the volume."""

_AWAY = Words("The device is not connected right now.", "设备现在没有连接。")


class BoardLink(Protocol):
    """The connection to a device."""

    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        """Call a tool once; the text it answers. Raises DeviceError (`refused`, `timed_out`,
        `no_provider`)."""
        ...


class BoardDevice:
    """One device with its drivers. `link` is replaced when it connects again, None while it is
    away; an old link is not used again."""

    def __init__(self, board: Board, clock: Clock, link: BoardLink | None = None) -> None:
        self.board = board
        self._clock = clock
        self._link = link
        self._asking = asyncio.Lock()
        self._states: dict[str, JsonValue] = {}
        self._failed: DeviceError | None = None
        self._kept_since: float | None = None
        self._changes = 0
        self.told_at = 0.0
        self.untold: frozenset[str] = frozenset() if board.status else frozenset(TOLD)
        """Targets that its status was seen to leave out: they cannot be read back."""

    @property
    def link(self) -> BoardLink | None:
        """The present connection."""
        return self._link

    @link.setter
    def link(self, link: BoardLink | None) -> None:
        self._link = link
        self.forget()

    @property
    def drivers(self) -> tuple["BoardDriver", ...]:
        """A driver for each prefix."""
        return tuple(BoardDriver(self, prefix) for prefix in PREFIXES)

    def forget(self) -> None:
        """What the device told is old now, also what it is telling at this moment."""
        self._kept_since = None
        self._changes += 1

    async def states(self) -> dict[str, JsonValue]:
        """What the device tells of itself, at most `KEPT_S` old; `told_at` is when it was asked.

        Raises DeviceError, also for a moment after it failed: a device that does not answer is not
        waited for at every step.
        """
        if self._link is None or not self.board.status:
            return {}
        async with self._asking:
            kept = self._kept_since
            if kept is None or self._clock.monotonic() - kept > KEPT_S:
                await self._ask()
            if self._failed is not None:
                raise self._failed
            return self._states

    async def _ask(self) -> None:
        changes, self.told_at = self._changes, self._clock.monotonic()
        self._states, self._failed, self._kept_since = {}, None, None
        try:
            self._states = states_in(await self.call(self.board.status, {}, STATUS_S))
            self.untold = frozenset(TOLD) - self._states.keys()
        except DeviceError as error:
            self._failed = error
        if changes == self._changes:
            self._kept_since = self._clock.monotonic()

    async def call(self, tool: str, arguments: dict[str, Any], within_s: float) -> str:
        """One call of a tool. Raises DeviceError."""
        if self._link is None:
            raise DeviceError("the device is not connected", code="no_provider")
        try:
            async with asyncio.timeout(within_s):
                return await self._link.call(tool, arguments)
        except TimeoutError as error:
            raise DeviceError(
                f"{tool} did not answer within {within_s:g} s", code="timed_out"
            ) from error


class BoardDriver:
    """`act.driver.Driver`, `Remote` and `Slow` for one prefix of a device."""

    read_s = STATUS_S + 0.5

    def __init__(self, device: BoardDevice, prefix: str) -> None:
        self.prefix = prefix
        self._device = device

    @property
    def away(self) -> Words | None:
        """That the device is not connected."""
        return _AWAY if self._device.link is None else None

    @property
    def receipts_only(self) -> tuple[str, ...]:
        """All that the status does not tell: the device's own tools, and everything without one."""
        untold, uses = self._device.untold, self._device.board.uses
        return tuple(
            target
            for target in uses
            if target.startswith(f"{self.prefix}.") and (target not in TOLD or target in untold)
        )

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """What the status tells of `targets`, settings also as one object. Raises DeviceError."""
        wanted = {told for target in targets for told in TOLD if _covers(target, told)}
        if not wanted:
            return {}
        states = await self._device.states()
        found = {told: states[told] for told in wanted if told in states}
        settings = {t.rpartition(".")[2]: v for t, v in found.items() if _covers(SETTINGS, t)}
        if settings and SETTINGS in targets:
            found[SETTINGS] = settings
        at = self._device.told_at
        return {target: Reading(value, at) for target, value in found.items()}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Calls the tool of each effect in order; receipts `{"text"}` of the device's own tools.

        Raises DeviceError as `act.driver` says, `refused` also where the tool says that it did not
        do it. Tools called before the failing one have acted.
        """
        uses = self._device.board.uses
        for effect in effects:
            if effect.target not in uses or not effect.target.startswith(f"{self.prefix}."):
                raise DeviceError(f"no tool provides {effect.target}", code="unknown_target")
        receipts: dict[str, JsonValue] = {}
        for effect in effects:
            text = await self._call(uses[effect.target], effect)
            if _gives_receipt(effect.target):
                receipts[effect.target] = {"text": spoken(text) or "-"}
        return receipts

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """The current readings, then what is read every `POLL_S`: a device tells of no change."""
        yield await self.read(targets)
        while True:
            await asyncio.sleep(POLL_S)
            self._device.forget()
            yield await self.read(targets)

    async def _call(self, use: Use, effect: Effect) -> str:
        try:
            text = await self._device.call(use.tool, use.arguments(effect.value), CALL_S)
        except DeviceError as error:
            if effect.target != LOOK or error.code != "refused":
                raise
            told = str(error).removeprefix(f"{use.tool}: ")
            raise DeviceError(_why_none(told), code="refused") from error
        finally:
            self._device.forget()
        if effect.target == LOOK and (says_no(text) or not spoken(text)):
            raise DeviceError(_why_none(text), code="refused")
        reads = effect.target.startswith(_READS)
        if not reads and says_no(text):
            raise DeviceError(f"{use.tool}: {spoken(text)[:200]}", code="refused")
        return text


def _why_none(text: str) -> str:
    """Why there is no picture, of what a camera answers; also where the place that its pictures go
    to refused them, whose error stands in an object of its own."""
    value = decoded(text)
    error = as_object(value).get("error") if isinstance(value, dict) else None
    told = as_object(error).get("message") if isinstance(error, dict) else error
    return (told if isinstance(told, str) and told else spoken(text))[:200] or "no reason was told"


def _covers(target: str, told: str) -> bool:
    return told == target or told.startswith(target + ".")


def _gives_receipt(target: str) -> bool:
    """Whether a tool's answer is what the person asked for, or says how it went."""
    return target.startswith("board.") and not target.startswith(("board.stop.", STATUS))


_READS = ("board.read.", "board.look.")
