"""The one reply of a benchmark, encoded once: 12 tokens read, 10 produced, or 20 when streamed.

A stream is the role, 20 words, the finish, the usage when asked for, `[DONE]`: 23 events without
the usage. The model's name says the pace: `fake` sends all events in one turn of the loop, so that
a client on this machine reads many at once; `fake-apart` gives each a turn, hence a packet, of its
own, as a model's own pace does; `fake-slow` thinks for 60 to 140 ms first; `fake-held` says one
word and then holds its stream open until the client leaves. The measurement is in
benchmarks/bench_cloud.py.
"""

import asyncio
from enum import Enum
from typing import Any

import msgspec

from edgewise.core.signal import as_object
from edgewise.testing.upstream.connection import EVENTS, JSON, Client
from edgewise.testing.upstream.produced import Produced, Record


class Pace(Enum):
    """How the events of a stream follow each other."""

    AT_ONCE = "fake"
    APART = "fake-apart"
    SLOW = "fake-slow"
    HELD = "fake-held"


PACES = {pace.value: pace for pace in Pace}
SLOW_S = 0.1
INPUT_TOKENS = 12
WHOLE_TOKENS = 10
STREAM_TOKENS = 20
_HEAD = {"id": "chatcmpl-fixed", "created": 1_767_225_600, "model": "fake"}
_encode = msgspec.json.encode


def _usage(tokens: int) -> dict[str, int]:
    read = INPUT_TOKENS
    return {"prompt_tokens": read, "completion_tokens": tokens, "total_tokens": read + tokens}


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    chunk = {"object": "chat.completion.chunk", "choices": [choice], **_HEAD}
    return b"data: " + _encode(chunk) + b"\n\n"


WHOLE = _encode(
    {
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello there, this is a fixed reply."},
                "finish_reason": "stop",
            }
        ],
        "usage": _usage(WHOLE_TOKENS),
        **_HEAD,
    }
)
_WHOLE_HEADERS = (JSON, (b"content-length", str(len(WHOLE)).encode()))
ROLE = _event({"role": "assistant", "content": ""})
WORDS = tuple(_event({"content": f"word{number} "}) for number in range(STREAM_TOKENS))
STOP = _event({}, "stop")
_LAST: dict[str, Any] = {
    "object": "chat.completion.chunk",
    "choices": [],
    "usage": _usage(STREAM_TOKENS),
    **_HEAD,
}
USAGE = b"data: " + _encode(_LAST) + b"\n\n"
DONE = b"data: [DONE]\n\n"


def think_s(number: int) -> float:
    """How long the slow model thinks about its request of that number: 60 to 140 ms, evenly spread
    by the golden ratio. With one time for all, requests that once met would stay together for ever,
    and a gateway would be measured by a queue that no model makes."""
    return SLOW_S * (0.6 + 0.8 * (number * 0.618_033_988_75 % 1.0))


async def answer(body: bytes, client: Client, produced: Produced, record: Record) -> str:
    """Answer what is asked for in `body`, of which only the model and `stream` are read."""
    wish = msgspec.json.decode(body, type=dict[str, Any])
    pace = PACES.get(wish.get("model", ""), Pace.AT_ONCE)
    if pace is Pace.SLOW:
        await asyncio.sleep(think_s(produced.totals.attempts))
    produced.add_input(record, INPUT_TOKENS)
    if not wish.get("stream"):
        await client.start(200, *_WHOLE_HEADERS)
        if not await client.write(WHOLE, last=True):
            return "left"
        produced.add_generated(record, WHOLE_TOKENS)
        produced.add_output(record, WHOLE_TOKENS)
        return "finished"
    await client.start(200, EVENTS)
    await client.write(ROLE)
    written = 0
    for word in WORDS:
        if pace is Pace.APART:
            await asyncio.sleep(0)
        elif pace is Pace.HELD and written:
            await client.wait(None)
        if not await client.write(word):
            break
        written += 1
    produced.add_generated(record, written)
    produced.add_output(record, written)
    await client.write(STOP)
    if as_object(wish.get("stream_options")).get("include_usage"):
        await client.write(USAGE)
    return "finished" if await client.write(DONE, last=True) else "left"
