"""What the owner agreed to give to which cloud, for what: one SQLite file of the device's folder.

A running device and the commands have it open together; each reads what the other committed, so
that a consent that is revoked is gone at the next look. A commit is on the disk before it is
answered: a power cut brings no revoked consent back. A file that can not be read is no consent at
all, and is said (fail closed). Ended consents stay as history; there is no content in any of them.
"""

import secrets
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.agent.private_file import make_private
from edgewise.core.clock import Clock
from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.words import Words
from edgewise.device.outbox import FILE as OUTBOX
from edgewise.device.outbox import Outbox
from edgewise.device.transaction import transaction
from edgewise.errors import DeviceError, UserError
from edgewise.route.payload import PURPOSES

FILE = "consents.sqlite"
BUSY_S = 5.0
_SCHEMA = (
    "create table if not exists consents (number integer primary key autoincrement,"
    " id text not null unique, value blob not null)",
    "create table if not exists drives (number integer primary key autoincrement,"
    " id text not null unique)",
)


class Told(Struct, frozen=True):
    """What an answer is for, and what is sent for it, in a person's words."""

    words: Words
    sent: Words


METHOD = "sent for one answer, pseudonymised"
_REPLACED = Words(
    "; names, numbers and addresses that are recognised are replaced before",
    "；能识别出的姓名、号码和地址会先被替换",
)


def _told(en: str, zh: str, sent_en: str, sent_zh: str) -> Told:
    return Told(Words(en, zh), Words(sent_en + _REPLACED.en, sent_zh + _REPLACED.zh))


TOLD = {
    "assist": _told(
        *("answering what you ask", "回答您的问题"),
        *("your question and the last exchanges of the talk", "您的问题和最近几轮对话"),
    ),
    "weather": _told(
        *("telling the weather", "查询天气"),
        *("your question and where you are, to about 11 km", "您的问题和精确到约 11 公里的位置"),
    ),
    "navigate": _told(
        *("finding the way and places around", "导航和查找周边地点"),
        *("your question and where you are, to about 1 km", "您的问题和精确到约 1 公里的位置"),
    ),
    "document": _told(
        *("reading a document with you", "和您一起阅读文档"),
        *(
            "your question, the last exchanges and what is needed of the document",
            "您的问题、最近几轮对话，以及文档中需要的部分",
        ),
    ),
    "pictures": _told(
        *("looking at a picture with you", "和您一起看图片"),
        *(
            "your question, the last exchanges and the picture, on which faces, number plates and"
            " lines with personal data are hidden before",
            "您的问题、最近几轮对话和图片（图片上的人脸、车牌和含个人信息的文字会先被遮盖）",
        ),
    ),
    "tools": _told(
        *(
            "letting its agent propose what the device does for a task of yours",
            "让云端智能体为您交代的事情向设备提出操作",
        ),
        *(
            "your words, the last exchanges, what the device can do, and the results of what it"
            " did",
            "您的话、最近几轮对话、设备能做的事，以及设备操作的结果",
        ),
    ),
}
"""One for each purpose of `route/payload.py`, which holds what is sent to just that."""


