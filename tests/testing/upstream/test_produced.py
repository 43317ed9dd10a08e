import asyncio

import pytest

from edgewise.testing.upstream.produced import Produced


def test_attempts_of_one_request_add_up_and_totals_hold_all():
    produced = Produced()
    first = produced.begin("r1")
    produced.add_input(first, 5)
    produced.add_generated(first, 2)
    produced.add_output(first, 2)
    again, other = produced.begin("r1"), produced.begin("r2")
    produced.add_output(again, 3)
    produced.add_output(other, 1)
    told = produced.told()
    assert told["requests"]["r1"] == {
        "attempts": 2,
        "input_tokens": 5,
        "output_tokens": 5,
        "generated_tokens": 2,
        "characters": 0,
        "sound_ms": 0,
        "outcome": "running",
    }
    assert told["totals"]["output_tokens"] == 6
    assert told["totals"]["attempts"] == 3


def test_requests_without_an_id_are_kept_apart():
    produced = Produced()
    produced.begin("")
    produced.begin("")
    assert set(produced.requests) == {"unnamed-1", "unnamed-2"}


def test_totals_alone_are_kept_when_told_so():
    produced = Produced(keep_requests=False)
    produced.add_output(produced.begin("r1"), 7)
    assert produced.told()["requests"] == {}
    assert produced.totals.output_tokens == 7


async def test_a_change_wakes_those_who_wait_for_it():
    produced = Produced()
    waiting = asyncio.create_task(produced.ended("r1"))
    await asyncio.sleep(0)
    record = produced.begin("r1")
    await asyncio.sleep(0)
    assert not waiting.done()
    produced.finish(record, "left")
    assert (await waiting).outcome == "left"


async def test_waiting_for_what_does_not_come_has_a_limit():
    with pytest.raises(TimeoutError):
        await Produced().until(lambda: False, limit_s=0.01)
