"""What one microphone hears of another's speaker is silenced, and nothing of its own."""

import itertools

import numpy as np
import pytest

from edgewise.perceive.voice_activity import VoiceActivity
from edgewise.sound.crosstalk import FRAME_MS, Crosstalk
from edgewise.sound.pcm import Pcm
from tests.recording import recording, skip_without
from tests.sound.cabin import Cabin, Voice

SAID = ("go_forward", "sense_and_sensibility", "hey_jarvis")


pytestmark = pytest.mark.slow


def parted(data: bytes, channels: int = 2, piece: int = 1_000) -> list[bytes]:
    crosstalk = Crosstalk(channels)
    made = [b""] * channels
    for begin in range(0, len(data), piece):
        given = crosstalk.feed(data[begin : begin + piece])
        made = [old + new for old, new in zip(made, given, strict=True)]
    return made


def spoken_frames(sound: bytes) -> int:
    skip_without("silero-vad", "silero_vad.onnx")
    return sum(one >= 0.5 for one in VoiceActivity().feed(sound))


def frames(sound: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    return np.frombuffer(sound, dtype="<i2").reshape(-1, 16 * FRAME_MS)


@pytest.mark.parametrize(
    ("gain_db", "rings_s", "most"),
    [(-1.0, 0.0, 0), (-3.0, 0.0, 0), (-6.0, 0.0, 0), (-12.0, 0.0, 0), (-20.0, 0.0, 0),
     (-3.0, 0.2, 2), (-6.0, 0.2, 2), (-12.0, 0.2, 2)],
)  # fmt: skip
def test_one_who_speaks_is_heard_whole_at_their_own_microphone_and_nowhere_else(
    gain_db: float, rings_s: float, most: int
):
    for name, own in itertools.product(SAID, (0, 1)):
        data = Cabin(gain_db, rings_s=rings_s).heard(Voice(recording(name), own))
        whole = np.frombuffer(data, dtype="<i2")[own::2]
        made = parted(data)
        assert made[own] == whole[: len(made[own]) // 2].tobytes()
        assert spoken_frames(made[1 - own]) <= most, (name, own)


def test_of_one_who_speaks_alone_nothing_is_lost_and_beside_a_bang_something_is():
    said = recording("go_forward")
    bang = Pcm(np.random.default_rng(1).integers(-30_000, 30_000, 3_200).astype("<i2").tobytes())
    for others, is_lost in (((), False), ((Voice(bang, 1, 1.2),), True)):
        crosstalk = Crosstalk(2)
        crosstalk.feed(Cabin(-12.0).heard(Voice(said, 0), *others))
        assert any(lost[0] for lost in crosstalk.lost) == is_lost


@pytest.mark.parametrize(("gain_db", "share"), [(0.0, 0.6), (-6.0, 0.7)])
def test_two_who_speak_at_once_both_pass(gain_db: float, share: float):
    """Their recordings differ by 6 dB: as it is the second is that much the louder."""
    one, other = recording("go_forward"), recording("sense_and_sensibility")
    alone = [spoken_frames(sound.data) for sound in (one, other)]
    for begins_s in (0.0, 0.25, 0.6):
        data = Cabin().heard(Voice(one, 0), Voice(other, 1, 0.5 + begins_s, gain_db))
        kept = [spoken_frames(sound) for sound in parted(data)]
        assert all(k >= share * a for k, a in zip(kept, alone, strict=True)), (kept, alone)


def test_one_who_answers_at_once_is_not_heard_at_the_first_ones_microphone():
    said = recording("go_forward")
    for gap_s in (0.0, 0.1, 0.3):
        second_s = 0.5 + said.length_s + gap_s
        first, second = parted(Cabin().heard(Voice(said, 0), Voice(said, 1, second_s)))
        alone = spoken_frames(said.data)
        assert spoken_frames(second) == pytest.approx(alone, abs=1)
        assert spoken_frames(first) == pytest.approx(alone, abs=1)


def test_of_one_sound_that_comes_twice_the_first_channel_alone_is_heard():
    said = recording("go_forward")
    twice = np.repeat(np.frombuffer(said.data, dtype="<i2"), 2).tobytes()
    first, second = parted(twice)
    assert spoken_frames(first) == pytest.approx(spoken_frames(said.data), abs=1)
    assert spoken_frames(second) == 0


def test_quiet_sound_passes_at_all():
    data = Cabin(noise=5).heard(Voice(Pcm(bytes(32_000)), 0))
    for channel, made in enumerate(parted(data)):
        assert made == np.frombuffer(data, dtype="<i2")[channel::2].tobytes()[: len(made)]


def test_however_it_comes_the_same_is_made_in_whole_frames():
    data = Cabin(channels=3).heard(Voice(recording("hey_jarvis"), 2))
    whole = parted(data, 3, len(data))
    assert whole == parted(data, 3, 7) == parted(data, 3, 4_096)
    assert {len(frames(one)) for one in whole} == {len(data) // 3 // 2 // (16 * FRAME_MS)}
    assert Crosstalk(2).feed(b"") == [b"", b""]
