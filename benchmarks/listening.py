"""What listening costs while nobody speaks to the device: sound at another rate, voice activity,
wake word, in real time. A part of `make bench-voice`.

Fed as a microphone feeds, 20 ms at a time with a pause between, since a processor that sleeps in
between does the same work with colder caches; counted is the process's own time.
"""

import time
from collections.abc import Callable

import numpy as np

from edgewise.learn.report import Result, measure, report
from edgewise.perceive.echo import Echo
from edgewise.perceive.voice_activity import VoiceActivity
from edgewise.perceive.wake import WakeWord
from edgewise.sound.resample import Resampler

MICROPHONE_HZ = 48_000
CHUNK_S = 0.02


def main() -> None:
    """Measure and report."""
    report("listening", measure_listening())


def measure_listening(length_s: float = 20.0, *, wait: bool = True) -> list[Result]:
    """The share of one core that listening takes, alone and compared with what is played."""
    resampler = Resampler(MICROPHONE_HZ, 16_000)
    activity, wake, echo = VoiceActivity(), WakeWord(), Echo()
    room = np.random.default_rng(5).standard_normal(round(MICROPHONE_HZ * length_s)) * 60
    sound, size = room.astype("<i2").tobytes(), round(MICROPHONE_HZ * CHUNK_S) * 2
    pieces = [sound[place : place + size] for place in range(0, len(sound), size)]

    def listen(piece: bytes) -> None:
        heard = resampler.feed(piece)
        activity.feed(heard)
        wake.feed(heard)

    def listen_and_compare(piece: bytes) -> None:
        heard = resampler.feed(piece)
        activity.feed(heard)
        wake.feed(heard)
        echo.feed(heard, heard)
        echo.judge()

    listen(pieces[0])
    idle, playing = (_share(each, pieces, wait=wait) for each in (listen, listen_and_compare))
    return [
        measure("listening: share of one core", idle, "%", at_most=3),
        measure("listening while playing: share of one core", playing, "%"),
    ]


def _share(work: Callable[[bytes], None], pieces: list[bytes], *, wait: bool) -> float:
    begin, cpu = time.perf_counter(), time.process_time()
    for number, piece in enumerate(pieces, 1):
        work(piece)
        left = begin + number * CHUNK_S - time.perf_counter()
        if wait and left > 0:
            time.sleep(left)
    return 100 * (time.process_time() - cpu) / (len(pieces) * CHUNK_S)


if __name__ == "__main__":
    main()
