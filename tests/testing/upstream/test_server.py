import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.request

import openai
import pytest

from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream


async def test_the_official_client_can_talk_to_it():
    async with (
        started_upstream(key="sk-up") as upstream,
        openai.AsyncOpenAI(base_url=upstream.url, api_key="sk-up") as client,
    ):
        messages = [{"role": "user", "content": "hello there"}]
        stream = await client.chat.completions.create(
            model="fake", messages=messages, stream=True, stream_options={"include_usage": True}
        )  # type: ignore[call-overload]
        chunks = [chunk async for chunk in stream]
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert said == "hello there"
        assert chunks[-1].usage.completion_tokens == 2
        embedded = await client.embeddings.create(model="fake", input=["a", "b"])
        assert len(embedded.data[1].embedding) == 16


async def test_the_end_of_its_block_cuts_what_hangs():
    async with started_upstream(directive=Directive(hang_after=0)) as upstream:
        client = openai.AsyncOpenAI(base_url=upstream.url, api_key="x", max_retries=0)
        asked = asyncio.create_task(
            client.chat.completions.create(
                model="fake", messages=[{"role": "user", "content": "hi"}]
            )
        )
        await upstream.produced.until(lambda: bool(upstream.produced.requests))
        began = time.monotonic()
    with pytest.raises(openai.APIConnectionError):
        await asked
    assert time.monotonic() - began < 5
    await client.close()


@pytest.mark.slow
def test_as_a_process_it_tells_its_address_first_and_ends_by_a_signal():
    command = [sys.executable, "-m", "edgewise.testing.upstream", "--fixed", "--delay-ms", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        with urllib.request.urlopen(f"{address}/produced", timeout=5) as reply:
            assert json.load(reply)["totals"]["output_tokens"] == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
