"""A resumable stream goes on without its client and replays strictly after an event."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow


def asked(tokens: int, delay_ms: float) -> dict[str, object]:
    directive = json.dumps({"test": {"tokens": tokens, "delay_ms": delay_ms}})
    return {"model": "fake", "stream": True, "messages": [{"role": "user", "content": directive}]}


async def first_events(
    running: Running, count: int, resume_s: str = "30", **body: float
) -> tuple[str, list[str]]:
    """Open a resumable stream, read `count` events, and break the connection."""
    headers = {"x-edgewise-resume": resume_s}
    request = running.client.build_request(
        "POST", "/v1/chat/completions", json=asked(**body), headers=headers
    )
    response = await running.client.send(request, stream=True)
    text = ""
    async for piece in response.aiter_text():
        text += piece
        if text.count("\n\n") >= count:
            break
    await response.aclose()
    return response.headers["x-edgewise-stream"], text.split("\n\n")[:count]


def ids(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^id: (\d+)$", text, re.MULTILINE)]


async def test_a_reader_who_comes_back_gets_what_follows_and_nothing_twice(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        id, seen = await first_events(running, 3, tokens=20, delay_ms=10)
        headers = {"Last-Event-ID": "3"}
        rest = (await running.client.get(f"/v1/streams/{id}", headers=headers)).text
        assert [ids(event)[0] for event in seen] == [1, 2, 3]
        assert ids(rest) == list(range(4, 4 + len(ids(rest))))
        assert rest.rstrip().endswith("data: [DONE]")
        await running.wait_until_idle()
        produced = running.upstream.produced.totals.output_tokens
        assert produced == 20
        assert [entry.usage.output_tokens for entry in running.cloud.ledger.recent] == [20]


async def test_a_stream_can_be_read_again_from_its_start(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        id, _ = await first_events(running, 2, tokens=5, delay_ms=1)
        once = (await running.client.get(f"/v1/streams/{id}")).text
        assert (await running.client.get(f"/v1/streams/{id}")).text == once


async def test_a_stream_is_its_keys_alone(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        id, _ = await first_events(running, 2, tokens=50, delay_ms=20)
        async with running.stranger(running.make_key()) as other:
            assert (await other.get(f"/v1/streams/{id}")).status_code == 404
            assert (await other.delete(f"/v1/streams/{id}")).status_code == 404
        assert (await running.client.delete(f"/v1/streams/{id}")).status_code == 200


async def test_a_stopped_stream_stops_the_upstream_and_is_billed_for_what_it_wrote(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        id, _ = await first_events(running, 3, tokens=500, delay_ms=10)
        assert (await running.client.delete(f"/v1/streams/{id}")).status_code == 200
        await running.wait_until_idle()
        produced = running.upstream.produced.totals.output_tokens
        assert 0 < produced < 500
        assert [entry.usage.output_tokens for entry in running.cloud.ledger.recent] == [produced]


async def test_a_stream_that_nobody_comes_back_to_is_stopped(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        await first_events(running, 2, resume_s="0.1", tokens=500, delay_ms=10)
        await running.wait_until_idle()
        assert running.upstream.produced.totals.output_tokens < 500


async def test_without_the_header_a_client_that_goes_stops_the_upstream(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        with pytest.raises(httpx.ReadTimeout):
            await running.client.post(
                "/v1/chat/completions", json=asked(500, 10) | {"stream": False}, timeout=0.3
            )
        await running.wait_until_idle()
        produced = running.upstream.produced.totals.output_tokens
        assert 0 < produced < 500
        assert [entry.usage.output_tokens for entry in running.cloud.ledger.recent] == [produced]
