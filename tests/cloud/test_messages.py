import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import Config, ModelConfig, Route
from edgewise.cloud.messages import Messages
from edgewise.cloud.refusal import Refused
from tests.cloud.fake_completer import FakeCompleter, FakeDoors, chunk, completion, spoken
from tests.cloud.test_messages_out import read

CONFIG = Config(model=(ModelConfig("m", (Route("b"),), image_tokens=1000),))
HI = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "座椅 hi"}]}


class Site:
    """The routes over a planned completer."""

    def __init__(self, *answers: Any) -> None:
        self.completer = FakeCompleter(*answers)
        self.app = Starlette(routes=Messages(self.completer, CONFIG, FakeDoors()).routes())

    async def post(self, path: str, body: Any, key: str = "p") -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        headers = {"x-api-key": key} if key else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.post(path, json=body, headers=headers)


async def test_who_sends_no_key_is_told_both_ways_to_send_one():
    reply = await Site().post("/v1/messages", HI, key="")
    assert (reply.status_code, reply.json()["error"]["type"]) == (401, "authentication_error")
    for way in ("x-api-key: KEY", "Authorization: Bearer KEY"):
        assert way in reply.json()["error"]["message"]


async def test_a_message_is_answered():
    site = Site(completion(content="Hello."))
    reply = await site.post("/v1/messages", HI)
    assert reply.status_code == 200
    assert reply.headers["request-id"].startswith("req_")
    message = reply.json()
    assert message.pop("id").startswith("msg_")
    assert message == {
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "Hello."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 8,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 12,
            "output_tokens": 7,
        },
    }
    assert site.completer.endpoints == [Endpoint.MESSAGES]


def events_in(text: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    return events


async def test_a_message_is_streamed():
    reply = await Site(spoken("Hel", "lo")).post("/v1/messages", {**HI, "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert read(events_in(reply.text)) == [{"type": "text", "text": "Hello"}]


async def test_a_count_is_an_estimate_with_its_bound():
    reply = await Site().post("/v1/messages/count_tokens", {**HI, "max_tokens": None})
    assert reply.json() == {"input_tokens": 2 + 4, "input_tokens_at_most": 9 + 16}
    image = {"type": "image", "source": {"type": "url", "url": "https://x"}}
    body = {"model": "m", "messages": [{"role": "user", "content": [image]}]}
    reply = await Site().post("/v1/messages/count_tokens", body)
    assert reply.json()["input_tokens_at_most"] == 1016


@pytest.mark.parametrize(
    ("key", "body", "status", "kind"),
    [
        ("", HI, 401, "authentication_error"),
        ("device", HI, 403, "permission_error"),
        ("p", {**HI, "max_tokens": None}, 400, "invalid_request_error"),
    ],
)
async def test_errors_have_their_body(key: str, body: Any, status: int, kind: str):
    reply = await Site().post("/v1/messages", body, key)
    assert reply.status_code == status
    assert reply.json()["type"] == "error"
    assert reply.json()["error"]["type"] == kind
    assert reply.json()["request_id"] == reply.headers["request-id"]


async def test_an_unknown_model_is_not_counted():
    reply = await Site().post(
        "/v1/messages/count_tokens", {**HI, "max_tokens": None, "model": "no"}
    )
    assert (reply.status_code, reply.json()["error"]["type"]) == (404, "not_found_error")


async def test_what_the_gateway_refuses_first_has_its_status_and_headers():
    slow = Refused(429, "rate", "slower", headers={"Retry-After": "3"})
    site = Site(slow, [slow])
    for stream in (False, True):
        reply = await site.post("/v1/messages", {**HI, "stream": stream})
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "3")
        assert reply.json()["error"] == {"type": "rate_limit_error", "message": "slower"}


async def test_what_the_gateway_refuses_midway_is_an_event():
    site = Site([chunk(content="Hel"), Refused(502, "upstream", "it broke")])
    events = events_in((await site.post("/v1/messages", {**HI, "stream": True})).text)
    assert events[-1]["type"] == "error"
    assert events[-1]["error"] == {"type": "api_error", "message": "it broke"}


async def test_a_client_that_leaves_stops_the_upstream():
    for plan in ([chunk(content="Hello"), asyncio.Event()], [asyncio.Event()]):
        site, left, wrote = Site(plan), asyncio.Event(), asyncio.Event()
        sent = [json.dumps({**HI, "stream": True}).encode()]

        async def receive(sent: Any = sent, left: asyncio.Event = left) -> dict[str, Any]:
            if sent:
                return {"type": "http.request", "body": sent.pop(), "more_body": False}
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any, wrote: asyncio.Event = wrote) -> None:
            if b"Hello" in message.get("body", b""):
                wrote.set()
                await asyncio.Event().wait()  # a reader that takes nothing more

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/messages",
            "query_string": b"",
            "headers": [(b"x-api-key", b"p")],
        }
        task = asyncio.create_task(site.app(scope, receive, send))
        if len(plan) == 2:
            await asyncio.wait_for(wrote.wait(), 5)
        else:
            await asyncio.wait_for(site.completer.asked.wait(), 5)
        left.set()
        await asyncio.wait_for(task, 5)
        assert site.completer.closed.is_set()
