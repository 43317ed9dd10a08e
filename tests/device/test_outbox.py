"""What waits for a network: not readable, not doubled, not without leave, and all bounded."""

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from edgewise.core.label import Label, OriginKind, Residency, Sensitivity, label_of
from edgewise.device.outbox import FILE, KEY_FILE, Ending, Entry, Outbox, OutboxRules
from edgewise.device.phone.repair import set_aside
from edgewise.errors import DeviceError, LinkError, UserError
from edgewise.testing.clock import ManualClock
from tests.cloud.raw_server import Line, raw_server

CANARY = b"CANARY-what-was-asked"
TYPED = label_of(OriginKind.TYPED)


class Desk:
    """An outbox on a clock of the test, and what it has delivered."""

    def __init__(self, folder: Path, **rules: Any) -> None:
        self.clock = ManualClock()
        self.rules = OutboxRules(**rules)
        self.box = Outbox(folder, self.clock, self.rules)
        self.delivered: list[tuple[str, bytes]] = []

    def put(
        self, key: str, content: bytes = CANARY, *, minutes: float = 60, **changed: Any
    ) -> tuple[Entry, ...]:
        given = {"label": TYPED, "recipient": "far", "purpose": "assist"} | changed
        until = self.clock.now() + 60 * minutes
        return self.box.put(content, key=key, until=until, **given)

    async def deliver(self, entry: Entry, content: bytes) -> None:
        self.delivered.append((entry.key, content))

    async def send(self, may_send: Callable[[Entry], bool | str] = lambda _: True) -> list[str]:
        return [e.how for e in await self.box.send(self.deliver, may_send)]

    @property
    def keys(self) -> list[str]:
        return [entry.key for entry in self.box.entries()]


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_what_waits_is_sent_once_and_in_order(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a", b"first")
    desk.put("b", b"second")
    assert await desk.send() == ["sent", "sent"]
    assert desk.delivered == [("a", b"first"), ("b", b"second")]
    assert await desk.send() == []
    desk.put("a", b"again")  # it was sent already
    assert desk.keys == []


def test_an_entry_tells_what_it_is_and_not_what_it_says(tmp_path: Path):
    desk = Desk(tmp_path)
    label = Label(label_of(OriginKind.CONTACT, "Aunt CANARY").origins, residency=Residency.REGION)
    desk.put("a", label=label)
    (entry,) = desk.box.entries()
    assert (entry.recipient, entry.purpose, entry.residency) == (
        *("far", "assist"),
        Residency.REGION,
    )
    assert (entry.kinds, entry.size_bytes, entry.tries) == (("contact",), len(CANARY), 0)
    assert b"CANARY" not in bytes_in(tmp_path)


async def test_no_content_is_in_any_file_at_any_time(tmp_path: Path):
    desk = Desk(tmp_path)
    for number in range(20):
        desk.put(f"key-{number}", CANARY * 50)
        assert b"CANARY" not in bytes_in(tmp_path)
    await desk.send()
    assert b"CANARY" not in bytes_in(tmp_path)
    assert len(desk.delivered) == 20
    assert desk.delivered[0][1] == CANARY * 50


def test_all_files_are_the_owners_alone(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a")
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {FILE, KEY_FILE} <= set(files)
    assert set(files.values()) == {0o600}


@pytest.mark.parametrize("answer", [False, "no consent", "", None, 1])
async def test_what_may_not_be_sent_now_stays(tmp_path: Path, answer: Any):
    desk = Desk(tmp_path)
    desk.put("a")
    assert await desk.send(lambda _: answer) == ["held"]
    assert (desk.delivered, desk.keys) == ([], ["a"])


async def test_leave_is_asked_for_each_entry_as_it_is_sent(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a")
    desk.put("b")
    assert await desk.send(lambda _: not desk.delivered or "withdrawn") == ["sent", "held"]


async def test_what_was_purged_while_another_was_sent_is_not_sent(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a")
    desk.put("b")

    async def deliver(entry: Entry, content: bytes) -> None:
        await desk.deliver(entry, content)
        desk.box.purge(recipient="far")

    assert [e.how for e in await desk.box.send(deliver, lambda _: True)] == ["sent"]
    assert [key for key, _ in desk.delivered] == ["a"]


def test_a_purge_leaves_nothing_of_what_it_names_and_all_else(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a", recipient="one")
    desk.put("b", recipient="two", purpose="news")
    desk.put("c", recipient="two")
    sealed = {key: raw for key, raw in desk.box._db.execute("select key, sealed from entry")}
    assert desk.box.purge(recipient="two", purpose="news") == 1
    assert desk.keys == ["a", "c"]
    assert sealed["b"] not in bytes_in(tmp_path)
    assert sealed["a"] in bytes_in(tmp_path)
    assert desk.box.purge(recipient="two") == 1
    assert desk.box.purge() == 1
    assert not any(raw in bytes_in(tmp_path) for raw in sealed.values())


async def test_what_expired_is_not_sent_and_is_gone(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a", minutes=1)
    desk.put("b", minutes=3)
    desk.put("c", label=Label(TYPED.origins, expires_at=desk.clock.now() + 60))
    desk.clock.advance(60)
    assert await desk.send() == ["sent"]
    assert [key for key, _ in desk.delivered] == ["b"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"label": Label(residency=Residency.DEVICE)}, "stays"),
        ({"label": Label(sensitivity=Sensitivity.SECRET)}, "stays"),
        ({"label": Label(purposes=("news",))}, "stays"),
        ({"minutes": 0}, "over"),
        ({"minutes": float("nan")}, "over"),
        ({"minutes": float("inf")}, "over"),
        ({"content": b"x" * 101}, "too_large"),
    ],
)
def test_what_may_never_leave_or_is_over_does_not_wait(
    tmp_path: Path, changed: dict[str, Any], code: str
):
    desk = Desk(tmp_path, entry_bytes=100)
    with pytest.raises(UserError) as raised:
        desk.put("a", **changed)
    assert (raised.value.code, desk.keys) == (code, [])


def test_a_full_outbox_lets_go_what_would_expire_first_and_says_so(tmp_path: Path):
    desk = Desk(tmp_path, entries=3)
    for key, minutes in (("a", 30), ("b", 10), ("c", 20)):
        desk.put(key, minutes=minutes)
    assert [entry.key for entry in desk.put("d", minutes=40)] == ["b"]
    assert desk.keys == ["a", "c", "d"]
    with pytest.raises(DeviceError) as raised:
        desk.put("e", minutes=5)
    assert (raised.value.code, desk.keys) == ("outbox_full", ["a", "c", "d"])
    desk.clock.advance(20 * 60)
    assert desk.put("f", minutes=5) == ()  # what has expired is not missed
    assert desk.keys == ["a", "d", "f"]


def test_its_bytes_are_bounded(tmp_path: Path):
    desk = Desk(tmp_path, size_bytes=100)
    desk.put("a", b"x" * 40, minutes=1)
    desk.put("b", b"x" * 40, minutes=2)
    assert [entry.key for entry in desk.put("c", b"x" * 100, minutes=3)] == ["a", "b"]
    assert desk.keys == ["c"]


async def test_a_link_that_fails_keeps_the_rest_and_the_key_stays_the_same(tmp_path: Path):
    keys: list[bytes] = []

    async def talk(line: Line) -> None:
        asked = await line.request()
        keys.append(asked.lower().partition(b"idempotency-key: ")[2].partition(b"\r\n")[0])
        if len(keys) > 1:  # the first time, it takes the request and the reply is lost
            await line.say(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    desk = Desk(tmp_path)
    desk.put("key-1")
    desk.put("key-2")
    async with raw_server(talk) as address, httpx.AsyncClient() as client:

        async def deliver(entry: Entry, content: bytes) -> None:
            try:
                await client.post(address, content=content, headers={"Idempotency-Key": entry.key})
            except httpx.HTTPError:
                raise LinkError("cut", code="cloud_broken") from None

        (ending,) = await desk.box.send(deliver, lambda _: True)
        assert (ending.how, ending.why, desk.keys) == ("away", "cloud_broken", ["key-1", "key-2"])
        assert [entry.tries for entry in desk.box.entries()] == [1, 0]
        endings = await desk.box.send(deliver, lambda _: True)
    assert [ending.how for ending in endings] == ["sent", "sent"]
    assert keys == [b"key-1", b"key-1", b"key-2"]


async def test_what_will_never_be_taken_goes(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a")

    async def refuse(entry: Entry, content: bytes) -> None:
        raise UserError("no", code="too_long")

    (ending,) = await desk.box.send(refuse, lambda _: True)
    assert isinstance(ending, Ending)
    assert (ending.how, ending.why, desk.keys) == ("refused", "too_long", [])


async def test_two_at_once_send_an_entry_once(tmp_path: Path):
    desk = Desk(tmp_path)
    other = Outbox(tmp_path, desk.clock)
    desk.put("a")
    may_go, sending = asyncio.Event(), asyncio.Event()

    async def deliver(entry: Entry, content: bytes) -> None:
        sending.set()
        await may_go.wait()
        await desk.deliver(entry, content)

    first = asyncio.create_task(desk.box.send(deliver, lambda _: True))
    await sending.wait()
    assert await other.send(desk.deliver, lambda _: True) == ()
    may_go.set()
    assert [ending.how for ending in await first] == ["sent"]
    assert len(desk.delivered) == 1


@pytest.mark.parametrize("column", ["recipient", "sealed", "expires_at"])
async def test_an_entry_that_was_tampered_with_is_not_sent(tmp_path: Path, column: str):
    desk = Desk(tmp_path)
    desk.put("a")
    changed = {"recipient": "else", "sealed": b"x" * 40, "expires_at": 9e9}[column]
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute(f"update entry set {column} = ?", (changed,))
    assert await desk.send() == ["damaged"]
    assert (desk.delivered, desk.keys) == ([], [])


@pytest.mark.parametrize("damage", ["file", "key", "entry"])
def test_what_can_not_be_read_is_set_aside_and_said(tmp_path: Path, damage: str):
    desk = Desk(tmp_path)
    desk.put("a")
    desk.box.close()
    if damage == "key":
        (tmp_path / KEY_FILE).unlink()
    elif damage == "file":
        (tmp_path / FILE).write_bytes(b"nonsense" * 1000)
    else:
        with sqlite3.connect(tmp_path / FILE) as db:
            db.execute("update entry set told = 'none'")
        db.close()
    box = Outbox(tmp_path, desk.clock)
    assert box.entries() == ()
    assert box.repaired is not None
    (aside,) = tmp_path.glob(f"{FILE}.damaged-*")
    assert str(aside) in box.repaired.en
    box.purge()
    assert list(tmp_path.glob(f"{FILE}.damaged-*")) == []


def counting(at: int, before: Callable[[], None]) -> tuple[type[sqlite3.Connection], list[int]]:
    """A connection that calls `before` ahead of its statement number `at`."""
    count = [0]

    class Counting(sqlite3.Connection):
        def execute(self, *given: Any) -> sqlite3.Cursor:  # type: ignore[override]
            count[0] += 1
            if count[0] == at:
                before()
            return super().execute(*given)

    return Counting, count


async def through_it_all(folder: Path, factory: type[sqlite3.Connection]) -> None:
    """Open it, put one more, send one."""
    box = Outbox(folder, ManualClock(), factory=factory)
    until = ManualClock().now() + 3600
    box.put(b"new", TYPED, key="new", recipient="far", purpose="assist", until=until)
    await box.send(_taken, lambda entry: entry.key == "old")
    box.close()


async def _taken(entry: Entry, content: bytes) -> None:
    pass


def _fail() -> None:
    raise sqlite3.OperationalError("the disk failed")


STATES = ({"old"}, {"old", "new"}, {"new"})


async def test_a_failure_or_power_cut_at_any_statement_leaves_old_or_new(tmp_path: Path):
    start = tmp_path / "start"
    start.mkdir()
    desk = Desk(start)
    desk.put("old")
    desk.box.close()
    seen: list[set[str]] = []
    at, ended = 0, False
    while not ended:
        at += 1
        for kind in ("failure", "cut"):
            folder, after = tmp_path / f"{kind}-{at}", tmp_path / f"{kind}-{at}-after"
            shutil.copytree(start, folder)
            cut = lambda: shutil.copytree(folder, after)  # noqa: B023, E731
            factory, count = counting(at, cut if kind == "cut" else _fail)
            try:
                await through_it_all(folder, factory)
            except (DeviceError, sqlite3.OperationalError):
                assert kind == "failure"
            ended = count[0] < at
            box = Outbox(after if after.exists() else folder, ManualClock())
            seen.append({entry.key for entry in box.entries()})
            assert seen[-1] in STATES, (kind, at)
            assert box.repaired is None
            box.close()
    assert at > 20
    assert [state for state in STATES if state not in seen] == []


async def test_of_a_file_that_another_set_aside_nothing_is_told_or_sent_any_more(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.put("a")
    set_aside(tmp_path / FILE, 0.0)
    assert desk.keys == []
    assert await desk.send() == []
    desk.put("b")
    assert Desk(tmp_path).keys == ["b"]


def test_what_was_set_aside_goes_when_it_is_dropped(tmp_path: Path):
    desk = Desk(tmp_path)
    aside = set_aside(tmp_path / FILE, 0.0)
    desk.box.drop_set_aside()
    assert not aside.exists()
