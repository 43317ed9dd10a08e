"""What ALSA would print when there is no such device stays off the terminal."""

import ctypes

import pytest

from edgewise.sound.alsa import silence_alsa


def test_a_device_that_is_not_there_is_not_told_by_the_library(
    capfd: pytest.CaptureFixture[str],
) -> None:
    try:
        library = ctypes.CDLL("libasound.so.2")
    except OSError:
        pytest.skip("ALSA is not installed")
    library.snd_lib_error_set_handler(None)
    silence_alsa.cache_clear()
    opened = ctypes.c_void_p()
    assert library.snd_pcm_open(ctypes.byref(opened), b"nowhere", 0, 0) < 0
    assert "nowhere" in capfd.readouterr().err
    silence_alsa()
    assert library.snd_pcm_open(ctypes.byref(opened), b"nowhere", 0, 0) < 0
    assert capfd.readouterr().err == ""
