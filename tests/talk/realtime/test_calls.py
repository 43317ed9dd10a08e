"""A call lasts as long as its client, its bounds and its key allow, and leaves nothing behind."""

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aioice.ice
import pytest

from edgewise.errors import UserError
from edgewise.talk.events import ReplyEnded, ReplySound, ReplyStarted
from edgewise.talk.mind import Say
from edgewise.talk.realtime.calls import Asked, Calls
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.session import Offer, Session
from edgewise.talk.realtime.socket import Bounds
from edgewise.talk.settings import TurnEnd
from edgewise.talk.talk import Talk
from tests.talk.fakes import FakeMind
from tests.talk.realtime.fake_talk import FakeTalk
from tests.talk.realtime.loud import conversation, silent, spoken
from tests.talk.realtime.rtc import LIMIT_S, Caller, Microphone, calling

HERE = ("127.0.0.1",)


@dataclass
class Serving:
    """Calls over one kind of conversation; each that ended is counted."""

    calls: Calls = field(default_factory=lambda: Calls(HERE, connect_s=5.0))
    talks: list[Any] = field(default_factory=list[Any])
    names: list[str] = field(default_factory=list[str])
    over: asyncio.Event = field(default_factory=asyncio.Event)
    ends: int = 0
    bounds: Bounds = field(default_factory=Bounds)
    given: tuple[dict[str, Any], ...] = ()
    problem: Problem | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    new: Any = FakeTalk

    async def answered(self, offer: str) -> str:
        talk: Talk = self.new()
        self.talks.append(talk)
        session = Session("sess_1", Offer("edgewise"), talk.settings)
        asked = Asked(
            offer, "me", talk, session,
            given=self.given, bounds=self.bounds, still=lambda: self.problem,
        )  # fmt: skip
        name, answer = await self.calls.begin(asked, self.ended, self.count)
        self.names.append(name)
        return answer

    def count(self) -> None:
        self.ends += 1
        self.over.set()

    async def until_over(self) -> None:
        async with asyncio.timeout(LIMIT_S):
            await self.over.wait()
        assert len(self.calls) == 0
        assert self.ends == len(self.talks)
        assert all(getattr(talk, "closed", True) for talk in self.talks)


@asynccontextmanager
async def serving(**given: Any) -> AsyncGenerator[Serving]:
    one = Serving(**given)
    try:
        yield one
    finally:
        async with asyncio.timeout(LIMIT_S):
            await one.calls.close()


def say(text: str, data: bytes) -> list[Any]:
    started = ReplyStarted("r1", "i1", "")
    ended = ReplyEnded("r1", "i1", "completed", text, text)  # type: ignore[arg-type]
    return [started, ReplySound("r1", "i1", data, text), ended]


async def test_events_go_by_the_channel_and_sound_by_the_track():
    async with serving() as served, calling(served.answered) as caller:
        await caller.until("session.created")
        for event in say("hello", spoken(3, 600)):
            served.talks[0].happen(event)
        await caller.until("output_audio_buffer.stopped")
        await caller.until_heard()
        assert "response.output_audio.delta" not in caller.kinds
        assert "response.output_audio.done" in caller.kinds
        heights = sorted(height for _, height in caller.heard)
        assert heights[-5] == pytest.approx(6000, rel=0.2), "as loud as it was made"


async def test_a_call_without_a_channel_is_a_conversation_all_the_same():
    mind = FakeMind((Say("Here I am, and I can be heard."),))
    microphone = Microphone()
    new = lambda: conversation(mind, "are you there")  # noqa: E731
    async with (
        serving(new=new) as served,
        calling(served.answered, microphone, channel="") as caller,
    ):
        microphone.say(silent(600) + spoken(1, 600))
        await caller.until_heard()


async def test_who_never_connects_is_let_go():
    async with serving(calls=Calls(HERE, connect_s=0.2)) as served:
        caller = Caller(None)
        offer = await caller.offer()
        await caller.close()
        before = asyncio.all_tasks()
        await served.answered(offer)
        await served.until_over()
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() <= before, "nothing waits for it any more"


async def test_who_offers_a_channel_and_opens_none_is_let_go():
    async with (
        serving(calls=Calls(HERE, connect_s=1.0)) as served,
        calling(served.answered, channel="wrong-name"),
    ):
        await served.until_over()


