import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import openai
import pytest
from starlette.applications import Starlette

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.ports import Doors
from edgewise.cloud.refusal import Refused
from edgewise.cloud.responses import Responses
from edgewise.errors import LinkError, UserError
from tests.cloud.event_grammar import check
from tests.cloud.fake_completer import (
    FakeCompleter,
    FakeDoors,
    MemoryStore,
    call,
    chunk,
    completion,
    piece,
    spoken,
)

DOORS: Doors = FakeDoors()
TOOL = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
ONE = {"model": "m", "input": "hi"}


class Site:
    """The routes over a planned completer, and a client of project `p`."""

    def __init__(self, *answers: Any, **bounds: Any) -> None:
        self.completer = FakeCompleter(*answers)
        self.store = MemoryStore()
        self.responses = Responses(self.completer, self.store, DOORS, now_s=lambda: 100.5, **bounds)
        self.app = Starlette(routes=self.responses.routes())

    def client(self, key: str = "p") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://x/v1", headers=headers)


@asynccontextmanager
async def opened(*answers: Any) -> AsyncIterator[tuple[Site, httpx.AsyncClient]]:
    site = Site(*answers)
    async with site.client() as client:
        yield site, client
    await site.responses.close()


def events_in(text: str) -> list[dict[str, Any]]:
    """The events of a body; it ends in [DONE], and each event's id is its number."""
    assert text.endswith("data: [DONE]\n\n")
    events: list[dict[str, Any]] = []
    for block in text.removesuffix("data: [DONE]\n\n").split("\n\n"):
        if block and not block.startswith(":"):
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            events.append(json.loads(fields["data"]))
            assert fields["event"] == events[-1]["type"]
            assert fields["id"] == str(events[-1]["sequence_number"])
    return events


async def read_until(connection: "Connection", word: bytes) -> None:
    async with connection.wrote:
        await connection.wrote.wait_for(lambda: word in connection.body)


class Connection:
    """A connection by hand, to leave in the middle of an answer."""

    def __init__(self, site: Site, body: dict[str, Any], stuck: bytes = b"") -> None:
        self._stuck = stuck
        self.body = b""
        self.wrote = asyncio.Condition()
        self.left = asyncio.Event()
        self._sent = [json.dumps(body).encode()]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/responses",
            "query_string": b"",
            "headers": [(b"authorization", b"Bearer p")],
        }
        self.task = asyncio.create_task(site.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._sent:
            return {"type": "http.request", "body": self._sent.pop(), "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        async with self.wrote:
            self.body += message.get("body", b"")
            self.wrote.notify_all()
        if self._stuck and self._stuck in message.get("body", b""):
            await asyncio.Event().wait()


async def test_the_official_client_reads_an_answer():
    site = Site(completion(content="Hello there."))
    async with site.client() as http:
        client = openai.AsyncOpenAI(api_key="p", base_url="http://x/v1", http_client=http)
        response = await client.responses.create(model="m", input="hi", metadata={"a": "b"})
        assert response.output_text == "Hello there."
        assert response.metadata == {"a": "b"}
        again = await client.responses.retrieve(response.id)
        assert again == response
        items = await client.responses.input_items.list(response.id)
        assert [item.type for item in items.data] == ["message"]
        await client.responses.delete(response.id)
        with pytest.raises(openai.NotFoundError):
            await client.responses.retrieve(response.id)
    assert site.completer.endpoints == [Endpoint.RESPONSES]


async def test_the_official_client_reads_a_stream():
    site = Site(spoken("Hel", "lo"))
    async with site.client() as http:
        client = openai.AsyncOpenAI(api_key="p", base_url="http://x/v1", http_client=http)
        async with client.responses.stream(model="m", input="hi") as stream:
            words = [
                event.delta async for event in stream if event.type == "response.output_text.delta"
            ]
            assert words == ["Hel", "lo"]
            assert (await stream.get_final_response()).output_text == "Hello"


@pytest.mark.parametrize(
    "input",
    [
        [{"type": "message", "role": "user", "content": "Say hello in exactly 3 words."}],
        [
            {"type": "message", "role": "system", "content": "You are a pirate."},
            {"type": "message", "role": "user", "content": "Say hello."},
        ],
        [
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What do you see?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AA=="},
                ],
            }
        ],
        [
            {"type": "message", "role": "user", "content": "My name is Alice."},
            {"type": "message", "role": "assistant", "content": "Hello Alice!"},
            {"type": "message", "role": "user", "content": "What is my name?"},
        ],
    ],
    ids=["basic-response", "system-prompt", "image-input", "multi-turn"],
)
async def test_the_cases_of_open_responses_complete(input: Any):
    async with opened(completion(content="Ahoy.")) as (_, client):
        reply = await client.post(
            "/responses", json={"model": "m", "input": input, "stream": False}
        )
        assert reply.status_code == 200
        assert reply.json()["status"] == "completed"
        assert reply.json()["output"]


