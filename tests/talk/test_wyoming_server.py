"""The Wyoming server among bad neighbours: each harms itself alone."""

import asyncio
import ipaddress

import pytest
from wyoming.info import Describe

from edgewise.talk.wyoming_server import Room, WyomingServer
from edgewise.talk.wyoming_wire import Bounds
from edgewise.web.connection import listen
from tests.talk.wyoming_scene import LIMIT_S, Served, events_until, served

GARBAGE = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x00" * 100 + b"\n",
    b"[" * 10_000 + b"\n",
    b'{"type": "describe", "data_length": -1}\n',
    b'{"type": "audio-chunk", "payload_length": 999999999}\n',
    b'{"type": "describe", "data_length": 4}\n[1]\n',
    b'{"type": 7}\n',
    b"x" * 100_000,
    b"\n",
]


async def is_well(house: Served) -> None:
    async with house.client() as client:
        await client.write_event(Describe().event())
        await events_until(client, "info")


async def emptied(house: Served) -> None:
    async with asyncio.timeout(LIMIT_S):
        while house.server.connections:  # noqa: ASYNC110 - the server tells nobody of it
            await asyncio.sleep(0)


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_refused_and_others_are_served(garbage: bytes):
    async with served() as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(garbage)
        async with asyncio.timeout(LIMIT_S):
            try:
                told = await reader.read()
            except ConnectionResetError:
                told = b"bad_event"
        assert b"bad_event" in told
        writer.close()
        await is_well(house)
        await emptied(house)


async def test_half_an_event_ends_its_connection_in_time():
    async with served(bounds=Bounds(frame_s=0.05)) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(b'{"type": "desc')
        async with asyncio.timeout(LIMIT_S):
            assert b"peer_slow" in await reader.read()
        writer.close()
        await is_well(house)


async def test_a_silent_connection_ends_in_time():
    async with served(bounds=Bounds(idle_s=0.05)) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        async with asyncio.timeout(LIMIT_S):
            assert b"peer_slow" in await reader.read()
        writer.close()


async def test_a_peer_that_reads_nothing_is_cut_and_others_are_served():
    async with served(bounds=Bounds(write_s=0.1)) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port, limit=1024)
        data = b'{"text": "' + b"a b " * 950 + b'"}'  # 190 s of sound, 9 MB
        for _ in range(3):
            writer.write(b'{"type": "synthesize", "data_length": %d}\n' % len(data) + data)
        await is_well(house)
        await emptied(house)
        assert house.voice.closed.is_set()
        writer.transport.abort()
        del reader


async def test_connections_over_the_limit_are_refused_and_free_again():
    async with served(room=Room(connections=8, of_one_address=2)) as house:
        async with house.client() as one, house.client() as other:
            for client in (one, other):
                await client.write_event(Describe().event())
                await events_until(client, "info")
            async with house.client() as third:
                error = (await events_until(third, "error"))[-1]
            assert error.data["code"] == "too_many_connections"
        await emptied(house)
        await is_well(house)


def test_only_allowed_addresses_are_served():
    listening = listen(0)
    allow = [ipaddress.ip_network("10.1.0.0/16")]
    server = WyomingServer(None, listening, allow=allow)  # type: ignore[arg-type]
    listening.close()
    for peer, is_served in {
        "127.0.0.1": True,
        "::1": True,
        "::ffff:10.1.2.3": True,
        "10.1.255.1": True,
        "10.2.0.1": False,
        "192.168.1.1": False,
        "": False,
        "fe80::1%eth0": False,
    }.items():
        assert server._is_allowed(peer) is is_served, peer


async def test_closing_ends_open_connections():
    async with served() as house:
        client = house.client()
        await client.connect()
        await client.write_event(Describe().event())
        await events_until(client, "info")
        await house.server.close()
        assert await client.read_event() is None
        await client.disconnect()
