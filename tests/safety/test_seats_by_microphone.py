"""Whoever speaks at a seat's microphone has that seat's rights, and nobody else's (rule 28)."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from edgewise.core.message import Channel, Speaker
from edgewise.core.zone import Zone
from edgewise.device.callers import Caller
from edgewise.device.runtime import Device, start_device
from edgewise.hosting.board import Board
from edgewise.sound.pcm import LISTENING_HZ, Pcm, interleaved
from edgewise.talk.events import ReplyActed, ReplyEnded, TalkEvent
from tests.device.test_conversations import Senses, opened, watched
from tests.talk.realtime.loud import silent, spoken

SEATS = (Zone.DRIVER, Zone.ROW2_LEFT, None)
OPEN = "open the driver's window"


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[Device]:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path, pace=1000.0)
    try:
        yield device
    finally:
        await device.close()


def at(seat: int) -> bytes:
    """The words at one microphone, 12 dB lower and 2 ms later at the others."""
    own = Pcm(spoken(1, 1000, LISTENING_HZ) + silent(2000, LISTENING_HZ))
    low = memoryview(own.data).cast("h")
    others = Pcm(bytes(64) + b"".join((one // 4).to_bytes(2, "little", signed=True) for one in low))
    return interleaved([own if number == seat else others for number in range(len(SEATS))])


@pytest.mark.rule(28)
@pytest.mark.parametrize(
    ("seat", "opens"), [(0, True), (1, False), (2, False)], ids=["driver", "back", "unnamed"]
)
async def test_the_drivers_window_opens_for_the_driver_and_others_are_told_to_ask_the_driver(
    device: Device, seat: int, opens: bool
):
    board = Board()
    talk = await opened(device, board, Senses(OPEN)).open(
        Caller.OWNER, Zone.DRIVER, "cabin", seats=SEATS
    )
    told: list[TalkEvent] = []
    try:
        async with watched(board) as turns:
            talk.hear(at(seat))
            async with aclosing(talk.events()) as events:
                async for event in events:
                    told.append(event)
                    if isinstance(event, ReplyEnded):
                        break
            begun = turns.get_nowait()
    finally:
        await talk.close()
    assert begun.speaker == Speaker(SEATS[seat], Channel.VOICE)
    done = [event.name for event in told if isinstance(event, ReplyActed) and event.done]
    assert done == (["window.set"] if opens else [])
    assert len([event for event in told if isinstance(event, ReplyEnded)]) == 1
