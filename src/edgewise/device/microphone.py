"""Sound from this machine's microphone, or from a file as if it were one.

By miniaudio, which finds the sound system that is there (ALSA, PulseAudio, CoreAudio, WASAPI); its
device that plays nothing is no microphone. Sound comes in another thread; who reads too slowly
loses the oldest of it, not the newest.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from typing import Any

from edgewise.errors import DeviceError
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, Pcm, silence

PIECE_MS = 20
MOST_PIECES = 500
"""That wait to be read: ten seconds."""
AFTER_S = 2.0
"""Of silence behind a file, in which its last words are taken as over."""
_PIECE_BYTES = LISTENING_HZ * BYTES_PER_SAMPLE * PIECE_MS // 1000


class Microphone:
    """An open microphone; close it in the end. For one event loop and one reader."""

    def __init__(self) -> None:
        """Opens it. Raises DeviceError (`no_microphone`), ModelError (`missing_package`)."""
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[bytes] = deque(maxlen=MOST_PIECES)
        self._changed = asyncio.Event()
        miniaudio = load_miniaudio("a microphone")
        try:
            self._device: Any = miniaudio.CaptureDevice(
                input_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=LISTENING_HZ,
                buffersize_msec=PIECE_MS,
                backends=real_backends(miniaudio),
                app_name="edgewise",
            )
            taking = self._take()
            next(taking)
            self._device.start(taking)
        except miniaudio.MiniaudioError as error:
            told = f"no microphone can be opened ({error}); connect one, or give --from FILE"
            raise DeviceError(told, code="no_microphone") from error

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Samples at LISTENING_HZ as they come, without end."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
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


async def as_spoken(sound: Pcm, *, pace: float = 1.0) -> AsyncGenerator[bytes, None]:
    """A sound at LISTENING_HZ in pieces as a microphone would give them, and silence behind it;
    `pace` 2 is twice as fast."""
    data = sound.data + silence(AFTER_S).data
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for number, begin in enumerate(range(0, len(data), _PIECE_BYTES), start=1):
        due_s = begun_s + number * PIECE_MS / 1000 / pace
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        yield data[begin : begin + _PIECE_BYTES]


def load_miniaudio(what: str) -> Any:
    """The library. Raises ModelError (`missing_package`)."""
    try:
        import miniaudio  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise missing_package(error, what=what, extra="hear") from error
    return miniaudio


def real_backends(miniaudio: Any) -> list[Any]:
    """All sound systems but the one without sound."""
    return [backend for backend in miniaudio.Backend if backend.name not in ("NULL", "CUSTOM")]