async def test_a_streamed_call_has_its_events_and_is_kept():
    chunks = [
        chunk(tool_calls=[piece(0, "c", "get_weather")]),
        chunk(tool_calls=[piece(0, arguments='{"location":"SF"}')]),
        chunk("tool_calls"),
    ]
    async with opened(chunks) as (_, client):
        body = {**ONE, "tools": [TOOL], "stream": True}
        reply = await client.post("/responses", json=body)
        assert reply.headers["content-type"].startswith("text/event-stream")
        events = events_in(reply.text)
        (item,) = check(events)
        assert item["name"] == "get_weather"
        kept = await client.get(f"/responses/{events[0]['response']['id']}")
        assert kept.json() == events[-1]["response"]


async def test_a_turn_goes_on_from_the_kept_ones():
    answers = [
        completion(tool_calls=[call("c", "get_weather", "{}")]),
        completion(content="Sunny."),
        completion(content="Yes."),
    ]
    async with opened(*answers) as (site, client):
        first = (await client.post("/responses", json={**ONE, "tools": [TOOL]})).json()
        result = [{"type": "function_call_output", "call_id": "c", "output": "sun"}]
        second = await client.post(
            "/responses",
            json={"model": "m", "input": result, "previous_response_id": first["id"]},
        )
        third = {"model": "m", "input": "sure?", "previous_response_id": second.json()["id"]}
        assert (await client.post("/responses", json=third)).json()["output"]
        told = [
            (message["role"], message["content"])
            for message in site.completer.bodies[2]["messages"]
        ]
        assert told == [
            ("user", "hi"),
            ("assistant", None),
            ("tool", "sun"),
            ("assistant", "Sunny."),
            ("user", "sure?"),
        ]


async def test_a_reference_becomes_the_kept_item():
    async with opened(completion(content="I am Bo."), completion(content="Yes.")) as (site, client):
        first = (await client.post("/responses", json=ONE)).json()
        items = [
            {"type": "item_reference", "id": first["output"][0]["id"]},
            {"role": "user", "content": "sure?"},
        ]
        await client.post("/responses", json={"model": "m", "input": items})
        assert site.completer.bodies[1]["messages"][0] == {
            "role": "assistant",
            "content": "I am Bo.",
        }
        async with site.client("q") as other:
            refused = await other.post("/responses", json={"model": "m", "input": items})
            assert refused.json()["error"]["param"] == "input[0].id"


async def test_what_is_not_stored_is_not_kept():
    async with opened(completion(content="a"), spoken("b")) as (site, client):
        for stream in (False, True):
            reply = await client.post("/responses", json={**ONE, "store": False, "stream": stream})
            assert reply.status_code == 200
        assert site.store.kept == {}


async def test_another_project_sees_nothing_of_it():
    async with opened(completion(content="a")) as (site, client):
        id = (await client.post("/responses", json=ONE)).json()["id"]
        async with site.client("q") as other:
            for method, path in [
                ("GET", f"/responses/{id}"),
                ("GET", f"/responses/{id}?stream=true"),
                ("GET", f"/responses/{id}/input_items"),
                ("POST", f"/responses/{id}/cancel"),
                ("DELETE", f"/responses/{id}"),
            ]:
                assert (await other.request(method, path)).status_code == 404, path
            chained = await other.post("/responses", json={**ONE, "previous_response_id": id})
            assert chained.json()["error"]["code"] == "previous_response_not_found"
        assert (await client.get(f"/responses/{id}")).status_code == 200


async def test_keys_are_asked_for_on_every_route():
    async with opened() as (site, _):
        for key, status in (("", 401), ("device", 403)):
            async with site.client(key) as other:
                for method, path in [
                    ("POST", "/responses"),
                    ("GET", "/responses/a"),
                    ("DELETE", "/responses/a"),
                    ("POST", "/responses/a/cancel"),
                    ("GET", "/responses/a/input_items"),
                ]:
                    reply = await other.request(method, path, json=ONE)
                    assert reply.status_code == status, path


async def test_what_the_gateway_refuses_first_has_its_status_streamed_or_not():
    no = Refused(402, "no_budget", "top up")
    async with opened(no, [no]) as (site, client):
        for stream in (False, True):
            reply = await client.post("/responses", json={**ONE, "stream": stream})
            assert reply.status_code == 402
            assert reply.json()["error"]["code"] == "no_budget"
        assert site.store.kept == {}


