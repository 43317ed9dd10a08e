"""What the client received and what was counted are the same, however the client leaves."""

import asyncio
import json
import time

import pytest

from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream

LIMIT_S = 5


async def begin(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps(
        {"model": "fake", "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    )
    writer.write(
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Request-Id: r1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    return reader, writer


@pytest.mark.parametrize("delay_ms", [0, 1])
async def test_a_client_that_half_closes_and_reads_on_gets_exactly_what_is_counted(delay_ms: int):
    directive = Directive(tokens=5000, delay_ms=delay_ms)
    async with started_upstream(directive=directive) as upstream:
        reader, writer = await begin(upstream.address)
        seen = await reader.readuntil(b'"t0"')
        writer.write_eof()
        rest = await asyncio.wait_for(reader.read(), LIMIT_S)
        received = (seen + rest).count(b'"delta":{"content":"')
        record = upstream.produced.requests["r1"]
        writer.close()
        assert record.output_tokens == received < 5000
        assert record.outcome == "left"


async def test_a_client_that_vanishes_ends_a_long_wait_at_once():
    async with started_upstream(directive=Directive(tokens=2, delay_ms=60_000)) as upstream:
        reader, writer = await begin(upstream.address)
        await reader.readuntil(b"assistant")
        began = time.monotonic()
        writer.transport.abort()
        record = await upstream.produced.ended("r1")
        assert time.monotonic() - began < LIMIT_S
        assert (record.outcome, record.output_tokens) == ("left", 0)


async def test_a_reply_that_is_cut_still_brings_what_was_written():
    async with started_upstream(directive=Directive(tokens=9, fail_after=3)) as upstream:
        reader, writer = await begin(upstream.address)
        received = await asyncio.wait_for(reader.read(), LIMIT_S)
        writer.close()
        assert received.count(b'"delta":{"content":"t') + received.count(b'":" t') == 3
        assert not received.endswith(b"0\r\n\r\n")
        assert upstream.produced.requests["r1"].output_tokens == 3
