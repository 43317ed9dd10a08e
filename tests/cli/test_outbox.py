"""`edgewise outbox`: what waits is listed, shown as it will leave, sent and dropped."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgewise.core.clock import SystemClock
from edgewise.device.consents import Consents
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits
from tests.cloud.strange_upstream import StrangeUpstream, strange_upstream
from tests.device.test_reach import echo, grant
from tests.device.waiting import settings

MAIL = "canary.li@example.com"
ASKED = f"what is the capital of the country where {MAIL} was born"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture
def cloud() -> Iterator[StrangeUpstream]:
    """A cloud in a thread of its own, since the commands run loops of theirs."""
    ready, ends = threading.Event(), asyncio.Event()
    made: list[tuple[StrangeUpstream, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        async with strange_upstream(echo) as upstream:
            made.append((upstream, asyncio.get_running_loop()))
            ready.set()
            await ends.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    upstream, loop = made[0]
    yield upstream
    loop.call_soon_threadsafe(ends.set)
    thread.join(10)


@pytest.fixture
def kept(edgewise: Edgewise, home: Path, cloud: StrangeUpstream) -> str:
    """The key of a question that was asked while its cloud was away."""
    (home / "config.toml").write_text(settings(CLOSED))
    grant(home, f"{CLOSED}/v1")
    grant(home, f"{cloud.address}/v1")
    assert "I have kept your question" in edgewise("ask", ASKED).out
    (row,) = edgewise("outbox", "list", "--json").rows
    return str(row["key"])


def test_with_nothing_waiting_it_says_so(edgewise: Edgewise):
    assert edgewise("outbox", "list").out == "No question waits.\n"
    assert edgewise("outbox", "show", "t1").is_one_clear_line("'t1'", "outbox list")
    assert edgewise("outbox", "drop", "t1").is_one_clear_line("'t1'", "outbox list")


def test_what_is_shown_is_exactly_what_leaves(
    edgewise: Edgewise, home: Path, cloud: StrangeUpstream, kept: str
):
    listed = edgewise("outbox", "list").out
    assert fits(listed)
    assert "waits until" in " ".join(listed.split())
    shown = edgewise("outbox", "show", kept).out
    assert MAIL not in shown
    assert "<EMAIL_" in shown
    (home / "config.toml").write_text(settings(cloud.address))
    edgewise("outbox", "send")
    (body,) = cloud.bodies
    assert shown.splitlines()[-1].encode() in body


def test_an_answer_is_shown_with_its_question_and_can_be_dropped(
    edgewise: Edgewise, home: Path, cloud: StrangeUpstream, kept: str
):
    (home / "config.toml").write_text(settings(cloud.address))
    said = edgewise("outbox", "send").out
    assert f"You asked: {ASKED}" in said
    assert "To your question of" in said
    assert "answered" in edgewise("outbox", "list").out
    assert MAIL in edgewise("outbox", "show", kept, "--language", "zh").out
    assert "is dropped" in edgewise("outbox", "drop", kept).out
    assert edgewise("outbox", "list", "--language", "zh").out == "没有等待中的问题。\n"


def test_one_that_stays_is_told_with_its_reason(edgewise: Edgewise, home: Path, kept: str):
    edgewise("mode", "device_only")
    assert "device_only nothing leaves" in edgewise("outbox", "send", kept).out
    assert "任何内容都不离开" in edgewise("outbox", "send", "--language", "zh").out
    edgewise("mode", "cloud_only")
    assert "gave no answer" in edgewise("outbox", "send").out


def test_revoking_the_consent_removes_it(edgewise: Edgewise, home: Path, kept: str):
    consent = Consents(home, SystemClock()).in_force()[0].id
    assert (
        "Questions that waited for it are removed: 1" in edgewise("consent", "revoke", consent).out
    )
    assert edgewise("outbox", "list").out == "No question waits.\n"


def test_with_the_queue_switched_off_nothing_is_sent(
    edgewise: Edgewise, home: Path, cloud: StrangeUpstream, kept: str
):
    (home / "config.toml").write_text(settings(cloud.address).replace("24.0", "0.0"))
    assert "未开启" in edgewise("outbox", "send", "--language", "zh").out
    assert cloud.bodies == []
