"""Sessions kept as files, for programs that end between turns (`edgewise ask --session`)."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from edgewise.agent.session import Session, from_json


class SessionFiles:
    """One file a session in a folder; a file that can not be read starts a new session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def load(self, name: str) -> Session:
        """The session called `name`, or a new one."""
        try:
            return from_json(name, self._path(name).read_bytes())
        except (OSError, msgspec.MsgspecError):
            return Session(name)

    @asynccontextmanager
    async def held(self, session: Session) -> AsyncGenerator[None, None]:
        """Hold the session against other processes and take over what they left in its file, so
        that one yes counts once."""
        with self._path(session.name).with_suffix(".lock").open("a") as lock:
            while not _locked(lock):  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(0.05)
            with suppress(OSError, msgspec.MsgspecError):
                session.restore(self._path(session.name).read_bytes())
            yield

    def save(self, session: Session) -> None:
        """Replace the session's file in one step."""
        path = self._path(session.name)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(session.to_json())
        os.replace(fresh, path)

    def _path(self, name: str) -> Path:
        return self._folder / (hashlib.sha256(name.encode()).hexdigest()[:24] + ".json")


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
