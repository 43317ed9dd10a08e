"""Places are bounded and go round by round between those who wait."""

import asyncio

from edgewise.cloud.turns import Turns


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_asks_for_much_gets_one_turn_a_round_while_others_wait():
    turns = Turns(1)
    order: list[str] = []
    gate = asyncio.Event()

    async def work(of: str) -> None:
        async with turns.turn(of):
            await gate.wait()
            order.append(of)

    tasks = [asyncio.create_task(work("big")) for _ in range(5)]
    await settle()
    tasks += [asyncio.create_task(work("small")) for _ in range(2)]
    await settle()
    gate.set()
    await asyncio.gather(*tasks)
    assert order == ["big", "big", "small", "big", "small", "big", "big"]


async def test_no_more_than_the_places_are_held_at_once():
    turns, held, most = Turns(3), 0, 0

    async def work(of: str) -> None:
        nonlocal held, most
        async with turns.turn(of):
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1

    await asyncio.gather(*(work(str(number % 4)) for number in range(50)))
    assert (most, held) == (3, 0)


async def test_who_gives_up_takes_no_place_with_it():
    turns = Turns(1)
    gate = asyncio.Event()

    async def hold() -> None:
        async with turns.turn("a"):
            await gate.wait()

    async def pass_through() -> None:
        async with turns.turn("b"):
            pass

    holding = asyncio.create_task(hold())
    await settle()
    waiting = [asyncio.create_task(pass_through()) for _ in range(3)]
    await settle()
    waiting[0].cancel()
    gate.set()
    await holding
    waiting[1].cancel()  # called in the same moment
    await asyncio.gather(*waiting, return_exceptions=True)
    async with asyncio.timeout(1):
        await pass_through()
        await pass_through()
