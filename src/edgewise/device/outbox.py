"""What waits for a network: sealed, bounded, expiring, and asked again about before it leaves.

An entry is sent only if `may_send` says so at that moment; what expired, or whose consent was
withdrawn (`purge`), is gone from the file, its log too. An entry is sent at least once and always
under the same idempotency key, so that the recipient can tell a repeat; one that is known to have
arrived is not sent again. Its recipient, purpose and kinds of label lie open in the file, since
entries are purged by them; its content does not.
Source: reference note on routing, section 4 (store-and-forward).
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.agent.private_file import make_private
from edgewise.core.clock import Clock
from edgewise.core.label import Label, Residency, Sensitivity
from edgewise.core.words import Words
from edgewise.device.phone.repair import set_aside
from edgewise.device.sealed import Seal, key_in
from edgewise.device.transaction import transaction
from edgewise.errors import DeviceError, LinkError, TrustError, UserError

FILE = "outbox.sqlite"
KEY_FILE = "outbox.key"
SENT_S = 7 * 86_400.0
"""How long it is remembered that a key was sent."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class OutboxRules(Struct, frozen=True):
    """Its bounds. `claim_s` is how long an entry is left to who is sending it."""

    entries: int = 200
    size_bytes: int = 8 * 1024 * 1024
    entry_bytes: int = 1024 * 1024
    claim_s: float = 120.0


class Entry(Struct, frozen=True):
    """One entry, without its content. `key` is its idempotency key, `kinds` the kinds of source it
    was made of; times are wall seconds. With `tries` above 0 it may have arrived already."""

    key: str
    recipient: str
    purpose: str
    residency: Residency
    sensitivity: Sensitivity
    kinds: tuple[str, ...]
    queued_at: float
    expires_at: float
    size_bytes: int
    tries: int = 0


class Ending(Struct, frozen=True):
    """What became of an entry: sent, held (with why), away (the link failed; it stays), refused or
    damaged (both are gone)."""

    entry: Entry
    how: str
    why: str = ""


MaySend = Callable[[Entry], bool | str]
"""True, or why not."""
Deliver = Callable[[Entry, bytes], Awaitable[None]]
"""Sends under `Entry.key`. Raises LinkError when it may be tried again, UserError when it never
will be taken."""
Gone = Callable[[Entry, bytes | None, str], None]
"""Told of an entry that goes unsent, with its content while it can be read: `expired`, or `crowded`
out by another. It must not change the outbox."""


def _untold(entry: Entry, content: bytes | None, why: str) -> None:
    """Nobody is told."""


