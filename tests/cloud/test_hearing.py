"""The sounds of a request are read beside the loop, in turn, and within the steps of one."""

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.batch_lines import read_line, run_line
from edgewise.cloud.body_room import SHARES, BodyRoom
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.chat import Asked, read_chat
from edgewise.cloud.hearing import Hearing, heard
from edgewise.cloud.refusal import Refused
from edgewise.cloud.sound import MOST_STEPS
from tests.cloud.running import Running, running_cloud
from tests.cloud.sounds import mp3, opus, page, part, wav

DIRTY = mp3(2) + b"\xff" * (MOST_STEPS - 10_000)
"""As many steps as one request may have, or a few less."""


def body_of(*sounds: bytes) -> dict[str, Any]:
    content = [part(sound) for sound in sounds]
    return {"model": "fake", "messages": [{"role": "user", "content": content}]}


def asking(*sounds: bytes) -> Asked:
    return read_chat(json.dumps(body_of(*sounds)).encode())


def test_the_sounds_of_a_request_are_as_long_as_all_of_them():
    assert heard(asking(wav(300), wav(200))).sent.audio_input_ms == 500


@pytest.mark.parametrize(
    "sound",
    [
        DIRTY,
        opus(MOST_STEPS * 2 // 3),
        opus(1) + page(0, []) * (MOST_STEPS * 2 // 3),
        mp3(MOST_STEPS // 10)[: 2**20] + b"\xff" * (MOST_STEPS * 2 // 3),
    ],
    ids=["dirt", "packets", "pages", "frames"],
)
def test_the_sounds_of_a_request_share_the_steps_of_one(sound: bytes):
    with pytest.raises(Refused, match="too many pieces") as refused:
        heard(asking(wav(10), *[sound] * 2))
    assert refused.value.problem.param in (
        "messages[0].content[1].input_audio",
        "messages[0].content[2].input_audio",
    )


def test_small_sounds_with_many_chunks_share_the_steps_too():
    chunks = wav(10)[:12] + b"junk\0\0\0\0" * 900 + wav(10)[12:]
    heard(asking(*[chunks] * 250))
    with pytest.raises(Refused, match="too many pieces"):
        heard(asking(*[chunks] * 300))


async def turns_until(working: Awaitable[object]) -> int:
    """How often the loop came round until it was refused for its sound."""
    task = asyncio.ensure_future(working)
    turns = 0
    while not task.done():
        await asyncio.sleep(0.001)
        turns += 1
    with pytest.raises(Refused, match="too many pieces"):
        task.result()
    return turns


async def test_the_loop_goes_on_while_a_sound_is_read_whichever_way_it_came(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        gateway, caller = running.cloud.gateway, caller_of(running)
        body = body_of(DIRTY, DIRTY)
        line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
        ways: list[Awaitable[object]] = [
            gateway.chat(caller, asking(DIRTY, DIRTY), Endpoint.CHAT),
            gateway.complete(caller, body, endpoint=Endpoint.RESPONSES),
            anext(gateway.stream(caller, body, endpoint=Endpoint.MESSAGES)),
            run_line(gateway, caller, read_line(json.dumps(line).encode())),
        ]
        for way in ways:
            assert await turns_until(way) > 5
        assert not running.cloud.ledger.recent


async def test_a_sound_over_the_wire_is_refused_by_its_place_or_billed(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        for sounds, status in (([DIRTY] * 3, 400), ([wav(300)] * 3, 200)):
            said = await running.client.post("/v1/chat/completions", json=body_of(*sounds))
            assert said.status_code == status
        await running.wait_until_idle()
        (entry,) = running.cloud.ledger.recent
        assert entry.usage.audio_input_ms == 900


async def test_one_whose_client_left_keeps_its_turn_until_its_thread_is_done():
    hearing, asked = Hearing(), asking(DIRTY)
    left = asyncio.create_task(hearing.hear(asked, "a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    following = asyncio.create_task(hearing.hear(asking(wav(10)), "b"))
    left.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not left.done()
    assert (await following).sound_ms == 10
    assert left.cancelled()


async def test_what_waits_to_be_heard_is_bounded_by_its_bytes():
    asked = asking(wav(100))
    size_bytes = asked.media[0].part.size_bytes
    hearing = Hearing(BodyRoom(SHARES * 2 * size_bytes))
    together = (hearing.hear(asked, "a") for _ in range(3))
    first, second, third = await asyncio.gather(*together, return_exceptions=True)
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert isinstance(third, Refused)
    assert third.status == 429
    assert (await hearing.hear(asked, "a")).sound_ms == 100


def caller_of(running: Running) -> Any:
    found = running.cloud.find(running.key)
    assert found is not None
    return found
