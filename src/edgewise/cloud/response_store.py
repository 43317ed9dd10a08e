"""Keeps responses and their input by project: one never sees another's.

A kept response is `{"response": the object, "input": its items}`. It knows nothing of what they
hold. Deleting removes the row: who deletes wants it gone. One is kept for 30 days, as at OpenAI:
then nobody finds it, and a sweep removes it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import Text, cast, delete, func, insert, select, update

from edgewise.cloud.database import Database
from edgewise.cloud.tables import responses
from edgewise.errors import DeviceError, LinkError

KEPT_S = 30 * 86_400.0
SWEEP_S = 3_600.0

Kept = dict[str, Any]

log = logging.getLogger(__name__)


class TooLarge(Exception):
    """What is kept is larger than its reader takes; it was not loaded."""


class ResponseStore(Protocol):
    """Where responses are kept."""

    async def get(self, project: str, id: str, most_bytes: int = 0) -> Kept | None:
        """The response, of this project only. With `most_bytes`, raises TooLarge for more."""
        ...

    async def put(self, project: str, key: str, id: str, kept: Kept) -> object:
        """Keeps it, in place of what was there. Raises EdgewiseError."""
        ...

    async def delete(self, project: str, id: str) -> bool:
        """Removes it; whether it was there."""
        ...


class SqlResponseStore:
    """Keeps them in the table `responses`; each call is one short transaction in a thread."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    async def get(self, project: str, id: str, most_bytes: int = 0) -> Kept | None:
        """The response, of this project only. With `most_bytes`, raises TooLarge for more."""
        return await asyncio.to_thread(self._get, project, id, most_bytes)

    async def put(self, project: str, key: str, id: str, kept: Kept) -> None:
        """Keeps it, in place of what was there."""
        await asyncio.to_thread(self._put, project, key, id, kept)

    async def delete(self, project: str, id: str) -> bool:
        """Removes it; whether it was there."""
        return await asyncio.to_thread(self._delete, project, id)

    async def keep_swept(self) -> None:
        """Removes what is past its time, once an hour, until it is cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.sweep)
            except (LinkError, DeviceError) as error:
                log.warning("old responses cannot be removed now: %s", error)
            await asyncio.sleep(SWEEP_S)

    def sweep(self) -> int:
        """Removes what is past its time; how many. Blocks: call it in a thread."""
        with self._database.begin() as connection:
            old = delete(responses).where(responses.c.created_at <= self._now_s() - KEPT_S)
            return connection.execute(old).rowcount

    def _get(self, project: str, id: str, most_bytes: int) -> Kept | None:
        here = (
            responses.c.id == id,
            responses.c.project == project,
            responses.c.created_at > self._now_s() - KEPT_S,
        )
        wanted = select(responses.c.body).where(*here)
        size = select(func.length(cast(responses.c.body, Text))).where(*here)  # JSON in ASCII
        with self._database.read() as connection:
            if most_bytes and (connection.execute(size).scalar_one_or_none() or 0) > most_bytes:
                raise TooLarge
            return connection.execute(wanted).scalar_one_or_none()

    def _put(self, project: str, key: str, id: str, kept: Kept) -> None:
        there = update(responses).where(responses.c.id == id, responses.c.project == project)
        row = {"id": id, "project": project, "key": key, "body": kept}
        with self._database.begin() as connection:
            if connection.execute(there.values(body=kept)).rowcount == 0:
                connection.execute(insert(responses).values(**row, created_at=self._now_s()))

    def _delete(self, project: str, id: str) -> bool:
        gone = delete(responses).where(responses.c.id == id, responses.c.project == project)
        with self._database.begin() as connection:
            return connection.execute(gone).rowcount > 0
