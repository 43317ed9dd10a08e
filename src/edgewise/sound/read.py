"""Sound files into samples: WAV, FLAC, Ogg (Vorbis, Opus) and MP3, by libsndfile (soundfile).

A file is a stranger's. Its bytes, seconds, rate and channels are limited, whatever its header says;
it is decoded a block at a time straight into the rate that is asked for, and not a block further
than the limit. One that ends early or is damaged is refused, since half a sentence may mean its
opposite, unless `partial`. All errors are UserError (`bad_sound`).

Reading is work for a thread. What the formats cannot tell: a FLAC or MP3 without a length in its
header, or an Ogg file cut exactly between two pages, looks whole. Damage within the samples of a
WAV or MP3 file is heard, not seen. Source of the Ogg page: RFC 3533 section 6.
"""

import io
import struct
import zlib
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import LISTENING_HZ, Pcm
from edgewise.sound.resample import Resampler, check_rate

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[tuple[int, int], np.dtype[np.float32]]
    Line = np.ndarray[tuple[int], np.dtype[np.float32]]

KNOWN = "WAV, FLAC, Ogg (Vorbis, Opus) or MP3"
MOST_BYTES = 32 * 1024 * 1024
MOST_CHANNELS = 8
_BLOCK = 4_096
_KINDS = {b"fLaC": "FLAC", b"OggS": "OGG"}
_UNKNOWN_LENGTH = 1 << 62
_MP3_SLACK = 2 * 1_152
_FULL_SCALE = 32_768


class Recording(Struct, frozen=True):
    """What a file holds, a sound for each channel; `whole` is False where it ends early."""

    channels: tuple[Pcm, ...]
    whole: bool = True


def read_sound(
    data: bytes,
    *,
    longest_s: float,
    rate_hz: int = LISTENING_HZ,
    channel: int | None = None,
    partial: bool = False,
    most_bytes: int = MOST_BYTES,
) -> Pcm:
    """The sound of a file at `rate_hz`: its channels mixed, or the one that is named (from 0).

    `partial` takes of a damaged or shortened file what is good before the damage.
    """

    def choose(block: "Samples") -> "list[Line]":
        if channel is None:
            return [block.mean(axis=1)]
        if not 0 <= channel < block.shape[1]:
            raise _bad(f"channel {channel} was asked for, it has {block.shape[1]}, counted from 0")
        return [block[:, channel]]

    return _read(data, longest_s, rate_hz, partial, most_bytes, choose).channels[0]


def read_channels(
    data: bytes,
    *,
    longest_s: float,
    rate_hz: int = LISTENING_HZ,
    partial: bool = False,
    most_bytes: int = MOST_BYTES,
) -> Recording:
    """Every channel of a file by itself, as `read_sound`: microphones that are of one zone each."""

    def choose(block: "Samples") -> "list[Line]":
        return [block[:, channel] for channel in range(block.shape[1])]

    return _read(data, longest_s, rate_hz, partial, most_bytes, choose)


def read_pieces(
    data: bytes,
    *,
    longest_s: float,
    rate_hz: int = LISTENING_HZ,
    most_bytes: int = MOST_BYTES,
) -> Iterator[bytes]:
    """The samples of a file at `rate_hz`, its channels mixed, piece by piece: little of it is held,
    however long it is. Raises as `read_sound`, where the damage is."""
    reading = _Reading(data, longest_s, partial=False, most_bytes=most_bytes)
    resampler: Resampler | None = None
    for block in reading.blocks():
        resampler = resampler or Resampler(reading.rate_hz, rate_hz)
        yield resampler.feed(_as_int16(block.mean(axis=1)))
    if resampler is None:
        raise _empty()
    yield resampler.feed(b"", last=True)


