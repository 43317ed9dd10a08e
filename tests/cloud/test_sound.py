"""A sound is as long as its bytes say, whatever its header claims; nothing else is one."""

import struct
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.sound import NoSound, duration_ms
from tests.cloud.sounds import flac, mp3, opus, page, vorbis, wav

LONG = st.integers(0, 5_000)


@given(LONG, st.sampled_from([8_000, 16_000, 24_000, 44_100, 48_000]), st.sampled_from([1, 2]))
def test_a_wav_is_as_long_as_it_is_to_the_millisecond(length_ms: int, rate_hz: int, channels: int):
    assert duration_ms(wav(length_ms, rate_hz, channels)) == length_ms


@given(st.integers(1, 300))
def test_an_mp3_is_as_long_as_its_frames(frames: int):
    assert duration_ms(mp3(frames)) == round(frames * 1152 / 44.1)


@given(st.integers(1, 400), st.integers(0, 5_000))
def test_opus_is_as_long_as_its_packets_less_what_is_skipped(packets: int, skipped: int):
    expected = max(0, packets * 960 - skipped) / 48
    assert abs(duration_ms(opus(packets, skipped=skipped)) - expected) <= 0.5


@given(st.integers(1, 10**6), st.sampled_from([16_000, 44_100]))
def test_a_flac_is_as_long_as_it_says_within_what_its_bytes_can_be(samples: int, rate_hz: int):
    body = bytes(samples)  # half of what 16 bits a sample need
    assert abs(duration_ms(flac(samples, rate_hz, body)) - samples * 1000 / rate_hz) <= 0.5


def test_vorbis_ends_where_its_last_page_does():
    assert duration_ms(vorbis(44_100)) == 1_000


