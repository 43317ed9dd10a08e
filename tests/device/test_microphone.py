"""Sound from a microphone's thread, and a file as if it were spoken now."""

import asyncio
import sys
import threading
from contextlib import aclosing

import numpy as np
import pytest

from edgewise.device import microphone
from edgewise.device.microphone import AFTER_S, MOST_PIECES, Microphone, are_apart, as_spoken
from edgewise.errors import DeviceError
from edgewise.sound.pcm import Pcm
from tests.device.test_loudspeaker import MiniaudioError, library


async def test_a_file_is_heard_in_real_time_with_silence_behind_it():
    sound = Pcm(b"\x01\x00" * 1600)
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    pieces = [piece async for piece in as_spoken(sound, pace=20)]
    took_s = loop.time() - begun_s
    assert b"".join(pieces) == sound.data + bytes(int(AFTER_S * 32_000))
    assert {len(piece) for piece in pieces} == {640}
    assert (0.1 + AFTER_S) / 20 <= took_s < 2


async def test_without_a_microphone_it_is_told(monkeypatch: pytest.MonkeyPatch):
    def none(**wanted: object) -> None:
        raise MiniaudioError("no device", -401)

    monkeypatch.setitem(sys.modules, "miniaudio", library(none))  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match=r"\(no device\);.*--from FILE") as refused:
        Microphone()
    assert refused.value.code == "no_microphone"


class Device:
    """A microphone that a test speaks into, from another thread."""

    def __init__(self, **wanted: object) -> None:
        assert wanted["sample_rate"] == 16_000
        self.channels = wanted["nchannels"]
        self.closed = False

    def start(self, taking: object) -> None:
        self.taking = taking

    def close(self) -> None:
        self.closed = True

    def speak(self, *pieces: bytes) -> None:
        def spoken() -> None:
            for piece in pieces:
                self.taking.send(piece)  # type: ignore[attr-defined]

        thread = threading.Thread(target=spoken)
        thread.start()
        thread.join()


async def test_what_its_thread_gives_is_read_in_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "miniaudio", library(Device))  # type: ignore[arg-type]
    heard = Microphone()
    assert heard._device.channels == 1
    heard._device.speak(b"old")
    await asyncio.sleep(0)
    heard.drop()
    async with asyncio.timeout(5), aclosing(heard.pieces()) as pieces:
        heard._device.speak(b"ab", b"cd")
        assert [await anext(pieces), await anext(pieces)] == [b"ab", b"cd"]
    heard.close()
    assert heard._device.closed


async def test_who_reads_too_slowly_loses_the_oldest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "miniaudio", library(Device))  # type: ignore[arg-type]
    heard = Microphone()
    heard._device.speak(*(n.to_bytes(2, "little") for n in range(MOST_PIECES + 3)))
    async with asyncio.timeout(5), aclosing(heard.pieces()) as pieces:
        assert await anext(pieces) == (3).to_bytes(2, "little")
    assert microphone.MOST_PIECES * microphone.PIECE_MS == 10_000


async def test_a_file_of_several_channels_is_heard_as_of_so_many_microphones():
    one, other = Pcm(b"\x01\x00" * 1600), Pcm(b"\x02\x00" * 1600)
    pieces = [piece async for piece in as_spoken(one, other, pace=200)]
    assert {len(piece) for piece in pieces} == {1280}
    assert pieces[0] == b"\x01\x00\x02\x00" * 320


def noises(*levels: float, copies: int = 0) -> bytes:
    """Half a second of so many microphones, each of its own noise, and of some a copy."""
    random = np.random.default_rng(1)
    each = [random.normal(0, level, 8_000) if level else np.zeros(8_000) for level in levels]
    each += [each[0] * 0.7] * copies
    return np.rint(np.stack(each, axis=1)).astype("<i2").tobytes()


def test_microphones_apart_are_told_from_copies_of_one():
    assert are_apart(noises(100.0, 50.0, 100.0), 3)
    assert not are_apart(noises(100.0, 0.0), 2)
    assert not are_apart(noises(100.0, 100.0)[:6_000], 2)
    with pytest.raises(DeviceError, match="one sound for several of its 3 channels") as refused:
        are_apart(noises(100.0, 100.0, copies=1), 3)
    assert refused.value.code == "one_microphone"


async def test_a_microphone_that_copies_its_one_channel_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "miniaudio", library(Device))  # type: ignore[arg-type]
    heard = Microphone(2)
    assert heard._device.channels == 2
    data = noises(100.0, copies=1)
    heard._device.speak(*(data[n : n + 1280] for n in range(0, len(data), 1280)))

    async def read() -> None:
        async for _ in heard.pieces():
            pass

    with pytest.raises(DeviceError, match="has fewer"):
        await asyncio.wait_for(read(), 5)
