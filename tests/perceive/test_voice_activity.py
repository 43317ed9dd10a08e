"""Voice activity tells people from silence, noise and tones, in pieces as in one."""

import numpy as np
import pytest

from edgewise.perceive.voice_activity import FRAME_SAMPLES, VoiceActivity
from edgewise.sound.pcm import Pcm, silence
from tests.each_row import each_row
from tests.recording import recording, skip_without

pytestmark = pytest.mark.slow


@pytest.fixture(name="activity")
def make_activity() -> VoiceActivity:
    skip_without("silero-vad", "silero_vad.onnx")
    return VoiceActivity()


def as_pcm(samples: "np.ndarray") -> Pcm:
    return Pcm(samples.astype("<i2").tobytes())


TIMES = np.arange(3 * 16_000) / 16_000
QUIET = {
    "silence": silence(3),
    "hiss": as_pcm(np.random.default_rng(1).standard_normal(TIMES.size) * 1_000),
    "a tone": as_pcm(np.sin(2 * np.pi * 440 * TIMES) * 8_000),
    "a hum": as_pcm(np.sign(np.sin(2 * np.pi * 100 * TIMES)) * 2_000),
}


@each_row("name", ["go_forward", "sense_and_sensibility"])
def test_a_person_is_heard_and_the_silence_behind_is_not(activity: VoiceActivity, name: str):
    spoken = activity.feed(recording(name).data)
    assert np.mean(np.array(spoken) > 0.5) > 0.4
    behind = activity.feed(silence(1).data)
    assert max(behind[10:]) < 0.2


@each_row("name", list(QUIET))
def test_what_is_no_speech_is_not_taken_for_it(activity: VoiceActivity, name: str):
    assert max(activity.feed(QUIET[name].data)) < 0.5


def test_sound_in_pieces_of_any_size_is_judged_as_in_one(activity: VoiceActivity):
    data = recording("go_forward").data
    whole = activity.feed(data)
    assert len(whole) == len(data) // 2 // FRAME_SAMPLES
    activity.reset()
    pieces: list[float] = []
    for place in range(0, len(data), 641):
        pieces += activity.feed(data[place : place + 641])
    assert pieces == whole


def test_two_streams_at_once_know_nothing_of_each_other(activity: VoiceActivity):
    data, other = recording("go_forward").data, VoiceActivity()
    alone = activity.feed(data)
    activity.reset()
    mixed: list[float] = []
    for place in range(0, len(data), 3_200):
        mixed += activity.feed(data[place : place + 3_200])
        other.feed(recording("sense_and_sensibility").data[place : place + 3_200])
    assert mixed == alone
