"""An answer on its way to a device: whole, at the pace of speech, and over at once when it must."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec

from edgewise.core.clock import SystemClock
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.xiaozhi.playing import AHEAD_PACKETS, PACKET_MS, Playing

PACKET_BYTES = SPEAKING_HZ * PACKET_MS // 1000 * 2


class Sent:
    """What went out: states and words as text, packets as `#`."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def __call__(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.told.append("#")
        else:
            said = msgspec.json.decode(message)
            self.told.append(said.get("text") or said["state"])


@asynccontextmanager
async def playing() -> AsyncGenerator[tuple[Playing, Sent]]:
    sent = Sent()
    made = Playing(sent, SystemClock(), "s", 1)
    running = asyncio.create_task(made.run())
    try:
        yield made, sent
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(sent: Sent, what: str) -> None:
    async with asyncio.timeout(5):
        while what not in sent.told:  # noqa: ASYNC110 - the packets come by time
            await asyncio.sleep(0.005)


async def test_words_stand_before_their_sound_and_the_last_packet_is_filled_up():
    async with playing() as (made, sent):
        made.say("a", "One, ", bytes(PACKET_BYTES + 10))
        made.say("a", "two.", bytes(PACKET_BYTES))
        made.end()
        await until(sent, "stop")
    assert sent.told == ["start", "One,", "#", "two.", "#", "#", "stop"]


async def test_it_is_over_only_when_all_was_played():
    async with playing() as (made, sent):
        began_s = asyncio.get_running_loop().time()
        made.say("a", "One.", bytes(4 * PACKET_BYTES))
        made.end()
        await until(sent, "stop")
        assert asyncio.get_running_loop().time() - began_s >= 4 * PACKET_MS / 1000
    assert not made.is_busy


async def test_no_more_than_a_few_packets_are_ahead():
    async with playing() as (made, sent):
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        made.say("a", "One.", bytes(50 * PACKET_BYTES))
        await asyncio.sleep(0.1)
        played = (loop.time() - began_s) * 1000 / PACKET_MS
        assert AHEAD_PACKETS < sent.told.count("#") <= AHEAD_PACKETS + 1 + played


async def test_what_is_stopped_tells_how_much_was_played():
    async with playing() as (made, sent):
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        made.say("a", "One.", bytes(50 * PACKET_BYTES))
        await asyncio.sleep(0.4)
        heard = made.stop()
        passed_ms = (loop.time() - began_s) * 1000
        await until(sent, "stop")
        assert sent.told.count("stop") == 1
        await asyncio.sleep(0.1)
    assert heard is not None
    assert heard.item == "a"
    assert 60 <= heard.ms <= passed_ms
    assert heard.ms <= sent.told.count("#") * PACKET_MS
    assert sent.told[-1] == "stop"
    assert made.stop() is None


async def test_the_last_samples_of_an_answer_are_its_own():
    async with playing() as (made, sent):
        made.say("a", "One.", bytes(PACKET_BYTES))
        made.end()
        await until(sent, "stop")
        made.say("b", "Two.", bytes(10 * PACKET_BYTES + 10))
        made.end()
        await until(sent, "Two.")
        await asyncio.sleep(0.1)
        heard = made.stop()
    assert heard is not None
    assert heard.item == "b"
    made.say("c", "Three.", b"12")
    made.end()
    assert [entry.item for entry in made._waiting if entry.samples] == ["c"]  # pyright: ignore[reportPrivateUsage]


async def test_what_was_not_begun_is_dropped_without_a_word():
    async with playing() as (made, sent):
        made.say("a", "One.", bytes(PACKET_BYTES))
        assert made.stop() is None
        await asyncio.sleep(0.05)
    assert sent.told == []


async def test_a_held_answer_waits_and_goes_on():
    async with playing() as (made, sent):
        made.say("a", "One.", bytes(12 * PACKET_BYTES))
        await asyncio.sleep(0.1)
        made.hold()
        held = sent.told.count("#")
        await asyncio.sleep(0.2)
        assert sent.told.count("#") == held
        made.resume()
        made.end()
        await until(sent, "stop")
    assert sent.told.count("#") == 12


async def test_it_knows_the_answers_that_were_not_sent_whole():
    async with playing() as (made, _):
        assert made.unsent == ()
        made.say("a", "One.", bytes(10 * PACKET_BYTES))
        made.say("b", "Two.", bytes(PACKET_BYTES + 10))
        made.end()
        assert made.unsent == ("a", "b")
        made.stop()
        assert made.unsent == ()
        made.say("c", "Three.", bytes(10))
        assert made.unsent == ("c",)
