"""Chat completions, whole and streamed, token by token, under a directive.

Stream, as OpenAI sends it: a chunk with the role, one chunk a token, one with the finish reason, on
demand one with the usage, `[DONE]`. Several choices take turns. With vLLM's
`continuous_usage_stats` each chunk has the usage so far.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.testing.upstream.ask import Ask
from edgewise.testing.upstream.connection import EVENTS, JSON, Client
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.produced import Produced, Record
from edgewise.testing.upstream.refusal import error_body
from edgewise.testing.upstream.reply import Reply, reply_to

CREATED = 1_767_225_600
DONE = b"data: [DONE]\n\n"
encode = msgspec.json.encode


class Job(Struct, frozen=True):
    """One request on its way."""

    ask: Ask
    directive: Directive
    request_id: str
    produced: Produced
    record: Record
    input_tokens: int

    @property
    def head(self) -> dict[str, Any]:
        """What each chunk and the whole completion begin with."""
        digest = hashlib.sha256(self.request_id.encode()).hexdigest()[:24]
        kind = "chat.completion.chunk" if self.ask.stream else "chat.completion"
        return {
            "id": f"chatcmpl-{digest}",
            "object": kind,
            "created": CREATED,
            "model": self.ask.model,
        }

    def call_id(self, choice: int, number: int) -> str:
        """The id of a call, which no other call of the conversation has."""
        digest = hashlib.sha256(encode(self.ask.messages)).hexdigest()[:16]
        return f"call_{digest}_{choice}_{number}"

    def usage(self, output_tokens: int) -> dict[str, Any]:
        """The usage with that many tokens produced."""
        read = self.input_tokens
        reasoning = self.directive.reasoning_tokens * self.ask.choices
        searched = {"server_tool_use": {"web_search_requests": self.directive.searches}}
        return {
            **(searched if self.directive.searches else {}),
            "prompt_tokens": read,
            "completion_tokens": output_tokens,
            "total_tokens": read + output_tokens,
            "prompt_tokens_details": {"cached_tokens": min(self.directive.cached_tokens, read)},
            "completion_tokens_details": {"reasoning_tokens": min(reasoning, output_tokens)},
        }


async def complete(job: Job, client: Client) -> str:
    """Answer with one body; returns the outcome."""
    reply = reply_to(job.ask, job.directive)
    job.produced.add_input(job.record, job.input_tokens)
    ends = job.directive.fail_after
    for number in range(reply.tokens * job.ask.choices):
        if number == job.directive.hang_after:
            await client.wait(None)
        await client.wait(job.directive.delay_ms / 1000)
        if client.is_gone:
            return "left"
        if number == ends:
            break
        job.produced.add_generated(job.record, 1)
    data = encode(_completion(job, reply))
    await client.start(200, JSON, (b"content-length", str(len(data)).encode()))
    if ends is not None and ends < reply.tokens * job.ask.choices:
        await client.write(data[: len(data) // 2])
        client.cut()
        return "failed"
    if not await client.write(data, last=True):
        return "left"
    job.produced.add_output(job.record, reply.tokens * job.ask.choices)
    return "finished"


async def stream(job: Job, client: Client) -> str:
    """Answer with events; returns the outcome."""
    reply = reply_to(job.ask, job.directive)
    head = job.head
    job.produced.add_input(job.record, job.input_tokens)
    await client.start(200, EVENTS, (b"cache-control", b"no-store"))
    written = 0
    for choice in range(job.ask.choices):
        await _send(job, client, head, choice, {"role": "assistant", "content": ""}, 0)
    for choice, delta in _deltas(job, reply):
        outcome = await _before_token(job, client, written)
        if outcome:
            return outcome
        written += 1
        if not await _send(job, client, head, choice, delta, written):
            return "left"
        job.produced.add_generated(job.record, 1)
        job.produced.add_output(job.record, 1)
    return await _finish(job, client, head, reply, written)


async def _before_token(job: Job, client: Client, written: int) -> str:
    """Waits as told; the outcome if the stream ends here, else an empty text."""
    if written == job.directive.hang_after:
        await client.wait(None)
    await client.wait(job.directive.delay_ms / 1000)
    if client.is_gone:
        return "left"
    if written != job.directive.fail_after:
        return ""
    if job.directive.fail_by == "event":
        data = encode(error_body(500, "the upstream was told to fail", None, "told_to_fail"))
        await client.write(b"data: " + data + b"\n\n", last=True)
    else:
        client.cut()
    return "failed"


async def _finish(
    job: Job, client: Client, head: dict[str, Any], reply: Reply, written: int
) -> str:
    outcome = await _before_token(job, client, written)
    if outcome:
        return outcome
    for choice in range(job.ask.choices):
        await _send(job, client, head, choice, {}, written, reply.finish_reason)
    if job.ask.include_usage and job.directive.report_usage:
        last: dict[str, Any] = head | {"choices": [], "usage": job.usage(written)}
        await client.write(b"data: " + encode(last) + b"\n\n")
    return "finished" if await client.write(DONE, last=True) else "left"


async def _send(
    job: Job,
    client: Client,
    head: dict[str, Any],
    choice: int,
    delta: dict[str, Any],
    written: int,
    finish_reason: str | None = None,
) -> bool:
    told = {"index": choice, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    chunk = head | {"choices": [told]}
    if job.directive.report_usage and job.ask.include_usage:
        chunk["usage"] = job.usage(written) if job.ask.continuous_usage else None
    return await client.write(b"data: " + encode(chunk) + b"\n\n")


def _deltas(job: Job, reply: Reply) -> Iterator[tuple[int, dict[str, Any]]]:
    """One delta a token; the choices take turns."""
    each = [_deltas_of_one(job, reply, choice) for choice in range(job.ask.choices)]
    for deltas in zip(*each, strict=True):
        yield from enumerate(deltas)


def _deltas_of_one(job: Job, reply: Reply, choice: int) -> Iterator[dict[str, Any]]:
    for word in reply.reasoning:
        yield {"reasoning_content": word}
    for word in reply.words:
        yield {"content": word}
    for index, call in enumerate(reply.calls):
        function = {"name": call.name, "arguments": ""}
        opening = {"index": index, "id": job.call_id(choice, index), "type": "function"}
        yield {"tool_calls": [opening | {"function": function}]}
        for fragment in call.fragments:
            yield {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}


def _completion(job: Job, reply: Reply) -> dict[str, Any]:
    body = job.head | {"choices": [_choice(job, reply, n) for n in range(job.ask.choices)]}
    if job.directive.report_usage:
        body["usage"] = job.usage(reply.tokens * job.ask.choices)
    return body


def _choice(job: Job, reply: Reply, choice: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": "".join(reply.words) or None}
    if reply.reasoning:
        message["reasoning_content"] = "".join(reply.reasoning)
    if reply.calls:
        message["tool_calls"] = [
            {
                "id": job.call_id(choice, number),
                "type": "function",
                "function": {"name": call.name, "arguments": "".join(call.fragments)},
            }
            for number, call in enumerate(reply.calls)
        ]
    return {
        "index": choice,
        "message": message | {"refusal": None},
        "logprobs": None,
        "finish_reason": reply.finish_reason,
    }
