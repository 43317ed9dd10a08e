"""Sound from this machine's microphone, or from a file as if it were one.

By miniaudio, which finds the sound system that is there (ALSA, PulseAudio, CoreAudio, WASAPI); its
device that plays nothing is no microphone. Sound comes in another thread; who reads too slowly
loses the oldest of it, not the newest. Of several channels the samples come in turn (interleaved).
A sound system gives as many channels as it is asked for, copies too: a seat is known by its channel
only where each is a microphone of its own.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from typing import Any

from edgewise.errors import DeviceError
from edgewise.sound.alsa import silence_alsa
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, Pcm, interleaved, silence

PIECE_MS = 20
MOST_PIECES = 500
"""That wait to be read: ten seconds."""
AFTER_S = 2.0
"""Of silence behind a file, in which its last words are taken as over."""
_PIECE_BYTES = LISTENING_HZ * BYTES_PER_SAMPLE * PIECE_MS // 1000
_APART_BYTES = LISTENING_HZ * BYTES_PER_SAMPLE // 4
"""Of each channel, by which they are compared: a quarter of a second."""
_SAME = 0.9999
"""The correlation of one sound and its copy, also at another level; of two microphones side by side
it is less, for each has noise of its own."""


class Microphone:
    """An open microphone; close it in the end. For one event loop and one reader."""

    def __init__(self, channels: int = 1) -> None:
        """Opens it. Raises DeviceError (`no_microphone`), ModelError (`missing_package`)."""
        self._channels = channels
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[bytes] = deque(maxlen=MOST_PIECES)
        self._changed = asyncio.Event()
        miniaudio = load_miniaudio("a microphone")
        try:
            self._device: Any = miniaudio.CaptureDevice(
                input_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=channels,
                sample_rate=LISTENING_HZ,
                buffersize_msec=PIECE_MS,
                backends=real_backends(miniaudio),
                app_name="edgewise",
            )
            taking = self._take()
            next(taking)
            self._device.start(taking)
        except miniaudio.MiniaudioError as error:
            why = reason_of(error)
            told = f"no microphone can be opened ({why}); connect one, or give --from FILE"
            raise DeviceError(told, code="no_microphone") from error

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Samples at LISTENING_HZ as they come, without end. Raises DeviceError
        (`one_microphone`) for several channels that are one."""
        unknown = bytearray()
        is_known = self._channels == 1
        while True:
            while self._waiting:
                piece = self._waiting.popleft()
                if not is_known:
                    unknown += piece
                    is_known = are_apart(bytes(unknown), self._channels)
                    del unknown[: -_APART_BYTES * self._channels]
                yield piece
            self._changed.clear()
            await self._changed.wait()

    def drop(self) -> None:
        """Forget what was not read yet."""
        self._waiting.clear()

    def close(self) -> None:
        """Give it back."""
        self._device.close()

    def _take(self) -> Generator[None, bytes, None]:
        """Runs in miniaudio's thread."""
        while True:
            data = bytes((yield))
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._put, data)

    def _put(self, data: bytes) -> None:
        self._waiting.append(data)
        self._changed.set()


def are_apart(data: bytes, channels: int) -> bool:
    """Whether interleaved samples are known to be of microphones apart: each pair differs in its
    own noise. Raises DeviceError (`one_microphone`) where two are the same; False: too little is
    heard to tell."""
    import numpy as np

    whole = len(data) - len(data) % (BYTES_PER_SAMPLE * channels)
    sounds = np.frombuffer(data[:whole], dtype="<i2").reshape(-1, channels).T.astype(np.float64)
    if whole < _APART_BYTES * channels or not bool(np.all(np.any(sounds != 0.0, axis=1))):
        return False
    likeness = np.abs(np.corrcoef(sounds)) - np.eye(channels)
    if float(np.nan_to_num(likeness).max()) > _SAME:
        told = (
            f"the microphone gives one sound for several of its {channels} channels: it has fewer;"
            " set `channels` under [senses] in config.toml to what it has, or take it out"
        )
        raise DeviceError(told, code="one_microphone")
    return True


async def as_spoken(*sounds: Pcm, pace: float = 1.0) -> AsyncGenerator[bytes, None]:
    """A sound at LISTENING_HZ in pieces as a microphone would give them, and silence behind it;
    several: as of so many channels. `pace` 2 is twice as fast."""
    data = interleaved(sounds) + silence(AFTER_S).data * len(sounds)
    size = _PIECE_BYTES * len(sounds)
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for number, begin in enumerate(range(0, len(data), size), start=1):
        due_s = begun_s + number * PIECE_MS / 1000 / pace
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        yield data[begin : begin + size]


def load_miniaudio(what: str) -> Any:
    """The library. Raises ModelError (`missing_package`)."""
    try:
        import miniaudio  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise missing_package(error, what=what, extra="hear") from error
    silence_alsa()
    return miniaudio


def reason_of(error: Exception) -> str:
    """What miniaudio says in words; beside it, its errors hold a number of its library."""
    return str(error.args[0]) if error.args else "no reason"


def real_backends(miniaudio: Any) -> list[Any]:
    """All sound systems but the one without sound."""
    return [backend for backend in miniaudio.Backend if backend.name not in ("NULL", "CUSTOM")]
