"""One request and its reply: every end has a name, and no wait is without bound."""

import httpx
import pytest

from edgewise.core.clock import SystemClock
from edgewise.think.breaker import Trouble
from edgewise.think.cloud_line import Attempt, CloudLine, Failed
from tests.cloud.raw_server import Line, Talk, raw_server

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
ENDLESS = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def says(*pieces: bytes) -> Talk:
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(*pieces)

    return talk


async def read(
    talk: Talk, *, deadline_s: float = 5.0, read_s: float = 5.0
) -> tuple[list[bytes], Failed | None, Attempt]:
    """What one line gives, how it failed, and what is kept of it."""
    clock = SystemClock()
    waits = httpx.Timeout(5.0, read=read_s)
    async with raw_server(talk) as address, httpx.AsyncClient(timeout=waits) as client:
        request = client.build_request("POST", f"{address}/v1/chat/completions", content=b"asked")
        line = CloudLine(client, request, clock, clock.monotonic() + deadline_s)
        events: list[bytes] = []
        failed: Failed | None = None
        try:
            async for event in line.events():
                events.append(event.data)
        except Failed as raised:
            failed = raised
        return events, failed, line.attempt("far", "fake", "ask")


async def test_a_reply_gives_its_events_and_is_recorded():
    reply = HEAD + b"content-length: 18\r\n\r\ndata: 1\n\ndata: 2\n\n"
    events, failed, attempt = await read(says(reply))
    assert (events, failed) == ([b"1", b"2"], None)
    assert (attempt.endpoint, attempt.model, attempt.kind) == ("far", "fake", "ask")
    assert (attempt.status, attempt.trouble) == (200, "")
    assert attempt.received_bytes == len(reply)
    assert 0 < attempt.took_s < 5


async def test_bytes_sent_are_those_that_the_server_reads():
    asked: list[bytes] = []

    async def talk(line: Line) -> None:
        asked.append(await line.request())
        await line.say(HEAD + b"content-length: 0\r\n\r\n")

    _, _, attempt = await read(talk)
    assert attempt.sent_bytes == len(asked[0])


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        *[(429, Trouble.BUSY), (503, Trouble.BUSY), (408, Trouble.BUSY)],
        *[(401, Trouble.ACCOUNT), (402, Trouble.ACCOUNT), (404, Trouble.ACCOUNT)],
        *[(400, Trouble.REQUEST), (413, Trouble.REQUEST), (422, Trouble.REQUEST)],
        *[(500, Trouble.BROKEN), (502, Trouble.BROKEN), (302, Trouble.BROKEN)],
        (204, Trouble.BROKEN),
    ],
)
async def test_each_status_has_its_trouble(status: int, trouble: Trouble):
    _, failed, attempt = await read(says(b"HTTP/1.1 %d X\r\ncontent-length: 0\r\n\r\n" % status))
    assert failed is not None
    assert (failed.trouble, failed.status, attempt.trouble) == (trouble, status, trouble)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *[(b"7", 7.0), (b"99999999", 3600.0), (b"-1", 0.0), (b"nan", 0.0)],
        (b"Mon, 30 Nov 2026 04:00:00 GMT", 0.0),
    ],
)
async def test_retry_after_is_read_where_it_says_seconds(said: bytes, seconds: float):
    head = b"HTTP/1.1 429 X\r\nretry-after: %b\r\ncontent-length: 0\r\n\r\n" % said
    _, failed, _ = await read(says(head))
    assert failed is not None
    assert failed.retry_after_s == seconds


@pytest.mark.parametrize(
    "reply",
    [
        *[b"", b"nonsense\r\n\r\n", ENDLESS + b"9\r\ndata: 1\n\n\r\n"],
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi",
    ],
)
async def test_a_cut_or_nonsense_is_broken(reply: bytes):
    _, failed, _ = await read(says(reply))
    assert failed is not None
    assert (failed.trouble, failed.late) == (Trouble.BROKEN, False)


SOON_S = 0.4
"""Long enough that a first event is there before, on a busy machine too."""


async def never_answers(line: Line) -> None:
    await line.request()
    await line.reader.read()


async def stalls(line: Line) -> None:
    await line.request()
    await line.say(ENDLESS, b"9\r\ndata: 1\n\n\r\n")
    await line.reader.read()


async def test_the_deadline_ends_a_wait_for_a_reply():
    _, failed, _ = await read(never_answers, deadline_s=0.05)
    assert failed is not None
    assert (failed.trouble, failed.late) == (Trouble.SLOW, True)


async def test_the_deadline_ends_a_wait_between_events():
    events, failed, _ = await read(stalls, deadline_s=SOON_S)
    assert failed is not None
    assert (events, failed.trouble, failed.late) == ([b"1"], Trouble.SLOW, True)


async def test_a_pause_between_chunks_has_a_limit_of_its_own():
    events, failed, _ = await read(stalls, read_s=SOON_S)
    assert failed is not None
    assert (events, failed.trouble, failed.late) == ([b"1"], Trouble.SLOW, False)


async def test_nobody_there_is_away():
    clock = SystemClock()
    async with raw_server(never_answers) as address:
        pass
    async with httpx.AsyncClient() as client:
        line = CloudLine(client, client.build_request("GET", address), clock, clock.monotonic() + 5)
        with pytest.raises(Failed) as raised:
            await anext(line.events())
    assert (raised.value.trouble, raised.value.status) == (Trouble.AWAY, 0)


async def test_a_cut_after_the_last_word_is_none():
    events, failed, _ = await read(says(ENDLESS, b"e\r\ndata: [DONE]\n\n\r\n"))
    assert (events, failed) == ([b"[DONE]"], None)


async def test_a_connection_is_kept_after_a_whole_answer():
    connections: list[Line] = []

    async def talk(line: Line) -> None:
        connections.append(line)
        for _ in range(2):
            await line.request()
            await line.say(ENDLESS, b"e\r\ndata: [DONE]\n\n\r\n", b"0\r\n\r\n")

    clock = SystemClock()
    async with raw_server(talk) as address, httpx.AsyncClient() as client:
        for _ in range(2):
            request = client.build_request("POST", address, content=b"x")
            line = CloudLine(client, request, clock, clock.monotonic() + 5)
            assert [event.data async for event in line.events()] == [b"[DONE]"]
    assert len(connections) == 1
