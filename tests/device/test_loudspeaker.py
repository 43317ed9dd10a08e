"""What is to be heard: in order, held without a click, lowered, stopped at once."""

import array
import sys
import types

import pytest

from edgewise.device.loudspeaker import Loudspeaker, Playing
from edgewise.errors import DeviceError

RATE = 24_000


def loud(length_ms: int) -> bytes:
    return array.array("h", [10_000] * (RATE * length_ms // 1000)).tobytes()


def heights(data: bytes) -> list[int]:
    return list(array.array("h", data))


def test_sounds_are_played_behind_each_other_and_then_silence():
    playing = Playing()
    playing.add(b"\x01\x00" * 3)
    playing.add(b"\x02\x00" * 3)
    assert playing.left_s == pytest.approx(6 / RATE)
    assert heights(playing.take(4)) == [1, 1, 1, 2]
    assert heights(playing.take(4)) == [2, 2, 0, 0]
    assert playing.left_s == 0


def test_what_is_held_fades_stands_still_and_goes_on():
    playing = Playing()
    playing.add(loud(1000))
    playing.take(240)
    playing.hold()
    faded = heights(playing.take(RATE * 60 // 1000))
    assert faded == sorted(faded, reverse=True)
    assert faded[-1] <= 10
    left_s = playing.left_s
    assert not any(heights(playing.take(2400)))
    assert playing.left_s == left_s
    playing.resume()
    assert heights(playing.take(RATE // 10))[-1] == 10_000


def test_it_is_lower_while_somebody_speaks():
    playing = Playing()
    playing.add(loud(1000))
    playing.lower()
    assert heights(playing.take(RATE // 10))[-1] == pytest.approx(1259, abs=2)  # 18 dB down
    playing.restore()
    assert heights(playing.take(RATE // 10))[-1] == 10_000


def test_a_stop_is_heard_at_once_and_the_next_answer_is_whole():
    playing = Playing()
    playing.add(loud(500))
    playing.hold()
    playing.stop()
    assert not any(heights(playing.take(240)))
    playing.add(loud(10))
    assert heights(playing.take(240)) == [10_000] * 240


class MiniaudioError(Exception):
    pass


def library(device: object) -> types.SimpleNamespace:
    backends = [types.SimpleNamespace(name=name) for name in ("ALSA", "NULL")]
    return types.SimpleNamespace(
        MiniaudioError=MiniaudioError,
        Backend=backends,
        SampleFormat=types.SimpleNamespace(SIGNED16=2),
        PlaybackDevice=device,
        CaptureDevice=device,
    )


def test_without_a_loudspeaker_it_is_told(monkeypatch: pytest.MonkeyPatch):
    def none(**wanted: object) -> None:
        raise MiniaudioError("no device", -401)

    monkeypatch.setitem(sys.modules, "miniaudio", library(none))  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match=r"\(no device\); connect") as refused:
        Loudspeaker(Playing())
    assert refused.value.code == "no_loudspeaker"


def test_the_library_takes_what_is_played(monkeypatch: pytest.MonkeyPatch):
    class Device:
        def __init__(self, **wanted: object) -> None:
            backends = wanted["backends"]
            assert isinstance(backends, list)
            assert [backend.name for backend in backends] == ["ALSA"]
            assert (wanted["nchannels"], wanted["sample_rate"]) == (1, RATE)

        def start(self, samples: object) -> None:
            self.samples = samples

        def close(self) -> None:
            self.closed = True

    monkeypatch.setitem(sys.modules, "miniaudio", library(Device))  # type: ignore[arg-type]
    playing = Playing()
    speaker = Loudspeaker(playing)
    playing.add(b"\x01\x00" * 3)
    assert heights(speaker._device.samples.send(4)) == [1, 1, 1, 0]
    speaker.close()
    assert speaker._device.closed
