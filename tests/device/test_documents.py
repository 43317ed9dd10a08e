"""A document on a real device before a real cloud: its bytes stay, short answers may go."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edgewise.core.clock import SystemClock
from edgewise.core.event import Answered, Delegated, Event, Left
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.device.clouds import Cloud
from edgewise.device.consents import Consents
from edgewise.device.runtime import Device, start_device
from edgewise.perceive.document import document_of
from edgewise.testing.canary import CanarySearch
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.planner import MODEL
from edgewise.testing.upstream.server import started_upstream

CANARY = "ORCHID-7731-BADGER"
MAIL = "li.na@example.com"
FILLER = "\n".join(
    f"Room {n} has white walls and one radiator below its window." for n in range(150)
)
LEASE = f"""1. House
The caretaker is Tobias Lindner; his mail is {MAIL}.
{FILLER}
The combination of the safe reads {CANARY}.
2. Bins
The bins are put out on Friday.
"""
QUESTION = "who is the caretaker and what is his mail, and on which day are the bins put out"


@asynccontextmanager
async def connected(
    folder: Path, mode: str = "prefer_cloud", *, purpose: str = "document"
) -> AsyncIterator[tuple[Device, Upstream]]:
    """A device without a language model, in CN, and a cloud there that plans by a rule."""
    async with started_upstream(models=(MODEL,)) as upstream:
        (folder / "config.toml").write_text(
            f'region = "CN"\nchat_model = ""\nmode = "{mode}"\n[[cloud]]\nname = "step"\n'
            f'address = "{upstream.url}"\nmodel = "{MODEL}"\nregion = "CN"\n'
        )
        cloud = Cloud("step", upstream.url, MODEL, "CN")
        Consents(folder, SystemClock()).grant(cloud.endpoint, purpose)
        device = await start_device(folder)
        try:
            yield device, upstream
        finally:
            await device.close()


async def ask(
    device: Device, question: str = QUESTION, document: str = LEASE, *, private: bool = False
) -> list[Event]:
    part = document_of("lease.txt", document, private=private)
    request = Request((TextPart(question), part), session="s")
    return [event async for event in device.agent.run(request)]


def end_of(found: list[Event]) -> Answered:
    assert isinstance(found[-1], Answered)
    return found[-1]


def sent(upstream: Upstream) -> bytes:
    return b"\n".join(one.body for one in upstream.seen)


def holds(data: bytes, canary: str = CANARY) -> bool:
    return bool(CanarySearch([canary]).stream().feed(data))


async def test_a_question_is_answered_from_the_document_and_its_bytes_stay(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream):
        found = await ask(device)
    end = end_of(found)
    assert (end.source, end.unverified) == ("step", False)
    assert "Tobias Lindner" in end.text
    assert MAIL in end.text
    assert "Friday" in end.text
    out = sent(upstream)
    assert not holds(out)
    assert MAIL.encode() not in out
    assert b"<EMAIL_" in out
    assert b"white walls" not in out
    (told,) = [event for event in found if isinstance(event, Delegated)]
    assert 0 < told.left_bytes < 0.05 * told.document_bytes
    lefts = [event for event in found if isinstance(event, Left)]
    assert sum(event.size_bytes for event in lefts) == told.sent_bytes
    assert {event.purpose for event in lefts} == {"document"}


async def test_what_a_document_holds_leaves_only_when_just_that_was_asked(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream):
        for question in (
            "what is the wifi password",
            "which colour has the door",
            "who is the chef",
        ):
            await ask(device, question)
            assert not holds(sent(upstream))
        end = end_of(await ask(device, "what does the combination of the safe read"))
        assert CANARY in end.text
        assert holds(sent(upstream))


async def test_a_sentence_that_only_half_meets_a_job_stays(tmp_path: Path):
    document = LEASE + f"保险柜的密码写作{CANARY}。\n"
    async with connected(tmp_path) as (device, upstream):
        await ask(device, "无线网密码是什么", document)
    assert len(upstream.seen) == 2
    assert not holds(sent(upstream))


async def test_a_private_document_reaches_nobody_and_is_answered_here(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream):
        found = await ask(device, "who is the caretaker", private=True)
    assert not upstream.seen
    assert not [event for event in found if isinstance(event, Left)]
    end = end_of(found)
    assert (end.source, end.text[:30]) == ("", "In lease.txt: “The caretaker i")


async def test_a_yes_to_questions_is_none_to_documents(tmp_path: Path):
    async with connected(tmp_path, purpose="assist") as (device, upstream):
        text = end_of(await ask(device)).text
    assert "edgewise consent grant step --purpose document" in text
    assert not upstream.seen


async def test_what_was_told_of_a_document_does_not_go_with_a_later_question(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream):
        consents = Consents(tmp_path, SystemClock())
        consents.grant(Cloud("step", upstream.url, MODEL, "CN").endpoint, "assist")
        await ask(device, "what does the combination of the safe read", private=True)
        await ask(device, "who is the caretaker")
        upstream.seen.clear()
        later = Request((TextPart("why is the sky blue"),), session="s")
        assert [event async for event in device.agent.run(later)]
    assert upstream.seen
    assert not holds(sent(upstream))
    assert b"Lindner" not in sent(upstream)
    assert b"caretaker" not in sent(upstream)


async def test_the_trail_keeps_neither_the_document_nor_its_name(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        await ask(device)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "trail").rglob("*") if path.is_file())
    assert b"delegated" in kept
    for word in (CANARY, "white walls", "lease.txt", "Tobias", "Friday"):
        assert word.encode() not in kept


async def test_a_consent_that_is_revoked_while_the_cloud_plans_stops_it(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream):
        from msgspec.structs import replace

        upstream.directive = replace(upstream.directive, first_ms=300.0)
        asking = asyncio.create_task(ask(device))
        async with asyncio.timeout(10):
            while not upstream.seen:  # noqa: ASYNC110  another's state
                await asyncio.sleep(0.005)
        consents = Consents(tmp_path, SystemClock())
        consents.revoke(consents.in_force()[0].id)
        end = end_of(await asking)
    bodies = [json.loads(one.body) for one in upstream.seen if one.body]
    assert len(bodies) == 1
    assert (end.source, end.unverified) == ("", True)
    assert "Tobias" in end.text


@pytest.mark.parametrize("mode", ["device_only", "prefer_device"])
async def test_what_the_device_finds_itself_needs_no_cloud(tmp_path: Path, mode: str):
    async with connected(tmp_path, mode) as (device, upstream):
        end = end_of(await ask(device, "who is the caretaker"))
    assert "Tobias" in end.text
    assert not upstream.seen
