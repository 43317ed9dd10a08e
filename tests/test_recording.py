"""The recordings are there, and a model that is not there skips a test with the reason."""

import pytest

from edgewise.engine import packages
from tests.recording import recording, skip_without


def test_the_recordings_last_as_long_as_they_should():
    assert recording("go_forward").length_s == pytest.approx(2.79, abs=0.01)
    assert recording("sense_and_sensibility").length_s == pytest.approx(7.1)


def test_a_model_that_is_not_installed_skips_the_test(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(packages.sys, "prefix", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="edgewise models install silero-vad"):
        skip_without("silero-vad", "silero_vad.onnx")
