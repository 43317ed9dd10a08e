"""A backend over HTTP: what its statuses mean, and that a half-closed connection tells all."""

import asyncio
import json
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.backend import Away, Line, Reply, read_all
from edgewise.cloud.config import BackendConfig
from edgewise.cloud.refusal import Refused
from edgewise.cloud.upstream import Upstream
from edgewise.errors import LinkError
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.certificates import server_tls
from tests.cloud.raw_server import LOOPS, Talk, raw_server
from tests.cloud.raw_server import Line as RawLine
from tests.cloud.strange_upstream import reply, strange_upstream


@asynccontextmanager
async def opened(address: str, key: str = "", **limits: float) -> AsyncIterator[Upstream]:
    upstream = Upstream(BackendConfig("up", f"{address}/v1", **limits), key)  # type: ignore[arg-type]
    try:
        yield upstream
    finally:
        await upstream.close()


async def rest_of(answered: Reply) -> tuple[bytes, LinkError | None]:
    """All that still comes, and how it broke off."""
    said = b""
    try:
        while data := await answered.read():
            said += data
    except LinkError as error:
        return said, error
    return said, None


def chat(words: str, **directive: object) -> bytes:
    said = json.dumps({"test": directive}) + words
    message = {"role": "user", "content": said}
    return json.dumps({"model": "fake", "stream": True, "messages": [message]}).encode()


@pytest.mark.parametrize(
    "status", [401, 402, 403, 404, 408, 409, 425, 429, 500, 502, 503, 599, 302]
)
async def test_what_another_may_do_is_away(status: int):
    error = reply(b'{"error":{"message":"x","code":"c"}}', "Retry-After: 7", status=f"{status} X")
    async with strange_upstream(lambda *_: error) as strange, opened(strange.address) as upstream:
        with pytest.raises(Away) as away:
            await upstream.post("/chat/completions", b"{}", "req_1")
    assert (away.value.status, away.value.wait_s) == (status, 7.0)
    assert str(away.value).split(":")[0] in (f"up answered {status} c", f"up answered {status}")


@pytest.mark.parametrize("status", [400, 413, 415, 422])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error":{"message":"too long","code":5}}', "too long"),
        (b'{"error":"too long"}', "too long"),
        (b'{"message":"too long"}', "too long"),
        (b"too long", "too long"),
        (b"[" * 50_000, "[["),
        (b"", "the upstream answered"),
    ],
)
async def test_what_is_the_requests_fault_is_told(status: int, body: bytes, said: str):
    error = reply(body, status=f"{status} X")
    async with strange_upstream(lambda *_: error) as strange, opened(strange.address) as upstream:
        with pytest.raises(Refused) as refused:
            await upstream.post("/chat/completions", b"{}", "req_1")
    assert refused.value.status == status
    assert said in refused.value.problem.message


async def test_the_key_and_the_requests_id_are_sent():
    async with (
        strange_upstream(lambda *_: reply(b"{}")) as strange,
        opened(strange.address, "sk-up") as upstream,
    ):
        await (await upstream.post("/chat/completions", b"{}", "req_1")).close()
    head = strange.heads[0].lower()
    assert b"authorization: bearer sk-up" in head
    assert b"x-request-id: req_1" in head


async def test_a_wrong_path_is_told_with_what_to_look_at():
    async with started_upstream() as truth:
        upstream = Upstream(BackendConfig("up", truth.address))  # without /v1
        ailing = await upstream.ailing()
        with pytest.raises(Away, match="404: is its url right") as away:
            await upstream.post("/chat/completions", b"{}", "req_1")
        await upstream.close()
    assert (ailing and ailing.status, away.value.status) == (404, 404)
    assert "usually ends in /v1" in str(ailing)


async def test_nobody_there_and_nobody_answering_are_away():
    async with opened("http://127.0.0.1:9") as upstream:
        with pytest.raises(Away):
            await upstream.post("/chat/completions", b"{}", "req_1")
        assert await upstream.ailing()
    async with started_upstream() as truth, opened(truth.address, first_byte_s=0.1) as upstream:
        assert await upstream.ailing() is None
        with pytest.raises(Away, match=r"0\.1 s") as away:
            await upstream.post("/chat/completions", chat("a", hang_after=0), "req_1")
        assert away.value.is_slow


