"""Opus packets into samples and back, one packet at a time, as voice devices send them.

By libopus (BSD) through opuslib-next, which loads the system's library. One stream, one thread at
a time. Source: RFC 6716.
"""

from typing import Any

from edgewise.errors import LinkError, ModelError
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE

MOST_PACKET_BYTES = 1275 * 6
"""Six frames of the largest size (RFC 6716, 3.2.1): more is no speech."""
LONGEST_S = 0.12
"""Of one packet (RFC 6716, 2.1.4)."""


class OpusDecoder:
    """Packets of one stream into samples at `rate_hz` (8, 12, 16, 24 or 48 kHz), mono."""

    def __init__(self, rate_hz: int) -> None:
        """Raises ModelError (`missing_package`, `missing_library`)."""
        opus = _library()
        self._opus: Any = opus
        self._most = round(LONGEST_S * rate_hz)
        self._state: Any = opus.Decoder(rate_hz, 1)

    def decode(self, packet: bytes) -> bytes:
        """The samples of a packet. Raises LinkError (`bad_opus`) for what is none; the stream goes
        on with the next."""
        if not 0 < len(packet) <= MOST_PACKET_BYTES:
            told = f"a packet of {len(packet):,} bytes; one holds 1 to {MOST_PACKET_BYTES:,}"
            raise LinkError(f"no Opus: {told}", code="bad_opus")
        try:
            return bytes(self._state.decode(packet, self._most))
        except self._opus.OpusError as error:
            raise LinkError(f"no Opus: {error}", code="bad_opus") from error


class OpusEncoder:
    """Samples at `rate_hz`, mono, into packets of `packet_ms` (2.5, 5, 10, 20, 40 or 60)."""

    def __init__(self, rate_hz: int, packet_ms: float = 60.0) -> None:
        """Raises ModelError (`missing_package`, `missing_library`)."""
        self._samples = round(rate_hz * packet_ms / 1000)
        self._state: Any = _library().Encoder(rate_hz, 1, "voip")

    @property
    def packet_bytes(self) -> int:
        """Of the samples that one packet is made of."""
        return self._samples * BYTES_PER_SAMPLE

    def encode(self, samples: bytes) -> bytes:
        """The packet of exactly `packet_bytes` of samples. Raises ValueError for another length."""
        if len(samples) != self.packet_bytes:
            raise ValueError(f"{len(samples)} bytes of samples, not {self.packet_bytes}")
        return bytes(self._state.encode(samples, self._samples))


def check_opus() -> None:
    """Raises ModelError (`missing_package`, `missing_library`) where there is no Opus here."""
    _library()


def _library() -> Any:
    try:
        import opuslib_next  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise missing_package(error, what="Opus", extra="cloud") from error
    except Exception as error:  # the library raises a plain Exception where libopus is not found
        told = "Opus needs the library libopus; on Debian and Ubuntu: sudo apt-get install libopus0"
        raise ModelError(told, code="missing_library") from error
    return opuslib_next
