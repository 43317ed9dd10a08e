"""One process as the device sees it: it starts or says why not, it is heard in order, it ends."""

import asyncio
import sys
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.engine.piped import ERROR_LINES
from edgewise.errors import ModelError
from edgewise.think.llama_child import LlamaChild, LlamaSettings
from edgewise.think.llama_wire import Cancel, Ending, Finished, Piece

READY = 'print(\'{"type":"ready","context_tokens":8,"load_ms":1,"memory_bytes":1}\', flush=True)\n'
LIMIT_S = 20.0


async def start(
    script: str, *, ready: str = READY, load_limit_s: float = LIMIT_S, grace_s: float = 1.0
) -> LlamaChild:
    command = (sys.executable, "-S", "-c", "import os, sys, time\n" + ready + script)
    return await LlamaChild.start(
        LlamaSettings(
            "test",
            Path("m"),
            (Language.ENGLISH,),
            command=command,
            load_limit_s=load_limit_s,
            grace_s=grace_s,
        )
    )


def later() -> float:
    return asyncio.get_running_loop().time() + LIMIT_S


async def test_it_is_ready_with_what_the_process_told():
    child = await start("sys.stdin.read()")
    assert child.ready is not None
    assert child.ready.context_tokens == 8
    assert not child.ended
    await child.end()


async def test_it_ends_by_its_closed_input_and_may_be_ended_twice():
    child = await start("sys.stdin.read()")
    await child.end()
    await child.end()
    assert child.ended
    assert child.process.returncode == 0


async def test_a_process_that_ignores_its_closed_input_is_killed():
    child = await start("while True: time.sleep(1)", grace_s=0.02)
    await child.end()
    assert child.process.returncode == -9


async def test_reports_on_other_orders_are_passed_over():
    child = await start(
        'print(\'{"type":"piece","id":1,"text":"old"}\')\n'
        'print(\'{"type":"piece","id":2,"text":"new"}\')\n'
        'print(\'{"type":"finished","id":2,"ending":"stop"}\', flush=True)\n'
        "sys.stdin.read()"
    )
    assert await child.receive(2, later()) == Piece(2, "new")
    assert await child.receive(2, later()) == Finished(2, Ending.STOP)
    with pytest.raises(TimeoutError):
        await child.receive(2, asyncio.get_running_loop().time() + 0.01)
    await child.end()


async def test_what_was_said_before_a_crash_is_heard_before_the_crash():
    child = await start(
        'print(\'{"type":"piece","id":1,"text":"last words"}\', flush=True)\n'
        "os.write(2, b'a\\n\\nthe reason\\n')\nos._exit(3)"
    )
    assert await child.receive(1, later()) == Piece(1, "last words")
    for _ in range(2):
        with pytest.raises(ModelError, match=r"status 3 \(the reason\)"):
            await child.receive(1, later())
    assert child.ended
    await child.send(Cancel(1), later())  # nobody is there; that is told by receive alone
    await child.end()


async def test_an_order_the_process_cannot_read_ends_it():
    child = await start(
        'print(\'{"type":"failed","id":0,"failure":"bad_order","message":"what?"}\', flush=True)\n'
        "sys.stdin.read()"
    )
    with pytest.raises(ModelError, match=r"could not read an order: what\?"):
        await child.receive(1, later())
    assert child.ended


async def test_a_process_that_answers_before_it_is_asked_is_not_used():
    with pytest.raises(ModelError, match="before it was asked"):
        await start("", ready='print(\'{"type":"piece","id":1,"text":""}\', flush=True)\n')


async def test_a_start_that_is_given_up_leaves_no_process():
    task = asyncio.create_task(start("", ready="sys.stdin.read()\n"))
    await asyncio.wait([task], timeout=0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_only_the_last_of_what_it_prints_is_kept():
    child = await start("os.write(2, b'line\\n' * 20000)\nos._exit(5)")
    with pytest.raises(ModelError, match=r"\(line\)"):
        await child.receive(1, later())
    assert len(child._errors) == ERROR_LINES
    await child.end()