async def test_one_that_can_not_be_connected_to_in_time_is_not_slow_but_away():
    with socket.socket() as full:  # it takes one connection and accepts none
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            for limits in ({"connect_s": 0.1}, {"connect_s": 0.3, "first_byte_s": 0.1}):
                async with opened(f"http://127.0.0.1:{port}", **limits) as upstream:
                    with pytest.raises(Away) as away:
                        await upstream.post("/chat/completions", b"{}", "req_1")
                    assert (away.value.status, away.value.is_slow) == (0, False)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_one_that_says_200_and_dies_before_a_word_is_away():
    async with strange_upstream(lambda *_: HEAD) as strange, opened(strange.address) as upstream:
        with pytest.raises(Away) as away:
            await upstream.post("/chat/completions", b"{}", "req_1")
    assert (away.value.status, away.value.is_slow) == (0, False)


async def test_one_that_says_200_and_then_nothing_is_too_slow():
    async with started_upstream() as truth, opened(truth.address, first_byte_s=0.1) as upstream:
        with pytest.raises(Away) as away:
            await upstream.post("/chat/completions", chat("a", hang_after=0), "req_1")
    assert away.value.is_slow


async def test_silence_within_a_stream_breaks_it():
    async with started_upstream() as truth, opened(truth.address, idle_s=0.1) as upstream:
        answered = await upstream.post("/chat/completions", chat("a", tokens=3, hang_after=1), "r")
        _, broken = await rest_of(answered)
        assert "said nothing" in str(broken)
        await answered.close()


async def test_what_came_before_a_cut_is_read_even_when_both_are_here():
    async with started_upstream() as truth, opened(truth.address) as upstream:
        cut = chat("a", tokens=20, fail_after=7)
        answered = await upstream.post("/chat/completions", cut, "req_1")
        await asyncio.sleep(0.1)  # both the events and the cut are here before the first read
        said, broken = await rest_of(answered)
        assert broken is not None
        await answered.close()
        assert said.count(b'"content":"') - 1 == truth.produced.requests["req_1"].output_tokens


async def test_a_stopped_stream_tells_what_it_had_written_and_its_connection_is_not_used_again():
    async with started_upstream() as truth, opened(truth.address) as upstream:
        for number in range(5):
            body = chat("a", tokens=50, delay_ms=1)
            answered = await upstream.post("/chat/completions", body, f"req_{number}")
            said = await answered.read()
            assert answered.stop()
            said += (await rest_of(answered))[0]
            await answered.close()
            record = truth.produced.requests[f"req_{number}"]
            assert said.count(b'"content":"') - 1 == record.output_tokens < 50
            assert record.outcome == "left"


@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("keeps_rest", [False, True])
async def test_who_is_cancelled_as_a_refusal_ends_has_no_part_in_the_next_ones_answer(
    turns: int, keeps_rest: bool
):
    half, ends = asyncio.Event(), asyncio.Event()

    async def talk(line: RawLine) -> None:
        while b"req_1" in await line.request():
            await line.say(b"HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n")
            half.set()
            await ends.wait()
            await line.say(b"0\r\n\r\n")
        await asyncio.sleep(0.02)  # time for the first one to take what is not its own
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine")

    async with raw_server(talk) as address, opened(address, most_connections=1) as upstream:
        line = Line(keeps_rest=keeps_rest)
        refused = asyncio.create_task(upstream.post("/x", b"{}", "req_1", line))
        await half.wait()
        await asyncio.sleep(0.01)
        ends.set()
        for _ in range(turns):  # after one of these the refusal has just ended
            await asyncio.sleep(0)
        refused.cancel()
        with suppress(asyncio.CancelledError, Refused):
            await refused
        following = asyncio.create_task(upstream.post("/x", b"{}", "req_2"))
        await asyncio.sleep(0)
        if line.rest is not None:
            with suppress(Away, Refused):
                await line.rest()
        assert await rest_of(await asyncio.wait_for(following, 2)) == (b"mine", None)


