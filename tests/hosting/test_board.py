"""The notice board of turns."""

import asyncio

from edgewise.core.event import Event, TextDelta, TurnStarted
from edgewise.core.message import Speaker
from edgewise.hosting.board import BEHIND_LIMIT, TURNS_KEPT, Board


def piece(seq: int) -> Event:
    return TextDelta(seq=seq, at=0.0, turn="t", text=str(seq))


async def test_a_reader_gets_what_is_posted_from_then_on():
    board = Board()
    board.post(piece(1))
    reader = board.read()
    first = asyncio.create_task(anext(reader))
    await asyncio.sleep(0)
    board.post(piece(2))
    assert (await first).seq == 2
    await reader.aclose()


def test_it_knows_the_session_of_the_newest_turns():
    board = Board()
    for number in range(TURNS_KEPT + 1):
        started = TurnStarted(
            seq=1,
            at=0.0,
            turn=f"t{number}",
            session=f"s{number}",
            speaker=Speaker(),
            policy_hash="",
            catalogue_hash="",
        )
        board.post(started)
    assert board.session_of(f"t{TURNS_KEPT}") == f"s{TURNS_KEPT}"
    assert board.session_of("t0") == ""


async def test_a_slow_reader_is_told_that_it_missed_some_and_holds_up_nobody():
    board = Board()
    reader = board.read()
    first = asyncio.create_task(anext(reader))
    await asyncio.sleep(0)
    for seq in range(BEHIND_LIMIT + 50):
        board.post(piece(seq))
    await first
    rest = [await anext(reader) for _ in range(BEHIND_LIMIT)]
    assert rest[-1] is None
    await reader.aclose()


async def test_posting_passes_the_events_on_and_closes_their_source():
    closed = asyncio.Event()

    async def source():
        try:
            yield piece(1)
            yield piece(2)
        finally:
            closed.set()

    posted = Board().posted(source())
    assert (await anext(posted)).seq == 1
    await posted.aclose()
    assert closed.is_set()
