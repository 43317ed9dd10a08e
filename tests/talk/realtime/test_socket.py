"""Both ways at once over a socket, within bounds, ended clearly from either side."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from edgewise.talk.events import Ended, ReplyEnded, ReplyStarted, ReplyText, SpeechStarted
from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import Offer, Session
from edgewise.talk.realtime.socket import Bounds, Closing, converse
from tests.talk.realtime.fake_talk import FakeTalk

LIMIT_S = 5.0


class Client:
    """The other end of a socket that is served."""

    def __init__(self) -> None:
        self.talk = FakeTalk()
        self.problem: Problem | None = None
        self.ended = asyncio.Event()
        self.blocked = False
        self._to_server: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._to_client: asyncio.Queue[str] = asyncio.Queue()
        self.task: asyncio.Task[Closing] | None = None

    async def receive(self) -> str | bytes | None:
        return await self._to_server.get()

    async def write(self, text: str) -> None:
        if self.blocked:
            await asyncio.Event().wait()
        self._to_client.put_nowait(text)

    def send(self, type: str, **fields: Any) -> None:
        self._to_server.put_nowait(json.dumps({"type": type, **fields}))

    def leave(self) -> None:
        self._to_server.put_nowait(None)

    async def told(self, kind: str) -> dict[str, Any]:
        """The next event of that kind."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                event = json.loads(await self._to_client.get())
                if event["type"] == kind:
                    return event

    async def closing(self) -> Closing:
        assert self.task is not None
        async with asyncio.timeout(LIMIT_S):
            return await self.task


@asynccontextmanager
async def served(bounds: Bounds | None = None) -> AsyncGenerator[Client]:
    client = Client()
    connection = Connection(client.talk, Session("sess", Offer("m")))
    client.task = asyncio.create_task(
        converse(
            connection, client.talk, client.receive, client.write,
            bounds=bounds, still=lambda: client.problem, ended=client.ended,
        )
    )  # fmt: skip
    try:
        yield client
    finally:
        client.task.cancel()
        await asyncio.gather(client.task, return_exceptions=True)
        assert client.talk.closed, "the conversation is closed in any case"


async def test_orders_go_in_while_events_come_out():
    async with served() as client:
        await client.told("session.created")
        client.talk.happen(SpeechStarted("i", 5))
        assert await client.told("input_audio_buffer.speech_started")
        client.send("session.update", session={"type": "realtime", "instructions": "x"})
        assert (await client.told("session.updated"))["session"]["instructions"] == "x"
        client.leave()
        assert (await client.closing()).code == 1001


async def test_the_end_of_a_key_is_told_and_ends_it_at_once():
    async with served() as client:
        await client.told("session.created")
        client.problem = Problem("key_revoked", "the key is in force no more")
        client.ended.set()
        assert (await client.told("error"))["error"]["code"] == "key_revoked"
        assert await client.closing() == Closing(1008, "key_revoked")


async def test_a_session_lasts_its_time():
    async with served(Bounds(session_s=0.05)) as client:
        assert (await client.told("error"))["error"]["code"] == "session_expired"
        assert (await client.closing()).reason == "session_expired"


async def test_who_says_nothing_for_long_is_let_go_but_not_while_it_is_answered():
    async with served(Bounds(idle_s=0.2)) as client:
        client.talk.happen(ReplyStarted("r", "i", ""), ReplyText("r", "i", "hm"))
        await client.told("response.created")
        await asyncio.wait({client.task}, timeout=0.5)
        assert not client.task.done()
        client.talk.happen(ReplyEnded("r", "i", Ended.COMPLETED, "hm", "hm"))
        assert (await client.told("error"))["error"]["code"] == "session_idle"
        assert (await client.closing()).code == 1000


async def test_a_message_that_is_too_large_is_refused_and_the_next_is_taken():
    async with served(Bounds(message_bytes=100)) as client:
        client.send("input_audio_buffer.append", audio="A" * 200)
        assert (await client.told("error"))["error"]["code"] == "message_too_large"
        client.send("input_audio_buffer.clear")
        client.leave()
        await client.closing()
        assert client.talk.taken("clear") == [()]


async def test_who_sends_too_fast_is_read_more_slowly():
    loop = asyncio.get_running_loop()
    async with served(Bounds(messages_a_second=100, burst=10)) as client:
        began = loop.time()
        for _ in range(40):
            client.send("input_audio_buffer.clear")
        client.leave()
        await client.closing()
        assert len(client.talk.taken("clear")) == 40
        assert loop.time() - began >= 0.25  # 30 beyond the burst, at 100 a second


async def test_who_does_not_read_is_let_go():
    async with served(Bounds(write_s=0.05)) as client:
        await client.told("session.created")
        client.blocked = True
        client.talk.happen(SpeechStarted("i", 5))
        assert (await client.closing()).code == 1001


async def test_a_conversation_that_ends_by_itself_closes_the_line():
    async with served() as client:
        client.talk.end()
        assert (await client.closing()).code == 1000


async def test_a_fault_of_ours_is_not_taken_for_the_clients():
    async with served() as client:
        client.talk.is_broken = True
        client.send("input_audio_buffer.clear")
        with pytest.raises(AssertionError, match="broken"):
            await client.closing()
