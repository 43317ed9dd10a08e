"""A peer answers an offer, carries sound and messages both ways, and asks nobody else anything."""

import asyncio
from array import array
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.errors import LinkError, UserError
from edgewise.sound.pcm import Pcm
from edgewise.talk.realtime.peer import Peer
from tests.talk.realtime.loud import spoken
from tests.talk.realtime.rtc import LIMIT_S, Caller, Microphone, calling

HERE = ("127.0.0.1",)


def silence(length: int) -> bytes:
    return bytes(length)


@asynccontextmanager
async def connected(
    microphone: Microphone | None = None, channel: str = "oai-events"
) -> AsyncGenerator[tuple[Peer, Caller]]:
    """A peer, and its client, in the middle of a call."""
    peers: list[Peer] = []

    async def answered(offer: str) -> str:
        peers.append(await Peer.answered(offer, silence, HERE))
        return peers[0].answer

    try:
        async with calling(answered, microphone, channel=channel) as caller:
            async with asyncio.timeout(LIMIT_S):
                await peers[0].ready()
            yield peers[0], caller
    finally:
        await peers[0].close()


async def offered() -> str:
    caller = Caller(None)
    try:
        return await caller.offer()
    finally:
        await caller.close()


async def refusal_of(offer: str) -> str:
    with pytest.raises(UserError) as refused:
        await Peer.answered(offer, silence, HERE)
    assert refused.value.code == "invalid_sdp"
    return str(refused.value)


async def test_messages_go_both_ways_and_what_is_too_long_is_told_to_the_sender():
    async with connected() as (peer, caller):
        caller.send("hello")
        assert await peer.receive() == '{"type": "hello"}'
        assert await peer.send('{"type": "there"}')
        await caller.until("there")
        assert not await peer.send("x" * 300_000)
        await caller.peer.close()
        async with asyncio.timeout(LIMIT_S):
            assert await peer.receive() is None
        with pytest.raises(ConnectionError):
            peer.send_now("anybody there?")


async def test_sound_comes_at_the_listening_rate():
    microphone = Microphone()
    async with connected(microphone) as (peer, _):
        microphone.say(spoken(2, 800))
        heard = b""
        async with asyncio.timeout(LIMIT_S):
            async for samples in peer.sound():
                heard += samples
                if microphone.is_silent and len(heard) > 2 * 32_000:
                    break
        loud = Pcm(heard)
        assert loud.length_s >= 2.0
        heights = [abs(sample) for sample in array("h", heard)]
        assert sorted(heights)[-1600] == pytest.approx(4000, rel=0.15)
        assert sum(height > 400 for height in heights) / 16_000 == pytest.approx(0.75, abs=0.15)


async def test_the_clients_addresses_are_not_used_and_ours_are_those_we_were_told():
    offer = await offered()
    assert "a=candidate" in offer
    peer = await Peer.answered(offer, silence, HERE)
    remote = peer._peer.remoteDescription.sdp  # pyright: ignore[reportPrivateUsage]
    assert "a=candidate" not in remote
    told = [line.split()[4] for line in peer.answer.splitlines() if "candidate:" in line]
    assert set(told) == set(HERE)
    await peer.close()


async def test_only_opus_is_spoken():
    peer = await Peer.answered(await offered(), silence, HERE)
    codecs = [line for line in peer.answer.splitlines() if line.startswith("a=rtpmap")]
    assert len(codecs) == 1
    assert "opus/48000/2" in codecs[0]
    await peer.close()


async def test_without_an_address_it_says_what_else_there_is():
    with pytest.raises(LinkError, match="WebSocket") as failed:
        await Peer.answered(await offered(), silence, ())
    assert failed.value.code == "no_address"


async def test_a_second_channel_and_one_of_another_name_are_shut():
    async with connected() as (peer, caller):
        other = caller.peer.createDataChannel("other")
        shut = asyncio.Event()
        other.on("close", shut.set)
        async with asyncio.timeout(LIMIT_S):
            await shut.wait()
        caller.send("still")
        assert await peer.receive() == '{"type": "still"}'


async def test_who_floods_the_channel_is_let_go():
    async with connected() as (peer, caller):
        assert caller.channel is not None
        for _ in range(1_100):
            caller.channel.send("{}")
        async with asyncio.timeout(LIMIT_S):
            with pytest.raises(ConnectionError):
                await peer._or_ended(asyncio.Event())  # pyright: ignore[reportPrivateUsage]
        assert await peer.receive() is None


async def test_a_message_without_an_end_is_seen():
    async with connected() as (peer, caller):
        assert not peer.holds_too_much
        sctp: Any = peer._peer.sctp  # pyright: ignore[reportPrivateUsage]
        sctp._advertised_rwnd -= 64 * 1024 * 1024
        assert peer.holds_too_much
        caller.send("end")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sdp: "", "offer one audio"),
        (lambda sdp: "v=0\r\n", "offer one audio"),
        (lambda sdp: "hello", "createOffer"),
        (lambda sdp: sdp.replace("a=recvonly", "a=sendonly"), "sendonly"),
        (lambda sdp: sdp.replace("a=recvonly", "a=inactive"), "inactive"),
        (lambda sdp: sdp.replace("opus", "speex").replace("PCM", "XYZ"), "Opus"),
        (lambda sdp: sdp.replace("opus", "speex"), "Opus"),
        (lambda sdp: sdp.replace("m=audio", "m=video", 1), "no video"),
        (lambda sdp: sdp + sdp[sdp.index("m=audio") : sdp.index("m=appl")], "offer one audio"),
        (lambda sdp: sdp.replace("a=ice-pwd", "a=no-pwd"), "password"),
        (lambda sdp: sdp.replace("a=rtcp-mux", "a=x"), "mux"),
        (lambda sdp: "x" * 70_000, "limit"),
    ],
)
async def test_an_offer_that_is_none_is_refused_with_what_is_wrong(
    change: Callable[[str], str], told: str
):
    before = asyncio.all_tasks()
    said = await refusal_of(change(await offered()))
    assert told in said
    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before


LINES = st.lists(
    st.sampled_from(["m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio", "a=mid", "a=mid:0", "a=rtpmap:1",
                     "a=fmtp:", "a=ssrc:x", "a=group:BUNDLE 0", "a=sctp-port:x", "c=IN", "a=setup:",
                     "a=fingerprint:x", "a=extmap:x y", "a=ice-options:", "m=application 9 x y",
                     "a=msid:", "a=rtcp:x", "a=rtcp-fb:1", "a=ice-ufrag:a", "a=ice-pwd:b",
                     "a=candidate:1", " a=candidate:1 1 udp 1 1.2.3.4 5 typ host"])
    | st.text(max_size=30)
)  # fmt: skip


@settings(max_examples=200)
@given(lines=LINES)
async def test_no_offer_makes_it_fall_over(lines: list[str]):
    offer = "\r\n".join(["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", *lines, ""])
    try:
        peer = await Peer.answered(offer, silence, HERE)
    except UserError:
        return
    await peer.close()
