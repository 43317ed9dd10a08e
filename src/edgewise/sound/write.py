"""A sound as the bytes of a file: WAV, which everything reads."""

import struct

from edgewise.sound.pcm import BYTES_PER_SAMPLE, Pcm

_PCM = 1


def write_wav(sound: Pcm) -> bytes:
    """The bytes of a WAV file: 16 bits, one channel (RIFF, Microsoft 1994)."""
    return wav_head(len(sound.data), sound.rate_hz) + sound.data


def wav_head(data_bytes: int, rate_hz: int) -> bytes:
    """The 44 bytes before the samples. For a stream that is still open, give STREAM_BYTES."""
    most = 0xFFFF_FFFF
    fields = (_PCM, 1, rate_hz, rate_hz * BYTES_PER_SAMPLE, BYTES_PER_SAMPLE, BYTES_PER_SAMPLE * 8)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", min(data_bytes + 36, most), b"WAVE", b"fmt ", 16)
        + struct.pack("<HHIIHH", *fields)
        + struct.pack("<4sI", b"data", min(data_bytes, most))
    )


STREAM_BYTES = 0xFFFF_FFFF
"""As the size of what nobody knows yet: how ffmpeg and browsers mark a stream."""
