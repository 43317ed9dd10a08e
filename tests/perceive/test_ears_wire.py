"""What the device and the ears' process say to each other comes through whole."""

import msgspec
import pytest

from edgewise.core.words import Language
from edgewise.perceive.ears_wire import (
    Finished,
    Likely,
    Order,
    Transcribe,
    Warm,
    encode,
    heards,
    likelies,
    orders,
)
from edgewise.perceive.hear import Heard
from edgewise.sound.pcm import Pcm

SOUND = Pcm(b"\x01\x00\x02\x00", 8000)


@pytest.mark.parametrize(
    "order",
    [
        Transcribe(SOUND, Language.CHINESE, ("外滩",), is_final=False),
        Transcribe(SOUND),
        Finished(SOUND),
        Warm(Language.ENGLISH, ("Bob",)),
    ],
)
def test_an_order_comes_through(order: Order):
    assert orders.decode(encode(order)) == order


def test_a_report_comes_through():
    heard = Heard("打开车窗", Language.CHINESE, 0.9, 12.5, "whisper-base")
    assert heards.decode(encode(heard)) == heard
    assert likelies.decode(encode(Likely(0.25))).probability == 0.25


def test_bytes_that_are_no_order_are_refused():
    with pytest.raises(msgspec.DecodeError):
        orders.decode(b"\x93nothing")
