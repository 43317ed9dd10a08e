"""A function of a third party runs as a write; what it does wrong is a refusal and no more."""

import asyncio
import threading

import pytest

from edgewise.act.plugin import capability
from edgewise.act.plugin_driver import PluginDriver
from edgewise.core.call import Effect
from edgewise.errors import DeviceError


async def test_an_error_of_the_function_is_a_refusal_with_its_message():
    @capability("oven.heat")
    def heat() -> None:
        raise RuntimeError("the oven door is open")

    with pytest.raises(DeviceError, match="the oven door is open") as raised:
        await PluginDriver([heat]).write([Effect("plugin.oven.heat", {})])
    assert raised.value.code == "refused"


async def test_a_function_that_hangs_is_given_up():
    @capability("oven.wait", time_limit_s=0.05)
    async def wait() -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(2):
        with pytest.raises(DeviceError, match=r"0\.05 s") as raised:
            await PluginDriver([wait]).write([Effect("plugin.oven.wait", {})])
    assert raised.value.code == "timed_out"


async def test_a_sync_function_does_not_block_the_loop():
    released = threading.Event()

    @capability("oven.block")
    def block() -> str:
        assert released.wait(5)
        return "free"

    running = asyncio.ensure_future(PluginDriver([block]).write([Effect("plugin.oven.block", {})]))
    await asyncio.sleep(0)
    released.set()
    assert await running == {"plugin.oven.block": "free"}


async def test_an_answer_that_is_no_json_is_refused():
    @capability("oven.odd")
    def odd() -> object:
        return object()

    with pytest.raises(DeviceError, match="no JSON value"):
        await PluginDriver([odd]).write([Effect("plugin.oven.odd", {})])


async def test_an_unknown_target_calls_nothing():
    called: list[int] = []

    @capability("oven.count")
    def count() -> None:
        called.append(1)

    with pytest.raises(DeviceError):
        await PluginDriver([count]).write([Effect("plugin.oven.count", {}), Effect("plugin.x", {})])
    assert not called
