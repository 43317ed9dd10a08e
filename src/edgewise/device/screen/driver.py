"""A screen as a driver: looked at by reading `gui.screen`, touched by writing one step to it.

Before it touches anything it looks again: a step that was decided on another screen is refused,
while what changes elsewhere (a clock, an advert) does not matter. What it acted on can not be read
back, so the receipt, the page that came, is the evidence. It decides nothing (`act/screen_step.py`
says what a step does, `act/decide.py` whether it may be).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from edgewise.act.screen import SCREEN, SCREEN_APPS, Role, Screen, Seen
from edgewise.act.screen_step import Action, Step, step_of, still_there
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.label import OWNER, OriginKind, label_of
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.errors import DeviceError

HOLD_S = 0.8
"""Of a long press; Android's own limit is 0.5 s."""
FRESH_S = 0.2
"""Of a look, unless a screen takes longer for one."""


class ScreenDriver:
    """`act.driver.Driver` for `gui`, over any `Screen`.

    A reading not older than `fresh_s` is given again, unless something was done since: one call is
    read several times. `apps` are the names that it opens. `read_s` is how long a look may take
    (`act.driver.Slow`). `away` tells of a screen that was not there at the last look; the next one
    tries again.
    """

    prefix = "gui"
    receipts_only = (SCREEN,)
    stepwise = (SCREEN,)

    def __init__(
        self,
        screen: Screen,
        clock: Clock,
        *,
        fresh_s: float = FRESH_S,
        read_s: float = 20.0,
        away: Words | None = None,
        apps: Sequence[str] = (),
    ) -> None:
        self.read_s = read_s
        self._screen, self._clock, self._fresh_s = screen, clock, fresh_s
        self._away = away
        self._apps = tuple(apps)
        self._last: tuple[Seen, float] | None = None
        self._lock = asyncio.Lock()
        self._watchers: set[asyncio.Event] = set()
        self._doing: asyncio.Task[dict[str, JsonValue]] | None = None

    @property
    def away(self) -> Words | None:
        """What was wrong with the screen at the last look."""
        return self._away

    async def seen(self) -> Seen:
        """What is on the screen. Raises DeviceError."""
        async with self._lock:
            return await self._look()

    async def screenshot(self) -> bytes:
        """A picture of it, as PNG. Raises DeviceError."""
        async with self._lock:
            return await self._screen.screenshot()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """`gui.screen` by a look, `gui.apps` without one; the prefix alone gives what was seen
        last, if anything was, and starts nothing. A screen that can not be looked at is left
        out."""
        listed = self._listed() if SCREEN_APPS in targets else {}
        return listed | await self._read_screen(targets)

    def _listed(self) -> dict[str, Reading]:
        rows: list[JsonValue] = [{"name": name} for name in self._apps]
        return {SCREEN_APPS: Reading(rows, self._clock.monotonic())}

    async def _read_screen(self, targets: Sequence[str]) -> dict[str, Reading]:
        if SCREEN in targets:
            try:
                async with self._lock:
                    if self._is_old():
                        await self._look()
            except DeviceError:
                return {}
        elif self.prefix not in targets:
            return {}
        if self._last is None:
            return {}
        seen, at = self._last
        label = label_of(OriginKind.APP, seen.app, readers=OWNER)
        return {SCREEN: Reading(msgspec.to_builtins(seen), at, label=label)}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """One step; the receipt tells the app and the title of the page that came.

        What has begun is done to its end, whoever waits for it. Raises DeviceError: `refused` when
        the screen has changed, and what the screen raises.
        """
        if len(effects) != 1 or effects[0].target != SCREEN:
            raise DeviceError(f"one step at a time is written to {SCREEN}", code="unknown_target")
        step = step_of(effects[0].value)
        if step is None:
            raise DeviceError(f"{SCREEN} takes a step, not {effects[0].value!r}", code="wrong_type")
        self._doing = asyncio.create_task(self._step(step))
        self._doing.add_done_callback(_told)
        return await asyncio.shield(self._doing)

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """The reading, then again whenever the screen was looked at and had changed. The list of
        apps is given once: it does not change."""
        if set(targets) == {SCREEN_APPS}:
            yield self._listed()
            return
        changed = asyncio.Event()
        self._watchers.add(changed)
        try:
            while True:
                readings = await self.read(targets)
                changed.clear()  # by its own look
                yield readings
                await changed.wait()
        finally:
            self._watchers.discard(changed)

    @asynccontextmanager
    async def put_away(self) -> AsyncGenerator[None]:
        """Within this nothing stands behind the screen and nobody uses it; the next use after it
        begins anew. A step that has begun is waited for."""
        async with self._lock:
            await self._screen.close()
            self._last = None
            yield

    async def close(self) -> None:
        """Let go of the screen."""
        if self._doing is not None:
            self._doing.cancel()
            await asyncio.gather(self._doing, return_exceptions=True)
        await self._screen.close()

    def _is_old(self) -> bool:
        return self._last is None or self._clock.monotonic() - self._last[1] > self._fresh_s

    async def _look(self) -> Seen:
        try:
            seen = await self._screen.look()
        except DeviceError as error:
            earlier, self._last = self._last, None
            if error.code == "no_provider":
                self._away = Words(
                    f"I can not reach the screen: {error}", f"暂时无法使用屏幕：{error}"
                )
            if earlier is not None:
                self._tell()
            raise
        earlier, self._last = self._last, (seen, self._clock.monotonic())
        self._away = None
        if earlier is None or earlier[0] != seen:
            self._tell()
        return seen

    def _tell(self) -> None:
        for changed in self._watchers:
            changed.set()

    async def _step(self, step: Step) -> dict[str, JsonValue]:
        async with self._lock:
            if not still_there(step, await self._look()):
                raise _changed()
            try:
                await self._do(step)
            finally:
                self._last = None
            seen = await self._look()
        return {SCREEN: {"app": seen.app, "title": seen.title}}

    async def _do(self, step: Step) -> None:
        screen, point, end = self._screen, step.point, step.end
        match step.action:
            case Action.TAP if point is not None:
                await screen.tap(point)
            case Action.LONG_PRESS if point is not None:
                await screen.tap(point, hold_s=HOLD_S)
            case Action.SCROLL if point is not None and end is not None:
                await screen.swipe(point, end)
            case Action.TYPE | Action.CLEAR:
                await self._type(step)
            case Action.OPEN:
                await screen.open(step.app)
            case _ if step.key is not None:
                await screen.press(step.key)
            case _:
                raise DeviceError(f"{step.action} lacks a point", code="wrong_type")

    async def _type(self, step: Step) -> None:
        """Type into the field under the point, or clear it, once it has the focus: an app may have
        given that to another field, of which nobody decided."""
        if step.point is not None:
            await self._screen.tap(step.point)
            focus = (await self._look()).focus
            if focus is None or not focus.covers(step.point):
                raise DeviceError("the field did not take the focus; look again", code="refused")
            if focus.secret or focus.role is not Role.FIELD:
                raise _changed()
        await self._screen.type(step.text)


def _changed() -> DeviceError:
    return DeviceError("the screen has changed; look again", code="refused")


def _told(task: asyncio.Task[dict[str, JsonValue]]) -> None:
    """A step that nobody waits for any more may fail."""
    if not task.cancelled():
        task.exception()
