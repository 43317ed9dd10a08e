"""Each fault of a connection does what it says, with real sockets, on either event loop."""

import asyncio
import math
from typing import Any

import pytest

from edgewise.testing.chaos_faults import Faults, Lane
from edgewise.testing.chaos_watch import Traffic
from tests.testing.chaotic import ANSWER, LOOPS, REQUEST, Line, Peer, chaos, over, ping

pytestmark = pytest.mark.parametrize("loop", LOOPS)
QUIET_S = 0.05


async def took_s(peer: Peer) -> float:
    begun_s = asyncio.get_running_loop().time()
    assert await peer.ask() == ANSWER
    return asyncio.get_running_loop().time() - begun_s


def test_a_healthy_connection_passes_everything_and_counts_it(loop: Any):
    async def test() -> None:
        async with chaos() as proxy, ping(proxy) as peer:
            assert await peer.ask() == ANSWER
            assert await peer.ask() == ANSWER
            assert proxy.traffic == Traffic(
                connections=1,
                requests=2,
                bytes_up=2 * len(REQUEST),
                bytes_down=2 * len(ANSWER),
            )

    over(loop, test)


def test_the_end_of_one_side_is_passed_on_and_the_other_may_still_speak(loop: Any):
    async def talk(line: Line) -> None:
        told = await line.reader.read()
        await line.say(told[::-1])

    async def test() -> None:
        async with chaos(talk=talk) as proxy, ping(proxy) as peer:
            await peer.send(b"abc")
            peer.writer.write_eof()
            assert await peer.rest() == (b"cba", False)
            assert proxy.traffic.resets == 0

    over(loop, test)


def test_a_reset_by_the_server_reaches_the_client_as_a_reset(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        line.writer.transport.abort()  # with bytes unread, hence a reset

    async def test() -> None:
        async with chaos(talk=talk) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST + b"unread " * 20_000)
            assert await peer.rest() == (b"", True)
            assert proxy.traffic.resets == 0

    over(loop, test)


@pytest.mark.parametrize("way", ["up", "down"])
def test_latency_and_jitter_delay_each_way(loop: Any, way: str):
    async def test() -> None:
        late = Faults(**{way: Lane(latency_s=0.03, jitter_s=0.1)})
        async with chaos(late) as proxy, ping(proxy) as peer:
            taken = [await took_s(peer) for _ in range(4)]
            assert min(taken) >= 0.03
            assert max(taken) - min(taken) > 0.02

    over(loop, test)


