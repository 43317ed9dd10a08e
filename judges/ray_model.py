"""A small model on Ray Serve that speaks the OpenAI API, with no GPU.

Runs in the judge's own environment, put up by `ray_host.py`. The last message says what it does:
JSON with `words`, `each_s` between them and `first_s` before the first. A word is a token, and each
chunk tells the counts so far, as vLLM's do.
"""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from ray import serve

MODEL = "tiny"
INPUT_TOKENS = 5
api = FastAPI()


# Above the class: Ray pickles its methods, with what they name, where it is decorated.
def work_of(said: str) -> dict[str, Any]:
    """What a message asks for: a word for each of its own unless it is JSON."""
    return json.loads(said) if said.startswith("{") else {"words": len(said.split())}


async def beginning(first: str, rest: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """The first and then the rest, which ends with this."""
    async with aclosing(rest):
        yield first
        async for one in rest:
            yield one


def event(number: str, choices: list[dict[str, Any]], words: int) -> str:
    """One chunk of a stream."""
    chunk = {"id": number, "object": "chat.completion.chunk", "created": 0, "model": MODEL}
    return f"data: {json.dumps({**chunk, 'choices': choices, 'usage': usage(words)})}\n\n"


def choice_of(text: str, finish: str | None = None) -> dict[str, Any]:
    """What a chunk adds."""
    return {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}


def usage(words: int) -> dict[str, int]:
    """The counts at that word."""
    return {
        "prompt_tokens": INPUT_TOKENS,
        "completion_tokens": words,
        "total_tokens": INPUT_TOKENS + words,
    }


def said(words: int) -> str:
    """The whole answer."""
    return "".join(f"w{at} " for at in range(words))


@serve.deployment(ray_actor_options={"num_cpus": 0}, health_check_period_s=1.0)
@serve.ingress(api)
class Tiny:
    """One replica; `/state` has its process and how much each request got, by its id."""

    def __init__(self) -> None:
        self.written: dict[str, int] = {}
        self.running = 0

    @api.get("/state")
    def state(self) -> dict[str, Any]:
        return {"process": os.getpid(), "written": self.written, "running": self.running}

    @api.get("/v1/models")
    def models(self) -> dict[str, Any]:
        return {"object": "list", "data": [{"id": MODEL, "object": "model"}]}

    @api.post("/v1/chat/completions")
    async def chat(self, request: Request) -> Any:
        asked = await request.json()
        work = work_of(asked["messages"][-1]["content"])
        number = request.headers.get("x-request-id", "")
        chunks = self._chunks(number, work)
        if asked.get("stream"):
            first = await anext(chunks)  # the status waits for it, as with Ray's own ingress
            return StreamingResponse(beginning(first, chunks), media_type="text/event-stream")
        async for _ in chunks:
            pass
        message = {"role": "assistant", "content": said(work["words"])}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": number, "object": "chat.completion", "created": 0, "model": MODEL}
        return JSONResponse({**whole, "choices": [choice], "usage": usage(work["words"])})

    async def _chunks(self, number: str, work: dict[str, Any]) -> AsyncGenerator[str]:
        self.running += 1
        self.written[number] = 0
        try:
            await asyncio.sleep(work.get("first_s", 0))
            for at in range(work["words"]):
                await asyncio.sleep(work.get("each_s", 0))
                self.written[number] += 1
                yield event(number, [choice_of(f"w{at} ")], at + 1)
            yield event(number, [choice_of("", "stop")], work["words"])
            yield event(number, [], work["words"])
            yield "data: [DONE]\n\n"
        finally:
            self.running -= 1
