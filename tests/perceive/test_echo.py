"""The device's own sound is told from a person's, alone and with somebody speaking over it."""

import numpy as np

from edgewise.perceive.echo import LOOK_MS, Echo
from edgewise.sound.pcm import LISTENING_HZ, silence
from tests.each_row import each_row
from tests.recording import recording

STEP = LISTENING_HZ // 50 * 2
RNG = np.random.default_rng(3)


def samples(name: str, length_s: float) -> "np.ndarray":
    found = np.frombuffer(recording(name).data, "<i2").astype(float)
    return np.resize(found, round(length_s * LISTENING_HZ))


def through_a_room(sound: "np.ndarray", delay_ms: int, level_db: float) -> "np.ndarray":
    """As the microphone hears the loudspeaker: later, quieter, with 200 ms of reverberation."""
    tail = RNG.standard_normal(3_200) * 10 ** (-3 * np.arange(3_200) / 3_200) * 0.1
    tail[0] = 1
    path = np.concatenate([np.zeros(delay_ms * 16), tail])
    heard = np.convolve(sound, path)[: sound.size] * 10 ** (level_db / 20)
    return heard + RNG.standard_normal(sound.size) * 15


def as_bytes(sound: "np.ndarray") -> bytes:
    return np.clip(sound, -32_768, 32_767).astype("<i2").tobytes()


def own_share(echo: Echo, heard: bytes, played: bytes, begin_s: float, end_s: float) -> float:
    """Feed all of it in pieces of 20 ms; how much of the time in between it said `own`."""
    told: list[bool] = []
    for place in range(0, len(heard), STEP):
        echo.feed(heard[place : place + STEP], played[place : place + STEP])
        if begin_s <= place / (2 * LISTENING_HZ) < end_s:
            told.append(echo.judge().own)
    return float(np.mean(told))


@each_row(
    ("delay_ms", "level_db"), [(20, -6), (20, -20), (90, -6), (90, -20), (300, -6), (300, -20)]
)
def test_what_the_device_plays_is_its_own_and_a_person_over_it_is_not(
    delay_ms: int, level_db: float
):
    played = samples("sense_and_sensibility", 7)
    alone = through_a_room(played, delay_ms, level_db)
    person = samples("go_forward", 2.7)
    loudness = np.sqrt(np.mean(alone**2)) / np.sqrt(np.mean(person**2))
    both = alone.copy()
    both[4 * LISTENING_HZ : 4 * LISTENING_HZ + person.size] += person * loudness * 1.4
    assert own_share(Echo(), as_bytes(alone), as_bytes(played), 0.2, 7) == 1
    echo = Echo()
    assert own_share(echo, as_bytes(both), as_bytes(played), 4.6, 6.2) < 0.4
    assert abs(echo.judge().delay_ms - delay_ms) <= 30
    assert echo.judge().correlation >= 0.7


def test_a_person_is_no_echo_where_nothing_is_played():
    sound = as_bytes(samples("go_forward", 2.7))
    assert own_share(Echo(), sound, b"", 0, 3) == 0


def test_a_person_while_other_speech_is_played_elsewhere_teaches_no_path():
    echo = Echo()
    heard, played = samples("go_forward", 5), samples("sense_and_sensibility", 5)
    own_share(echo, as_bytes(heard), as_bytes(played), 0, 5)
    assert echo.judge().delay_ms == 0
    assert echo.judge().own


def test_what_was_learnt_holds_for_the_next_sound_from_its_beginning():
    played = samples("sense_and_sensibility", 7)
    heard = through_a_room(played, 90, -10)
    person = samples("go_forward", 2.7)
    loudness = np.sqrt(np.mean(heard**2)) / np.sqrt(np.mean(person**2))
    echo = Echo()
    own_share(echo, as_bytes(heard), as_bytes(played), 0, 1)
    own_share(echo, as_bytes(np.zeros(80_000)), silence(5).data, 0, 1)
    over = heard[:32_000].copy()
    over += np.resize(person[9_600:], over.size) * loudness * 1.4
    assert own_share(echo, as_bytes(over), as_bytes(played[:32_000]), 0.1, 1.4) < 0.7


def test_before_anything_was_heard_nothing_is_known():
    assert not Echo().judge().own
    echo = Echo()
    echo.feed(b"\0\0", b"")
    assert not echo.judge(LOOK_MS).own