async def test_what_the_gateway_refuses_midway_ends_in_failed():
    midway = [chunk(content="Hel"), Refused(502, "upstream", "it broke")]
    async with opened(midway) as (site, client):
        events = events_in((await client.post("/responses", json={**ONE, "stream": True})).text)
        check(events)
        assert events[-1]["response"]["error"] == {"code": "server_error", "message": "it broke"}
        ((_, kept),) = site.store.kept.items()
        assert kept["response"]["status"] == "failed"


async def test_a_wrong_field_is_a_400_that_names_it():
    async with opened() as (_, client):
        reply = await client.post("/responses", json={**ONE, "tools": [{"type": "web_search"}]})
        assert reply.status_code == 400
        assert reply.json()["error"]["param"] == "tools[0].type"
        assert "offer others as functions" in reply.json()["error"]["message"]


@pytest.mark.parametrize("plan", ["before", "midway"])
async def test_a_client_that_leaves_its_stream_stops_the_upstream(plan: str):
    waiting = asyncio.Event()
    site = Site([waiting] if plan == "before" else [chunk(content="Hello"), waiting])
    connection = Connection(site, {**ONE, "stream": True})
    if plan == "midway":
        await asyncio.wait_for(read_until(connection, b"Hello"), 5)
    else:
        await asyncio.wait_for(site.completer.asked.wait(), 5)
    connection.left.set()
    await asyncio.wait_for(connection.task, 5)
    assert site.completer.closed.is_set()
    if plan == "midway":
        ((_, kept),) = site.store.kept.items()
        assert kept["response"]["status"] == "cancelled"
        assert kept["response"]["output"][0]["status"] == "incomplete"


async def test_a_client_that_took_no_more_and_leaves_stops_the_upstream():
    site = Site([chunk(content="Hello"), asyncio.Event()])
    connection = Connection(site, {**ONE, "stream": True}, stuck=b"Hello")
    await asyncio.wait_for(read_until(connection, b"Hello"), 5)
    connection.left.set()
    await asyncio.wait_for(connection.task, 5)
    assert site.completer.closed.is_set()


async def test_a_stream_that_is_deleted_meanwhile_is_not_kept_at_its_end():
    waiting = asyncio.Event()
    site = Site([chunk(content="Hello"), waiting, chunk("stop")])
    connection = Connection(site, {**ONE, "stream": True})
    await asyncio.wait_for(read_until(connection, b"Hello"), 5)
    id = json.loads(connection.body.split(b"data: ")[1].split(b"\n")[0])["response"]["id"]
    async with site.client() as client:
        assert (await client.delete(f"/responses/{id}")).status_code == 200
    waiting.set()
    await asyncio.wait_for(connection.task, 5)
    assert b"response.completed" in connection.body
    assert site.store.kept == {}


async def test_a_client_that_leaves_before_its_answer_stops_the_upstream():
    site = Site(asyncio.Event())
    connection = Connection(site, ONE)
    await asyncio.wait_for(site.completer.asked.wait(), 5)
    connection.left.set()
    await asyncio.wait_for(connection.task, 5)
    assert site.completer.closed.is_set()


async def test_the_background_goes_on_when_its_reader_leaves_and_the_stream_is_taken_up_again():
    waiting = asyncio.Event()
    site = Site([chunk(content="Hel"), waiting, chunk(content="lo"), chunk("stop")])
    connection = Connection(site, {**ONE, "stream": True, "background": True})
    await asyncio.wait_for(read_until(connection, b'"delta":"Hel"'), 5)
    connection.left.set()
    await asyncio.wait_for(connection.task, 5)
    assert not site.completer.closed.is_set()
    ((_, id),) = site.store.kept
    async with site.client() as client:
        assert (await client.get(f"/responses/{id}")).json()["status"] == "in_progress"
        waiting.set()
        whole = events_in((await client.get(f"/responses/{id}?stream=true")).text)
        check(whole)
        for after in (0, 3, len(whole) - 1):
            path = f"/responses/{id}?stream=true&starting_after={after}"
            assert events_in((await client.get(path)).text) == whole[after + 1 :]
        resumed = await client.get(f"/responses/{id}?stream=true", headers={"Last-Event-ID": "2"})
        assert events_in(resumed.text) == whole[3:]
        for wrong in ("99", "x"):
            path = f"/responses/{id}?stream=true&starting_after={wrong}"
            assert (await client.get(path)).json()["error"]["param"] == "starting_after"
        assert (await client.get(f"/responses/{id}")).json()["status"] == "completed"


