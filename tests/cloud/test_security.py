"""What may never happen: a key or a prompt told, a door open, a bad request that hurts the next."""

import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.budget_table import create_budget
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import BackendConfig, UsageReport
from edgewise.cloud.directory import Directory
from edgewise.cloud.flight import SLOTS
from edgewise.cloud.keys import Scope
from edgewise.cloud.prices import Price
from edgewise.cloud.projects import register_device
from tests.cloud.postgres import Cluster
from tests.cloud.running import Running, running_cloud
from tests.cloud.strange_upstream import events, reply, strange_upstream

CHAT = "/v1/chat/completions"
CANARY = "the-canary-sings-at-noon"
Json = dict[str, Any]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One platform for the tests that leave nothing behind: starting one takes a second."""
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


@pytest.fixture
def running(shared: Running) -> Running:
    """The platform, as if nothing had been asked before."""
    shared.upstream.produced.requests.clear()
    return shared


def asking(content: Any = "hi", **more: Any) -> Json:
    return {"model": "fake", "messages": [{"role": "user", "content": content}], **more}


async def works(running: Running) -> None:
    """The next good request gets its answer."""
    assert (await running.client.post(CHAT, json=asking())).status_code == 200


def device_key(running: Running, scope: Scope) -> str:
    made = running.cloud.first_start
    assert made is not None
    with running.cloud.database.begin() as connection:
        device = register_device(
            connection, made.organisation.id, made.project.id, "car", now_s=time.time()
        )
    return running.make_key(scope, device=device.id)


def files_with(folder: Path, text: str) -> list[str]:
    return [
        str(file)
        for file in folder.rglob("*")
        if file.is_file() and text.encode() in file.read_bytes()
    ]


async def test_no_key_and_no_prompt_is_in_logs_traces_metrics_and_files(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    async with running_cloud(tmp_path / "cloud") as running:
        wedged = {"id": "c", "type": "function", "function": {"name": "f", "arguments": CANARY}}
        bad_history = [{"role": "assistant", "tool_calls": [wedged]}]
        for body in (
            asking(CANARY),
            asking(CANARY, stream=True),
            asking(CANARY, max_tokens=-1),
            asking([{"type": "text", "text": CANARY}], tools=CANARY),
            asking(f'{{"test": {{"fail_status": 500}}}} {CANARY}'),
            asking(f'{{"test": {{"fail_after": 1}}}} {CANARY}', stream=True),
            {"model": "fake", "messages": bad_history},
        ):
            answered = await running.client.post(CHAT, json=body)
            if answered.status_code >= 400:
                said.append(answered.text)
        wrong = await running.stranger("sk-ew-wrong" + CANARY).post(CHAT, json=asking())
        said.append(wrong.text)
        telemetry = running.cloud.telemetry
        said += [repr(telemetry.traces()), telemetry.exposition().decode(), caplog.text]
        for secret in (running.key, CANARY):
            assert not files_with(tmp_path, secret)
        await running.wait_until_idle()
        said.append((await running.client.get("/v1/models")).text)
    for secret in (running.key, CANARY):
        assert not files_with(tmp_path, secret)
        assert not [text for text in said if secret in text]


async def test_what_a_failing_upstream_says_is_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)

    def echo(_: bytes, body: bytes) -> bytes:
        message = {"message": f"can not take {body.decode()}", "code": "no\nmodel"}
        return reply(json.dumps({"error": message}).encode(), status="500 Sorry")

    async with strange_upstream(echo) as upstream, over(tmp_path, upstream.address) as running:
        answered = await running.client.post(CHAT, json=asking(CANARY))
        assert answered.status_code == 503
        assert CANARY not in answered.text
        assert CANARY not in caplog.text
        assert CANARY not in repr(running.cloud.pool.health["up"].said)


def over(folder: Path, address: str, **changes: Any):
    """A platform over another upstream."""
    backend = BackendConfig("up", f"{address}/v1", usage=UsageReport.CONTINUOUS)
    return running_cloud(folder, backend=(backend,), **changes)


async def test_a_key_is_looked_up_by_its_digest_and_compared_in_constant_time():
    assert {"digest_of", "compare_digest"} <= set(Directory.find.__code__.co_names)


async def test_a_key_is_nowhere_in_memory_of_the_directory(running: Running):
    assert running.key not in repr(running.cloud.directory._snapshot)


async def test_a_device_may_not_call_what_it_is_not_scoped_for(running: Running):
    plain = running.stranger(device_key(running, Scope()))
    assert (await plain.get("/v1/models")).status_code == 200
    refused = await plain.post(CHAT, json=asking())
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "key_scope")
    for path in ("/v1/responses", "/v1/messages"):
        assert (await plain.post(path, json=asking())).status_code == 403
    assert not running.upstream.produced.requests
    chatting = running.stranger(device_key(running, Scope(endpoints=(Endpoint.CHAT,))))
    assert (await chatting.post(CHAT, json=asking())).status_code == 200
    assert (await chatting.get("/v1/models")).status_code == 403


async def test_an_unknown_model_and_one_of_another_key_are_told_alike(running: Running):
    scoped = running.stranger(running.make_key(Scope(models=("other",))))
    unknown = await running.client.post(CHAT, json=asking(model="none"))
    hidden = await scoped.post(CHAT, json=asking())
    assert unknown.status_code == hidden.status_code == 404
    assert unknown.json()["error"]["code"] == "model_not_found"
    assert unknown.text.replace("none", "fake") == hidden.text


@pytest.mark.parametrize("key", ["x", "sk-ew-" + "a" * 43, "a" * 8000, "sk\xe9", "Bearer"])
async def test_a_wrong_key_is_refused(running: Running, key: str):
    for header in (
        {"Authorization": f"Bearer {key}".encode("latin-1")},
        {"x-api-key": key.encode("latin-1")},
    ):
        answered = await running.stranger().post(CHAT, json=asking(), headers=header)
        assert answered.status_code == 401
        assert answered.json()["error"]["code"] == "invalid_api_key"
        assert not key or len(key) < 7 or key not in answered.text


async def test_keys_are_known_and_wrong_ones_refused_while_the_database_is_away(
    tmp_path: Path, cluster: Cluster
):
    url = cluster.create("away", template="migrated")
    try:
        async with running_cloud(tmp_path, database=url) as running:
            cluster.disconnect("away")
            wrong = await running.stranger("sk-ew-wrong").post(CHAT, json=asking())
            assert wrong.status_code == 401
            for _ in range(3):
                await works(running)
            assert not await running.cloud.ledger.flush()
            cluster.admit("away")
            assert await running.cloud.ledger.flush()
    finally:
        cluster.drop("away")


async def test_a_foreign_page_has_nothing_to_use(running: Running):
    page = {"Origin": "https://evil.example", "Host": "evil.example"}
    stranger = running.stranger()
    cookie = {"Cookie": f"key={running.key}; authorization=Bearer {running.key}"}
    for path in (CHAT, f"{CHAT}?key={running.key}&api_key={running.key}"):
        answered = await stranger.post(path, json=asking(), headers={**page, **cookie})
        assert answered.status_code == 401
        assert not {"set-cookie", "access-control-allow-origin"} & set(answered.headers)
    form = {"Content-Type": "text/plain", **page}
    body = json.dumps(asking()).encode()
    assert (await running.client.post(CHAT, content=body, headers=form)).status_code == 400
    allowed = await stranger.options(
        CHAT, headers={**page, "Access-Control-Request-Method": "POST"}
    )
    assert "access-control-allow-origin" not in allowed.headers


NESTED = b'{"model":"fake","messages":[{"role":"user","content":"hi"}],"x":'
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"hi"',
    "null": b"null",
    "invalid UTF-8": b'{"model":"fake","messages":[{"role":"user","content":"\xff\xfe"}]}',
    "invalid UTF-8 in a name": b'{"mod\xffel":"fake"}',
    "half a surrogate": rb'{"model":"fake","messages":[{"role":"user","content":"\ud800"}]}',
    "a surrogate as the model": rb'{"model":"\udc00","messages":[{"role":"user","content":"a"}]}',
    "nested lists": NESTED + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested objects": NESTED + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "unclosed lists": NESTED + b"[" * 1_000_000,
    "a nested message": b'{"model":"fake","messages":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "ten thousand messages": json.dumps(
        {"model": "fake", "messages": [{"role": "user", "content": "a"}] * 10_000}
    ).encode(),
    "no messages": b'{"model":"fake","messages":[]}',
    "a null message": b'{"model":"fake","messages":[null]}',
    "NaN": b'{"model":"fake","messages":[{"role":"user","content":"a"}],"top_p":NaN}',
    "an infinite temperature": b'{"model":"fake","messages":[{"role":"user","content":"a"}],'
    b'"temperature":1e999}',
    "a huge n": json.dumps(asking(n=10**30)).encode(),
    "a number of ten thousand digits": NESTED[:-4] + b'"max_tokens":' + b"9" * 10_000 + b"}",
    "a negative limit": json.dumps(asking(max_tokens=-(2**63))).encode(),
    "a fraction of a token": json.dumps(asking(max_tokens=0.5)).encode(),
    "a model of a megabyte": json.dumps(asking(model="a" * 2**20)).encode(),
    "an unknown role": json.dumps({"model": "fake", "messages": [{"role": "x"}]}).encode(),
}


@pytest.mark.parametrize("what", BODIES)
async def test_a_bad_body_is_a_400_and_the_next_request_works(running: Running, what: str):
    headers = {"Content-Type": "application/json"}
    answered = await running.client.post(CHAT, content=BODIES[what], headers=headers)
    assert answered.status_code == 400, answered.text
    assert set(answered.json()["error"]) == {"message", "type", "param", "code"}
    assert len(answered.text) < 2000
    assert not running.upstream.produced.requests
    await works(running)


@pytest.mark.parametrize("limit", [2**31, 2**63, 2**64, 10**30])
async def test_a_huge_limit_of_tokens_is_no_more_than_the_model_writes(
    running: Running, limit: int
):
    for field in ("max_tokens", "max_completion_tokens"):
        answered = await running.client.post(CHAT, json=asking(n=16, **{field: limit}))
        assert answered.status_code == 200
        sent = json.loads(running.upstream.seen[-1].body)
        assert sent[field] == running.cloud.config.model[0].output_tokens


async def test_two_limits_of_tokens_bound_each_other(running: Running):
    both = asking(max_tokens=10**9, max_completion_tokens=5)
    assert (await running.client.post(CHAT, json=both)).status_code == 200
    sent = json.loads(running.upstream.seen[-1].body)
    assert sent["max_tokens"] == sent["max_completion_tokens"] == 5


async def test_a_budget_holds_against_the_dearest_request(tmp_path: Path):
    from datetime import date
    from decimal import Decimal

    price = Price("fake", date(2020, 1, 1), input=Decimal(1000), output=Decimal(10**6))
    async with running_cloud(tmp_path, price=(price,)) as running:
        made = running.cloud.first_start
        assert made is not None
        with running.cloud.database.begin() as connection:
            create_budget(
                connection,
                made.organisation.id,
                ScopeKind.PROJECT,
                made.project.id,
                Period.DAY,
                10**9,
                now_s=time.time(),
            )
        await running.cloud._load_budgets()
        statuses = [
            (await running.client.post(CHAT, json=asking(n=16, max_tokens=2**62))).status_code
            for _ in range(4)
        ]
        assert statuses == [200, 402, 402, 402]
        (standing,) = running.cloud.budgets.standings()
        assert standing.reserved_nano == 0


CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
HISTORIES = {
    "arguments that are no JSON": (CALL | {"function": {"name": "f", "arguments": "{"}}, None),
    "arguments that are no object": (CALL | {"function": {"name": "f", "arguments": "[1]"}}, None),
    "arguments that are nested": (
        CALL | {"function": {"name": "f", "arguments": "[" * 100_000}},
        None,
    ),
    "half a surrogate": (CALL | {"function": {"name": "f", "arguments": '"\\ud800"'}}, None),
    "no function": ({"id": "call_1", "type": "function"}, None),
    "no id": ({"type": "function", "function": CALL["function"]}, None),
    "a name with spaces": (CALL | {"function": {"name": "a b", "arguments": "{}"}}, None),
    "a result of no call": (None, {"role": "tool", "tool_call_id": "x", "content": "1"}),
    "a result without an id": (None, {"role": "tool", "content": "1"}),
}


@pytest.mark.parametrize("what", HISTORIES)
async def test_a_malformed_call_in_the_history_names_its_message(running: Running, what: str):
    call, message = HISTORIES[what]
    bad = message or {"role": "assistant", "content": None, "tool_calls": [call]}
    history = [{"role": "system", "content": "a"}, {"role": "user", "content": "hi"}, bad]
    answered = await running.client.post(CHAT, json={"model": "fake", "messages": history})
    assert answered.status_code == 400
    error = answered.json()["error"]
    assert "messages[2]" in error["message"]
    assert (error["param"] or "").startswith("messages[2]")
    mended = {"model": "fake", "messages": history[:2]}
    assert (await running.client.post(CHAT, json=mended)).status_code == 200


@pytest.mark.parametrize(
    "name", ["a\n\ndata: evil\n\n", 'a"}}\r\n\r\ndata: [DONE]', "a\x00b", "é\u2028"]
)
async def test_a_model_name_puts_no_event_and_no_header_into_a_reply(running: Running, name: str):
    for stream in (True, False):
        answered = await running.client.post(CHAT, json=asking(model=name, stream=stream))
        assert answered.status_code == 404
        assert "\n" not in answered.text
        assert answered.json()["error"]["code"] == "model_not_found"
        assert "evil" not in "".join(answered.headers.values())


async def test_what_an_upstream_writes_makes_no_events_of_its_own(tmp_path: Path):
    chunk = {"choices": [{"index": 0, "delta": {"content": "a\n\ndata: evil\r\n\r\n"}}]}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}

    def answer(_: bytes, body: bytes) -> bytes:
        return events(json.dumps(chunk).encode(), json.dumps(last).encode(), b"[DONE]")

    async with strange_upstream(answer) as upstream, over(tmp_path, upstream.address) as running:
        answered = await running.client.post(CHAT, json=asking(stream=True))
        assert "\ndata: evil" not in answered.text
        assert [one[:6] for one in answered.text.split("\n\n")] == ["data: "] * 3 + [""]


async def test_a_long_trace_header_takes_no_slot_away(running: Running):
    trace = {"traceparent": "a" * 5000}
    for _ in range(3):
        assert (await running.client.post(CHAT, json=asking(), headers=trace)).status_code == 200
    await running.wait_until_idle()
    assert running.cloud.ledger._flights.used == 0
    assert len(running.cloud.ledger._flights._free) == SLOTS


async def test_one_tenants_cookie_of_an_upstream_does_not_reach_the_next(tmp_path: Path):
    def answer(_: bytes, body: bytes) -> bytes:
        done = {"choices": [{"index": 0, "message": {"content": "a"}, "finish_reason": "stop"}]}
        return reply(json.dumps(done).encode(), "Set-Cookie: session=1; Path=/")

    async with strange_upstream(answer) as upstream, over(tmp_path, upstream.address) as running:
        await works(running)
        answered = await running.client.post(CHAT, json=asking())
        assert "set-cookie" not in answered.headers
        assert not [head for head in upstream.heads if b"ookie" in head]


async def test_a_redirect_of_an_upstream_is_not_followed(tmp_path: Path):
    async with strange_upstream(lambda *_: reply(b"{}")) as other:

        def answer(*_: bytes) -> bytes:
            return reply(b"", f"Location: {other.address}/v1/x", status="307 Elsewhere")

        async with (
            strange_upstream(answer) as upstream,
            over(tmp_path, upstream.address) as running,
        ):
            assert (await running.client.post(CHAT, json=asking())).status_code == 503
        assert not other.bodies


NONSENSE = {
    "no JSON": reply(b"hello"),
    "a list": reply(b"[]"),
    "choices of numbers": reply(b'{"choices":[1]}'),
    "a message that is a text": reply(b'{"choices":[{"message":"a"}]}'),
    "calls that are numbers": reply(b'{"choices":[{"message":{"tool_calls":[1]}}]}'),
    "nested without end": reply(b"[" * 200_000),
    "an event that is no JSON": events(b"hello", b"[DONE]"),
    "an event in bad UTF-8": events(b'{"choices":[{"delta":{"content":"\xff"}}]}', b"[DONE]"),
    "a nested event": events(b'{"choices":[],"x":' + b"[" * 200_000, b"[DONE]"),
    "a huge event": reply(b"data: " + b"a" * 9_000_000, kind="text/event-stream"),
    "a stream that breaks off": events(b'{"choices":[{"delta":{"content":"a"}}]}'),
    "one of two choices": events(
        b'{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"a"}}]}',
        b'{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
    ),
}


async def test_nonsense_of_an_upstream_is_a_502_and_settled(tmp_path: Path):
    said = b""
    async with (
        strange_upstream(lambda *_: said) as upstream,
        over(tmp_path, upstream.address) as running,
    ):
        for what, said in NONSENSE.items():  # noqa: B007  the upstream says it
            answered = await running.client.post(CHAT, json=asking())
            assert answered.status_code == 502, (what, answered.text[:300])
            await running.wait_until_idle()
            assert running.cloud.ledger.recent[-1].outcome == "failed"


async def test_an_absurd_count_of_an_upstream_does_not_stop_the_ledger(tmp_path: Path):
    absurd = {"prompt_tokens": 10**25, "completion_tokens": -5}
    done = {
        "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}],
        "usage": absurd,
    }
    async with (
        strange_upstream(lambda *_: events(json.dumps(done).encode(), b"[DONE]")) as upstream,
        over(tmp_path, upstream.address) as running,
    ):
        await works(running)
        await running.wait_until_idle()
        assert await running.cloud.ledger.flush()
        assert not running.cloud.ledger._journal.sealed()
