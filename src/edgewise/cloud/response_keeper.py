"""Keeps responses although the database is away for a while: what was billed is given, not lost.

What cannot be written is held in memory, found there, and written when the database is back. What
is held is bounded in bytes, and does not outlive the process: who put it is told how it is kept. It
is itself a `ResponseStore` over another one. It knows nothing of what a response holds.
"""

import asyncio
import logging
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

import msgspec

from edgewise.cloud.response_store import Kept, ResponseStore, TooLarge
from edgewise.errors import DeviceError, EdgewiseError, LinkError

log = logging.getLogger(__name__)

HELD_BYTES = 64 * 1024 * 1024
AGAIN_S = 5.0


class Keeping(StrEnum):
    """How a response is kept."""

    KEPT = "kept"
    LATER = "later"
    """In memory until the database is back."""
    NOT = "not"


class _Held(NamedTuple):
    project: str
    key: str
    kept: Kept
    size_bytes: int


class ResponseKeeper:
    """A store that a database away does not fail: `put` raises nothing, and says how it is kept."""

    def __init__(
        self, store: ResponseStore, *, limit_bytes: int = HELD_BYTES, again_s: float = AGAIN_S
    ) -> None:
        self._store = store
        self._limit_bytes = limit_bytes
        self._again_s = again_s
        self._held: dict[tuple[str, str], _Held] = {}
        self._held_bytes = 0
        self._task: asyncio.Task[None] | None = None

    async def get(self, project: str, id: str, most_bytes: int = 0) -> Kept | None:
        """As `ResponseStore.get`."""
        held = self._held.get((project, id))
        if held is None:
            return await self._store.get(project, id, most_bytes)
        if most_bytes and held.size_bytes > most_bytes:
            raise TooLarge
        return held.kept

    async def put(self, project: str, key: str, id: str, kept: Kept) -> Keeping:
        """Keeps it, in place of what was there; how it is kept."""
        if (project, id) not in self._held:  # else the newer one must not be overtaken
            try:
                await self._store.put(project, key, id, kept)
            except (LinkError, DeviceError) as error:
                log.warning("the response %s cannot be written now: %s", id, error)
            except EdgewiseError as error:
                log.error("the response %s cannot be kept: %s", id, error)
                return Keeping.NOT
            else:
                return Keeping.KEPT
        return self._hold(project, key, id, kept)

    async def delete(self, project: str, id: str) -> bool:
        """Removes it; whether it was there."""
        was_there = await self._store.delete(project, id)
        return self._release(project, id) or was_there

    async def close(self) -> None:
        """Tries a last time; to be called when the server ends."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with suppress(EdgewiseError):
            await self._write_all()
        if self._held:
            log.error("%d responses are lost: the database was away to the end", len(self._held))

    def _hold(self, project: str, key: str, id: str, kept: Kept) -> Keeping:
        size_bytes = len(msgspec.json.encode(kept))
        self._release(project, id)
        if self._held_bytes + size_bytes > self._limit_bytes:
            log.error("the response %s is not kept: too many wait for the database", id)
            return Keeping.NOT
        self._held[project, id] = _Held(project, key, kept, size_bytes)
        self._held_bytes += size_bytes
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_later())
        return Keeping.LATER

    def _release(self, project: str, id: str) -> bool:
        held = self._held.pop((project, id), None)
        self._held_bytes -= held.size_bytes if held is not None else 0
        return held is not None

    async def _write_later(self) -> None:
        while self._held:
            await asyncio.sleep(self._again_s)
            with suppress(LinkError, DeviceError):  # still away
                await self._write_all()

    async def _write_all(self) -> None:
        for at in list(self._held):
            while (held := self._held.get(at)) is not None:
                try:
                    await self._store.put(held.project, held.key, at[1], held.kept)
                except (LinkError, DeviceError):
                    raise
                except EdgewiseError as error:  # its key or project is gone, say
                    log.error("the response %s cannot be kept: %s", at[1], error)
                if self._held.get(at) is held:
                    self._release(*at)
                elif at not in self._held:  # deleted while it was written
                    await self._store.delete(*at)
