"""WAV bytes that other programs read."""

import io
import wave

from edgewise.sound.pcm import Pcm
from edgewise.sound.write import STREAM_BYTES, wav_head, write_wav


def test_the_standard_library_reads_what_is_written():
    with wave.open(io.BytesIO(write_wav(Pcm(b"\1\0\2\0", 24_000)))) as file:
        assert file.getparams()[:4] == (1, 2, 24_000, 2)
        assert file.readframes(9) == b"\1\0\2\0"


def test_a_stream_of_unknown_length_has_a_head_too():
    assert wav_head(STREAM_BYTES, 16_000)[-4:] == b"\xff" * 4
