"""Sound of the Wyoming protocol: chunks of any rate, width and channels into what ears take, and
back. A chunk may end within a sample. It bounds no length; who keeps sound does.
"""

from collections.abc import Iterator
from typing import Any

from wyoming.audio import AudioChunk, AudioFormat, AudioStart, AudioStop
from wyoming.event import Event

from edgewise.errors import LinkError
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, SPEAKING_HZ
from edgewise.sound.resample import RATES_HZ, Resampler

MOST_CHANNELS = 8
WIDTHS = (1, 2, 3, 4)
CHUNK_BYTES = SPEAKING_HZ * BYTES_PER_SAMPLE // 10
"""What is sent at a time: a tenth of a second."""

_PLAIN = (LISTENING_HZ, 2, 1)


class Incoming:
    """One stream of chunks. A chunk of another format than the one before begins anew."""

    def __init__(self) -> None:
        self._format: tuple[int, int, int] | None = None
        self._resampler: Resampler | None = None
        self._rest = b""

    def feed(self, event: Event) -> bytes:
        """The samples of a chunk, mono at LISTENING_HZ. Raises LinkError (`bad_event`)."""
        try:
            chunk = AudioChunk.from_event(event)
        except KeyError as error:
            raise LinkError(f"an audio-chunk without {error}", code="bad_event") from error
        form = _checked(chunk)
        if form == _PLAIN and not self._rest:
            self._format = form
            whole = len(chunk.audio) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
            self._rest = chunk.audio[whole:]
            return chunk.audio[:whole]
        if form != self._format:
            self._format, self._rest = form, b""
            self._resampler = None
        return self._converted(self._rest + chunk.audio, form)

    def end(self) -> bytes:
        """What is left when the stream is over."""
        resampler, self._resampler, self._rest, self._format = self._resampler, None, b"", None
        return b"" if resampler is None else resampler.feed(b"", last=True)

    def _converted(self, data: bytes, form: tuple[int, int, int]) -> bytes:
        rate_hz, width, channels = form
        whole = len(data) // (width * channels) * width * channels
        data, self._rest = data[:whole], data[whole:]
        if (width, channels) != (2, 1):
            data = _mono(data, width, channels)
        if rate_hz == LISTENING_HZ:
            return data
        if self._resampler is None:
            self._resampler = Resampler(rate_hz, LISTENING_HZ)
        return self._resampler.feed(data)


def chunks(data: bytes) -> Iterator[AudioChunk]:
    """Samples at SPEAKING_HZ as chunks."""
    for begin in range(0, len(data), CHUNK_BYTES):
        yield AudioChunk(SPEAKING_HZ, BYTES_PER_SAMPLE, 1, data[begin : begin + CHUNK_BYTES])


def started() -> AudioStart:
    """Before chunks."""
    return AudioStart(SPEAKING_HZ, BYTES_PER_SAMPLE, 1)


def stopped() -> AudioStop:
    """Behind them."""
    return AudioStop()


def _checked(form: AudioFormat) -> tuple[int, int, int]:
    found: tuple[Any, Any, Any] = (form.rate, form.width, form.channels)
    if any(type(value) is not int for value in found):
        raise LinkError(
            f"audio of {found!r}; rate, width and channels are numbers", code="bad_event"
        )
    if (
        form.rate not in RATES_HZ
        or form.width not in WIDTHS
        or not (1 <= form.channels <= MOST_CHANNELS)
    ):
        raise LinkError(
            f"audio of {form.rate:,} Hz, {form.width} bytes, {form.channels} channels; taken are"
            f" {RATES_HZ.start:,} to {RATES_HZ.stop - 1:,} Hz, 1 to 4 bytes, 1 to {MOST_CHANNELS}"
            " channels",
            code="bad_event",
        )
    return form.rate, form.width, form.channels


def _mono(data: bytes, width: int, channels: int) -> bytes:
    """16 bits, the channels mixed; 8 bits are unsigned, as in WAV files."""
    import numpy as np

    if width == 1:
        samples = (np.frombuffer(data, np.uint8).astype(np.int32) - 128) << 8
    elif width == 3:
        high = np.frombuffer(data, np.uint8).reshape(-1, 3)[:, 1:]
        samples = np.ascontiguousarray(high).view("<i2")[:, 0].astype(np.int32)
    elif width == 4:
        samples = np.frombuffer(data, "<i4") >> 16
    else:
        samples = np.frombuffer(data, "<i2").astype(np.int32)
    mixed: Any = samples.reshape(-1, channels).mean(axis=1)
    return mixed.astype("<i2").tobytes()
