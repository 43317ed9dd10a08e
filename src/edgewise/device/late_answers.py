"""What came of questions that waited: answers, sealed, and those that expired; one SQLite file.

A running device and the commands have it open together. Each row is told once (`tell`), and stays
until the person drops it, or `KEPT_S` after it was read. Question and answer lie sealed under the
outbox's key; who answered, how and when lie open.
"""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.agent.private_file import make_private
from edgewise.core.clock import Clock
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language
from edgewise.device.outbox import KEY_FILE
from edgewise.device.sealed import Seal, key_in
from edgewise.device.transaction import transaction
from edgewise.errors import DeviceError, TrustError

FILE = "answers.sqlite"
KEPT_S = 7 * 86_400.0
MOST = 500
"""Of more the oldest go."""


class Outcome(Struct, frozen=True):
    """How a question ended, without words: `how` is answered, expired, crowded, refused or damaged;
    times are wall seconds, 0 for what has not happened."""

    key: str
    recipient: str
    how: str
    asked_at: float
    at: float
    told_at: float = 0.0
    read_at: float = 0.0


class Talk(Struct, frozen=True):
    """What one was about: `question` and `answer` are empty for what went unsent."""

    turn: str = ""
    session: str = "default"
    speaker: Speaker = Speaker()
    language: Language = Language.ENGLISH
    label: Label = Label()
    question: str = ""
    answer: str = ""

    @property
    def message(self) -> Message:
        """The question as it was perceived, but for what is never put back."""
        return Message(self.question, self.language, self.label, self.speaker)


class LateAnswers:
    """The file in `folder`. Everything raises DeviceError where it can not be used."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path, self._clock = folder / FILE, clock
        self._seal = Seal(key_in(folder / KEY_FILE)[0])

    def add(self, outcome: Outcome, talk: Talk) -> bool:
        """Keep it; whether it is new. The first of a key stays."""
        sealed = self._seal.seal(msgspec.json.encode(talk), outcome.key.encode())
        with self._changed() as db:
            values = (outcome.key, msgspec.json.encode(outcome), sealed)
            added = db.execute("insert or ignore into outcome values (null, ?, ?, ?)", values)
            db.execute(
                "delete from outcome where number <= (select max(number) from outcome) - ?", (MOST,)
            )
        return bool(added.rowcount)

    def all(self) -> tuple[Outcome, ...]:
        """Oldest first; what was read long ago is forgotten with this look."""
        if not self._path.exists():
            return ()
        with self._changed() as db:
            rows = db.execute("select value from outcome order by number").fetchall()
            found = [msgspec.json.decode(value, type=Outcome) for (value,) in rows]
            now = self._clock.now()
            old = [one for one in found if one.read_at and one.read_at + KEPT_S <= now]
            db.executemany("delete from outcome where key = ?", [(one.key,) for one in old])
        return tuple(one for one in found if one not in old)

    def talk(self, key: str) -> Talk | None:
        """The words of one; `None` where there are none, or they do not open."""
        if not self._path.exists():
            return None
        with self._opened() as db:
            row = db.execute("select sealed from outcome where key = ?", (key,)).fetchone()
        try:
            plain = self._seal.open(row[0], key.encode()) if row is not None else b""
            return msgspec.json.decode(plain, type=Talk) if plain else None
        except (TrustError, msgspec.MsgspecError):
            return None

    def tell(self, key: str) -> bool:
        """Note that it is told now; whether it had not been before."""
        return self._note(key, told=True)

    def read(self, key: str) -> bool:
        """Note that the person has it on the screen now; whether they had not before."""
        self._note(key, told=True)
        return self._note(key, told=False)

    def remove(self, key: str | None = None) -> int:
        """Remove one, or all, with every trace in the file; how many those were."""
        if not self._path.exists():
            return 0
        with self._changed() as db:
            return db.execute("delete from outcome where ?1 is null or key = ?1", (key,)).rowcount

    def _note(self, key: str, *, told: bool) -> bool:
        with self._changed() as db:
            row = db.execute("select value from outcome where key = ?", (key,)).fetchone()
            if row is None:
                return False
            held = msgspec.json.decode(row[0], type=Outcome)
            if held.told_at if told else held.read_at:
                return False
            field = "told_at" if told else "read_at"
            noted = msgspec.structs.replace(held, **{field: self._clock.now()})
            value = msgspec.json.encode(noted)
            db.execute("update outcome set value = ? where key = ?", (value, key))
        return True

    @contextmanager
    def _changed(self) -> Generator[sqlite3.Connection]:
        """The file within one transaction."""
        with self._opened() as db, transaction(db):
            yield db

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        try:
            make_private(self._path)
            with closing(sqlite3.connect(self._path, timeout=5.0, isolation_level=None)) as db:
                db.execute("pragma synchronous = full")
                db.execute("pragma secure_delete = on")
                db.execute(
                    "create table if not exists outcome (number integer primary key autoincrement,"
                    " key text not null unique, value blob not null, sealed blob not null)"
                )
                yield db
        except (sqlite3.Error, OSError, msgspec.MsgspecError) as error:
            raise DeviceError(
                f"{self._path} can not be used ({type(error).__name__}: {error}): check the folder"
                " and its space, or move the file away",
                code="store_failed",
            ) from error