class Outbox:
    """The queue in a folder. `repaired` says what had to be set aside; `gone` hears of what goes
    unsent before it does, maybe twice. Raises DeviceError."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        rules: OutboxRules | None = None,
        *,
        gone: Gone = _untold,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        self._path, self._clock, self._rules = folder / FILE, clock, rules or OutboxRules()
        self._gone, self._factory = gone, factory
        self._sending = asyncio.Lock()
        self.repaired: Words | None = None
        key, is_new = key_in(folder / KEY_FILE)
        self._seal = Seal(key)
        if is_new and self._path.exists():  # what it holds opens with no key there is
            self._set_aside()
        with self._raising():
            self._db = self._whole()

    def put(
        self, content: bytes, label: Label, *, key: str, recipient: str, purpose: str, until: float
    ) -> tuple[Entry, ...]:
        """Keep `content`, redacted as it is to be sent, until `until` (or as long as its label
        lets); the entries that had to go for it, which the person is told of.

        The same key again changes nothing. Raises UserError for what may never leave, is over
        already or too large, DeviceError (`outbox_full`) when nothing may go for it.
        """
        entry = self._entry(content, label, key, recipient, purpose, until)
        with self._transaction() as db:
            known = "select 1 from entry where key = ?1 union select 1 from sent where key = ?1"
            if db.execute(known, (key,)).fetchone():
                return ()
            dropped = self._room_for(db, entry)
            sealed = self._seal.seal(content, _context(entry))
            db.execute(
                "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(key, recipient, purpose, entry.expires_at, entry.size_bytes),
                    *(_told(entry), sealed, 0.0),
                ),
            )
        if dropped:
            self._wipe_log()
        return dropped

    def entries(self) -> tuple[Entry, ...]:
        """What waits, in the order in which it came."""
        with self._mapped():
            rows = self._db.execute("select told from entry order by rowid").fetchall()
            return tuple(_entry_of(told) for (told,) in rows)

    def content(self, key: str) -> bytes | None:
        """What an entry that waits is to send; `None` where there is none, or it does not open."""
        with self._mapped():
            row = self._db.execute("select told, sealed from entry where key = ?", (key,))
            found = row.fetchone()
        return None if found is None else self._opened(_entry_of(found[0]), found[1])

    def remove(self, key: str) -> bool:
        """Remove one entry, with every trace in the file; whether there was one."""
        with self._transaction() as db:
            found = db.execute("delete from entry where key = ?", (key,)).rowcount
        self._wipe_log()
        return bool(found)

    def settle(self) -> None:
        """Let go what has expired."""
        self._forget_old()
        self._wipe_log()

    def purge(self, *, recipient: str | None = None, purpose: str | None = None) -> int:
        """Remove what is for that recipient and purpose (`None`: any), with every trace in the
        file; how many those were. A file that was set aside goes too: nobody knows what it holds.
        """
        with self._transaction() as db:
            found = db.execute(
                "delete from entry where (?1 is null or recipient = ?1)"
                " and (?2 is null or purpose = ?2)",
                (recipient, purpose),
            ).rowcount
        self._wipe_log()
        self.drop_set_aside()
        return found

    def drop_set_aside(self) -> None:
        """Delete what was set aside as damaged."""
        with self._mapped():
            for aside in self._path.parent.glob(f"{FILE}.damaged-*"):
                aside.unlink()

    async def send(self, deliver: Deliver, may_send: MaySend) -> tuple[Ending, ...]:
        """Send what may be sent now, oldest first; once the link to a recipient fails, nothing more
        is tried there."""
        async with self._sending:
            self._forget_old()
            endings: list[Ending] = []
            away: set[str] = set()
            for entry in self.entries():
                if entry.recipient in away:
                    continue
                ending = await self._send_one(entry, deliver, may_send)
                if ending is not None:
                    endings.append(ending)
                    if ending.how == "away":
                        away.add(entry.recipient)
            self._wipe_log()
            return tuple(endings)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    async def _send_one(self, entry: Entry, deliver: Deliver, may_send: MaySend) -> Ending | None:
        allowed = may_send(entry)
        if allowed is not True:
            return Ending(entry, "held", allowed or "")
        if entry.expires_at <= self._clock.now():
            return None
        claimed = self._claim(entry)
        if claimed is None:
            return None
        entry, content = claimed
        if content is None:
            self._remove(entry)
            return Ending(entry, "damaged")
        try:
            await deliver(entry, content)
        except LinkError as error:
            self._release(entry)
            return Ending(entry, "away", error.code)
        except UserError as error:
            self._remove(entry)
            return Ending(entry, "refused", error.code)
        except BaseException:
            self._release(entry)
            raise
        self._remove(entry, is_sent=True)
        return Ending(entry, "sent")

    def _claim(self, entry: Entry) -> tuple[Entry, bytes | None] | None:
        """The entry with one try more, and its content if it holds; None when another sends it, or
        it went meanwhile."""
        now = self._clock.now()
        tried = msgspec.structs.replace(entry, tries=entry.tries + 1)
        with self._transaction() as db:
            row = db.execute(
                "update entry set claimed_until = ?, told = ? where key = ? and claimed_until <= ?"
                " returning sealed, recipient, purpose, expires_at",
                (now + self._rules.claim_s, _told(tried), entry.key, now),
            ).fetchone()
        if row is None:
            return None
        if row[1:] != (entry.recipient, entry.purpose, entry.expires_at):
            return tried, None
        return tried, self._opened(entry, row[0])

    def _opened(self, entry: Entry, sealed: bytes) -> bytes | None:
        try:
            return self._seal.open(sealed, _context(entry))
        except TrustError:
            return None

    def _release(self, entry: Entry) -> None:
        with self._transaction() as db:
            db.execute("update entry set claimed_until = 0 where key = ?", (entry.key,))

    def _remove(self, entry: Entry, *, is_sent: bool = False) -> None:
        with self._transaction() as db:
            db.execute("delete from entry where key = ?", (entry.key,))
            if is_sent:
                row = (entry.key, self._clock.now())
                db.execute("insert or replace into sent values (?, ?)", row)

    def _forget_old(self) -> None:
        now = self._clock.now()
        with self._transaction() as db:
            self._let_go_of_expired(db, now)
            db.execute("delete from sent where at <= ?", (now - SENT_S,))

    def _let_go_of_expired(self, db: sqlite3.Connection, now: float) -> None:
        """One that is being sent at this moment is left until that has ended."""
        ended = "from entry where expires_at <= ?1 and claimed_until <= ?1"
        for told, sealed in db.execute(f"select told, sealed {ended}", (now,)).fetchall():
            entry = _entry_of(told)
            self._gone(entry, self._opened(entry, sealed), "expired")
        db.execute(f"delete {ended}", (now,))

    def _entry(
        self, content: bytes, label: Label, key: str, recipient: str, purpose: str, until: float
    ) -> Entry:
        if label.residency is Residency.DEVICE or label.sensitivity is Sensitivity.SECRET:
            raise UserError(
                "this may never leave the device, so it does not wait for a network", code="stays"
            )
        if label.purposes is not None and purpose not in label.purposes:
            raise UserError(f"this was not given for {purpose!r}", code="stays")
        if len(content) > self._rules.entry_bytes:
            raise UserError(
                f"{len(content)} bytes are to wait, at most {self._rules.entry_bytes} may; send"
                " less",
                code="too_large",
            )
        now = self._clock.now()
        expires_at = until if label.expires_at is None else min(until, label.expires_at)
        if not now < expires_at < float("inf") or not key:
            raise UserError("what waits needs a key and an end that is yet to come", code="over")
        kinds = tuple(sorted({origin.kind.value for origin in label.origins}))
        return Entry(
            *(key, recipient, purpose, label.residency, label.sensitivity, kinds),
            *(now, expires_at, len(content)),
        )

    def _room_for(self, db: sqlite3.Connection, entry: Entry) -> tuple[Entry, ...]:
        """Remove what expired, oldest first, then what would expire before `entry`, as far as it
        needs room; what went before its end."""
        self._let_go_of_expired(db, self._clock.now())
        count, size_bytes = db.execute(
            "select count(*), coalesce(sum(size_bytes), 0) from entry"
        ).fetchone()
        size_bytes += entry.size_bytes
        dropped: list[Entry] = []
        rows = db.execute(
            "select told, sealed from entry where expires_at < ? and claimed_until <= ?"
            " order by expires_at, rowid",
            (entry.expires_at, self._clock.now()),
        ).fetchall()
        for told, sealed in rows:
            if count < self._rules.entries and size_bytes <= self._rules.size_bytes:
                break
            going = _entry_of(told)
            self._gone(going, self._opened(going, sealed), "crowded")
            db.execute("delete from entry where key = ?", (going.key,))
            count, size_bytes = count - 1, size_bytes - going.size_bytes
            dropped.append(going)
        if count >= self._rules.entries or size_bytes > self._rules.size_bytes:
            raise DeviceError(
                f"{count} entries wait for a network, which is all that may; ask again when there"
                " is one, or remove some",
                code="outbox_full",
            )
        return tuple(dropped)

    # -- the file

    def _whole(self) -> sqlite3.Connection:
        """The file, or a new one where it is damaged."""
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._set_aside()
            return self._open()

    def _open(self) -> sqlite3.Connection:
        make_private(self._path)
        db = sqlite3.connect(self._path, isolation_level=None, timeout=5.0, factory=self._factory)
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.execute("pragma secure_delete = on")  # the default of some builds only
            if db.execute("pragma quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check found damage")
            db.execute(
                "create table if not exists entry (key text primary key, recipient text not null,"
                " purpose text not null, expires_at real not null, size_bytes integer not null,"
                " told blob not null, sealed blob not null, claimed_until real not null)"
            )
            db.execute("create table if not exists sent (key text primary key, at real not null)")
            for (told,) in db.execute("select told from entry"):
                _entry_of(told)
            self._file = _identity(self._path)
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self) -> None:
        aside = set_aside(self._path, self._clock.now())
        self.repaired = Words(
            f"What waited for a network could not be read. I kept it as {aside}; none of it will"
            " be sent.",
            f"等待联网发送的内容无法读取。我把它保留为 {aside}，其中的内容不会发送。",
        )

    def _wipe_log(self) -> None:
        """Write the log into the file and empty it: what was deleted is overwritten in both."""
        with self._mapped():
            self._db.execute("pragma wal_checkpoint(truncate)").fetchall()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._mapped(), transaction(self._db):
            yield self._db

    @contextmanager
    def _mapped(self) -> Generator[None]:
        """On the file that bears the name now: another process may have set this one aside, and
        nothing of that is sent."""
        with self._raising():
            if _identity(self._path) != self._file:
                self._db.close()
                self._db = self._whole()
            yield

    @contextmanager
    def _raising(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise DeviceError(
                f"{self._path} can not be used ({type(error).__name__}: {error}): check the folder"
                " and its space; nothing was changed",
                code="store_failed",
            ) from error


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file bears the name; `None`: none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in _DAMAGED or "quick_check" in str(error)


def _told(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def _entry_of(told: Any) -> Entry:
    try:
        return msgspec.json.decode(told, type=Entry)
    except (msgspec.MsgspecError, TypeError, UnicodeDecodeError):
        raise sqlite3.DatabaseError("quick_check found an entry that is none") from None


def _context(entry: Entry) -> bytes:
    """What a content is bound to: sealed for one recipient it opens for no other."""
    return _told(msgspec.structs.replace(entry, tries=0))
