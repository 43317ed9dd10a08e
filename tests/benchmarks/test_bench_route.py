"""The boundary's benchmark tells a turn that went wrong, and what is said in it can be found."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.bench_route import AGAIN, DEADLINE_S, FAULTS, KEPT, REPLACED, SECRET, Asker, _said
from benchmarks.chaos_device import Told
from benchmarks.chaos_turns import figures, run_profile
from benchmarks.chaos_world import Gone, device_of, world_of
from edgewise.route.policy import DEFAULT


class OneAnswer:
    """A device that comes to the same in each turn, and keeps what it was asked."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.stays: list[bool] = []
        self.texts: list[str] = []

    async def ask(self, text: str, session: str, deadline_s: float, *, stays: bool) -> Told:
        self.stays.append(stays)
        self.texts.append(text)
        assert deadline_s == DEADLINE_S
        return self.told


def asker(told: Told) -> Asker:
    return Asker(OneAnswer(told), DEADLINE_S)  # type: ignore[arg-type]


async def test_an_answer_of_the_device_that_is_not_marked_is_none():
    outcome = await asker(Told(1, "answered", "Blue.", unverified=True))(0)
    assert (outcome.answered, outcome.local, outcome.requests) == (True, True, 1)
    with pytest.raises(RuntimeError, match="not marked"):
        await asker(Told(1, "answered", "Blue."))(0)


@pytest.mark.parametrize("ended", ["Stopped timed_out", "NeedsApproval "])
async def test_a_turn_without_an_answer_is_told_by_its_end(ended: str):
    with pytest.raises(RuntimeError, match=ended):
        await asker(Told(1, ended))(0)


async def test_a_stream_that_is_stopped_is_one_more_request_that_was_wanted():
    late = Told(1, "answered", "Blue.", "", True, failed="cloud_slow", statuses=(200,))
    assert (await asker(late)(0)).requests == 2


async def test_of_twenty_turns_two_must_stay_and_two_are_commands():
    said = [_said(number, slow=False, named=True) for number in range(20)]
    assert sum(stays for _, _, stays in said) == 2
    assert sum(not away and not stays for _, away, stays in said) == 2
    assert all(any(kept in text for kept in KEPT) for text, _, stays in said if stays)
    secret = [text for text, away, _ in said if away and SECRET in text]
    assert sorted(text.count(SECRET) for text in secret) == [1, 1, 2, 2]
    others = [text for text, away, _ in said if away and SECRET not in text]
    assert len(others) == 12
    assert all(REPLACED[0] in text and REPLACED[1] in text for text in others)


async def test_a_password_is_said_without_its_word_only_to_a_device_that_was_told_it():
    one = asker(Told(1, "answered", "Blue.", "far"))
    kept = one.device
    await one(AGAIN[0])
    await one(AGAIN[0])
    one.killed()
    await one(AGAIN[0])
    assert ["password" in text for text in kept.texts] == [True, False, True]  # type: ignore[attr-defined]


@pytest.mark.slow
async def test_a_device_that_is_killed_comes_back_and_nothing_private_left(tmp_path: Path):
    async with (
        world_of(tmp_path, [*REPLACED, *KEPT, SECRET]) as (world, proxy),
        device_of(tmp_path / "device", world, proxy, DEFAULT) as device,
    ):
        asks = Asker(device, DEADLINE_S * 4)
        run = await run_profile("healthy", asks, proxy, 20, DEADLINE_S * 4, 2)
        assert [result.metric for result in figures(run) if result.met is False] == []
        assert proxy.traffic.requests > 0
        cut = asyncio.create_task(device.ask("tell me something", "s", 9.0, stays=True))
        await asyncio.sleep(0)
        await device.kill()
        with pytest.raises(Gone):
            await cut
        await device.begin()
        proxy.change(FAULTS["cloud_down"])
        assert (await asks(0)).local
        proxy.check_nothing_found()


@pytest.mark.slow
async def test_what_leaves_as_it_is_would_be_found(tmp_path: Path):
    async with (
        world_of(tmp_path, ["capital"]) as (world, proxy),
        device_of(tmp_path / "device", world, proxy, DEFAULT) as device,
    ):
        await Asker(device, DEADLINE_S * 4)(0)
        assert proxy.traffic.canary_bytes > 0
