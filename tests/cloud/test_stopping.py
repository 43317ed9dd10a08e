"""What runs when the platform ends is ended in order: told, stopped upstream, settled as made."""

import asyncio
import json
import signal
from pathlib import Path

import httpx
import pytest

from edgewise.cloud.ledger import Entry, Outcome
from edgewise.testing.upstream.directive import Directive
from tests.cloud.processes import processes
from tests.cloud.running import Running, running_cloud
from tests.cloud.test_revocation import body_of, outcomes, written
from tests.cloud.waiting import until


async def ended(running: Running) -> Entry:
    """The only entry, once it is there and the upstream has stopped."""
    await until(lambda: running.cloud.ledger.recent)
    (entry,) = running.cloud.ledger.recent
    await running.upstream.produced.ended(entry.facts.id)
    assert (entry.outcome, entry.detail) == (Outcome.CANCELLED, "server_stopping")
    return entry


@pytest.mark.parametrize("path", ["chat/completions", "responses", "messages"])
async def test_a_stream_ends_in_an_error_and_what_comes_later_is_refused(tmp_path: Path, path: str):
    async with running_cloud(tmp_path) as running:
        body = body_of(path, tokens=9, hang_after=2)
        async with running.client.stream("POST", f"/v1/{path}", json=body) as reply:
            await until(lambda: written(running) == 2)
            running.cloud.stopping.end()
            got = (await reply.aread()).decode()
        later = await running.client.post(f"/v1/{path}", json=body)
        assert "the platform is stopping" in got
        assert (await ended(running)).usage.output_tokens == 2
    assert (reply.status_code, later.status_code) == (200, 503)


async def test_a_request_that_waits_is_refused(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        body = body_of("chat/completions", first_ms=60_000)
        asking = asyncio.create_task(running.client.post("/v1/chat/completions", json=body))
        await until(lambda: "running" in outcomes(running))
        running.cloud.stopping.end()
        reply = await asking
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "server_stopping")
        assert (await ended(running)).estimated


async def test_a_response_in_the_background_is_ended_by_the_close(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        running.upstream.directive = Directive(tokens=9, hang_after=2)
        body = {"model": "fake", "input": "a", "background": True}
        assert (await running.client.post("/v1/responses", json=body)).status_code == 200
        await until(lambda: written(running) == 2)
        await running.cloud.stopping.close()
        assert not running.cloud.ledger.running
        assert (await ended(running)).usage.output_tokens == 2


@pytest.mark.slow
async def test_a_signal_ends_a_stream_in_order(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    with processes(tmp_path) as all_of_them:
        upstream = await all_of_them.upstream()
        (home / "cloud.toml").write_text(
            f'[[backend]]\nname = "up"\nurl = "{upstream.address}/v1"\n'
            '[[model]]\nname = "fake"\nroutes = [{ backend = "up" }]\n'
        )
        platform = await all_of_them.platform(home)
        headers = {"Authorization": f"Bearer {platform.first['key']}"}
        async with (
            httpx.AsyncClient(headers=headers, timeout=20) as client,
            client.stream(
                "POST",
                f"{platform.address}/v1/chat/completions",
                json=body_of("chat/completions", tokens=9, hang_after=2),
            ) as reply,
        ):
            lines = reply.aiter_lines()
            await anext(lines)
            ending = asyncio.create_task(platform.end(signal.SIGTERM))
            rest = [line async for line in lines if line]
            assert await ending == 0
        assert json.loads(rest[-1][6:])["error"]["code"] == "server_stopping"
        assert "Traceback" not in platform.log.read_text()
        (noted,) = (home / "requests.log").read_text().splitlines()
        assert json.loads(noted)["outcome"] == "cancelled"