async def test_the_background_answers_at_once_and_can_be_cancelled():
    async with opened([asyncio.Event()]) as (site, client):
        reply = (await client.post("/responses", json={**ONE, "background": True})).json()
        assert reply["status"] == "queued"
        await site.completer.asked.wait()
        assert site.completer.streams == [False]  # the client asked for none
        path = f"/responses/{reply['id']}"
        cancelled = (await client.post(f"{path}/cancel")).json()
        assert cancelled["status"] == "cancelled"
        assert (await client.post(f"{path}/cancel")).json() == cancelled
        assert (await client.get(path)).json() == cancelled
        assert site.store.kept["p", reply["id"]]["response"]["status"] == "cancelled"


async def test_the_foreground_cannot_be_cancelled():
    async with opened(completion(content="a")) as (_, client):
        id = (await client.post("/responses", json=ONE)).json()["id"]
        assert (await client.post(f"/responses/{id}/cancel")).status_code == 400


async def test_a_background_response_that_is_deleted_stops_and_stays_gone():
    async with opened([asyncio.Event()]) as (site, client):
        id = (await client.post("/responses", json={**ONE, "background": True})).json()["id"]
        assert (await client.delete(f"/responses/{id}")).json() == {
            "id": id,
            "object": "response",
            "deleted": True,
        }
        assert (await client.get(f"/responses/{id}")).status_code == 404
        assert site.store.kept == {}


async def test_what_is_billed_is_given_although_the_database_is_away():
    async with opened(completion(content="a"), spoken("b"), completion(content="c")) as (
        site,
        client,
    ):
        site.store.away = LinkError("away", code="database_away")
        reply = await client.post("/responses", json=ONE)
        assert (reply.status_code, reply.headers["x-edgewise-stored"]) == (200, "later")
        assert (await client.get(f"/responses/{reply.json()['id']}")).json() == reply.json()
        streamed = await client.post("/responses", json={**ONE, "stream": True})
        assert events_in(streamed.text)[-1]["type"] == "response.completed"
        site.store.away = UserError("a value that cannot be kept", code="bad_value")
        reply = await client.post("/responses", json=ONE)
        assert (reply.status_code, reply.headers["x-edgewise-stored"]) == (200, "not")
        assert reply.json()["store"] is False
        site.store.away = None
    assert len(site.store.kept) == 2


async def test_a_chain_of_turns_is_bounded_in_bytes_before_it_is_loaded():
    site = Site(*[completion(content="a" * 500)] * 4, chain_bytes=3000)
    async with site.client() as client:
        id = None
        for _ in range(10):
            reply = await client.post("/responses", json={**ONE, "previous_response_id": id})
            if reply.status_code == 400:
                break
            id = reply.json()["id"]
        assert "longer than 3000 bytes" in reply.json()["error"]["message"]


async def test_a_response_that_a_restart_cut_off_has_failed():
    async with opened() as (site, client):
        response = {"id": "resp_1", "status": "in_progress", "background": True, "error": None}
        await site.store.put("p", "k", "resp_1", {"response": response, "input": []})
        assert (await client.get("/responses/resp_1")).json()["status"] == "failed"
        chained = await client.post("/responses", json={**ONE, "previous_response_id": "resp_1"})
        assert chained.status_code == 400


async def test_input_items_come_in_pages():
    items = [{"role": "user", "content": str(number)} for number in range(5)]
    async with opened(completion(content="a")) as (_, client):
        id = (await client.post("/responses", json={"model": "m", "input": items})).json()["id"]
        path = f"/responses/{id}/input_items"
        page = (await client.get(path, params={"limit": "2"})).json()
        assert [item["content"][0]["text"] for item in page["data"]] == ["4", "3"]
        assert page["has_more"] is True
        more = {"limit": "2", "order": "asc", "after": page["last_id"]}
        page = (await client.get(path, params=more)).json()
        assert [item["content"][0]["text"] for item in page["data"]] == ["4"]
        assert page["has_more"] is False
        for wrong in ({"limit": "0"}, {"limit": "x"}, {"order": "up"}, {"after": "no"}):
            assert (await client.get(path, params=wrong)).status_code == 400


async def test_a_call_that_was_cut_off_does_not_wedge_the_chain():
    cut = completion(tool_calls=[call("c", "get_weather", '{"loc')])
    cut["choices"][0]["finish_reason"] = "length"
    async with opened(cut, completion(content="ok")) as (site, client):
        first = (await client.post("/responses", json={**ONE, "tools": [TOOL]})).json()
        assert first["status"] == "incomplete"
        again = {"model": "m", "input": "again", "previous_response_id": first["id"]}
        assert (await client.post("/responses", json=again)).status_code == 200
        assert [message["role"] for message in site.completer.bodies[1]["messages"]] == [
            "user",
            "user",
        ]
