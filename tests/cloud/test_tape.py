import asyncio

import pytest

from edgewise.cloud.refusal import Refused
from edgewise.cloud.tape import Behind, Tape, TapeRoom


async def all_of(tape: Tape, after: int) -> list[bytes]:
    tape.check(after)
    return [frame async for frame in tape.follow(after)]


def recorded(*frames: bytes, limit_bytes: int = 1000) -> Tape:
    tape = Tape(limit_bytes)
    for frame in frames:
        tape.append(frame)
    return tape


async def test_a_reader_gets_what_is_strictly_after():
    tape = recorded(b"0", b"1", b"2")
    tape.end()
    assert await all_of(tape, -1) == [b"0", b"1", b"2"]
    assert await all_of(tape, 1) == [b"2"]
    assert await all_of(tape, 2) == []


async def test_readers_get_what_comes_later_each_at_its_own_pace():
    tape = recorded(b"0")
    readers = [asyncio.create_task(all_of(tape, after)) for after in (-1, 0)]
    await asyncio.sleep(0)
    tape.append(b"1")
    await asyncio.sleep(0)
    tape.append(b"2")
    tape.end()
    assert await asyncio.wait_for(asyncio.gather(*readers), 5) == [[b"0", b"1", b"2"], [b"1", b"2"]]


async def test_the_oldest_go_first_and_who_needs_them_is_refused():
    tape = recorded(b"00", b"11", b"22", limit_bytes=4)
    tape.end()
    assert tape.size_bytes == 4
    assert await all_of(tape, 0) == [b"11", b"22"]
    with pytest.raises(Refused, match="up to 0 are no longer kept"):
        await all_of(tape, -1)


async def test_a_reader_who_falls_behind_is_told_and_gets_no_hole():
    tape = recorded(b"00", b"11", limit_bytes=4)
    reader = tape.follow(-1)
    assert await anext(reader) == b"00"
    tape.append(b"22")
    tape.append(b"33")
    with pytest.raises(Behind):
        await anext(reader)


async def test_what_is_there_comes_together_in_bounded_pieces():
    tape = recorded(*[b"x" * 40_000] * 3, limit_bytes=1_000_000)
    tape.end()
    assert [len(piece) async for piece in tape.batches(-1)] == [80_000, 40_000]


def test_all_tapes_of_a_room_share_a_bound_and_the_longest_gives_way():
    room = TapeRoom(1000)
    long, short = Tape(room=room), Tape(room=room)
    short.append(b"x" * 100)
    for _ in range(200):
        long.append(b"x" * 50)
        assert room.size_bytes <= 1000
    assert short.size_bytes == 100
    assert long.size_bytes > 300


def test_a_tape_that_nobody_holds_takes_no_room():
    room = TapeRoom(1000)
    kept = Tape(room=room)
    kept.append(b"x" * 500)
    kept.append(b"x" * 100)
    for _ in range(50):
        Tape(room=room).append(b"x" * 300)
    assert kept.size_bytes == 600


async def test_a_number_that_was_never_sent_is_refused():
    tape = recorded(b"0")
    tape.end()
    with pytest.raises(Refused, match="no event 1 yet"):
        await all_of(tape, 1)
