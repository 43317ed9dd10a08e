"""Listening is measured: the work of every part, without waiting."""

import pytest

from benchmarks.listening import measure_listening
from tests.recording import skip_without


@pytest.mark.slow
def test_listening_takes_some_time_and_comparing_more():
    skip_without("silero-vad", "silero_vad.onnx")
    idle, playing = measure_listening(4, wait=False)
    assert 0 < idle.value < playing.value
    assert idle.goal == "<= 3"
