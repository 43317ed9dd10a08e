"""Files into samples: what is good is read, what is not is refused by name, bounded always."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.sound.level import level_dbfs
from edgewise.sound.pcm import Pcm, silence
from edgewise.sound.read import read_channels, read_pieces, read_sound
from edgewise.sound.write import STREAM_BYTES, wav_head, write_wav
from tests.each_row import each_row

FORMATS = {
    "wav": ("WAV", "PCM_16"),
    "wav of 24 bits": ("WAV", "PCM_24"),
    "wav of floats": ("WAV", "FLOAT"),
    "wav of mu-law": ("WAV", "ULAW"),
    "flac": ("FLAC", "PCM_16"),
    "vorbis": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}


def noisy_tone(length_s: float = 2.0, rate_hz: int = 16_000) -> "np.ndarray":
    times = np.arange(round(rate_hz * length_s)) / rate_hz
    noise = np.random.default_rng(7).standard_normal(times.size) * 0.01
    return (0.3 * np.sin(2 * np.pi * 440 * times) + noise).astype("float32")


def as_file(name: str, samples: "np.ndarray | None" = None, rate_hz: int = 16_000) -> bytes:
    kind, subtype = FORMATS[name]
    stream = io.BytesIO()
    found = noisy_tone(rate_hz=rate_hz) if samples is None else samples
    soundfile.write(stream, found, rate_hz, format=kind, subtype=subtype)
    return stream.getvalue()


def refused(data: bytes, longest_s: float = 60, **more: int) -> str:
    with pytest.raises(UserError) as found:
        read_sound(data, longest_s=longest_s, **more)
    assert found.value.code == "bad_sound"
    return str(found.value)


@each_row("name", list(FORMATS))
def test_every_format_is_read_at_the_rate_of_listening(name: str):
    sound = read_sound(as_file(name, rate_hz=48_000), longest_s=10)
    assert sound.rate_hz == 16_000
    assert sound.length_s == pytest.approx(2, abs=0.08)
    assert level_dbfs(sound.data) == pytest.approx(-13.5, abs=0.6)
    spectrum = np.abs(np.fft.rfft(np.frombuffer(sound.data, "<i2")))
    assert np.argmax(spectrum) / sound.length_s == pytest.approx(440, abs=2)


def test_a_wav_of_16_bits_comes_back_bit_by_bit():
    data = noisy_tone()
    sound = Pcm((data * 32_767).astype("<i2").tobytes())
    assert read_sound(write_wav(sound), longest_s=10) == sound


def test_an_mp3_is_read_in_blocks_as_in_one():
    # bursts: their frames borrow bits from the quiet ones before, which a seek between loses
    times = np.arange(44_100 * 4) / 44_100
    bursts = np.random.default_rng(7).standard_normal(times.size) * 0.3
    bursts *= np.sin(2 * np.pi * 5 * times) > 0.3
    data = as_file("mp3", bursts.astype("float32"), rate_hz=44_100)
    whole, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    sound = read_sound(data, longest_s=10, rate_hz=44_100)
    found = np.frombuffer(sound.data, "<i2") / 32_768
    assert np.abs(found - whole.clip(-1, 1)).max() < 1e-4


def test_channels_are_mixed_or_chosen_or_given_each_by_itself():
    left, right = noisy_tone(), np.zeros(32_000, "float32")
    data = as_file("flac", np.stack([left, right], axis=1))
    mixed, chosen = read_sound(data, longest_s=9), read_sound(data, longest_s=9, channel=1)
    assert level_dbfs(mixed.data) == pytest.approx(-13.5 - 6, abs=0.2)
    assert chosen == silence(2)
    apart = read_channels(data, longest_s=9)
    assert apart.whole
    assert [level_dbfs(one.data) > -20 for one in apart.channels] == [True, False]
    assert "channel 2 was asked for, it has 2" in refused(data, channel=2)


@each_row("name", ["wav", "flac", "vorbis", "opus", "mp3"])
def test_a_file_that_ends_early_is_refused_or_taken_in_part(name: str):
    data = as_file(name, noisy_tone(8))
    cut = data[: len(data) * 6 // 10]
    assert "it ends early or is damaged" in refused(cut)
    part = read_sound(cut, longest_s=60, partial=True)
    assert 2 < part.length_s < 6
    assert level_dbfs(part.data) == pytest.approx(-13.5, abs=0.6)
    assert not read_channels(cut, longest_s=60, partial=True).whole
    assert read_channels(data, longest_s=60).whole


def test_an_mp3_that_does_not_count_its_frames_is_whole_whatever_is_guessed_of_it():
    data = as_file("mp3", noisy_tone(8))
    frames = data[data.index(b"\xff", 200) :]
    cut = frames[: len(frames) * 6 // 10]
    assert not any(mark in cut for mark in (b"Xing", b"Info"))
    assert read_channels(cut, longest_s=60).whole
    assert "it ends early" in refused(b"ID3\4\0\0\0\0\0\5" + bytes(5) + data[: len(cut)])


@each_row("name", ["flac", "vorbis", "opus"])
def test_a_damaged_file_is_refused_or_taken_up_to_the_damage(name: str):
    data = bytearray(as_file(name, noisy_tone(8)))
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    assert "it ends early or is damaged" in refused(bytes(data))
    assert read_sound(bytes(data), longest_s=60, partial=True).length_s < 8


@each_row(
    ("data", "words"),
    [
        (b"", "it is empty; send WAV, FLAC, Ogg"),
        (b"open the window, please\n" * 99, "its first bytes are b'open'"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "which no sound begins with"),
        (b"RIFF\x24\0\0\0WAVE", "can not be read as WAV"),
        (b"OggS" + bytes(400), "is damaged"),
        (b"fLaC" + bytes(400), "can not be read as FLAC"),
        (b"ID3\4\0\0\0\0\0\0" + bytes(99), "can not be read as MP3"),
        (b"\xff\xfb" + bytes(400), "can not be read as MP3"),
        (wav_head(0, 16_000), "there are no samples in it"),
        (wav_head(2, 4_000) + b"\0\0", "4,000 samples a second, taken are 8,000 to 192,000"),
        (wav_head(2, 4_000_000_000 // 2) + b"\0\0", "taken are 8,000 to 192,000"),
    ],
)
def test_what_is_no_sound_is_refused_by_name(data: bytes, words: str):
    assert words in refused(data)


@each_row("name", ["wav", "flac", "mp3"])
def test_a_file_that_is_cut_in_its_head_is_told_in_words_of_ours(name: str):
    told = refused(as_file(name)[:30])
    assert "it is no whole sound file" in told
    assert "send the whole file" in told
    assert "BytesIO" not in told


@each_row("name", list(FORMATS))
def test_in_pieces_it_is_the_same_and_damage_is_told_where_it_is(name: str):
    data = as_file(name, np.stack([noisy_tone(3, 48_000)] * 2, axis=1), 48_000)
    pieces = list(read_pieces(data, longest_s=60))
    assert b"".join(pieces) == read_sound(data, longest_s=60).data
    assert max(len(piece) for piece in pieces) < 32_000
    with pytest.raises(UserError, match="ends early or is damaged"):
        list(read_pieces(data[: len(data) * 6 // 10], longest_s=60))
    with pytest.raises(UserError, match="no samples"):
        list(read_pieces(wav_head(0, 16_000), longest_s=60))


def test_in_pieces_little_of_a_long_file_is_held():
    data = as_file("flac", np.zeros(900 * 8_000, "int16"), 8_000)
    tracemalloc.start()
    assert sum(len(piece) for piece in read_pieces(data, longest_s=900)) == 900 * 32_000
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


def test_a_file_of_two_hours_is_refused_before_it_is_decoded():
    data = as_file("flac", np.zeros(7_200 * 8_000, "int16"), 8_000)
    assert len(data) < 200_000
    tracemalloc.start()
    assert "it is 7,200.0 s long, the limit is 60 s; send a part of it" in refused(data)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_file_that_hides_its_length_is_decoded_to_the_limit_only():
    data = bytearray(as_file("flac", np.zeros(7_200 * 8_000, "int16"), 8_000))
    # STREAMINFO: 36 bits of samples behind 20 of rate, 3 of channels, 5 of width (RFC 9639 8.2)
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    tracemalloc.start()
    assert "it is longer than the limit of 60 s" in refused(bytes(data))
    assert tracemalloc.get_traced_memory()[1] < 6_000_000
    tracemalloc.stop()


def test_a_header_that_tells_of_more_than_is_there_is_not_believed():
    lie = wav_head(7_200 * 32_000, 16_000) + bytes(32_000)
    assert "32,000 of the 230,400,000 bytes that its header tells are there" in refused(lie)
    assert read_sound(lie, longest_s=60, partial=True) == silence(1)


@pytest.mark.parametrize("size", [0, STREAM_BYTES, 0x7FFF_F000])
def test_a_stream_written_without_its_length_is_whole(size: int):
    head = wav_head(size, 16_000)
    data = head[:4] + struct.pack("<I", size) + head[8:] + bytes(32_000)
    assert read_channels(data, longest_s=60).channels == (silence(1),)
    assert read_channels(data, longest_s=60).whole


def test_too_many_bytes_or_channels_are_refused():
    assert "has 32,044 bytes, the limit is 32,000" in refused(
        write_wav(silence(1)), most_bytes=32_000
    )
    data = as_file("wav", np.zeros((100, 9), "float32"))
    assert "it has 9 channels, the limit is 8" in refused(data)


def test_floats_that_are_no_numbers_or_too_loud_stay_within_16_bits():
    samples = np.array([np.nan, np.inf, -np.inf, 9, -9, 0.5] * 50, "float32")
    found = np.frombuffer(read_sound(as_file("wav of floats", samples), longest_s=9).data, "<i2")
    assert found[:6].tolist() == [0, 32_767, -32_768, 32_767, -32_768, 16_384]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["wav", "flac", "vorbis", "opus"]), st.data())
def test_no_file_however_damaged_does_anything_but_be_read_or_refused(name: str, draw):
    data = bytearray(as_file(name, noisy_tone(0.5)))
    for _ in range(draw.draw(st.integers(1, 6))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    del data[draw.draw(st.integers(1, len(data))) :]
    refusal, length_s = "", 0.0
    try:
        length_s = read_sound(bytes(data), longest_s=5, partial=draw.draw(st.booleans())).length_s
    except UserError as error:
        refusal = error.code
    assert refusal == "bad_sound" or (not refusal and 0 < length_s <= 5.1)
