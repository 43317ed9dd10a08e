"""Sound in events becomes samples and back, in every format that both sides may choose."""

import base64
import math
import struct
from itertools import pairwise

import pytest

from edgewise.sound.g711 import to_a, to_mu
from edgewise.sound.pcm import LISTENING_HZ
from edgewise.talk.realtime.coding import Coding, Incoming, Outgoing
from edgewise.talk.realtime.problem import Problem


def tone(rate_hz: int, length_s: float = 1.0) -> bytes:
    """440 Hz."""
    count = int(rate_hz * length_s)
    wave = (int(9000 * math.sin(2 * math.pi * 440 * at / rate_hz)) for at in range(count))
    return struct.pack(f"<{count}h", *wave)


def crossings(samples: bytes) -> int:
    """How often it goes through zero upwards: its frequency, for a second of a tone."""
    values = struct.unpack(f"<{len(samples) // 2}h", samples)
    return sum(a < 0 <= b for a, b in pairwise(values))


@pytest.mark.parametrize(
    ("coding", "encode"), [(Coding.PCM, bytes), (Coding.MU, to_mu), (Coding.A, to_a)]
)
def test_a_tone_keeps_its_pitch_and_length_on_the_way_in(coding, encode):
    incoming = Incoming(coding)
    data = encode(tone(coding.rate_hz))
    heard, length_s = b"", 0.0
    for begin in range(0, len(data), 960):
        samples, more_s = incoming.read(base64.b64encode(data[begin : begin + 960]).decode())
        heard += samples
        length_s += more_s
    assert length_s == pytest.approx(1.0)
    assert len(heard) / 2 / LISTENING_HZ == pytest.approx(1.0, abs=0.05)
    assert crossings(heard) == pytest.approx(440, abs=24)


@pytest.mark.parametrize("coding", Coding)
def test_an_answers_sound_comes_whole(coding):
    outgoing = Outgoing(coding)
    data = tone(24_000)
    made = [outgoing.write(data[begin : begin + 4801]) for begin in range(0, len(data), 4801)]
    made.append(outgoing.write(b"", last=True))
    sound = b"".join(base64.b64decode(delta) for delta in made)
    assert len(sound) == coding.rate_hz * (2 if coding is Coding.PCM else 1)


@pytest.mark.parametrize("audio", ["", "!", "AAA", "A A=", "AAAA", "音"])
def test_what_is_no_sound_is_refused(audio):
    with pytest.raises(Problem) as refused:
        Incoming(Coding.PCM).read(audio)
    assert refused.value.code == "invalid_audio"