async def test_who_vanishes_is_noticed_and_everything_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)
    async with serving() as served, calling(served.answered) as caller:
        await caller.until("session.created")
        transport = caller.peer.getTransceivers()[0].receiver.transport.transport
        for protocol in transport.iceGatherer._connection._protocols:
            protocol.transport.abort()  # as if its power failed: nobody is told
        await served.until_over()


async def test_sound_faster_than_it_is_spoken_ends_the_call():
    microphone = Microphone(speed=4.0)
    bounds = Bounds(sound_speed=1.5, sound_burst_s=0.5)
    async with serving(bounds=bounds) as served, calling(served.answered, microphone) as caller:
        error = await caller.until("error")
        assert error["error"]["code"] == "sound_too_fast"
        await served.until_over()


async def test_a_call_ends_when_it_may_not_go_on_though_nobody_says_anything():
    async with serving() as served, calling(served.answered) as caller:
        await caller.until("session.created")
        served.problem = Problem("key_ended", "the key ran out")
        error = await caller.until("error")
        assert error["error"]["code"] == "key_ended"
        await served.until_over()


async def test_a_call_without_a_microphone_and_without_a_word_ends_one_with_a_microphone_lasts():
    microphone = Microphone()
    bounds = Bounds(idle_s=0.3)
    async with (
        serving(bounds=bounds) as served,
        serving(bounds=bounds) as other,
        calling(other.answered, microphone) as talks,
        calling(served.answered) as caller,
    ):
        error = await caller.until("error")
        assert error["error"]["code"] == "session_idle"
        await served.until_over()
        assert len(other.calls) == 1
        assert talks.of("error") == []


async def test_only_its_owner_hangs_up():
    async with serving() as served, calling(served.answered) as caller:
        await caller.until("session.created")
        assert not await served.calls.hang_up(served.names[0], "another")
        assert not await served.calls.hang_up("rtc_other", "me")
        assert await served.calls.hang_up(served.names[0], "me")
        await served.until_over()
        assert not await served.calls.hang_up(served.names[0], "me")
        async with asyncio.timeout(LIMIT_S):
            await caller.closed.wait()


async def test_a_call_that_can_not_begin_closes_its_conversation_and_counts_as_over():
    async with serving() as served:
        with pytest.raises(UserError):
            await served.answered("no offer")
        served.given = ({"type": "realtime", "voice": 1},)
        caller = Caller(None)
        with pytest.raises(Problem):
            await served.answered(await caller.offer())
        await caller.close()
        assert served.ends == 2
        assert all(talk.closed for talk in served.talks)
        assert len(served.calls) == 0


async def test_the_client_that_commits_its_turns_does_so_by_its_track():
    microphone = Microphone()
    by_hand = {"type": "realtime", "audio": {"input": {"turn_detection": None}}}
    async with (
        serving(given=(by_hand,)) as served,
        calling(served.answered, microphone) as caller,
    ):
        await caller.until("session.created")
        talk: FakeTalk = served.talks[0]
        assert talk.settings.turns.end is TurnEnd.CLIENT
        async with asyncio.timeout(LIMIT_S):
            while len(talk.heard) < 16_000:  # noqa: ASYNC110 - it comes by the clock
                await asyncio.sleep(0.02)
        caller.send("input_audio_buffer.commit", event_id="mine")
        caller.send("input_audio_buffer.append", audio="AAAA")
        error = await caller.until("error")
        assert error["error"]["code"] == "unsupported_value", "it comes by the track"
        assert talk.taken("commit") == [("mine",)]


async def test_fifty_calls_one_after_another_leave_nothing():
    async with serving() as served:
        await one_call(served)
        gc.collect()
        tasks = len(asyncio.all_tasks())
        for _ in range(50):
            await one_call(served)
        gc.collect()
        assert len(asyncio.all_tasks()) == tasks
        assert [one for one in threading.enumerate() if "decoder" in one.name] == []
        assert served.ends == 51
        assert len(served.calls) == 0
        peers = [one for one in gc.get_objects() if type(one).__name__ == "Peer"]
        assert len(peers) <= 1


async def one_call(served: Serving) -> None:
    served.over.clear()
    async with calling(served.answered, Microphone()) as caller:
        await caller.until("session.created")
    await served.until_over()