def _read(
    data: bytes,
    longest_s: float,
    rate_hz: int,
    partial: bool,
    most_bytes: int,
    choose: "Callable[[Samples], list[Line]]",
) -> Recording:
    reading = _Reading(data, longest_s, partial=partial, most_bytes=most_bytes)
    lines: list[tuple[Resampler, bytearray]] = []
    for block in reading.blocks():
        chosen = choose(block)
        lines = lines or [(Resampler(reading.rate_hz, rate_hz), bytearray()) for _ in chosen]
        for line, (resampler, made) in zip(chosen, lines, strict=True):
            made.extend(resampler.feed(_as_int16(line)))
    if not lines:
        raise _empty()
    for resampler, made in lines:
        made.extend(resampler.feed(b"", last=True))
    return Recording(tuple(Pcm(bytes(made), rate_hz) for _, made in lines), reading.whole)


class _Reading:
    """A file that is being decoded; `whole` and `rate_hz` are known with its blocks."""

    def __init__(self, data: bytes, longest_s: float, *, partial: bool, most_bytes: int) -> None:
        self._data, self._longest_s = data, longest_s
        self._partial = partial
        self._kind = _kind(data, most_bytes)
        self.rate_hz = 0
        self.whole = True

    def blocks(self) -> "Iterator[Samples]":
        """Its samples, as they are decoded. Raises UserError."""
        good, damage = _undamaged(self._kind, self._data)
        self._found(damage)
        try:
            import soundfile  # pyright: ignore[reportMissingTypeStubs]
        except ImportError as error:
            raise missing_package(error, what="a sound file", extra="hear") from error
        try:
            with _open(good) as file:
                told = _check_head(file, self._kind, self._longest_s)
                if self._kind == "MP3" and not _tells_its_length(self._data):
                    told = None
                self.rate_hz = file.samplerate
                slack = _MP3_SLACK if self._kind == "MP3" else 0
                missing = yield from _decoded(file, self._longest_s, told, slack)
        except soundfile.SoundFileError as error:
            raise _unreadable(self._kind) from error
        self._found(missing)

    def _found(self, damage: str) -> None:
        if damage and not self._partial:
            raise _cut_short(damage)
        self.whole = self.whole and not damage


