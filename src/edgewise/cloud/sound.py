"""How long a sound is, without decoding it: what sound is billed by.

WAV and FLAC say it in their header, MP3 and Opus by the frames that are there, Vorbis by its last
position. A header is the sender's word, so what it says is held to what the bytes can be: no longer
than they last at the codec's least rate, no shorter than at its greatest, nor (FLAC) than its
frames are, each by its own head (`flac_frames.py`). Work is bounded by the bytes and by `Steps`,
which all sounds of a request share; it may be long for an event loop. Own code because it meters:
Python's `wave` refuses float and extensible files, and libraries for tags take an MP3's own word or
guess from its first half minute.
Sources: RIFF (Microsoft, 1994), ISO 11172-3 2.4.2.3, RFC 9639 (FLAC), 3533 (Ogg), 6716 and 7845
(Opus), the Vorbis I specification 4.2.2.
"""

import struct
from collections.abc import Iterator

from msgspec import Struct

from edgewise.cloud.flac_frames import frames_ms

MOST_STEPS = 250_000
"""Pieces of sound that are looked at: 83 minutes of Opus as it is mostly sent, 100 of MP3."""
MOST_CHUNKS = 1_000
"""Those of a WAV or FLAC before its sound."""
KNOWN = "WAV, MP3, FLAC or Ogg (Opus, Vorbis)"
_RATES_HZ = range(1_000, 768_001)
_WHOLE_WAVES = {1: "PCM", 3: "float", 6: "A-law", 7: "mu-law"}
_EXTENSIBLE = 0xFFFE
_BY_CHANCE_S = 5
"""Of frames that are none: about one in ten million bytes looks like a frame's head."""
_FLAC_FRAME_BYTES, _FLAC_FRAME_SAMPLES = 10, 65_535
_VORBIS_MOST_BYTES_MS, _VORBIS_LEAST_BYTES_MS = 64, 1 / 100
_NO_SOUND = (b"fishead\0", b"\x80theora")
"""How streams of an Ogg file begin that no reader takes for its sound: an index, a picture."""
_ZEROS = 4_096
"""Behind a frame; decoders step over them."""
_OPUS_HZ = 48_000
_OPUS_LONGEST = 5_760
_OPUS_SAMPLES = (480, 960, 1_920, 2_880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4


class NoSound(ValueError):
    """The bytes are no sound that is known; the message says what is wrong and what to send."""


class Steps:
    """How many pieces may still be looked at, in one sound or in all that share it."""

    __slots__ = ("left",)

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def take(self) -> None:
        """Look at one more. Raises NoSound."""
        self.left -= 1
        if self.left < 0:
            raise NoSound("the sound has too many pieces, or is too often broken; send it in parts")


def duration_ms(data: bytes, steps: Steps | None = None) -> int:
    """How long it is, in whole milliseconds. Raises NoSound, also when it needs too many steps."""
    steps = steps or Steps()
    steps.take()
    try:
        if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
            samples, rate_hz = _wave(data, steps)
        elif data[:4] == b"fLaC":
            samples, rate_hz = _flac(data, steps)
        elif data[:4] == b"OggS":
            samples, rate_hz = _ogg(data, steps)
        else:
            samples, rate_hz = _mpeg(data, steps)
    except (struct.error, IndexError) as error:
        raise NoSound("the sound ends within its header; send the whole file") from error
    return (samples * 1000 + rate_hz // 2) // rate_hz


def _wave(data: bytes, steps: Steps) -> tuple[int, int]:
    """Samples by the bytes of `data` that are there, whatever the header claims."""
    at, frame_bytes, rate_hz, sound_bytes = 12, 0, 0, -1
    for _ in range(MOST_CHUNKS):
        steps.take()
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            if frame_bytes:
                raise NoSound("the WAV has two 'fmt ', which readers take differently; send one")
            frame_bytes, rate_hz = _wave_format(data, at + 8, size)
        if name == b"data":
            if not frame_bytes:
                raise NoSound("the WAV has no 'fmt ' before its data; send the whole file")
            there = len(data) - at - 8
            if not size or data[:4] == b"RF64":  # it was streamed; or its size stands elsewhere
                size = there
            sound_bytes = max(0, sound_bytes) + min(size, there)  # readers go on to a second one
        at += 8 + size + (size & 1)
    else:
        raise NoSound(f"the WAV has more than {MOST_CHUNKS} chunks; send it without its notes")
    if sound_bytes < 0:
        raise NoSound("the WAV has no data; send the whole file")
    return sound_bytes // frame_bytes, rate_hz


def _wave_format(data: bytes, at: int, size: int) -> tuple[int, int]:
    kind, channels, rate_hz, _, frame_bytes, bits = struct.unpack_from("<HHIIHH", data, at)
    if kind == _EXTENSIBLE and size >= 26:
        (kind,) = struct.unpack_from("<H", data, at + 24)
    if kind not in _WHOLE_WAVES:
        raise NoSound(f"a WAV of kind {kind}; send one of: {', '.join(_WHOLE_WAVES.values())}")
    if not channels or frame_bytes != channels * -(-bits // 8) or not frame_bytes:
        raise NoSound(f"a WAV of {channels} channels, {bits} bits and {frame_bytes} bytes a sample")
    return frame_bytes, _checked(rate_hz)


def _checked(rate_hz: int) -> int:
    if rate_hz not in _RATES_HZ:
        raise NoSound(f"a sample rate of {rate_hz} Hz; send {_RATES_HZ[0]} to {_RATES_HZ[-1]}")
    return rate_hz


def _flac(data: bytes, steps: Steps) -> tuple[int, int]:
    """Samples as STREAMINFO says, within what its frames can hold and need; as the frames' own
    heads say where it does not, or they are clearly longer."""
    at, packed = 4, 0
    for _ in range(MOST_CHUNKS):
        steps.take()
        is_last, kind = data[at] & 0x80, data[at] & 0x7F
        if kind == 0:
            (packed,) = struct.unpack_from(">Q", data, at + 14)
        at += 4 + int.from_bytes(data[at + 1 : at + 4])
        if is_last:
            break
    rate_hz = _checked(packed >> 44)
    frame_bits = ((packed >> 41 & 7) + 1) * ((packed >> 36 & 31) + 1)
    size = max(0, len(data) - at)
    least = size * 8 // frame_bits * 9 // 10  # what is not compressed has frames' heads beside it
    most = (size // _FLAC_FRAME_BYTES) * _FLAC_FRAME_SAMPLES
    said = packed & 0xF_FFFF_FFFF
    samples = min(max(said, least), most)
    in_frames = round(frames_ms(data, at, rate_hz, steps.take) * rate_hz / 1000)
    if not said or in_frames > samples * 11 // 10 + _BY_CHANCE_S * rate_hz:
        samples = max(samples, in_frames)
    return samples, rate_hz


class _Page(Struct, frozen=True):
    """A page of a logical stream; `lengths` are those of its segments."""

    stream: int
    goes_on: bool
    position: int
    lengths: bytes
    begin: int


def _ogg(data: bytes, steps: Steps) -> tuple[int, int]:
    """The samples of its one stream of sound, or of several one after another."""
    pages: dict[int, list[_Page]] = {}
    for page in _pages(data, steps):
        pages.setdefault(page.stream, []).append(page)
    found: list[tuple[int, int]] = []
    for of_stream in pages.values():
        begin = of_stream[0].begin
        head = data[begin : begin + 64]  # no more: there may be as many streams as pages
        if head.startswith(b"OpusHead"):
            found.append((_opus(data, of_stream, steps), _OPUS_HZ))
        elif head.startswith(b"\x01vorbis"):
            found.append(_vorbis(head, of_stream))
        elif not head.startswith(_NO_SOUND):  # a reader could take this for the sound
            raise NoSound("an Ogg file with another stream than Opus or Vorbis; send it without")
    if not found:
        raise NoSound(f"an Ogg file without Opus or Vorbis; send {KNOWN}")
    rate_hz = max(rate for _, rate in found)
    return sum(samples * rate_hz // rate for samples, rate in found), rate_hz


def _pages(data: bytes, steps: Steps) -> Iterator[_Page]:
    at = 0
    while at + 27 <= len(data):
        steps.take()
        if data[at : at + 4] != b"OggS":
            at = data.find(b"OggS", at + 1)
            if at < 0:
                return
            continue
        position, stream = struct.unpack_from("<qI", data, at + 6)
        begin = at + 27 + data[at + 26]
        lengths = data[at + 27 : begin]
        yield _Page(stream, bool(data[at + 5] & 1), position, lengths, begin)
        at = begin + sum(lengths)


def _opus(data: bytes, pages: list[_Page], steps: Steps) -> int:
    """Samples of its packets, each of which says its own; the last position cuts off what was
    added to fill the last one."""
    total = 0
    goes_on = False
    for page in pages[1:]:
        at = page.begin
        goes_on = goes_on and page.goes_on  # else a reader drops what was begun
        for length in page.lengths:
            if not goes_on:
                steps.take()
                total += _packet_samples(data[at : at + 2])
            goes_on = length == 255
            at += length
    last = pages[-1].position
    total = last if 0 <= total - last < _OPUS_LONGEST else total
    skipped: int = struct.unpack_from("<H", data, pages[0].begin + 10)[0]
    return max(0, total - skipped)


def _packet_samples(packet: bytes) -> int:
    if not packet or packet == b"Op":  # OpusTags; as sound that would be 48 frames, too many
        return 0
    each = _OPUS_SAMPLES[packet[0] >> 3]
    many = (1, 2, 2, packet[-1] & 0x3F)[packet[0] & 3]
    return min(each * many, _OPUS_LONGEST)


def _vorbis(head: bytes, pages: list[_Page]) -> tuple[int, int]:
    rate_hz = _checked(struct.unpack_from("<I", head, 12)[0])
    size = sum(sum(page.lengths) for page in pages if page.position > 0)
    said = max(page.position for page in pages)
    least = size // _VORBIS_MOST_BYTES_MS * rate_hz // 1000
    most = int(size / _VORBIS_LEAST_BYTES_MS * rate_hz / 1000)
    return min(max(said, least), most), rate_hz


def _mpeg(data: bytes, steps: Steps) -> tuple[int, int]:
    """Samples of its frames, each counted; what is between them is stepped over. One that
    does not follow another must be of a kind that was counted, or needs one behind it, else it is
    chance. Nothing but a tag stands before
    the first: in another container, frames could tell of little and the rest be heard."""
    at = len(data) - len(data[_past_tag(data) :].lstrip(b"\0"))
    last_frame = len(data) - 4
    in_step, is_first = False, True
    counted: dict[int, int] = {}
    kinds: set[tuple[int, int]] = set()
    while 0 <= at <= last_frame:
        steps.take()
        frame = _FRAMES.get(data[at + 1 : at + 3]) if data[at] == 0xFF else None
        kind = _kind_of(data, at)
        if frame is None or not (in_step or kind in kinds or _goes_on(data, at + frame[0])):
            if is_first:
                break
            at, in_step = data.find(b"\xff", at + 1), False
            continue
        size, samples, rate_hz = frame
        kinds.add(kind)
        if not (is_first and _tells(data[at : at + 64])):
            counted[rate_hz] = counted.get(rate_hz, 0) + samples
        at, in_step, is_first = at + size, True, False
    if is_first:
        raise NoSound(f"no sound that is known; send {KNOWN}")
    rate_hz = max(counted, default=1)
    return sum(samples * rate_hz // rate for rate, samples in counted.items()), rate_hz


def _goes_on(data: bytes, at: int) -> bool:
    """Whether a frame, past zeros too, or the end is there."""
    there = data[at : at + _ZEROS].lstrip(b"\0")
    return at >= len(data) - 4 or (there[:1] == b"\xff" and there[1:3] in _FRAMES)


def _kind_of(data: bytes, at: int) -> tuple[int, int]:
    """What all frames of one sound have in common: version, layer and rate."""
    return data[at + 1] & 0xFE, data[at + 2] & 0x0C


def _past_tag(data: bytes) -> int:
    """Where the first frame can be: past an ID3v2 tag."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if data[5] & 0x10 else 0)


def _tells(frame: bytes) -> bool:
    """Whether a first frame is an encoder's note in place of sound."""
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _frames() -> dict[bytes, tuple[int, int, int]]:
    """Bytes, samples and rate of a frame by the second and third byte of its head."""
    one = tuple(range(32, 449, 32))
    three = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    two = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
    low = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    low_one = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
    high_rates, low_rates = {1: three, 2: two, 3: one}, {1: low, 2: low, 3: low_one}
    found: dict[bytes, tuple[int, int, int]] = {}
    for second in range(0xE0, 0x100):
        version, layer = second >> 3 & 3, second >> 1 & 3  # 3: MPEG 1, 2: 2, 0: 2.5; 3: layer I
        if version == 1 or layer == 0:
            continue
        samples = 384 if layer == 3 else 576 if layer == 1 and version != 3 else 1152
        slot = 4 if layer == 3 else 1
        kilobits = (high_rates if version == 3 else low_rates)[layer]
        for third in range(256):
            index, rate_index = third >> 4, third >> 2 & 3
            if rate_index == 3 or index in (0, 15):
                continue
            rate_hz = (44_100, 48_000, 32_000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
            slots = samples // 8 * kilobits[index - 1] * 1000 // (rate_hz * slot)
            size = (slots + (third >> 1 & 1)) * slot
            found[bytes((second, third))] = (size, samples, rate_hz)
    return found


_FRAMES = _frames()
