"""The names a device knows by kind, kept at hand for understanding: contacts, places, songs.

They are read once and again after a change, so a turn does not pay for them.
"""

import asyncio
from collections.abc import Mapping

from edgewise.act.driver import Drivers
from edgewise.core.signal import JsonValue, Reading, as_list, as_object

_KINDS = {
    "phone.contacts": "contact",
    "nav.places": "place",
    "phone.library": "song",
    "phone.apps": "app",
    "gui.apps": "screen_app",
    "scene.saved": "scene",
}
_FIELDS = ("name", "name_en", "name_zh", "title", "nickname", "artist")


class Names:
    """Names by kind; `follow` keeps them fresh until it is closed."""

    def __init__(self, drivers: Drivers) -> None:
        self._drivers = drivers
        self._known: dict[str, tuple[str, ...]] = {}
        self._task: asyncio.Task[None] | None = None

    def current(self) -> Mapping[str, tuple[str, ...]]:
        """The names as last read."""
        return self._known

    async def follow(self) -> None:
        """Read the names now, and again whenever a collection changes."""
        self._take(await self._drivers.read(list(_KINDS)))
        self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        async for _ in self._drivers.watch(list(_KINDS)):
            self._take(await self._drivers.read(list(_KINDS)))

    def _take(self, readings: Mapping[str, Reading]) -> None:
        for target, kind in _KINDS.items():
            if target in readings:
                self._known[kind] = _names_in(readings[target].value)


def _names_in(rows: JsonValue) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in map(as_object, as_list(rows)):
        for field in _FIELDS:
            if isinstance(value := row.get(field), str) and value:
                found[value] = None
        for value in as_list(row.get("other_names")):
            found[str(value)] = None
    return tuple(found)