def test_latency_delays_a_stream_and_does_not_thin_it(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        for _ in range(10):
            await line.say(b"x" * 20)
            await asyncio.sleep(0.005)

    async def test() -> None:
        faults = Faults(down=Lane(latency_s=0.1))
        async with chaos(faults, talk) as proxy, ping(proxy) as peer:
            begun_s = asyncio.get_running_loop().time()
            await peer.send(REQUEST)
            assert await peer.reader.readexactly(200) == b"x" * 200
            assert 0.1 <= asyncio.get_running_loop().time() - begun_s < 0.5  # one by one: 1 s

    over(loop, test)


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_slow_link_passes_so_many_bytes_a_second(loop: Any, way: str):
    size = len(ANSWER if way == "down" else REQUEST)

    async def test() -> None:
        slow = Faults(**{way: Lane(rate_bytes_s=size / 0.1)})
        async with chaos(slow) as proxy, ping(proxy) as peer:
            assert 0.06 <= await took_s(peer) < 1

    over(loop, test)


@pytest.mark.parametrize("after_bytes", [0, 1, 50, len(ANSWER) - 1, len(ANSWER)])
def test_a_reset_comes_after_exactly_so_many_bytes_of_the_answer(loop: Any, after_bytes: int):
    async def test() -> None:
        cut = Faults(down=Lane(reset_after_bytes=after_bytes))
        async with chaos(cut) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.rest() == (ANSWER[:after_bytes], True)
            assert proxy.traffic.resets == 1
            assert proxy.traffic.bytes_down == after_bytes

    over(loop, test)


def test_a_reset_of_the_way_up_reaches_both_sides_and_what_left_is_counted(loop: Any):
    seen: list[bytes] = []
    ended = asyncio.Event()

    async def talk(line: Line) -> None:
        try:
            while data := await line.reader.read(100):
                seen.append(data)
        except ConnectionError:
            ended.set()

    async def test() -> None:
        cut = Faults(up=Lane(reset_after_bytes=10))
        async with chaos(cut, talk) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.rest() == (b"", True)
            assert proxy.traffic.bytes_up == len(REQUEST)
            await ended.wait()
            assert b"".join(seen) in (REQUEST[:10], b"")  # asyncio may tell the reset first

    over(loop, test)


@pytest.mark.parametrize("after_bytes", [0, 60])
def test_a_stall_holds_the_rest_back_for_its_time(loop: Any, after_bytes: int):
    async def test() -> None:
        stalls = Faults(down=Lane(stall_after_bytes=after_bytes, stall_s=0.08))
        async with chaos(stalls) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.reader.readexactly(after_bytes) == ANSWER[:after_bytes]
            assert await peer.silent(0.03)
            assert await peer.reader.readexactly(len(ANSWER) - after_bytes) == ANSWER[after_bytes:]
            assert await peer.ask() == ANSWER  # once a connection

    over(loop, test)


def test_a_stall_for_ever_ends_when_the_faults_are_changed(loop: Any):
    async def test() -> None:
        stalls = Faults(down=Lane(stall_after_bytes=5, stall_s=math.inf))
        async with chaos(stalls) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.reader.readexactly(5) == ANSWER[:5]
            assert await peer.silent(QUIET_S)
            proxy.change(Faults())
            assert await peer.reader.readexactly(len(ANSWER) - 5) == ANSWER[5:]

    over(loop, test)


def test_half_open_accepts_swallows_and_says_nothing(loop: Any):
    asked: list[Line] = []

    async def talk(line: Line) -> None:
        asked.append(line)

    async def test() -> None:
        async with chaos(Faults(silent=True), talk) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.silent(QUIET_S)
            assert (proxy.traffic.requests, proxy.traffic.bytes_up) == (1, len(REQUEST))
            assert asked == []

    over(loop, test)


def test_an_open_connection_that_falls_silent_stays_so(loop: Any):
    async def test() -> None:
        async with chaos() as proxy, ping(proxy) as peer:
            assert await peer.ask() == ANSWER
            proxy.change(Faults(silent=True))
            await peer.send(REQUEST)
            assert await peer.silent(QUIET_S)
            proxy.change(Faults())
            await peer.send(REQUEST)
            assert await peer.silent(QUIET_S)

    over(loop, test)


def test_a_dead_peer_says_so_many_bytes_and_never_ends(loop: Any):
    async def talk(line: Line) -> None:
        await line.request()
        await line.say(ANSWER)  # and closes

    async def test() -> None:
        async with chaos(Faults(dead_after_bytes=40), talk) as proxy, ping(proxy) as peer:
            await peer.send(REQUEST)
            assert await peer.reader.readexactly(40) == ANSWER[:40]
            assert await peer.silent(QUIET_S)
            await peer.send(REQUEST)
            assert await peer.silent(QUIET_S)
            assert proxy.traffic.requests == 2

    over(loop, test)


def test_a_slow_accept_leaves_a_connection_unread_for_its_time(loop: Any):
    async def test() -> None:
        async with chaos(Faults(accept_delay_s=0.1)) as proxy, ping(proxy) as peer:
            assert 0.09 <= await took_s(peer) < 1
            assert await took_s(peer) < 0.09

    over(loop, test)


def test_what_a_client_sent_is_counted_though_nobody_read_it(loop: Any):
    async def test() -> None:
        async with chaos(Faults(accept_delay_s=60), canaries=["the-canary"]) as proxy:
            async with ping(proxy) as peer:
                await peer.send(b"the-canary")
                assert await peer.silent(0.02)
                proxy.reset_connections()
                assert await peer.rest() == (b"", True)
            assert proxy.traffic.bytes_up == 10
            assert [find.canary for find in proxy.finds] == ["the-canary"]

    over(loop, test)


def cuts_of(loop: Any, seed: int, requests: int, probability: float = 0.2) -> list[int]:
    """Bytes of answers that came on each connection until it was cut."""
    got: list[int] = []

    async def test() -> None:
        faults = Faults(cut_probability=probability, cut_within_bytes=len(ANSWER))
        async with chaos(faults, seed=seed) as proxy:
            left = requests
            while left > 0:
                async with ping(proxy) as peer:
                    came, cut = 0, False
                    while left > 0 and not cut:
                        left -= 1
                        await peer.send(REQUEST)
                        for _ in range(len(ANSWER)):
                            try:
                                await peer.reader.readexactly(1)
                            except (ConnectionError, asyncio.IncompleteReadError):
                                cut = True
                                break
                            came += 1
                    got.append(came)
            assert proxy.traffic.resets == len(got) - (not cut)

    over(loop, test)
    return got


def test_requests_draw_cuts_at_random_bytes_the_same_with_the_same_seed(loop: Any):
    first = cuts_of(loop, seed=3, requests=60)
    assert first == cuts_of(loop, seed=3, requests=60)
    assert first != cuts_of(loop, seed=4, requests=60)
    assert 6 <= len(first) <= 25
    assert len({came % len(ANSWER) for came in first}) > 3


def test_what_is_not_http_draws_once_a_connection(loop: Any):
    async def talk(line: Line) -> None:
        while data := await line.reader.read(100):
            await line.say(data)

    async def cut(peer: Peer) -> bool:
        try:
            await peer.send(b"\x16")
            assert await peer.reader.readexactly(1) == b"\x16"
            for _ in range(5):  # nothing more is drawn
                await peer.send(b"abc")
                assert await peer.reader.readexactly(3) == b"abc"
        except (ConnectionError, asyncio.IncompleteReadError):
            return True
        return False

    async def test() -> None:
        faults = Faults(cut_probability=0.5, cut_within_bytes=1)
        async with chaos(faults, talk, seed=1) as proxy:
            cuts = 0
            for _ in range(12):
                async with ping(proxy) as peer:
                    cuts += await cut(peer)
            assert 2 <= cuts <= 10
            assert (proxy.traffic.resets, proxy.traffic.unread) == (cuts, 12)

    over(loop, test)


def test_a_request_is_answered_with_an_error_and_never_reaches_the_server(loop: Any):
    async def test() -> None:
        async with chaos() as proxy, ping(proxy) as peer:
            assert await peer.ask() == ANSWER
            proxy.change(Faults(error_probability=1, error_status=429))
            await peer.send(REQUEST[:20])
            assert await peer.silent(0.02)
            await peer.send(REQUEST[20:])
            told, cut = await peer.rest()
            assert told.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
            assert told.endswith(b'"type": "server_error"}}')
            assert not cut
            assert (proxy.traffic.requests, proxy.traffic.errors) == (2, 1)

    over(loop, test)
