"""What runs ends with its key: at once, told as an error, its upstream stopped, billed as made."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from sqlalchemy import Connection
from websockets.asyncio.client import connect

from edgewise.cloud.accounts import add_member, create_account, disable_account
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chat import read_chat
from edgewise.cloud.config import DATABASE, ModelConfig, ModelKind, Route
from edgewise.cloud.database import Database
from edgewise.cloud.keys import make_key, revoke_key
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.projects import (
    archive_device,
    archive_project,
    create_project,
    register_device,
)
from edgewise.cloud.refusal import Refused
from edgewise.cloud.revocation import Revocation
from edgewise.cloud.roles import Role
from edgewise.core.exchange import How, Opened, Text
from edgewise.testing.upstream.directive import Directive
from tests.cloud.running import Running, running_cloud
from tests.cloud.test_agent_api import OPENING, Line, say
from tests.cloud.waiting import until
from tests.cloud.wire import post, statuses

pytestmark = pytest.mark.asyncio(loop_scope="module")
MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("vectors", (Route("up", "fake"),), kind=ModelKind.EMBEDDING),
)
SHAPES = {
    "chat/completions": "messages",
    "responses": "input",
    "messages": "messages",
    "embeddings": "input",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud"), model=MODELS) as served:
        yield served


@pytest.fixture(autouse=True)
def fresh(running: Running) -> Iterator[None]:
    running.cloud.ledger.recent.clear()
    yield
    running.upstream.directive = Directive()


def body_of(path: str, **directive: Any) -> dict[str, Any]:
    """A request to one of the APIs whose upstream does as it is told."""
    said = json.dumps({"test": directive}) + " a b c"
    given: Any = said if SHAPES[path] == "input" else [{"role": "user", "content": said}]
    model = "vectors" if path == "embeddings" else "fake"
    stream = {} if path == "embeddings" else {"stream": True}
    most = {"max_tokens": 50} if path == "messages" else {}
    return {"model": model, SHAPES[path]: given, **stream, **most}


def holder(running: Running, secret: str) -> Caller:
    found = running.cloud.find(secret)
    assert found is not None
    return found


def revoke(running: Running, secret: str, database: Database | None = None) -> None:
    caller = holder(running, secret)
    with (database or running.cloud.database).begin() as connection:
        revoke_key(connection, caller.organisation, caller.key, now_s=time.time())


async def ended(running: Running) -> Entry:
    """The only entry, once it is there and the upstream has stopped."""
    await until(lambda: running.cloud.ledger.recent)
    (entry,) = running.cloud.ledger.recent
    await running.upstream.produced.ended(entry.facts.id)
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "key_revoked")
    return entry


@pytest.mark.parametrize("path", ["chat/completions", "responses", "messages"])
async def test_a_stream_ends_in_an_error_though_its_upstream_is_silent(running: Running, path: str):
    secret = running.make_key()
    body = body_of(path, tokens=9, hang_after=2)
    async with (
        running.stranger(secret) as client,
        client.stream("POST", f"/v1/{path}", json=body) as reply,
    ):
        await until(lambda: written(running) == 2)
        revoke(running, secret)
        got = (await reply.aread()).decode()
        assert (await client.post(f"/v1/{path}", json=body)).status_code == 401
    assert reply.status_code == 200
    assert "the API key is in force no more" in got
    assert "[DONE]" not in got or path == "responses"
    assert (await ended(running)).usage.output_tokens == 2


@pytest.mark.parametrize("path", list(SHAPES))
async def test_a_request_that_waits_for_its_answer_is_refused_and_its_input_billed(
    running: Running, path: str
):
    secret = running.make_key()
    body = body_of(path, first_ms=60_000)
    async with running.stranger(secret) as client:
        asking = asyncio.create_task(client.post(f"/v1/{path}", json=body))
        await until(lambda: "running" in outcomes(running))
        revoke(running, secret)
        reply = await asking
    assert reply.status_code == 401
    assert "the API key is in force no more" in reply.json()["error"]["message"]
    entry = await ended(running)
    assert entry.estimated
    assert (entry.usage.input_tokens > 0, entry.usage.output_tokens) == (True, 0)


def written(running: Running) -> int:
    """The tokens of what runs, as far as they are counted."""
    return sum(flight.usage.output_tokens for flight in running.cloud.ledger.running.values())


def outcomes(running: Running) -> set[str]:
    return {record.outcome for record in running.upstream.produced.requests.values()}


async def test_a_whole_answer_under_way_is_refused(running: Running):
    secret = running.make_key()
    body = {**body_of("chat/completions", tokens=9, hang_after=0), "stream": False}
    async with running.stranger(secret) as client:
        asking = asyncio.create_task(client.post("/v1/chat/completions", json=body))
        await until(lambda: "running" in outcomes(running))
        revoke(running, secret)
        assert (await asking).json()["error"]["code"] == "key_revoked"
    await ended(running)


async def test_a_stream_whose_reader_is_slow_is_settled_without_it(running: Running):
    secret = running.make_key()
    asked = read_chat(json.dumps(body_of("chat/completions", tokens=9, hang_after=3)).encode())
    exchange = await running.cloud.gateway.chat(holder(running, secret), asked, Endpoint.CHAT)
    batches = exchange.batches()
    await anext(batches)
    revoke(running, secret)
    assert (await ended(running)).usage.output_tokens <= 3
    with pytest.raises(Refused) as refused:
        await anext(batches)
    assert refused.value.problem.code == "key_revoked"


async def test_an_exchange_that_nobody_has_begun_to_read_is_ended(running: Running):
    secret = running.make_key()
    asked = read_chat(json.dumps(body_of("chat/completions", tokens=9, hang_after=1)).encode())
    exchange = await running.cloud.gateway.chat(holder(running, secret), asked, Endpoint.CHAT)
    revoke(running, secret)
    await until(lambda: exchange._reply._line.is_left, every_s=0)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="revoked"):  # though it is being read for its counts
        await exchange.completion()
    await ended(running)


async def test_a_body_that_came_while_the_key_was_revoked_is_refused(running: Running):
    secret = running.make_key()
    body = json.dumps(body_of("chat/completions")).encode()
    host, _, port = running.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(post(body, "Expect: 100-continue", key=secret).removesuffix(body))
    assert b"100 Continue" in await reader.readuntil(b"\r\n\r\n")  # it was let in and is read
    revoke(running, secret)
    writer.write(body)
    answered = await reader.read()
    writer.close()
    assert statuses(answered) == [401]
    assert b"key_revoked" in answered
    assert not running.cloud.ledger.recent


async def test_a_client_that_leaves_as_its_key_is_revoked_is_settled_once(running: Running):
    secret = running.make_key()
    asked = read_chat(json.dumps(body_of("chat/completions", tokens=9, hang_after=1)).encode())
    exchange = await running.cloud.gateway.chat(holder(running, secret), asked, Endpoint.CHAT)
    reading = asyncio.create_task(exchange.completion())
    await until(lambda: exchange.admission.first_ms)
    revoke(running, secret)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await ended(running)


async def test_a_response_in_the_background_fails(running: Running):
    secret = running.make_key()
    body = {**body_of("responses", tokens=9, hang_after=2), "stream": False, "background": True}
    async with running.stranger(secret) as client:
        made = (await client.post("/v1/responses", json=body)).json()
    await until(lambda: "running" in outcomes(running))
    revoke(running, secret)
    await ended(running)
    kept = (await running.client.get(f"/v1/responses/{made['id']}")).json()
    assert kept["status"] == "failed"
    assert "the API key is in force no more" in kept["error"]["message"]


async def test_a_change_of_another_process_ends_it_at_the_next_look(running: Running):
    secret = running.make_key()
    asked = read_chat(json.dumps(body_of("chat/completions", tokens=9, hang_after=1)).encode())
    exchange = await running.cloud.gateway.chat(holder(running, secret), asked, Endpoint.CHAT)
    elsewhere = Database(f"sqlite:///{running.cloud.folder / DATABASE}")
    await asyncio.to_thread(revoke, running, secret, elsewhere)
    with pytest.raises(Refused, match="revoked"):
        await exchange.completion()
    await ended(running)
    elsewhere.close()


class World:
    """A key with a project, a device and a person of its own, for one of them to go."""

    def __init__(self, running: Running, of_device: bool) -> None:
        made = running.cloud.first_start
        assert made is not None
        now_s, organisation = time.time(), made.organisation.id
        with running.cloud.database.begin() as connection:
            self.project = create_project(connection, organisation, "P", now_s=now_s).id
            address = f"{time.monotonic_ns()}@example.com"
            self.account = create_account(connection, address, "Ada", now_s=now_s).id
            add_member(connection, organisation, self.account, Role.MEMBER)
            place = (organisation, self.project)
            self.device = register_device(connection, *place, "Car", now_s=now_s).id
            device = self.device if of_device else None
            key = make_key(
                connection, *place, "K", now_s=now_s, device=device, created_by=self.account
            )
        self.organisation, self.secret = organisation, key.secret


def archive_the_project(connection: Connection, world: World) -> None:
    archive_project(connection, world.organisation, world.project, now_s=time.time())


def archive_the_device(connection: Connection, world: World) -> None:
    archive_device(connection, world.organisation, world.device, now_s=time.time())


def disable_the_person(connection: Connection, world: World) -> None:
    disable_account(connection, world.account, now_s=time.time())


@pytest.mark.parametrize("go", [archive_the_project, archive_the_device, disable_the_person])
async def test_it_ends_with_its_project_device_or_person_and_others_go_on(
    running: Running, go: Callable[[Connection, World], None]
):
    world = World(running, of_device=go is archive_the_device)
    caller = holder(running, world.secret)
    caller = msgspec.structs.replace(caller, endpoints=frozenset({Endpoint.CHAT}))
    asked = read_chat(json.dumps(body_of("chat/completions", tokens=9, hang_after=1)).encode())
    other = read_chat(json.dumps(body_of("chat/completions", tokens=30, delay_ms=5)).encode())
    gateway = running.cloud.gateway
    exchange = await gateway.chat(caller, asked, Endpoint.CHAT)
    going_on = await gateway.chat(holder(running, running.key), other, Endpoint.CHAT)
    with running.cloud.database.begin() as connection:
        go(connection, world)
    with pytest.raises(Refused, match="revoked"):
        await exchange.completion()
    whole = await going_on.completion()
    assert whole["choices"][0]["finish_reason"] == "stop"
    assert running.cloud.ledger.recent[-1].usage.output_tokens == 30


@pytest.mark.parametrize("thinking", [True, False])
async def test_an_agent_session_ends_with_the_credential_of_its_device(
    running: Running, thinking: bool
):
    world = World(running, of_device=True)
    running.cloud.agent._check_s = 3600  # only the revocation itself looks
    running.upstream.directive = Directive(tokens=9, hang_after=2)
    headers = {"Authorization": f"Bearer {world.secret}"}
    async with running.stranger(world.secret) as client:
        made = await client.post("/v1/agent/sessions", content=msgspec.json.encode(OPENING))
        opened = msgspec.json.decode(made.content, type=Opened)
        url = f"ws{running.address[4:]}{opened.channel}"
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            line = Line(socket)
            if thinking:
                await line.send(say())
                await line.until(Text)
            revoke(running, world.secret)
            assert await line.fault() == ("invalid_api_key", 4401)
        gone = await client.get(f"/v1/agent/sessions/{opened.session}")
    assert gone.status_code == 401
    if thinking:
        assert (await ended(running)).facts.device == world.device
        end = running.cloud.agent.sessions.hosts()[0].session.turns["t1"].end
        assert end is not None
        assert (end.how, end.code in ("key_revoked", "invalid_api_key")) == (How.FAILED, True)
    await running.cloud.agent.sessions.close()


async def test_keys_that_go_after_the_end_are_nobodys_concern():
    async def made() -> Revocation:
        return Revocation({}, lambda: pytest.fail("nothing runs any more"))

    revocation = await asyncio.to_thread(asyncio.run, made())  # a loop that is closed by now
    revocation.tell(frozenset({"key"}))
