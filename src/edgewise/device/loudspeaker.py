"""This machine's loudspeaker: answers one after another, held, lowered and stopped at once.

`Playing` is what is to be heard, taken by miniaudio's thread a few milliseconds at a time; `hold`
fades it out in 60 ms and stands still, so that no click is heard and nothing is lost.
"""

import threading
from collections.abc import Generator
from typing import Any

from edgewise.device.microphone import load_miniaudio, real_backends, reason_of
from edgewise.errors import DeviceError
from edgewise.sound.level import Ducking
from edgewise.sound.pcm import BYTES_PER_SAMPLE, SPEAKING_HZ

BUFFER_MS = 40
"""What may still sound after a stop."""
HELD_DB = -60.0
LOWERED_DB = -18.0


class Playing:
    """Samples at SPEAKING_HZ on their way out. Safe for two threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._held = False
        self._ducking = Ducking(LOWERED_DB)
        self._fading = Ducking(HELD_DB)

    @property
    def left_s(self) -> float:
        """How much of it was not taken yet."""
        with self._lock:
            return len(self._waiting) / (SPEAKING_HZ * BYTES_PER_SAMPLE)

    def add(self, data: bytes) -> None:
        """Play this behind what is there."""
        with self._lock:
            self._waiting += data

    def hold(self) -> None:
        """Fade out and stand still."""
        with self._lock:
            self._held = True
            self._fading.lower()

    def resume(self) -> None:
        """Go on from there."""
        with self._lock:
            self._held = False
            self._fading.restore()

    def lower(self) -> None:
        """Play more quietly, while somebody speaks."""
        with self._lock:
            self._ducking.lower()

    def restore(self) -> None:
        """Play as loud as before."""
        with self._lock:
            self._ducking.restore()

    def stop(self) -> None:
        """Play nothing of what is left."""
        with self._lock:
            self._waiting.clear()
            self._held = False
            self._fading = Ducking(HELD_DB)

    def take(self, samples: int) -> bytes:
        """The next samples to be heard, silence where there are none."""
        size = samples * BYTES_PER_SAMPLE
        with self._lock:
            if self._held and self._fading.gain_db <= HELD_DB:
                return bytes(size)
            part = bytes(self._waiting[:size])
            del self._waiting[:size]
            return self._ducking.apply(self._fading.apply(part + bytes(size - len(part))))


class Loudspeaker:
    """Plays a `Playing` until it is closed."""

    def __init__(self, playing: Playing) -> None:
        """Opens it. Raises DeviceError (`no_loudspeaker`), ModelError (`missing_package`)."""
        miniaudio = load_miniaudio("a loudspeaker")
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=SPEAKING_HZ,
                buffersize_msec=BUFFER_MS,
                backends=real_backends(miniaudio),
                app_name="edgewise",
            )
            samples = _samples(playing)
            next(samples)
            self._device.start(samples)
        except miniaudio.MiniaudioError as error:
            why = reason_of(error)
            told = f"no loudspeaker can be opened ({why}); connect one, or read the answers"
            raise DeviceError(told, code="no_loudspeaker") from error

    def close(self) -> None:
        """Give it back."""
        self._device.close()


def _samples(playing: Playing) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield playing.take(frames)