async def test_who_hangs_up_after_the_answer_has_no_part_in_the_next_ones():
    half = asyncio.Event()

    async def talk(line: RawLine) -> None:
        await line.request()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
        await line.request()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmi")
        half.set()
        assert not await line.reader.read(1)  # our end, when all is said
        await line.say(b"no")

    async with raw_server(talk) as address, opened(address) as upstream:
        line = Line()
        first = await upstream.post("/x", b"{}", "req_1", line)
        await read_all(first, 10)
        await first.close()
        second = await upstream.post("/x", b"{}", "req_2")
        await half.wait()
        line.hang_up()
        assert line.is_open  # it was asked
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await read_all(second, 10)
        await second.close()


async def test_who_hangs_up_before_the_answer_stops_the_upstream():
    async with started_upstream() as truth, opened(truth.address) as upstream:
        line = Line()
        body = chat("a", tokens=5, first_ms=2000)
        asking = asyncio.create_task(upstream.post("/chat/completions", body, "req_1", line))
        async with asyncio.timeout(5):
            while "req_1" not in truth.produced.requests:  # noqa: ASYNC110  another's state
                await asyncio.sleep(0.005)
        line.hang_up()
        with pytest.raises(Away):
            await asyncio.wait_for(asking, 1)
        assert truth.produced.requests["req_1"].input_tokens == 0
        answered = await upstream.post("/chat/completions", chat("a"), "req_2")
        await read_all(answered, 10**6)
        await answered.close()


async def test_who_hung_up_before_the_connection_is_there_sends_nothing():
    async with started_upstream() as truth, opened(truth.address) as upstream:
        line = Line()
        line.hang_up()
        with pytest.raises(Away):
            await upstream.post("/chat/completions", chat("a"), "req_1", line)
        assert not truth.produced.requests


async def test_a_wait_for_a_connection_of_ours_is_no_fault_of_the_backend():
    limits = {"most_connections": 1, "first_byte_s": 0.2}
    async with started_upstream() as truth, opened(truth.address, **limits) as upstream:
        held = await upstream.post("/chat/completions", chat("a", tokens=2, hang_after=1), "req_1")
        with pytest.raises(Away, match="busy") as away:
            await upstream.post("/chat/completions", chat("a"), "req_2")
        assert away.value.status == 429
        assert "req_2" not in truth.produced.requests
        await held.close()
        await (await upstream.post("/chat/completions", chat("a"), "req_3")).close()


async def test_the_backends_time_begins_with_the_connection():
    limits = {"most_connections": 1, "first_byte_s": 0.4}
    async with started_upstream() as truth, opened(truth.address, **limits) as upstream:
        held = await upstream.post("/chat/completions", chat("a", tokens=2, hang_after=1), "req_1")
        late = chat("a", first_ms=250)
        asking = asyncio.create_task(upstream.post("/chat/completions", late, "req_2"))
        await asyncio.sleep(0.25)  # more than is left of its time
        await held.close()
        await (await asking).close()


@pytest.mark.parametrize("kind", [None, "multipart/form-data; boundary=x"])
async def test_a_body_goes_as_what_it_is_and_the_answer_tells_what_it_is(kind: str | None):
    answered = reply(b"abc", kind="audio/wav")
    async with (
        strange_upstream(lambda *_: answered) as strange,
        opened(strange.address) as upstream,
    ):
        given = {} if kind is None else {"content_type": kind}
        answer = await upstream.post("/audio/speech", b"{}", "req_1", **given)
        assert answer.content_type == "audio/wav"
        await answer.close()
        (head,) = strange.heads
    sent = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-type")]
    assert sent == [f"content-type: {kind or 'application/json'}".encode()]


