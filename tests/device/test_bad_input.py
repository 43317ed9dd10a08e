"""A hostile user at the real device's doors: a clear error or an honest answer, nothing moved."""

import asyncio
import json
from typing import Any

import pytest

from tests.device.conftest import PROGRAM_TOKEN, Served
from tests.device.fake_agent import LOCK
from tests.device.test_api import events_of, problem_of
from tests.device.test_programs import Doors, doors

__all__ = ["doors"]  # the fixture: the whole device behind its real doors

JSON = {"Content-Type": "application/json"}
DEEP = '{"a":' * 9_000 + "1" + "}" * 9_000


async def moved(doors: Doors, before: dict[str, Any]) -> dict[str, Any]:
    now = await state(doors)
    return {name: now[name] for name in before if before[name] != now[name]}


async def state(doors: Doors) -> dict[str, Any]:
    whole = (await doors.owner.get("/v1/agent/state")).json()
    return {name: value for name, value in whole.items() if name.startswith("Vehicle.")}


WORDS = [
    "\x00\x01\x1b[2J",
    "\u202e\u202d\u2066",
    "\u200d" * 2000,
    "1" * 2000,
    "一" * 2000,
    "亿" * 2000,
    "e\u0301" * 1000,
    "和" * 2000,
    "and " * 500,
    "打开" * 1000,
    "打开天窗，" * 200,
    " and ".join(["open the trunk"] * 100),
    "set the temperature to " + "9" * 400 + " degrees",
    "set a timer for " + "9" * 400 + " minutes",
    "set a timer for 999999999999999999999 minutes",
    "温度调到1e400度",
    "set the temperature to NaN degrees",
    "set the fan to -500",
    "把车顶左后方的月亮窗打开到百分之一千",
    "'; DROP TABLE turn; --",
]


async def test_words_of_any_kind_are_answered_soon_and_move_nothing(
    doors: Doors, subtests: pytest.Subtests
):
    before = await state(doors)
    for number, text in enumerate(WORDS):
        with subtests.test(text=ascii(text[:16])):
            body = {"text": text, "session": f"s{number}"}
            async with asyncio.timeout(10):
                reply = await doors.owner.post("/v1/agent/turns", json=body)
            end = events_of(reply)[-1]
            assert end["event"] in ("answered", "needs_approval"), end
            assert end["text"]
            assert end["changed"] == {}
            assert await moved(doors, before) == {}


VALUES = [
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e308", "-40", "9" * 30, '"22"', "[22]",
    '{"a": 1}', "true", "null", '"\\ud800"', DEEP, "[" * 20_000 + "]" * 20_000,
]  # fmt: skip


async def test_a_value_that_is_none_moves_nothing(doors: Doors, subtests: pytest.Subtests):
    before = await state(doors)
    for value in VALUES:
        body = '{"capability":"climate.set_temperature","arguments":{"value":' + value + "}}"
        for who in (doors.owner, doors.program):
            with subtests.test(value=value[:40], by_program=who is doors.program):
                reply = await who.post("/v1/agent/calls", content=body.encode(), headers=JSON)
                if reply.status_code == 200:
                    end = events_of(reply)[-1]
                    assert (end["event"], end["changed"]) == ("answered", {}), end
                else:
                    assert problem_of(reply, 400)
                assert await moved(doors, before) == {}


ARGUMENTS: list[dict[str, Any]] = [
    {"value": 22, "unheard_of": 1},
    {"value": 22, "zone": "roof"},
    {"value": 22, "zone": ["driver"] * 3000},
    {"value": 22, "zone": [[]]},
    {"value": 22, "unit": "kelvin"},
    {"value": 22, "delta": 1},
    {"x" * 1000: 1},
]


async def test_arguments_that_do_not_fit_move_nothing(doors: Doors, subtests: pytest.Subtests):
    before = await state(doors)
    for arguments in ARGUMENTS:
        with subtests.test(arguments=str(arguments)[:80]):
            body = {"capability": "climate.set_temperature", "arguments": arguments}
            end = events_of(await doors.program.post("/v1/agent/calls", json=body))[-1]
            assert (end["event"], end["changed"]) == ("answered", {})
            assert (await doors.tool("climate.set_temperature", arguments))["changed"] == {}
            assert await moved(doors, before) == {}


async def test_a_count_that_is_none_is_refused(doors: Doors, subtests: pytest.Subtests):
    for limit in ("NaN", "1e400", "-1", "0", "51", "%00", "9" * 5000, ""):
        with subtests.test(limit=limit[:40]):
            reply = await doors.owner.get(f"/v1/agent/turns?limit={limit}")
            assert "limit" in problem_of(reply, 400)["message"]


async def test_a_turn_that_is_none_is_not_found(doors: Doors, subtests: pytest.Subtests):
    for turn in ("%00", "t1%0d%0aX:1", "x" * 5000, "%ff%fe", "' or 1=1 --", "😀"):
        with subtests.test(turn=turn[:40]):
            route = f"/v1/agent/turns/{turn}"
            assert problem_of(await doors.owner.get(route), 404)
            assert (await doors.owner.delete(route)).json() == {"cancelled": False}
            assert problem_of(await doors.program.delete(route), 404)


async def test_a_program_neither_ends_nor_approves_the_person_s_turns(served: Served):
    asked = events_of(await served.client.post("/v1/agent/turns", json={"text": "unlock"}))[-1]
    yes = {"approval": asked["approval"], "payload_hash": asked["payload_hash"], "approved": True}
    async with (
        served.program() as program,
        served.client.stream("POST", "/v1/agent/turns", json={"text": "wait"}) as persons,
    ):
        await asyncio.wait_for(served.agent.started.wait(), 5)
        assert problem_of(await program.delete("/v1/agent/turns/t2"), 404)
        route = f"/v1/agent/turns/{asked['turn']}/approval"
        assert problem_of(await program.post(route, json=yes), 403)
        assert served.agent.cancelled == []
        served.agent.let_all_go()
        assert "cancelled" in "".join([part async for part in persons.aiter_text()])
    assert served.agent.car.values[LOCK] is True


@pytest.mark.slow
async def test_an_event_stream_that_nobody_reads_holds_its_own_place_only(served: Served):
    port = int(served.base_url.rpartition(":")[2])
    head = (
        f"GET /v1/agent/turns/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {PROGRAM_TOKEN}\r\n\r\n"
    )
    _, deaf = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    deaf.write(head.encode())
    await deaf.drain()
    async with served.program() as program:
        for _ in range(300):
            body = {"text": "open", "session": "flood"}
            events_of(await program.post("/v1/agent/turns", json=body))
    assert events_of(await served.client.post("/v1/agent/turns", json={"text": "open"}))
    deaf.close()


async def test_bytes_that_are_no_request_leave_the_device_as_it_was(served: Served):
    for body in (b"\xff\xfe\x00", b"\x1f\x8b\x08\x00", b"{", b"[]", b"null", b'"text"', b"1e400"):
        reply = await served.client.post("/v1/agent/turns", content=body, headers=JSON)
        assert problem_of(reply, 400)
    assert served.agent.requests == []
    assert json.loads((await served.client.get("/v1/health")).text)["status"] == "ok"
