"""Sound from a microphone's thread, and a file as if it were spoken now."""

import asyncio
import sys
import threading
from contextlib import aclosing

import pytest

from edgewise.device import microphone
from edgewise.device.microphone import AFTER_S, MOST_PIECES, Microphone, as_spoken
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
        raise MiniaudioError("no device")

    monkeypatch.setitem(sys.modules, "miniaudio", library(none))  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match=r"no device.*--from FILE") as refused:
        Microphone()
    assert refused.value.code == "no_microphone"


class Device:
    """A microphone that a test speaks into, from another thread."""

    def __init__(self, **wanted: object) -> None:
        assert (wanted["nchannels"], wanted["sample_rate"]) == (1, 16_000)
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
