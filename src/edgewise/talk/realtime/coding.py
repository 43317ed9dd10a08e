"""Sound as it stands in events: base64 of PCM at 24 kHz, or of G.711 at 8 kHz.

Inside, a conversation listens at 16 kHz and speaks at 24 kHz; the streams here turn one into the
other and keep what a resampler still holds. Source: openai-openapi f85dbe2, `RealtimeAudioFormats`.
"""

import binascii
from base64 import b64decode, b64encode
from enum import StrEnum

from edgewise.sound.g711 import TELEPHONE_HZ, from_a, from_mu, to_a, to_mu
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, SPEAKING_HZ
from edgewise.sound.resample import Resampler
from edgewise.talk.realtime.problem import Problem


class Coding(StrEnum):
    """How samples are written."""

    PCM = "audio/pcm"
    MU = "audio/pcmu"
    A = "audio/pcma"

    @property
    def rate_hz(self) -> int:
        """Samples a second."""
        return SPEAKING_HZ if self is Coding.PCM else TELEPHONE_HZ


class Incoming:
    """The sound that a client appends, piece by piece."""

    def __init__(self, coding: Coding) -> None:
        self.coding = coding
        self._resampler = Resampler(coding.rate_hz, LISTENING_HZ)

    def read(self, text: str) -> tuple[bytes, float]:
        """The samples at `LISTENING_HZ` of one `audio`, and how many seconds it lasts.

        Raises Problem for what is not base64, or ends within a sample.
        """
        try:
            data = b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Problem("invalid_audio", f"audio: not base64 ({error})", "audio") from error
        if not data:
            raise Problem("invalid_audio", "audio: it is empty; send some sound", "audio")
        if self.coding is Coding.PCM and len(data) % BYTES_PER_SAMPLE:
            said = f"audio: {len(data)} bytes; {self.coding} has 2 bytes a sample, send whole ones"
            raise Problem("invalid_audio", said, "audio")
        if self.coding is not Coding.PCM:
            data = from_mu(data) if self.coding is Coding.MU else from_a(data)
        return self._resampler.feed(data), len(data) / BYTES_PER_SAMPLE / self.coding.rate_hz


class Outgoing:
    """The sound of one answer, as a client wants it."""

    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._resampler = Resampler(SPEAKING_HZ, coding.rate_hz)

    def write(self, data: bytes, *, last: bool = False) -> str:
        """Samples at `SPEAKING_HZ` as a `delta`; empty when nothing is due yet. With `last`, what
        was held back comes too."""
        samples = self._resampler.feed(data, last=last)
        if self._coding is not Coding.PCM:
            samples = to_mu(samples) if self._coding is Coding.MU else to_a(samples)
        return b64encode(samples).decode("ascii")
