"""Keeps responses and their input by project: one never sees another's.

A kept response is `{"response": the object, "input": its items}`. It knows nothing of what they
hold. Deleting removes the row: who deletes wants it gone.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import delete, insert, select, update

from edgewise.cloud.database import Database
from edgewise.cloud.tables import responses

Kept = dict[str, Any]


class ResponseStore(Protocol):
    """Where responses are kept."""

    async def get(self, project: str, id: str) -> Kept | None:
        """The response, of this project only."""
        ...

    async def put(self, project: str, key: str, id: str, kept: Kept) -> None:
        """Keeps it, in place of what was there."""
        ...

    async def delete(self, project: str, id: str) -> bool:
        """Removes it; whether it was there."""
        ...


class SqlResponseStore:
    """Keeps them in the table `responses`; each call is one short transaction in a thread."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    async def get(self, project: str, id: str) -> Kept | None:
        """The response, of this project only."""
        return await asyncio.to_thread(self._get, project, id)

    async def put(self, project: str, key: str, id: str, kept: Kept) -> None:
        """Keeps it, in place of what was there."""
        await asyncio.to_thread(self._put, project, key, id, kept)

    async def delete(self, project: str, id: str) -> bool:
        """Removes it; whether it was there."""
        return await asyncio.to_thread(self._delete, project, id)

    def _get(self, project: str, id: str) -> Kept | None:
        wanted = select(responses.c.body).where(
            responses.c.id == id, responses.c.project == project
        )
        with self._database.read() as connection:
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
