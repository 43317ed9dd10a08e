"""Kokoro makes sound of the length that its words take, and stops when told."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from edgewise.answer.kokoro import FRAME, KEPT_AFTER, KEPT_BEFORE, Kokoro, parted, trim
from edgewise.errors import ModelError, UserError
from edgewise.sound.pcm import SPEAKING_HZ

HELLO = "həlˈO, ðə wˈɪndO ɪz ˈOpᵊn."


@pytest.fixture(scope="module")
def kokoro() -> Iterator[Kokoro]:
    try:
        yield Kokoro()
    except ModelError as error:
        pytest.skip(f"the model is not installed: {error}")


def test_silence_at_both_ends_is_cut_and_the_ends_are_soft():
    quiet = np.zeros(10 * FRAME, np.float32)
    loud = np.ones(20 * FRAME, np.float32)
    cut = trim(np.concatenate([quiet, loud, quiet, quiet]))
    assert len(cut) == (KEPT_BEFORE + 20 + KEPT_AFTER) * FRAME
    assert cut[0] == cut[-1] == 0


def test_sound_without_silence_stays_whole_and_silence_becomes_nothing():
    assert len(trim(np.ones(5 * FRAME, np.float32))) == 5 * FRAME
    assert len(trim(np.zeros(5 * FRAME, np.float32))) == 0
    assert len(trim(np.ones(3, np.float32))) == 3


def test_tokens_are_parted_at_spaces():
    assert parted([1, 1, 0, 1, 1, 0, 1], 4, 0) == [[1, 1, 0], [1, 1, 0, 1]]
    assert parted([1] * 7, 3, 0) == [[1] * 3, [1] * 3, [1]]
    assert parted([], 3, 0) == []


@pytest.mark.slow
def test_a_sentence_has_a_plausible_length_and_no_silence_in_front(kokoro: Kokoro):
    sound = kokoro.make(HELLO, "af_heart")
    samples = np.frombuffer(sound.data, np.int16)
    assert sound.rate_hz == SPEAKING_HZ
    assert 1.0 < sound.length_s < 3.0
    assert np.abs(samples[: SPEAKING_HZ // 10]).max() > 500
    assert np.abs(samples).max() < 32_768


@pytest.mark.slow
def test_a_faster_voice_takes_less_time(kokoro: Kokoro):
    slow, fast = kokoro.make(HELLO, "af_heart", 0.8), kokoro.make(HELLO, "af_heart", 1.6)
    assert 1.5 < slow.length_s / fast.length_s < 2.5


@pytest.mark.slow
def test_signs_it_has_not_and_nothing_at_all_make_no_sound(kokoro: Kokoro):
    assert kokoro.make("", "af_heart").data == b""
    assert kokoro.make("\x00漢🙂", "af_heart").data == b""


@pytest.mark.slow
def test_more_tokens_than_it_takes_are_made_in_parts(kokoro: Kokoro, monkeypatch):
    monkeypatch.setattr("edgewise.answer.kokoro.MOST_TOKENS", 12)
    assert kokoro.make(HELLO, "af_heart").length_s > 1.0


@pytest.mark.slow
def test_a_run_that_is_cancelled_ends_long_before_it_would(kokoro: Kokoro):
    text = HELLO * 15
    assert kokoro.make(text, "af_heart", is_cancelled=lambda: True).data == b""
    began = time.perf_counter()
    end = began + 0.2
    sound = kokoro.make(text, "af_heart", is_cancelled=lambda: time.perf_counter() > end)
    assert sound.data == b""
    assert time.perf_counter() - began < 2.0  # whole it takes 8 s of one core


@pytest.mark.slow
def test_an_unknown_voice_is_told(kokoro: Kokoro):
    with pytest.raises(UserError, match="zf_xiaobei"):
        kokoro.make(HELLO, "nobody")
