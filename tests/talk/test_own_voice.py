"""What the device plays itself is no command."""

from dataclasses import dataclass, field

from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.events import Overheard, ReplyEnded, Transcribed, Truncated
from edgewise.talk.mind import Say
from edgewise.talk.own_voice import AFTER_BYTES, OwnVoice
from edgewise.talk.settings import Settings
from tests.talk.fakes import FakeEars, FakeMind, FakeVoice, Scene, quiet, speech

SECOND = bytes(2 * SPEAKING_HZ)
TENTH = bytes(3200)


@dataclass
class Judged:
    own: bool


@dataclass
class FakeEcho:
    """Judges as it is told; notes how much was played in each stretch."""

    own: bool = True
    played: list[int] = field(default_factory=list[int])

    def feed(self, heard: bytes, played: bytes) -> None:
        self.played.append(len(played))

    def judge(self) -> Judged:
        return Judged(self.own)


def test_what_is_sent_is_played_in_the_time_of_what_is_heard():
    echo = FakeEcho()
    own = OwnVoice(echo)
    own.feed(TENTH)
    assert echo.played == []  # nothing was ever played: no work
    own.send(SECOND)
    for _ in range(12):
        own.feed(TENTH)
    assert sum(echo.played) == 32_000
    assert echo.played[-1] == 0


def test_what_is_held_is_silent_and_goes_on_where_it_was():
    echo = FakeEcho()
    own = OwnVoice(echo)
    own.send(SECOND)
    own.feed(TENTH)
    own.hold()
    own.feed(TENTH)
    own.resume()
    own.feed(TENTH)
    assert echo.played == [3200, 0, 3200]


def test_after_a_second_of_silence_nothing_is_the_device_s_own():
    own = OwnVoice(FakeEcho())
    own.send(SECOND)
    own.feed(TENTH)
    assert own.is_heard
    own.stop()
    own.feed(bytes(AFTER_BYTES))
    assert not own.is_heard


async def test_the_device_does_not_interrupt_or_answer_itself():
    echo = FakeEcho()
    mind = FakeMind([Say("one two three four five six")])
    scene = Scene(FakeEars("hello", "one two"), mind, FakeVoice(), Settings(), echo=echo)
    await scene.say(1)
    await scene.until(ReplyEnded)
    await scene.say(2)
    assert (await scene.until(Overheard)).why == "own_voice"
    assert not scene.of(Truncated)
    assert [item.text for item in scene.talk.items] == ["hello", "one two three four five six"]
    await scene.talk.close()


async def test_who_speaks_over_the_device_is_heard():
    echo = FakeEcho()
    mind = FakeMind([Say("one two three four five six")], [])
    scene = Scene(FakeEars("hello", "wait"), mind, FakeVoice(), Settings(), echo=echo)
    await scene.say(1)
    await scene.until(ReplyEnded)
    scene.clock.advance(0.3)
    scene.talk.hear(speech(320, 2))
    await scene.settle()
    echo.own = False
    scene.talk.hear(speech(320, 2))
    assert (await scene.until(Truncated)).at_ms == 300
    scene.talk.hear(quiet(320))
    assert (await scene.until(Transcribed)).text == "wait"
    await scene.talk.close()
