"""The sessions a device remembers: persons' and programs' apart, each kind bounded.

Whoever names ever new sessions forgets old ones of its own kind, so a program can not make the
device forget what a person said, nor a person's open question. A session whose turn runs is never
forgotten; one with an open question only when all that could be forgotten have one: its yes then
finds nothing, and nothing moves.
"""

from collections import OrderedDict
from collections.abc import Collection

from edgewise.agent.session import Session
from edgewise.agent.session_files import SessionFiles
from edgewise.core.clock import Clock
from edgewise.core.message import PERSONAL, Channel

MOST_OF_PERSONS = 256
MOST_OF_PROGRAMS = 64


class Sessions:
    """The newest sessions by name; with `files` they are read from there when first named."""

    def __init__(self, clock: Clock, files: SessionFiles | None = None) -> None:
        self._clock = clock
        self._files = files
        self._persons: OrderedDict[str, Session] = OrderedDict()
        self._programs: OrderedDict[str, Session] = OrderedDict()

    def find(self, name: str, channel: Channel, running: Collection[str] = ()) -> Session:
        """The session called `name`, as the newest of its kind; made if there is none.

        The one who names it first, through `channel`, decides of which kind it is. `running` are
        the names of those with a turn.
        """
        kept = self._kept(name, channel)
        if name not in kept:
            kept[name] = self._files.load(name) if self._files is not None else Session(name)
        kept.move_to_end(name)
        most = MOST_OF_PROGRAMS if kept is self._programs else MOST_OF_PERSONS
        self._forget(kept, len(kept) - most, {name, *running})
        return kept[name]

    def known(self, name: str) -> Session | None:
        """The session called `name`, where there is one."""
        return self._persons.get(name) or self._programs.get(name)

    def forget(self) -> None:
        """Have each forget what was said in it."""
        for session in (*self._persons.values(), *self._programs.values()):
            session.forget()

    def __len__(self) -> int:
        return len(self._persons) + len(self._programs)

    def __contains__(self, name: str) -> bool:
        return name in self._persons or name in self._programs

    def _kept(self, name: str, channel: Channel) -> OrderedDict[str, Session]:
        for kept in (self._persons, self._programs):
            if name in kept:
                return kept
        return self._persons if channel in PERSONAL else self._programs

    def _forget(self, kept: OrderedDict[str, Session], surplus: int, busy: Collection[str]) -> None:
        if surplus <= 0:
            return
        idle = [session for name, session in kept.items() if name not in busy]
        idle.sort(key=lambda session: session.asks(self._clock))  # stable: else the oldest first
        for session in idle[:surplus]:
            del kept[session.name]
