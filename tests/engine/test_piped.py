"""A process that is talked to over its pipes: what it wrote, how it died, that it is gone."""

import asyncio
import sys

import pytest

from edgewise.engine.piped import Piped, begin
from edgewise.errors import ModelError

LIMIT_S = 10.0


async def read_line(pipe: asyncio.StreamReader) -> str | None:
    line = await pipe.readline()
    return line.decode("ascii").strip() if line else None


async def piped(code: str, grace_s: float = 2.0) -> Piped[str]:
    process = await begin("the test", sys.executable, "-c", code, limit_bytes=1 << 16)
    return Piped(process, "the test", grace_s, read_line, (UnicodeDecodeError,), "line")


def later() -> float:
    return asyncio.get_running_loop().time() + LIMIT_S


async def test_what_was_written_is_read_before_the_death_is_told():
    one = await piped("import sys; print('a'); print('b'); print('the reason', file=sys.stderr)")
    assert [await one.next(later()), await one.next(later())] == ["a", "b"]
    for _ in range(2):
        with pytest.raises(ModelError, match=r"ended with status 0 \(the reason\)"):
            await one.next(later())
    await one.end()


async def test_what_is_no_message_ends_the_process():
    one = await piped("import os, time; os.write(1, b'\\xff\\n'); time.sleep(60)")
    with pytest.raises(ModelError, match="wrote what is no line"):
        await one.next(later())
    assert one.process.returncode is not None
    await one.end()


async def test_whoever_listens_hears_that_it_was_ended():
    one = await piped("import sys; sys.stdin.read()")
    listening = asyncio.create_task(one.next(later()))
    await asyncio.sleep(0)
    await one.end()
    with pytest.raises(ModelError, match="ended with status 0"):
        await listening
    with pytest.raises(ModelError):
        await one.next(later())


async def test_one_that_does_not_end_by_itself_is_killed():
    one = await piped("import time; time.sleep(60)", grace_s=0.1)
    async with asyncio.timeout(LIMIT_S):
        await one.end()
    assert one.process.returncode == -9


async def test_one_that_takes_nothing_is_told_in_time():
    one = await piped("import time; time.sleep(60)")
    with pytest.raises(TimeoutError):
        await one.write(bytes(10_000_000), asyncio.get_running_loop().time() + 0.1)
    await one.end(at_once=True)


async def test_a_program_that_is_not_there_is_told():
    with pytest.raises(ModelError, match="cannot start"):
        await begin("the test", "no-such-program-anywhere", limit_bytes=1)