async def test_a_backend_that_ends_a_kept_connection_as_we_ask_is_asked_anew():
    asked: list[bytes] = []

    async def talk(line: RawLine) -> None:
        asked.append(await line.request())
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        asked.append(await line.request())  # read, and not answered
        if len(asked) > 2:
            await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")

    async with raw_server(talk) as address, opened(address) as upstream:
        for _ in range(2):
            answered = await upstream.post("/chat/completions", b"{}", "req")
            assert await read_all(answered, 100) == b"ok"
            await answered.close()
    assert len(asked) == 3


async def test_a_backend_that_never_answers_is_asked_once():
    asked: list[bytes] = []

    async def talk(line: RawLine) -> None:
        asked.append(await line.request())

    async with raw_server(talk) as address, opened(address) as upstream:
        with pytest.raises(Away):
            await upstream.post("/chat/completions", b"{}", "req")
    assert len(asked) == 1


async def served_over_tls(
    talk: Talk, tls: ssl.SSLContext, do: Callable[[Upstream], Awaitable[None]]
) -> None:
    async with asyncio.timeout(10), raw_server(talk, tls) as address, opened(address) as upstream:
        await do(upstream)


def over_tls(loop: Any, tls: ssl.SSLContext, talk: Talk, do: Any) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(served_over_tls(talk, tls, do))


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context, whose certificate this process trusts."""
    context, file = server_tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


async def asked(upstream: Upstream) -> tuple[bytes, LinkError | None]:
    answered = await upstream.post("/x", b"{}", "req_1")
    said = await rest_of(answered)
    await answered.close()
    return said


PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = HEAD + b"5\r\nhello\r\n0\r\n\r\n"
UNBOUNDED = b"HTTP/1.1 200 OK\r\n\r\nhello"


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("answer", [PLAIN, CHUNKED])
def test_whole_answers_come_over_one_connection_over_tls(
    loop: Any, tls: ssl.SSLContext, answer: bytes
):
    lines: list[RawLine] = []

    async def talk(line: RawLine) -> None:
        lines.append(line)
        while True:
            await line.request()
            await line.say(answer)

    async def twice(upstream: Upstream) -> None:
        for _ in range(2):
            assert await asked(upstream) == (b"hello", None)
        assert len(lines) == 1

    over_tls(loop, tls, talk, twice)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_leaves_over_tls_closes_at_once(loop: Any, tls: ssl.SSLContext):
    ended = asyncio.Event()

    async def talk(line: RawLine) -> None:
        await line.request()
        await line.say(HEAD + b"5\r\nhello\r\n")
        with suppress(ConnectionError):
            await line.reader.read()
        ended.set()

    async def leave(upstream: Upstream) -> None:
        answered = await upstream.post("/x", b"{}", "req_1")
        assert await answered.read() == b"hello"
        assert not answered.stop()
        await answered.close()
        await ended.wait()

    over_tls(loop, tls, talk, leave)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("is_told", [True, False])
def test_an_answer_up_to_the_close_is_never_whole_over_tls(
    loop: Any, tls: ssl.SSLContext, is_told: bool
):
    async def talk(line: RawLine) -> None:
        await line.request()
        await line.say(UNBOUNDED)
        if not is_told:  # who stands between can end TCP, and not TLS
            held = line.writer.get_extra_info("socket")
            with socket.socket(fileno=os.dup(held.fileno())) as bare:
                bare.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                await line.reader.read()

    async def ask(upstream: Upstream) -> None:
        said, broken = await asked(upstream)
        assert said == b"hello"
        assert broken is not None

    over_tls(loop, tls, talk, ask)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
def test_a_certificate_that_is_unknown_or_anothers_is_away(
    loop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
):
    context, file = server_tls(tmp_path, address)
    if address != "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(file))

    async def talk(line: RawLine) -> None:
        await line.request()
        await line.say(PLAIN)

    async def ask(upstream: Upstream) -> None:
        with pytest.raises(Away, match="certificate"):
            await upstream.post("/x", b"{}", "req_1")
        assert await upstream.ailing()

    over_tls(loop, context, talk, ask)
