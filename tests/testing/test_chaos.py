"""The proxy as a whole: who is reached, who is refused, what is seen, and how it ends."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from edgewise.errors import UserError
from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import PROFILES, UNRESOLVABLE_HOST, Faults, Lane
from edgewise.testing.request_reader import RequestReader
from tests.testing.chaotic import ANSWER, LOOPS, REQUEST, Line, Peer, chaos, over, ping

each_loop = pytest.mark.parametrize("loop", LOOPS)
CANARY = "只在车里 canary-5b1e"


async def refused(proxy: ChaosProxy) -> bool:
    try:
        (await Peer.to(proxy.address)).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize(
    "target",
    [
        "http://192.0.2.1:80",
        "http://cloud.example:80/v1",
        "0.0.0.0:80",
        "http://127.0.0.1",
        "localhost.example:80",
        "http://127.0.0.1.example:80",
        "",
    ],
)
def test_only_loopback_is_stood_before(target: str):
    with pytest.raises(UserError, match="is not on loopback; the chaos proxy stands only before"):
        ChaosProxy(target)


def test_canaries_before_an_encrypted_target_are_refused():
    with pytest.raises(UserError, match="canaries could not be seen; test over http"):
        ChaosProxy("https://127.0.0.1:8443", canaries=[CANARY])
    ChaosProxy("https://127.0.0.1:8443")


async def test_the_address_is_the_targets_with_another_port():
    async with ChaosProxy("http://localhost:9/v1") as proxy:
        host, _, rest = proxy.address.removeprefix("http://").partition(":")
        assert (host, rest.partition("/")[2]) == ("127.0.0.1", "v1")
        assert not rest.startswith("9/")
    async with ChaosProxy("127.0.0.1:9") as proxy:
        assert proxy.address.startswith("127.0.0.1:")
    with pytest.raises(RuntimeError, match="not been entered"):
        _ = proxy.address


@each_loop
def test_a_cloud_that_is_down_refuses_and_comes_back_on_the_same_port(loop: Any):
    async def test() -> None:
        async with chaos() as proxy, ping(proxy) as peer:
            assert await peer.ask() == ANSWER
            address = proxy.address
            proxy.change(PROFILES["cloud_down"])
            assert await peer.rest() == (b"", True)
            assert await refused(proxy)
            port = int(address.rpartition(":")[2])
            with socket.socket() as other, pytest.raises(OSError, match="in use"):
                other.bind(("127.0.0.1", port))
            proxy.change(Faults())
            async with ping(proxy) as again:
                assert await again.ask() == ANSWER
            assert (proxy.address, proxy.traffic.resets) == (address, 1)

    over(loop, test)


@each_loop
def test_flapping_takes_turns_beginning_with_up(loop: Any):
    async def test() -> None:
        async with chaos(Faults(flap_up_s=0.15, flap_down_s=0.15)) as proxy:
            for _ in range(2):
                async with ping(proxy) as peer:
                    assert await peer.ask() == ANSWER
                    assert await peer.rest() == (b"", True)  # when it goes down
                assert await refused(proxy)
                begun_s = asyncio.get_running_loop().time()
                while await refused(proxy):
                    pass
                assert 0.02 < asyncio.get_running_loop().time() - begun_s < 0.5
            proxy.change(Faults())
            async with ping(proxy) as peer:
                assert await peer.silent(0.2)

    over(loop, test)


@each_loop
def test_connections_take_their_scheduled_faults_in_order(loop: Any):
    async def test() -> None:
        async with chaos() as proxy:
            cuts = [Faults(down=Lane(reset_after_bytes=number)) for number in (3, 5)]
            proxy.schedule([*cuts, Faults(refuse=True)])
            told: list[tuple[bytes, bool]] = []
            for _ in range(3):
                async with ping(proxy) as peer:
                    peer.writer.write(REQUEST)
                    told.append(await peer.rest())
            assert told == [(ANSWER[:3], True), (ANSWER[:5], True), (b"", True)]
            async with ping(proxy) as peer:
                assert await peer.ask() == ANSWER

    over(loop, test)


@each_loop
def test_all_connections_end_with_the_proxy_whatever_they_wait_for(loop: Any):
    async def test() -> None:
        waits = [
            Faults(silent=True),
            Faults(down=Lane(stall_after_bytes=0)),
            Faults(accept_delay_s=60),
            Faults(up=Lane(latency_s=60)),
            Faults(down=Lane(rate_bytes_s=1)),
        ]
        async with chaos() as proxy:
            proxy.schedule(waits)
            peers = [await Peer.to(proxy.address) for _ in waits]
            for peer in peers:
                await peer.send(REQUEST)
            assert await peers[0].silent(0.05)
            await proxy.__aexit__(None, None, None)
            for peer in peers:
                assert (await peer.rest())[1]
            assert proxy.traffic.resets == 0
        assert len(asyncio.all_tasks()) == 1

    over(loop, test)


async def test_a_server_that_is_not_there_is_a_reset():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with ChaosProxy(f"127.0.0.1:{port}") as proxy:
        peer = await Peer.to(f"//{proxy.address}")
        assert await peer.rest() == (b"", True)


async def test_the_name_for_a_failure_of_dns_does_not_resolve():
    loop = asyncio.get_running_loop()
    with pytest.raises(socket.gaierror):
        await loop.getaddrinfo(UNRESOLVABLE_HOST, 80)


async def pieces() -> AsyncIterator[bytes]:
    body = json.dumps({"content": CANARY}).encode()
    for at in range(0, len(body), 3):
        yield body[at : at + 3]


@pytest.mark.parametrize(
    ("sent", "unwrapped"),
    [
        ({"json": {"a": CANARY}}, False),
        ({"data": {"a": CANARY}}, False),
        ({"content": pieces()}, True),
        (
            {"content": gzip.compress(CANARY.encode()), "headers": {"content-encoding": "gzip"}},
            True,
        ),
        ({"headers": {"x-note": CANARY.encode().hex()}}, False),
        ({"params": {"q": CANARY}}, False),
    ],
    ids=["json", "form", "chunks", "gzip", "header", "query"],
)
async def test_a_canary_is_seen_in_what_httpx_sends(sent: dict[str, Any], unwrapped: bool):
    async with chaos(canaries=[CANARY], talk=answer_all) as proxy:
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(proxy.address, json={"a": "nothing of note"})
            proxy.check_nothing_found()
            await client.post(proxy.address, **sent)
        assert {(find.canary, find.unwrapped) for find in proxy.finds} == {(CANARY, unwrapped)}
        with pytest.raises(AssertionError, match="1 canaries left"):
            proxy.check_nothing_found()


async def answer_all(line: Line) -> None:
    """Answers each request, whatever its body is wrapped in."""
    reader = RequestReader(lambda _number, _content: None)
    while data := await line.reader.read(100_000):
        reader.feed(data)
        if reader.between:
            await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


async def test_a_canary_is_seen_in_a_compressed_websocket():
    heard: list[Any] = []

    async def hear(connection: Any) -> None:
        async for message in connection:
            heard.append(message)
            await connection.send("heard")

    async with serve(hear, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with (
            ChaosProxy(f"ws://127.0.0.1:{port}", canaries=[CANARY]) as proxy,
            connect(proxy.address, proxy=None) as connection,
        ):
            assert connection.protocol.extensions  # permessage-deflate
            await connection.send("nothing of note")
            await connection.recv()
            proxy.check_nothing_found()
            await connection.send(json.dumps({"text": CANARY}))
            await connection.recv()
            assert [(find.canary, find.form) for find in proxy.finds] == [(CANARY, "json")]
    assert len(heard) == 2


async def test_what_can_not_be_read_is_not_called_clean():
    async with chaos(canaries=[CANARY], keep_bytes=4) as proxy, ping(proxy) as peer:
        await peer.send(b"\x16\x03\x01\x00\x05hello")
        assert await peer.silent(0.02)
        assert proxy.captured == b"\x16\x03\x01\x00"
        with pytest.raises(AssertionError, match=r"not all could be read: .*not plain HTTP/1\.1"):
            proxy.check_nothing_found()


async def test_an_address_of_ipv6_is_stood_before_too():
    try:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with ChaosProxy(f"http://[::1]:{port}") as proxy:
            assert proxy.address.startswith("http://[::1]:")
            peer = await Peer.to(proxy.address)
            assert await peer.rest() == (b"", False)
            peer.close()
