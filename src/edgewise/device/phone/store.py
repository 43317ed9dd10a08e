"""Documents of the device in one SQLite file: a driver for each prefix, changes told to watchers.

A batch of effects is one transaction. Calls are made directly, not in a thread: a write of one
row takes about 0.1 ms, a read of 20 rows less (tests/device/phone/test_store.py holds both under
5 ms). Durability: WAL with `synchronous=NORMAL` loses nothing that was committed when the
process dies; a power cut may lose the last commits, never the file. It does not know what rows
mean beyond `collections.py`.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec

from edgewise.agent.private_file import make_private
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.device.phone.collections import DOCUMENTS, PREFIXES, VALUES, stamp
from edgewise.errors import DeviceError

SCHEMA_VERSION = 2
LARGEST_ROW_BYTES = 64 * 1024
LONGEST_ID = 200
BUSY_S = 5.0
RETRY_S = 0.05

# Step n brings a file from version n to n + 1; version 1 had no order of insertion.
_MIGRATIONS = (
    "create table rows (collection text not null, id text not null, value blob not null,"
    " primary key (collection, id)) without rowid;",
    "create table ordered (number integer primary key autoincrement, collection text not null,"
    " id text not null, value blob not null, unique (collection, id));"
    "insert into ordered (collection, id, value)"
    " select collection, id, value from rows order by collection, id;"
    "drop table rows; alter table ordered rename to rows;",
)


class DocumentStore:
    """The file; several processes may have it open, each sees what the others committed.

    Raises DeviceError `store_damaged`, `store_newer`, `store_busy`, `store_full` or
    `store_failed`, each with the remedy, already when it is made.
    """

    def __init__(self, path: Path | str, clock: Clock) -> None:
        self._path = str(path)
        self._clock = clock
        self._watchers: set[_Watcher] = set()
        self._writing = asyncio.Lock()
        self.damage: Words | None = None
        with self._mapped():
            if self._path not in ("", ":memory:"):
                make_private(Path(self._path))
            self._db = _open(self._path)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written: sample data may be loaded."""
        with self._mapped():
            return (
                self._db.execute("select 1 from sqlite_sequence where seq > 0").fetchone() is None
            )

    @property
    def drivers(self) -> tuple["StoreDriver", ...]:
        """A driver for each prefix."""
        return tuple(StoreDriver(self, prefix) for prefix in PREFIXES)

    async def read(self, targets: Iterable[str]) -> dict[str, Reading]:
        """Readings of rows, collections, documents or prefixes; see `act.driver`.

        A row that is not there reads as None, an empty collection as an empty list.
        """
        now = self._clock.monotonic()
        found: dict[str, JsonValue] = {}
        with self._mapped():
            for target in targets:
                found |= self._read_one(target)
        return {target: Reading(value, now) for target, value in found.items()}

    async def write(self, effects: Sequence[Effect]) -> None:
        """Upserts or (value None) deletes the rows, all or none, and tells the watchers."""
        prepared = [(*_place(effect.target), effect.value) for effect in effects]
        async with self._writing:
            for attempt in range(round(BUSY_S / RETRY_S) + 1):
                try:
                    with self._mapped(), self._transaction():
                        for collection, identity, value in prepared:
                            self._put(collection, identity, value)
                    break
                except DeviceError as error:
                    if error.code != "store_busy" or attempt * RETRY_S >= BUSY_S:
                        raise
                await asyncio.sleep(RETRY_S)
        self._tell([effect.target for effect in effects])

    async def watch(self, targets: Sequence[str]) -> AsyncGenerator[dict[str, Reading]]:
        """Current readings, then those of each change made through this store object."""
        watcher = _Watcher(tuple(targets))
        self._watchers.add(watcher)
        try:
            yield await self.read(targets)
            while True:
                await watcher.woken.wait()
                watcher.woken.clear()
                touched, watcher.touched = watcher.touched, {}
                yield await self.read(list(touched))
        finally:
            self._watchers.discard(watcher)

    def close(self) -> None:
        """Closes the file; using the store afterwards raises DeviceError."""
        self._db.close()

    def _read_one(self, target: str) -> dict[str, JsonValue]:
        parts = target.split(".", 2)
        if len(parts) == 3:
            return {target: self._row(f"{parts[0]}.{parts[1]}", parts[2])}
        if len(parts) == 1:
            return self._everything(target)
        if target in DOCUMENTS:
            return {target: self._row(target, "")}
        rows = self._db.execute(
            "select id, value from rows where collection = ? order by number", (target,)
        ).fetchall()
        if target in VALUES:
            values = {str(identity): msgspec.json.decode(value) for identity, value in rows}
            return {target: values} | {f"{target}.{key}": v for key, v in values.items()}
        return {target: [_with_id(identity, value) for identity, value in rows]}

    def _everything(self, prefix: str) -> dict[str, JsonValue]:
        names = self._db.execute(
            "select distinct collection from rows where collection glob ?", (f"{prefix}.*",)
        ).fetchall()
        found: dict[str, JsonValue] = {}
        for (name,) in names:
            found |= self._read_one(str(name))
        return found

    def _row(self, collection: str, identity: str) -> JsonValue:
        row = self._db.execute(
            "select value from rows where collection = ? and id = ?", (collection, identity)
        ).fetchone()
        if row is None:
            return None
        plain = collection in VALUES or collection in DOCUMENTS
        return msgspec.json.decode(row[0]) if plain else _with_id(identity, row[0])

    def _put(self, collection: str, identity: str, value: JsonValue) -> None:
        if value is None:
            self._db.execute(
                "delete from rows where collection = ? and id = ?", (collection, identity)
            )
            return
        target = f"{collection}.{identity}".rstrip(".")
        if collection not in VALUES:
            value = self._stamped(collection, identity, value, target)
        encoded = msgspec.json.encode(value)
        if len(encoded) > LARGEST_ROW_BYTES:
            raise DeviceError(
                f"{target} would take {len(encoded)} bytes; a row may take {LARGEST_ROW_BYTES}."
                " Shorten it or split it into several.",
                code="out_of_range",
            )
        self._db.execute(
            "insert into rows (collection, id, value) values (?, ?, ?)"
            " on conflict (collection, id) do update set value = excluded.value",
            (collection, identity, encoded),
        )

    def _stamped(
        self, collection: str, identity: str, value: JsonValue, target: str
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise DeviceError(
                f"{target} is a row and takes an object, not {type(value).__name__}",
                code="wrong_type",
            )
        row = {key: held for key, held in cast(dict[str, Any], value).items() if key != "id"}
        before = self._row(collection, identity)
        return stamp(collection, row, before, self._clock.now())

    def _tell(self, targets: Sequence[str]) -> None:
        for watcher in self._watchers:
            touched = {
                wanted: None
                for wanted in watcher.targets
                for target in targets
                if _covers(wanted, target) or _covers(target, wanted)
            }
            if touched:
                watcher.touched |= touched
                watcher.woken.set()

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._db.execute("begin immediate")
        try:
            yield
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    @contextmanager
    def _mapped(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise DeviceError(
                f"{self._path} cannot be opened for writing ({error}): check the folder and its"
                " permissions",
                code="store_failed",
            ) from error
        except sqlite3.Error as error:
            mapped = _device_error(error, self._path)
            if mapped.code == "store_damaged":
                self.damage = _DAMAGED
            raise mapped from error


class StoreDriver:
    """`act.driver.Driver` for one prefix of a store."""

    receipts_only: tuple[str, ...] = ()

    def __init__(self, store: DocumentStore, prefix: str) -> None:
        self.prefix = prefix
        self._store = store

    @property
    def away(self) -> Words | None:
        """That the file was found damaged, until the device is started again."""
        return self._store.damage

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """See `DocumentStore.read`."""
        return await self._store.read(targets)

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """See `DocumentStore.write`; there are no receipts, rows are read back."""
        for effect in effects:
            if not effect.target.startswith(f"{self.prefix}."):
                raise DeviceError(f"{effect.target} is not in {self.prefix}", code="unknown_target")
        await self._store.write(effects)
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """See `DocumentStore.watch`."""
        async for change in self._store.watch(targets):
            yield change


class _Watcher:
    def __init__(self, targets: tuple[str, ...]) -> None:
        self.targets = targets
        self.touched: dict[str, None] = {}
        self.woken = asyncio.Event()


_DAMAGED = Words(
    "The phone's store is damaged. Start me again: I will keep the damaged file and begin anew.",
    "手机数据文件已损坏。请重新启动：我会保留损坏的文件并新建一份。",
)


def _open(path: str) -> sqlite3.Connection:
    # One connection, used on the event loop's thread and by tests in others, never at once.
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        _migrate(db, path)
        if db.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check found damage")
        db.execute("pragma busy_timeout = 0")  # from here `write` waits, and lets others run
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, path: str) -> None:
    """Brings the file to this version; each step and its number in one transaction."""
    while True:
        db.execute("begin immediate")
        version = int(db.execute("pragma user_version").fetchone()[0])
        if version == SCHEMA_VERSION:
            db.execute("rollback")
            return
        if version > SCHEMA_VERSION:
            db.execute("rollback")
            raise DeviceError(
                f"{path} has version {version}, this program knows {SCHEMA_VERSION}: use the newer"
                " program, or move the file away to start afresh",
                code="store_newer",
            )
        try:
            for statement in _MIGRATIONS[version].rstrip(";").split(";"):
                db.execute(statement)
            db.execute(f"pragma user_version = {version + 1}")
            db.execute("commit")
        except BaseException:
            db.execute("rollback")
            raise


def _place(target: str) -> tuple[str, str]:
    """Collection and id of a target that may be written. Raises DeviceError."""
    if target in DOCUMENTS:
        return target, ""
    parts = target.split(".", 2)
    if len(parts) != 3 or not all(parts) or len(parts[2]) > LONGEST_ID:
        raise DeviceError(
            f"{target[:LONGEST_ID]!r} names no row; write to prefix.collection.id with an id of at"
            f" most {LONGEST_ID} characters",
            code="unknown_target",
        )
    return f"{parts[0]}.{parts[1]}", parts[2]


def _with_id(identity: str, encoded: bytes) -> dict[str, Any]:
    return {"id": identity, **msgspec.json.decode(encoded)}


def _covers(wanted: str, target: str) -> bool:
    return target == wanted or target.startswith(wanted + ".")


def _device_error(error: sqlite3.Error, path: str) -> DeviceError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "quick_check" in str(error):
        return DeviceError(
            f"{path} is damaged ({error}): move it (and its -wal and -shm files) away and restore"
            " a copy, or start afresh without it",
            code="store_damaged",
        )
    if code == sqlite3.SQLITE_FULL:
        return DeviceError(
            f"there is no room to write {path}: free some space; nothing was changed",
            code="store_full",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DeviceError(
            f"another program has kept {path} busy for {BUSY_S:g} s: try again, or end it",
            code="store_busy",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return DeviceError(
            f"{path} cannot be opened for writing ({error}): check the folder and its permissions",
            code="store_failed",
        )
    return DeviceError(f"{path}: {error}", code="store_failed")
