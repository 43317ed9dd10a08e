"""What goes on beside each other ends together."""

import asyncio

import pytest

from edgewise.talk.together import until_one_ends


async def test_the_others_are_ended_and_what_was_raised_is_raised():
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await until_one_ends((waits(), fails()))
    assert ended == ["waits"]