def test_what_a_header_claims_beyond_the_data_is_not_counted():
    whole = wav(1_000)
    claims = bytearray(whole[: len(whole) // 2])
    claims[40:44] = struct.pack("<I", 0xFFFF_FFFF)
    assert duration_ms(bytes(claims)) == pytest.approx(500, abs=3)
    assert duration_ms(flac(2**35, body=bytes(50))) == 20_480  # five frames of 65,535 samples
    assert duration_ms(mp3(10, note=1_000_000)) == duration_ms(mp3(10))
    assert duration_ms(opus(10, position=10**12)) == duration_ms(opus(10))
    assert duration_ms(vorbis(2**40, body_bytes=10)) == 1_000


def test_a_header_that_claims_less_than_the_data_hides_nothing():
    assert duration_ms(mp3(100, note=1)) == duration_ms(mp3(100))
    assert duration_ms(opus(100, position=1)) == duration_ms(opus(100))
    assert duration_ms(flac(1, body=bytes(32_000))) == 900
    assert duration_ms(vorbis(1, body_bytes=64_000)) == 1_000
    streamed = bytearray(wav(1_000))
    streamed[40:44] = bytes(4)
    assert duration_ms(bytes(streamed)) == 1_000


def test_a_wav_hides_nothing_in_a_second_chunk_or_head():
    whole, head = wav(1_000), wav(10)
    data = b"data" + struct.pack("<I", len(whole) - 44) + whole[44:]
    assert duration_ms(head + data) == 1_010
    huge = struct.pack("<IHHIIHH", 16, 3, 8, 768_000, 0, 64, 64)
    with pytest.raises(NoSound, match="two 'fmt '"):
        duration_ms(whole[:36] + b"fmt " + huge + whole[36:])


def test_a_flac_is_as_long_as_its_frames_where_its_head_says_less_or_nothing():
    frame = b"\xff\xf8\xc5\x08\x00\x6f" + bytes(58)  # 4096 samples at 16 kHz, one channel
    assert duration_ms(flac(409_600, body=frame * 100)) == 25_600
    assert duration_ms(flac(1, 655_350, body=frame * 100)) == 25_600
    assert duration_ms(flac(0, body=frame * 100)) == 25_600


def test_a_wav_with_its_size_elsewhere_is_as_long_as_its_bytes():
    whole = bytearray(wav(1_000))
    whole[:4], whole[40:44] = b"RF64", struct.pack("<I", 2)
    assert duration_ms(bytes(whole)) == 1_000


@pytest.mark.parametrize("between", [b"\0", b"x", bytes(99)], ids=["zero", "dirt", "zeros"])
def test_what_is_between_all_frames_of_an_mp3_hides_none(between: bytes):
    assert duration_ms(mp3(2) + between + between.join([mp3(1)] * 98)) == duration_ms(mp3(100))


def test_frames_of_another_kind_count_with_zeros_between_them():
    other = b"\xff\xfb\x94\x00" + bytes(380)  # 48 kHz: 384 bytes, 24 ms
    assert duration_ms(mp3(2) + b"\0".join([other] * 100)) == pytest.approx(2_452, abs=1)


def test_frames_of_layer_one_count():
    frame = b"\xff\xff\x90\x00" + bytes(308)  # 288 kbit/s, 44.1 kHz: 312 bytes, 384 samples
    assert duration_ms(mp3(2) + frame * 100) == pytest.approx(52 + 871, abs=1)


def test_an_opus_packet_is_not_hidden_behind_one_that_was_begun_and_dropped():
    begun = b"\x80" + bytes(254)  # 2.5 ms, and it does not end on its page
    hiding = page(0, [b"\x18" + bytes(39)])  # 60 ms
    hiding = hiding[:26] + b"\x02" + hiding[27:28] + b"\xff" + hiding[28:] + begun
    assert duration_ms(opus(0, skipped=0) + hiding * 10) == 625
    going_on = hiding[:5] + b"\x01" + hiding[6:]
    assert duration_ms(opus(0, skipped=0) + hiding + going_on * 99) == 310


@pytest.mark.parametrize("head", [b"Speex   ", b"\x7fFLAC"])
def test_another_sound_in_an_ogg_file_is_refused(head: bytes):
    with pytest.raises(NoSound, match="another stream"):
        duration_ms(page(0, [head], 9) + opus(50))
    assert duration_ms(page(0, [b"\x80theora"], 9) + opus(50, skipped=0)) == 1_000


def test_only_the_first_frame_of_an_mp3_can_be_a_note():
    noted = mp3(0, note=1)
    assert duration_ms(noted * 20) == duration_ms(mp3(19))


def test_the_last_packet_is_cut_where_the_stream_ends():
    assert duration_ms(opus(50, position=50 * 960 - 480, skipped=0)) == 990


def test_streams_one_after_another_count_together():
    assert duration_ms(opus(50, skipped=0) + opus(100, skipped=0, stream=8)) == 3_000


def test_tags_and_dirt_beside_an_mp3_are_stepped_over():
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + b"\xff\xfb\x90\x00" * 32
    assert duration_ms(tag + mp3(20) + b"TAG" + bytes(125)) == duration_ms(mp3(20))
    assert duration_ms(mp3(10) + b"\xff dirt \xff\xff" + mp3(10)) == duration_ms(mp3(20))


def test_chunks_before_the_data_of_a_wav_are_stepped_over():
    plain = wav(100)
    listed = plain[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + plain[12:]
    assert duration_ms(listed) == 100


@pytest.mark.parametrize("kind", [1, 3, 6, 7, 0xFFFE])
def test_each_plain_kind_of_wav_is_known(kind: int):
    width = {6: 1, 7: 1, 3: 4}.get(kind, 2)
    head = struct.pack("<HHIIHH", kind, 1, 8_000, 8_000 * width, width, 8 * width)
    if kind == 0xFFFE:
        head += struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    chunks = (
        b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", 800 * width)
    )
    assert duration_ms(b"RIFF\0\0\0\0WAVE" + chunks + bytes(800 * width)) == 100


def waved(**changed: int) -> bytes:
    fields = {"kind": 1, "channels": 1, "rate_hz": 8_000, "bytes_s": 16_000, "frame": 2, "bits": 16}
    head = struct.pack("<HHIIHH", *(fields | changed).values())
    return b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + head + b"data\x10\0\0\0" + bytes(16)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
        waved(kind=0x55),
        waved(channels=0),
        waved(frame=1),
        waved(rate_hz=2**32 - 1),
        waved(rate_hz=1),
        b"fLaC",
        b"fLaC\x80\0\0\0",
        b"OggS",
        page(0, [b"\x80theora"]),
        b"GIF89a",
        b"\xff\xd8\xff\xe0 a picture",
        b"\x1aE\xdf\xa3webm",
        b"a frame \xff\xfb\x90\x00 by chance" + bytes(1000),
        b"\x1aE\xdf\xa3webm" + mp3(4) + b"an hour of speech",
        b"\0\0\0\x20ftypM4A " + mp3(4) + b"an hour of speech",
        b"ID3\x04\0\0\0\0\0\0fLaC" + mp3(4) + b"an hour of speech",
        bytes(1000),
    ],
)
def test_what_is_no_sound_is_refused_with_what_to_send(data: bytes):
    with pytest.raises(NoSound, match=r"send|WAV of"):
        duration_ms(data)


@given(st.binary(max_size=400), st.sampled_from([b"", b"fLaC", b"OggS\0\0", b"RIFF\0\0\0\0WAVE"]))
def test_any_bytes_are_a_sound_or_none(data: bytes, begin: bytes):
    with suppress(NoSound):
        assert 0 <= duration_ms(begin + data) < 10**12


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 2**23,
        mp3(1)[:4] + b"\xff\x00" * 2**22,
        b"RIFF0000WAVE" + b"junk\0\0\0\0" * 2**20,
        b"fLaC" + b"\x01\0\0\0" * 2**21,
        flac(1, body=b"\xff\xf8" * 2**22),
        page(0, []) * 2**18,
        b"".join(page(0, [], stream) for stream in range(2**16)) + bytes(2**24),
        page(0, [b"OpusHead" + bytes(12)]) + page(0, [b"\x08"] * 255) * 2**14,
    ],
    ids=["sync", "broken", "chunks", "blocks", "frames", "pages", "streams", "packets"],
)
def test_work_is_bounded_whatever_comes(data: bytes):
    began = time.process_time()
    with pytest.raises(NoSound):
        duration_ms(data)
    assert time.process_time() - began < 2
