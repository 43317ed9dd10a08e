"""The lamps of a Linux board as a driver: `home.light.<name>` is a brightness in percent.

Reads and writes the kernel's LED class, /sys/class/leds/<name>/{brightness,max_brightness}.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from edgewise.core.call import Effect
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.signal import JsonValue, Reading
from edgewise.errors import DeviceError

PREFIX = "home.light."
LOOK_AGAIN_S = 0.1


class LedDriver:
    """`act.driver.Driver` for `home`; the kernel tells no changes, so `watch` looks again."""

    prefix = "home"
    receipts_only: tuple[str, ...] = ()

    def __init__(self, folder: Path = Path("/sys/class/leds"), clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Brightness of each lamp that a target names or covers; unknown ones are left out."""
        names = [f"{PREFIX}{lamp.name}" for lamp in sorted(self._folder.iterdir())]
        wanted = [n for n in names if any(n == t or n.startswith(t + ".") for t in targets)]
        now = self._clock.monotonic()
        return {name: Reading(self._percent(name), now) for name in wanted}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Set lamps. Raises DeviceError before the first is set if one of them is wrong."""
        levels = {self._lamp(e.target) / "brightness": self._level(e) for e in effects}
        for file, level in levels.items():
            try:
                file.write_text(f"{level}\n")
            except OSError as error:
                raise DeviceError(f"{file}: {error.strerror}", code="refused") from error
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Current readings, then those that differ."""
        told: dict[str, JsonValue] = {}
        while True:
            now = await self.read(targets)
            changed = {name: r for name, r in now.items() if told.get(name) != r.value}
            if changed or not told:
                told |= {name: reading.value for name, reading in changed.items()}
                yield changed
            await asyncio.sleep(LOOK_AGAIN_S)

    def _lamp(self, target: str) -> Path:
        lamp = self._folder / target.removeprefix(PREFIX)
        if not target.startswith(PREFIX) or not (lamp / "brightness").is_file():
            raise DeviceError(f"there is no lamp {target}", code="unknown_target")
        return lamp

    def _level(self, effect: Effect) -> int:
        value = effect.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DeviceError(f"{effect.target} takes percent, not {value!r}", code="wrong_type")
        if not 0 <= value <= 100:
            raise DeviceError(f"{effect.target} takes 0 to 100, not {value}", code="out_of_range")
        return round(value / 100 * self._maximum(effect.target))

    def _percent(self, target: str) -> int:
        level = int((self._lamp(target) / "brightness").read_text())
        return round(100 * level / self._maximum(target))

    def _maximum(self, target: str) -> int:
        return int((self._lamp(target) / "max_brightness").read_text())
