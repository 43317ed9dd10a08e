"""The tools of a device: listed page by page, called in time, never those of its owner's hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from edgewise.errors import DeviceError
from edgewise.talk.xiaozhi.tools import Tools, Vision

Answer = Callable[[dict[str, Any]], Any]


class Firmware:
    """Answers as the firmware does; `mute` methods get no answer."""

    def __init__(self, pages: dict[str, dict[str, Any]], answer: Answer | None = None) -> None:
        self.pages = pages
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.mute: set[str] = set()
        self.tools = Tools(self.take, call_s=0.2)

    async def take(self, message: dict[str, Any]) -> None:
        self.asked.append(message)
        if "id" not in message or message["method"] in self.mute:
            return
        reply: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
        match message["method"]:
            case "initialize":
                reply["result"] = {"protocolVersion": "2024-11-05", "serverInfo": {"name": "bread"}}
            case "tools/list":
                reply["result"] = self.pages[message["params"]["cursor"]]
            case _:
                assert self.answer is not None
                reply |= self.answer(message["params"])
        self.tools.take(reply)


def tool(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "d", "inputSchema": {"type": "object"}, **more}


PAGES = {
    "": {"tools": [tool("self.get_device_status"), tool("self.reboot")], "nextCursor": "b"},
    "b": {
        "tools": [
            tool("self.lamp.on"),
            tool("self.lamp.on", description="another"),
            tool("self.mine", annotations={"audience": ["user"]}),
        ]
    },
}


async def test_all_pages_are_listed_without_what_is_for_the_owner():
    firmware = Firmware(PAGES)
    found = await firmware.tools.list()
    assert [one.name for one in found] == ["self.get_device_status", "self.lamp.on"]
    assert found[1].description == "d"
    assert "withUserTools" not in str(firmware.asked)


@pytest.mark.parametrize(
    "odd", [tool("b", inputSchema=None), tool("b", annotations={"audience": "user"}), "b", None]
)
async def test_one_tool_that_is_none_takes_no_other_away(odd: Any):
    firmware = Firmware({"": {"tools": [tool("a"), odd, tool("c")], "nextCursor": None}})
    assert [one.name for one in await firmware.tools.list()] == ["a", "c"]


async def test_pages_that_never_end_are_left():
    firmware = Firmware({"": {"tools": [tool("a")], "nextCursor": "x"},
                         "x": {"tools": [tool("b")], "nextCursor": "x"}})  # fmt: skip
    assert [one.name for one in await firmware.tools.list()] == ["a", "b"]


async def test_the_greeting_names_the_camera_and_ids_are_numbers():
    firmware = Firmware(PAGES)
    assert await firmware.tools.begin(Vision("http://x/vision", "t")) == "bread"
    first = firmware.asked[0]
    assert first["params"]["capabilities"] == {"vision": {"url": "http://x/vision", "token": "t"}}
    assert (first["jsonrpc"], first["id"]) == ("2.0", 1)
    assert "id" not in firmware.asked[1]


async def test_a_call_gives_its_text():
    def answer(params: dict[str, Any]) -> dict[str, Any]:
        assert params == {"name": "self.lamp.on", "arguments": {"level": 3}}
        return {"result": {"content": [{"type": "text", "text": "true"}], "isError": False}}

    assert await Firmware({}, answer).tools.call("self.lamp.on", {"level": 3}) == "true"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"error": {"message": "Unknown tool: x"}}, "Unknown tool"),
        ({"result": {"content": [{"type": "text", "text": "broken"}], "isError": True}}, "broken"),
        ({"result": "yes"}, "against its protocol"),
    ],
)
async def test_what_failed_is_told_in_its_own_words(reply: dict[str, Any], words: str):
    with pytest.raises(DeviceError, match=words) as told:
        await Firmware({}, lambda _: reply).tools.call("x", {})
    assert told.value.code == "refused"


async def test_a_tool_without_an_answer_is_not_waited_for_for_ever():
    firmware = Firmware({})
    firmware.mute.add("tools/call")
    with pytest.raises(DeviceError) as told:
        await firmware.tools.call("x", {})
    assert told.value.code == "timed_out"


async def test_who_waits_is_told_when_the_device_goes():
    firmware = Firmware({})
    firmware.mute.add("tools/call")
    calling = asyncio.create_task(firmware.tools.call("x", {}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    firmware.tools.end()
    with pytest.raises(DeviceError) as told:
        await calling
    assert told.value.code == "no_provider"
    with pytest.raises(DeviceError):
        await firmware.tools.call("x", {})


def test_answers_that_nobody_asked_for_are_dropped():
    tools = Tools(_never)
    payloads: list[dict[str, Any]] = [
        {}, {"id": "1", "result": {}}, {"id": 9, "result": {}}, {"method": "notifications/x"},
    ]  # fmt: skip
    assert not any(tools.take(payload) for payload in payloads)


async def _never(message: dict[str, Any]) -> None:
    raise AssertionError(message)


_: Callable[[dict[str, Any]], Awaitable[None]] = _never
