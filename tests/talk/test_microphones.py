"""One conversation at several microphones: whose turn it is, and of which seat."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import product

import numpy as np
import pytest

from edgewise.core.zone import Zone
from edgewise.perceive.hear import UNSURE_BELOW
from edgewise.perceive.voice_activity import VoiceActivity
from edgewise.sound.level import level_dbfs
from edgewise.sound.pcm import Pcm, interleaved
from edgewise.talk.attending import BESIDE_ANOTHER
from edgewise.talk.events import Committed, Ended, ReplyEnded, SpeechStarted, Transcribed, Who
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Answer, Awaits, Question, Say
from edgewise.talk.settings import Settings
from edgewise.talk.waking import Waking
from edgewise.talk.written import NoActivity
from tests.recording import recording, skip_without
from tests.sound.cabin import Cabin, Voice
from tests.talk.fakes import FakeEars, FakeMind, FakeVoice, Frames, Scene, quiet, speech
from tests.talk.test_attending import Spots, after

SEATS = (Zone.DRIVER, Zone.ROW2_LEFT)
SAID = ("go_forward", "sense_and_sensibility", "hey_jarvis")


def seated(*seats: Zone | None, wakes: bool = False) -> list[Channel]:
    def waking() -> Waking | None:
        return Waking(Spots(), ["hey jarvis"], after) if wakes else None

    return [Channel(Frames(), waking(), zone=seat) for seat in seats]


def at(channel: int, sound: bytes, count: int = 2) -> bytes:
    """`sound` at one microphone, nothing at the others, their samples in turn."""
    silent = Pcm(bytes(len(sound)))
    return interleaved([Pcm(sound) if n == channel else silent for n in range(count)])


def turn(sentence: int, length_ms: int = 640) -> bytes:
    return quiet(96) + speech(length_ms, sentence * 1000) + quiet(320)


def noisy(sentence: int, length_ms: int) -> bytes:
    """A turn that is like no other."""
    random = np.random.default_rng(sentence)
    signs = random.choice([-1, 1], 16 * length_ms // 512 * 512) * sentence * 1000
    return quiet(96) + signs.astype("<i2").tobytes() + quiet(320)


def together(one: bytes, other: bytes) -> bytes:
    return interleaved([Pcm(one), Pcm(other)]) + quiet(640)


class LoudestEars(FakeEars):
    """Hears the sentence whose number is in the loudest sample, in thousands."""

    def words_in(self, sound: Pcm) -> str:
        return self.sentences[max(memoryview(sound.data).cast("h"), default=0) // 1000]


async def slowly(question: Question) -> AsyncGenerator[Answer, None]:
    await asyncio.sleep(0)
    yield Say("Yes.")


async def test_a_turn_is_of_the_seat_whose_microphone_heard_it():
    mind = FakeMind([Say("It is open.")], [Say("Done.")])
    scene = Scene(LoudestEars("open", "close"), mind, channels=seated(*SEATS))
    for channel, sentence in ((1, 1), (0, 2)):
        scene.talk.hear(at(channel, turn(sentence)))
        await scene.until(ReplyEnded)
    assert [one.zone for one in scene.of(Transcribed)] == [Zone.ROW2_LEFT, Zone.DRIVER]
    assert [one.zone for one in mind.questions] == [Zone.ROW2_LEFT, Zone.DRIVER]
    said = [item for item in scene.talk.items if item.who is Who.PERSON]
    assert [(item.text, item.channel) for item in said] == [("open", 1), ("close", 0)]
    await scene.talk.close()


async def test_a_microphone_at_no_seat_gives_nobody_one():
    mind = FakeMind([Say("Yes.")])
    settings = Settings(zone=Zone.DRIVER)
    scene = Scene(LoudestEars("open"), mind, settings=settings, channels=seated(Zone.DRIVER, None))
    scene.talk.hear(at(1, turn(1)))
    await scene.until(ReplyEnded)
    assert mind.questions[0].zone is None
    await scene.talk.close()


async def test_two_who_speak_at_once_are_two_turns_answered_one_after_the_other_and_unsure():
    mind = FakeMind(slowly, slowly)
    scene = Scene(LoudestEars("", "open", "close"), mind, channels=seated(*SEATS))
    scene.talk.hear(together(noisy(2, 640), noisy(3, 960)))
    await scene.until(ReplyEnded, 2)
    heard = {one.zone: one for one in scene.of(Transcribed)}
    assert {zone: one.text for zone, one in heard.items()} == {
        Zone.DRIVER: "open", Zone.ROW2_LEFT: "close",
    }  # fmt: skip
    for one in heard.values():
        assert one.confidence == BESIDE_ANOTHER < min(UNSURE_BELOW.values())
    assert [(q.zone, len(q.asked)) for q in mind.questions] == [
        (Zone.DRIVER, 1), (Zone.ROW2_LEFT, 1),
    ]  # fmt: skip
    assert {one.ended for one in scene.of(ReplyEnded)} == {Ended.COMPLETED}
    await scene.talk.close()


@pytest.mark.parametrize(
    ("loudness", "begins_ms", "confidence"),
    [(9, 256, BESIDE_ANOTHER), (9, 32, BESIDE_ANOTHER), (1, 256, 0.9)],
)
async def test_words_lost_to_a_noise_at_another_microphone_leave_the_turn_unsure(
    loudness: int, begins_ms: int, confidence: float
):
    said = noisy(2, 960)
    noise = quiet(begins_ms) + noisy(loudness, 160)
    deaf = Channel(NoActivity(), zone=Zone.ROW2_LEFT)
    ears = LoudestEars("", "open")
    scene = Scene(ears, FakeMind(slowly, slowly), channels=[*seated(Zone.DRIVER), deaf])
    scene.talk.hear(at(0, said) + quiet(640))
    await scene.until(Transcribed)
    scene.talk.hear(together(said, noise.ljust(len(said), b"\0")))
    await scene.until(Transcribed)
    assert [one.confidence for one in scene.of(Transcribed)] == [0.9, confidence]
    await scene.talk.close()


async def test_what_another_says_while_an_answer_is_thought_about_does_not_cut_nor_join_it():
    go = asyncio.Event()

    async def thinks(question: Question) -> AsyncGenerator[Answer, None]:
        await go.wait()
        yield Say("Yes.")

    mind = FakeMind(thinks, [Say("That too.")])
    scene = Scene(LoudestEars("open", "close"), mind, channels=seated(*SEATS))
    scene.talk.hear(at(0, turn(1)))
    await scene.until(Transcribed)
    scene.talk.hear(at(1, turn(2)))
    await scene.until(Transcribed)
    await scene.settle()
    assert len(mind.questions) == 1
    go.set()
    await scene.until(ReplyEnded, 2)
    assert {one.ended for one in scene.of(ReplyEnded)} == {Ended.COMPLETED}
    assert [one.zone for one in mind.questions] == list(SEATS)
    await scene.talk.close()


async def test_who_interrupts_an_answer_does_not_take_another_s_turn():
    async def talks(question: Question) -> AsyncGenerator[Answer, None]:
        yield Say("Well, ")
        await asyncio.Event().wait()

    mind = FakeMind(talks, [Say("Mine.")], [Say("Yours.")])
    scene = Scene(LoudestEars("open", "close", "no"), mind, FakeVoice(), channels=seated(*SEATS))
    scene.talk.hear(at(0, turn(1)))
    await scene.settle()
    scene.talk.hear(at(1, quiet(96) + speech(128, 2000) + quiet(320)))  # no interruption: too short
    await scene.settle()
    scene.talk.hear(at(0, turn(3)))
    await scene.until(ReplyEnded, 3)
    asked = [(one.zone, one.items[-1].text) for one in mind.questions]
    assert [zone for zone, _ in asked].count(Zone.ROW2_LEFT) == 1
    assert [zone for zone, _ in asked].count(Zone.DRIVER) == 2
    await scene.talk.close()


async def test_a_question_back_is_answered_without_the_wake_word_only_where_it_was_asked():
    mind = FakeMind([Say("Which?"), Awaits()], [Say("Done.")])
    channels = seated(*SEATS, wakes=True)
    scene = Scene(LoudestEars("left"), mind, settings=Settings(wake=True), channels=channels)
    word = speech(32, 99)
    scene.talk.hear(at(0, quiet(96) + word + speech(640, 1000) + quiet(320)))
    await scene.until(ReplyEnded)
    started = len(scene.of(Committed))
    scene.talk.hear(at(1, turn(1)))
    await scene.settle()
    scene.talk.hear(at(0, turn(1)))
    await scene.until(ReplyEnded)
    committed = scene.of(Committed)
    assert len(committed) - started == 1
    assert [one.zone for one in mind.questions] == [Zone.DRIVER, Zone.DRIVER]
    await scene.talk.close()


class Words(FakeEars):
    """Hears how loud it was: enough to know that there was speech."""

    def __init__(self) -> None:
        super().__init__()
        self.finished_by = 0.0

    def words_in(self, sound: Pcm) -> str:
        return f"{level_dbfs(sound.data):.0f}"


@pytest.mark.slow
async def test_the_seat_is_right_in_every_one_of_36_turns_of_recorded_speech():
    """At the other microphone the same words are 12 dB lower and 2 ms later; or nearer, or in a
    cabin that rings. Each is one turn, of the right seat."""
    skip_without("silero-vad", "silero_vad.onnx")
    cabins = (Cabin(), Cabin(-6.0), Cabin(-3.0, 0.5), Cabin(-12.0, rings_s=0.08),
              Cabin(-6.0, rings_s=0.2), Cabin(-12.0, noise=100.0))  # fmt: skip
    for number, (cabin, name, own) in enumerate(product(cabins, SAID, (0, 1))):
        channels = [Channel(VoiceActivity(), zone=seat) for seat in SEATS]
        scene = Scene(Words(), FakeMind(*[[]] * 9), channels=channels)
        voice = Voice(recording(name), own)
        scene.talk.hear(cabin.heard(voice, after_s=2.5, seed=number))
        await scene.until(Transcribed)
        await scene.settle()
        await scene.rest()
        zones = {one.zone for one in scene.of(Transcribed)}
        assert zones == {SEATS[own]}, (cabin, name, own)
        assert len(scene.of(SpeechStarted)) == len(scene.of(Transcribed))


@pytest.mark.slow
async def test_two_recordings_at_once_are_turns_of_both_seats():
    skip_without("silero-vad", "silero_vad.onnx")
    channels = [Channel(VoiceActivity(), zone=seat) for seat in SEATS]
    scene = Scene(Words(), FakeMind(*[[]] * 9), channels=channels)
    voices = (
        Voice(recording("go_forward"), 1),
        Voice(recording("sense_and_sensibility"), 0, 0.7, -6),
    )
    scene.talk.hear(Cabin().heard(*voices, after_s=2.5))
    await scene.until(Transcribed, 2)
    await scene.rest()
    assert {one.zone for one in scene.of(Transcribed)} == set(SEATS)
