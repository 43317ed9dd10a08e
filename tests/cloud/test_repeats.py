"""A repeat under its key gets the first answer, for a day, within bounds, in its project only."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from edgewise.cloud import repeats as bounds
from edgewise.cloud.refusal import Refused
from edgewise.cloud.repeats import KEPT_S, MOST_OF_A_PROJECT, Recording, Repeats, Whole
from edgewise.testing.clock import ManualClock
from tests.cloud.running import Running, running_cloud

CHAT = "/v1/chat/completions"


@pytest_asyncio.fixture
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


def asking(words: str = "a b c", **more: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "user", "content": words}], **more}


async def ask(running: Running, body: Mapping[str, Any], key: str = "k-1", **headers: str) -> Any:
    given = {"Idempotency-Key": key} | {n.replace("_", "-"): v for n, v in headers.items()}
    return await running.client.post(CHAT, json=body, headers=given)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_repeat_gets_the_same_answer_and_is_billed_once(running: Running, stream: bool):
    first = await ask(running, asking(stream=stream))
    again = await ask(running, asking(stream=stream))
    assert (again.status_code, again.text) == (200, first.text)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["x-request-id"] == first.headers["x-request-id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len(running.cloud.ledger.recent) == 1


async def test_a_resumable_stream_is_repeated_without_the_name_of_its_stream(running: Running):
    body = asking(stream=True)
    first = await ask(running, body, x_edgewise_resume="5")
    again = await ask(running, body, x_edgewise_resume="5")
    assert (again.text, len(running.cloud.ledger.recent)) == (first.text, 1)
    assert "x-edgewise-stream" in first.headers
    assert "x-edgewise-stream" not in again.headers


async def test_another_body_key_or_none_is_another_request(running: Running):
    await ask(running, asking())
    for body, key in ((asking("d"), "k-1"), (asking(), "k-2"), (asking(), "")):
        answered = await ask(running, body, key)
        assert "idempotent-replayed" not in answered.headers
    assert len(running.cloud.ledger.recent) == 4


async def test_an_answer_that_failed_is_made_anew(running: Running):
    broken = asking('{"test": {"tokens": 9, "fail_after": 3}}', stream=True)
    for _ in range(2):
        answered = await ask(running, broken)
        assert "idempotent-replayed" not in answered.headers
        assert "[DONE]" not in answered.text


async def test_a_stream_whose_client_left_is_kept_for_its_repeat(running: Running):
    body = asking('{"test": {"tokens": 5, "delay_ms": 50}}', stream=True)
    headers = {"Idempotency-Key": "k-1", "x-edgewise-resume": "60"}
    async with running.client.stream("POST", CHAT, json=body, headers=headers) as reply:
        async for _ in reply.aiter_bytes():
            break
    early = await ask(running, body, x_edgewise_resume="60")
    assert (early.status_code, early.headers["retry-after"]) == (409, "2")
    assert early.json()["error"]["code"] == "still_running"
    async with asyncio.timeout(5):
        while (again := await ask(running, body, x_edgewise_resume="60")).status_code == 409:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.text.endswith("data: [DONE]\n\n")
    assert len(running.cloud.ledger.recent) == 1


async def test_a_key_that_is_none_is_refused(running: Running):
    assert (await ask(running, asking(), "k" * 256)).status_code == 400


async def note(repeats: Repeats, project: str, key: str, body: bytes = b"{}") -> None:
    found = repeats.find(project, key, b"")
    assert isinstance(found, Recording)

    async def send(_: Any) -> None:
        return

    watched = found.watch(send)
    await watched({"type": "http.response.start", "status": 200, "headers": []})
    await watched({"type": "http.response.body", "body": body})
    found.end()


def is_kept(repeats: Repeats, project: str, key: str) -> bool:
    found = repeats.find(project, key, b"")
    if isinstance(found, Recording):
        found.end()
    return isinstance(found, Whole)


async def test_it_is_kept_for_a_day_in_its_project():
    clock = ManualClock()
    repeats = Repeats(clock)
    await note(repeats, "p", "k")
    assert not is_kept(repeats, "q", "k")
    clock.advance(KEPT_S - 1)
    assert is_kept(repeats, "p", "k")
    clock.advance(1)
    assert not is_kept(repeats, "p", "k")


async def test_who_keeps_much_loses_their_own_oldest_and_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
):
    repeats = Repeats(ManualClock())
    await note(repeats, "q", "k")
    for number in range(MOST_OF_A_PROJECT + 1):
        await note(repeats, "p", str(number))
    assert [is_kept(repeats, "p", key) for key in ("0", "1")] == [False, True]
    assert is_kept(repeats, "q", "k")
    monkeypatch.setattr(bounds, "ALL_BYTES", 10 * 1024)
    await note(repeats, "q", "k2")
    assert not is_kept(repeats, "p", "1000")
    assert is_kept(repeats, "q", "k")


async def test_what_is_too_large_or_not_whole_is_not_kept():
    repeats = Repeats(ManualClock())
    await note(repeats, "p", "k", b"x" * (bounds.ANSWER_BYTES + 1))
    assert not is_kept(repeats, "p", "k")
    found = repeats.find("p", "k", b"")
    with pytest.raises(Refused) as refused:
        repeats.find("p", "k", b"")
    assert refused.value.status == 409
    assert isinstance(found, Recording)
    found.end()
    assert not is_kept(repeats, "p", "k")
