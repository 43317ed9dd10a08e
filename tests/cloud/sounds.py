"""Sounds for tests, built from their specifications: only WAV and MPEG frames hold real silence."""

import base64
import io
import struct
import wave


def wav(milliseconds: int, rate_hz: int = 8_000, channels: int = 1, width: int = 2) -> bytes:
    """Silence of so many milliseconds, or of the next sample."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setparams((channels, width, rate_hz, 0, "NONE", ""))
        made.writeframes(bytes(-(-milliseconds * rate_hz // 1000) * channels * width))
    return out.getvalue()


def mp3(frames: int, *, note: int | None = None) -> bytes:
    """Frames of MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes and 1152 samples each. With
    `note` an encoder's note that there are so many comes first."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    told = b"" if note is None else b"Xing" + struct.pack(">II", 1, note)
    first = b"" if note is None else (frame[:36] + told).ljust(417, b"\0")
    return first + frame * frames


def flac(samples: int, rate_hz: int = 16_000, body: bytes = bytes(100)) -> bytes:
    """A FLAC of one channel and 16 bits that says that it has so many samples."""
    packed = rate_hz << 44 | 15 << 36 | samples
    info = bytes(10) + struct.pack(">Q", packed) + bytes(16)
    return b"fLaC" + b"\x80\x00\x00\x22" + info + body


def page(position: int, packets: list[bytes], stream: int = 7) -> bytes:
    """A page of an Ogg stream with whole packets."""
    lengths = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    head = b"OggS\0\0" + struct.pack("<qII", position, stream, 0) + bytes(4)
    return head + bytes([len(lengths)]) + lengths + b"".join(packets)


def opus(packets: int, position: int | None = None, skipped: int = 312, stream: int = 7) -> bytes:
    """Opus of packets of 20 ms, which is 960 samples; the last position says all, or `position`."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", skipped, 48_000, 0, 0)
    found = [page(0, [head], stream), page(0, [b"OpusTags" + bytes(8)], stream)]
    for at in range(0, packets, 50):
        here = min(50, packets - at)
        packet = b"\x08" + bytes(39)  # SILK, 20 ms
        found.append(page((at + here) * 960, [packet] * here, stream))
    if position is not None:
        found.append(page(position, [], stream))
    return b"".join(found)


def vorbis(samples: int, rate_hz: int = 44_100, body_bytes: int = 4_000) -> bytes:
    head = b"\x01vorbis" + struct.pack("<IBI", 0, 1, rate_hz) + bytes(14)
    return page(0, [head]) + page(samples, [bytes(body_bytes)])


def part(sound: bytes, kind: str = "wav") -> dict[str, object]:
    """A part of a message."""
    data = base64.b64encode(sound).decode()
    return {"type": "input_audio", "input_audio": {"data": data, "format": kind}}
