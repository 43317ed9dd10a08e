"""The running device as commands use it: what it refuses, and what its going away looks like."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgewise.cli.ask import request_of
from edgewise.cli.remote import RemoteDevice, running_device
from edgewise.core.event import Event
from edgewise.core.message import Channel
from edgewise.core.zone import Zone
from edgewise.device.folder import held
from edgewise.device.presence import Presence, announce
from edgewise.errors import LinkError, UserError
from edgewise.perceive.document import document_from
from tests.device.conftest import TOKEN, Served, served

__all__ = ["served"]  # the fixture of the device's tests

REQUEST = request_of("打开空调", "s", Zone.DRIVER, None)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
Answer = Callable[[], bytes]


async def ask(device: RemoteDevice) -> list[Event]:
    return [event async for event in device.run(REQUEST)]


@asynccontextmanager
async def peer(answer: bytes) -> AsyncIterator[str]:
    """A server on loopback that gives `answer` to whatever it is asked, and hangs up."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_events_of_a_turn_come_as_they_are(served: Served) -> None:
    events = await ask(RemoteDevice(served.base_url, TOKEN))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].__struct_config__.tag == "answered"


async def test_it_hands_on_within_how_long_an_answer_is_wanted(served: Served) -> None:
    for deadline_s in (None, 2.5):
        request = replace(REQUEST, deadline_s=deadline_s)
        async for _ in RemoteDevice(served.base_url, TOKEN).run(request):
            pass
    assert [request.deadline_s for request in served.agent.requests] == [None, 2.5]


async def test_a_document_arrives_as_it_was_read_here(served: Served) -> None:
    page = document_from("a.html", b"<p>1 &lt; 2</p>", private=True)
    request = replace(REQUEST, parts=(*REQUEST.parts, page))
    async for _ in RemoteDevice(served.base_url, TOKEN).run(request):
        pass
    assert served.agent.requests[0].parts[1] == page


async def test_it_speaks_as_the_person_in_the_seat_they_name(served: Served) -> None:
    request = request_of("打开空调", "s", Zone.ROW2_LEFT, None)
    async for _ in RemoteDevice(served.base_url, TOKEN).run(request):
        pass
    heard = served.agent.requests[0]
    assert heard.session == "s"
    assert (heard.speaker.zone, heard.speaker.channel) == (Zone.ROW2_LEFT, Channel.TYPED)


async def test_a_wrong_token_is_a_refusal_with_its_remedy(served: Served) -> None:
    with pytest.raises(UserError) as refused:
        await ask(RemoteDevice(served.base_url, "wrong"))
    assert "status" not in str(refused.value)
    assert len(str(refused.value)) > 20


async def test_a_device_that_went_away_is_said_with_the_remedy() -> None:
    with pytest.raises(LinkError, match="--alone"):
        await ask(RemoteDevice("http://127.0.0.1:9", TOKEN))


async def test_a_device_that_dies_in_the_middle_is_said() -> None:
    async with peer(HEAD + b"Content-Length: 1000\r\n\r\n: keep-alive\n\n") as address:
        with pytest.raises(LinkError, match="does not answer"):
            await ask(RemoteDevice(address, TOKEN))


async def test_a_device_of_another_version_is_said() -> None:
    async with peer(HEAD + b'\r\ndata: {"event":"from_the_future"}\n\n') as address:
        with pytest.raises(LinkError, match="another version"):
            await ask(RemoteDevice(address, TOKEN))


async def test_a_refusal_that_is_no_json_names_the_status() -> None:
    async with peer(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>") as address:
        with pytest.raises(UserError, match="502"):
            await ask(RemoteDevice(address, TOKEN))


def test_a_device_is_found_only_where_one_runs(tmp_path: Path) -> None:
    assert running_device(tmp_path) is None
    announce(tmp_path, Presence("http://127.0.0.1:1", os.getpid()))
    assert running_device(tmp_path) is None  # left behind by a killed one
    with held(tmp_path, "edgewise run"):
        found = running_device(tmp_path)
    assert found is not None
    assert found.address == "http://127.0.0.1:1"
