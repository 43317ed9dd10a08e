import json

import aiohttp
import pytest

from edgewise.testing.upstream.fixed import PACES, SLOW_S, think_s
from edgewise.testing.upstream.server import started_upstream

ASKED = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}

HELD = {"model": "fake-held", "stream": True}


async def post(address: str, **fields: object) -> bytes:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/v1/chat/completions", json=ASKED | fields) as reply,
    ):
        assert reply.status == 200
        return await reply.read()


async def test_a_whole_reply_is_12_and_10_tokens():
    async with started_upstream(fixed=True) as upstream:
        usage = json.loads(await post(upstream.address))["usage"]
        assert usage == {"prompt_tokens": 12, "completion_tokens": 10, "total_tokens": 22}
        assert upstream.produced.totals.output_tokens == 10
        assert upstream.produced.requests == {}


@pytest.mark.parametrize("model", ["fake", "fake-apart", "fake-slow"])
async def test_a_stream_is_23_events_at_any_pace_and_its_usage_one_more(model: str):
    async with started_upstream(fixed=True, models=tuple(PACES)) as upstream:
        plain = await post(upstream.address, model=model, stream=True)
        with_usage = await post(
            upstream.address, model=model, stream=True, stream_options={"include_usage": True}
        )
        assert plain.count(b"data: ") == 23
        assert plain.endswith(b"data: [DONE]\n\n")
        assert with_usage.count(b"data: ") == 24
        assert upstream.produced.totals.output_tokens == 40


async def test_a_held_stream_says_one_word_and_counts_no_more_when_its_client_leaves():
    async with started_upstream(fixed=True, models=tuple(PACES)) as upstream:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{upstream.url}/chat/completions", json=ASKED | HELD) as reply,
        ):
            assert b"word0" in await reply.content.readuntil(b"word0")
            reply.close()
        await post(upstream.address)
        assert upstream.produced.totals.output_tokens == 1 + 10


def test_the_slow_model_thinks_for_another_time_each_time():
    times = [think_s(number) for number in range(100)]
    assert 0.06 <= min(times) < 0.065
    assert 0.135 < max(times) <= 0.14
    assert abs(sum(times) / len(times) - SLOW_S) < 0.002