class Consents:
    """The store in `folder`. Making it never raises; `damage` says what is wrong with its file."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / FILE
        self._clock = clock
        self.damage: Words | None = None
        self._is_over = False
        self.purged = 0
        """How many questions that waited went with the last consent that was revoked."""

    def given(self) -> tuple[Consent, ...]:
        """All that were ever given, oldest first, with their ends; none of a damaged file."""
        if not self._path.exists():
            return ()
        try:
            with self._opened() as db:
                rows = db.execute("select value from consents order by number").fetchall()
            found = tuple(msgspec.json.decode(value, type=Consent) for (value,) in rows)
        except (DeviceError, msgspec.MsgspecError, TypeError):
            self.damage = _damaged(self._path)
            return ()
        self.damage = None
        return found

    def in_force(self) -> tuple[Consent, ...]:
        """Those that hold now, in this drive, for any question. Ask again before each sending: one
        may be gone."""
        return tuple(consent for consent in self._holding() if not consent.once)

    def once(self, digest: str) -> tuple[Consent, ...]:
        """Those that hold now for the payload with that digest only."""
        return tuple(consent for consent in self._holding() if digest and consent.once == digest)

    def _holding(self) -> tuple[Consent, ...]:
        now, drive = self._clock.now(), self.drive
        return tuple(consent for consent in self.given() if consent.holds(now, drive))

    def grant(
        self,
        endpoint: Endpoint,
        purpose: str,
        *,
        sensitive: bool = False,
        crossing: bool = False,
        expires_at: float | None = None,
        this_drive: bool = False,
        once: str = "",
    ) -> Consent:
        """Keep a yes of the person; with `once` for the payload of that digest only. Raises
        UserError for a purpose that there is not, an end that has passed and a drive when there is
        none; DeviceError when it can not be kept."""
        if purpose not in PURPOSES:
            known = ", ".join(PURPOSES)
            raise UserError(f"there is no purpose {purpose!r}; known are {known}")
        now = self._clock.now()
        if expires_at is not None and expires_at <= now:
            raise UserError("the end of the consent has passed already; name a later one")
        drive = self.drive if this_drive else ""
        if this_drive and not drive:
            raise UserError("no drive has begun; start the device, or leave --drive out")
        consent = Consent(
            secrets.token_hex(4),
            endpoint.name,
            purpose,
            now,
            sensitive=sensitive,
            crossing=crossing,
            expires_at=expires_at,
            drive=drive,
            address=endpoint.address,
            region=endpoint.region,
            method=METHOD,
            categories=tuple(sorted(part.value for part in PURPOSES[purpose].parts)),
            once=once,
        )
        with self._changed() as db:
            db.execute(
                "insert into consents (id, value) values (?, ?)",
                (consent.id, msgspec.json.encode(consent)),
            )
        return consent

    def twins(self, consent: Consent) -> tuple[Consent, ...]:
        """Those in force for the same recipient and purpose, by which things go there still."""
        same = (consent.recipient, consent.purpose)
        others = (one for one in self.in_force() if one.id != consent.id)
        return tuple(one for one in others if (one.recipient, one.purpose) == same)

    def revoke(self, consent: str) -> Consent:
        """End it now; one that was revoked before stays as it is. What waits for that recipient and
        purpose goes with it. Raises UserError for an id that there is not, DeviceError when it can
        not be kept."""
        with self._changed() as db:
            row = db.execute("select value from consents where id = ?", (consent,)).fetchone()
            if row is None:
                raise UserError(f"there is no consent {consent!r}; see `edgewise consent list`")
            held = msgspec.json.decode(row[0], type=Consent)
            if held.revoked_at is None:
                held = msgspec.structs.replace(held, revoked_at=self._clock.now())
                db.execute(
                    "update consents set value = ? where id = ?",
                    (msgspec.json.encode(held), consent),
                )
        self.purged = self._purge(held)
        return held

    def _purge(self, consent: Consent) -> int:
        folder = self._path.parent
        if not (folder / OUTBOX).exists():
            return 0
        box = Outbox(folder, self._clock)
        try:
            return box.purge(recipient=consent.recipient, purpose=consent.purpose)
        finally:
            box.close()

    @property
    def drive(self) -> str:
        """The drive that began last; empty when none has, or that can not be read or kept."""
        if self._is_over or not self._path.exists():
            return ""
        with suppress(DeviceError), self._opened() as db:
            row = db.execute("select id from drives order by number desc limit 1").fetchone()
            return str(row[0]) if row is not None else ""
        return ""

    def begin_drive(self) -> str:
        """A new drive; consents for an earlier one hold no longer. Raises DeviceError when it can
        not be kept: then, too, they hold no longer in this process."""
        drive, self._is_over = secrets.token_hex(4), True
        with self._changed() as db:
            db.execute("delete from drives")
            db.execute("insert into drives (id) values (?)", (drive,))
        self._is_over = False
        return drive

    @contextmanager
    def _changed(self) -> Generator[sqlite3.Connection]:
        """The file within one transaction."""
        with self._opened() as db, transaction(db):
            yield db

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        """The file; opened each time, so that one that was damaged or moved away meanwhile is not
        believed. Raises DeviceError."""
        try:
            make_private(self._path)
            with closing(sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)) as db:
                db.execute("pragma synchronous = full")
                for statement in _SCHEMA:
                    db.execute(statement)
                yield db
        except (sqlite3.Error, OSError, msgspec.MsgspecError) as error:
            raise DeviceError(
                f"{self._path} can not be read or written ({error}), so nothing counts as agreed"
                " to; move it away and give the consents again, or check the folder's permissions",
                code="store_damaged",
            ) from error


def _damaged(path: Path) -> Words:
    return Words(
        f"{path} is damaged, so nothing counts as agreed to and nothing leaves; move it away and"
        " give the consents again (edgewise consent grant)",
        f"{path} 已损坏：所有同意均视为无效，任何内容都不离开本机；请移走该文件后重新同意"
        "（edgewise consent grant）",
    )