def _decoded(
    file: Any, longest_s: float, told: int | None, slack: int
) -> "Generator[Samples, None, str]":
    """Decodes to the end, or to what is damaged; says what is missing ("": nothing)."""
    import soundfile  # pyright: ignore[reportMissingTypeStubs]

    frames = 0
    while True:
        try:
            block = file.read(_BLOCK, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as error:
            return f"it can not be decoded behind sample {frames:,} ({error})"
        if not len(block):
            break
        frames += len(block)
        if frames > int(longest_s * file.samplerate):
            raise _bad(f"it is longer than the limit of {longest_s:g} s; send a part of it")
        yield block
    if told is not None and frames < told - slack:
        return f"{frames:,} of the {told:,} samples that its header tells are there"
    return ""


def _kind(data: bytes, most_bytes: int) -> str:
    """Which format its first bytes are of, so that no other of libsndfile's readers is reached."""
    if len(data) > most_bytes:
        raise _bad(f"it has {len(data):,} bytes, the limit is {most_bytes:,}; send a part of it")
    if not data:
        raise _bad(f"it is empty; send {KNOWN}")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "WAV"
    if data[:4] in _KINDS:
        return _KINDS[data[:4]]
    layer_3 = len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2
    if layer_3 or data[:3] == b"ID3":
        return "MP3"
    raise _bad(f"its first bytes are {data[:4]!r}, which no sound begins with; send {KNOWN}")


def _undamaged(kind: str, data: bytes) -> tuple[bytes, str]:
    """What of the bytes is good, and what is wrong with the rest ("": nothing)."""
    if kind == "WAV":
        return _whole_wav(data)
    if kind == "OGG":
        return _good_pages(data)
    return data, ""


def _whole_wav(data: bytes) -> tuple[bytes, str]:
    """A WAV file, and what is missing where its data chunk tells of more bytes than there are.

    A stream that was written without knowing its length says almost all of 31 or 32 bits, or
    nothing in both its sizes; the true size is put in.
    """
    place = 12
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        place += 8
        if name == b"data":
            there = len(data) - place
            is_open = size >= 0xFFFF_0000 or 0x7FFF_0000 <= size < 0x8000_0000
            if is_open or (size == 0 and data[4:8] == bytes(4)):
                return data[: place - 4] + struct.pack("<I", there) + data[place:], ""
            if size > there:
                return data, f"{there:,} of the {size:,} bytes that its header tells are there"
            return data, ""
        place += size + size % 2
    return data, ""


def _good_pages(data: bytes) -> tuple[bytes, str]:
    """An Ogg file up to its first page that is not whole or whose checksum is wrong."""
    place = 0
    while place < len(data):
        head = data[place : place + 27]
        end = place + 27 + (head[26] if len(head) == 27 else 0)
        end += sum(data[place + 27 : end])
        if len(head) < 27 or end > len(data):
            return data[:place], f"its page at byte {place:,} is cut off"
        page = data[place:end]
        if head[:4] != b"OggS" or _checksum(page) != struct.unpack_from("<I", head, 22)[0]:
            return data[:place], f"its page at byte {place:,} is damaged"
        place = end
    return data, ""


_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _checksum(page: bytes) -> int:
    """Ogg's CRC-32 (highest bit first, no inversion) by zlib's (lowest first, inverted)."""
    mirrored = (page[:22] + bytes(4) + page[26:]).translate(_MIRRORED)
    crc = zlib.crc32(mirrored, 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{crc:032b}"[::-1], 2)


def _open(data: bytes) -> Any:
    """libsndfile on these bytes. It is told not to seek: soundfile else does so after each block,
    which costs an MP3 the bits that its frames borrow from those before."""
    import soundfile  # pyright: ignore[reportMissingTypeStubs]

    class Forward(soundfile.SoundFile):
        def seekable(self) -> bool:
            return False

    return Forward(io.BytesIO(data))


def _check_head(file: Any, kind: str, longest_s: float) -> int | None:
    """Hold what the header says to the limits; how many samples a channel it tells, if it does."""
    if file.format not in {kind, "WAVEX" if kind == "WAV" else kind}:
        raise _bad(f"it is {file.format} inside {kind}; send {KNOWN}")
    check_rate(file.samplerate)
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise _bad(f"it has {file.channels} channels, the limit is {MOST_CHANNELS}; mix it first")
    frames: int = file.frames
    if not 0 < frames < _UNKNOWN_LENGTH:
        return None
    length_s = frames / file.samplerate
    if length_s > longest_s:
        raise _bad(f"it is {length_s:,.1f} s long, the limit is {longest_s:g} s; send a part of it")
    return frames


def _tells_its_length(data: bytes) -> bool:
    """Whether an MP3 counts its frames, in a first one made for that (by LAME and others); without
    it libsndfile guesses, sometimes too high by some frames."""
    place = 0
    if data[:3] == b"ID3" and len(data) > 10:
        high, middle, low, last = data[6:10]
        place = 10 + (high << 21 | middle << 14 | low << 7 | last)
    return any(mark in data[place : place + 2_000] for mark in (b"Xing", b"Info", b"VBRI"))


def _as_int16(line: "Line") -> bytes:
    """Samples between -1 and 1 as 16 bits; what is beyond, or no number, is held within."""
    import numpy as np

    scaled = np.nan_to_num(line * np.float32(_FULL_SCALE), nan=0.0)
    return np.clip(np.rint(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes()


def _cut_short(damage: str) -> UserError:
    return _bad(f"it ends early or is damaged: {damage}; send the whole file")


def _unreadable(kind: str) -> UserError:
    """Without the library's own words: they name an object in memory, and a file that is there
    as one that is not."""
    return _bad(
        f"it can not be read as {kind}: it is no whole sound file, or of a kind that is not known;"
        f" send the whole file, as {KNOWN}"
    )


def _empty() -> UserError:
    return _bad("there are no samples in it; record it again")


def _bad(what: str) -> UserError:
    return UserError(f"the sound is not taken: {what}", code="bad_sound")
