"""What a person says a turn meant is kept and nothing is done; nobody else may say it for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.device.api import create_app
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.runtime import start_device
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, Served, client_of, listen
from tests.device.test_api import events_of, problem_of
from tests.device.test_bad_input import DEEP, JSON, moved, state
from tests.device.test_programs import Doors, doors

__all__ = ["doors"]  # the fixture: the whole device behind its real doors


async def turn_of(doors: Doors, text: str = "open the driver's window", session: str = "s") -> str:
    body = {"text": text, "session": session}
    return events_of(await doors.page.post("/v1/agent/turns", json=body))[-1]["turn"]


async def say(doors: Doors, turn: str, meant: str, session: str = "s") -> Any:
    body = {"meant": meant, "session": session}
    return await doors.page.post(f"/v1/agent/turns/{turn}/feedback", json=body)


async def feedback_of(doors: Doors, turn: str) -> Any:
    return (await doors.page.get(f"/v1/agent/turns/{turn}")).json()["feedback"]


def recorded(folder: Path) -> list[dict[str, Any]]:
    (path,) = (folder / "trail").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def test_a_correction_is_kept_beside_the_turn_and_moves_nothing(doors: Doors, tmp_path: Path):
    turn = await turn_of(doors)
    before, lines = await state(doors), recorded(tmp_path)
    kept = (await say(doors, turn, "trunk.set")).json()["feedback"]
    assert (kept["event"], kept["turn"], kept["meant"]) == ("corrected", turn, "trunk.set")
    (understood,) = kept["understood"]
    assert understood["capability"] == "window.set"
    assert understood["confidence"] > 0.5
    assert await moved(doors, before) == {}
    added = recorded(tmp_path)[len(lines) :]
    assert added == [kept]  # no call was resolved, decided or started
    assert await feedback_of(doors, turn) == kept
    events = (await doors.page.get(f"/v1/agent/turns/{turn}")).json()["events"]
    assert events == lines


async def test_the_last_word_about_a_turn_counts(doors: Doors):
    first, second = await turn_of(doors), await turn_of(doors, "调高一点")
    for meant in ("trunk.set", "nothing", "other", "roof.set"):
        assert (await say(doors, first, meant)).status_code == 200
    assert (await feedback_of(doors, first))["meant"] == "roof.set"
    assert await feedback_of(doors, second) is None


async def test_it_is_there_after_a_new_start_and_can_be_corrected_then(tmp_path: Path):
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    turn = ""
    for meant in ("trunk.set", "nothing", ""):
        device = await start_device(tmp_path, pace=1000.0)
        app = create_app(device.agent, doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN))
        async with listen(app) as address, client_of(address, TOKEN) as owner:
            own = {"session": "my-own"}
            if not turn:
                reply = await owner.post("/v1/agent/turns", json={"text": "open the trunk"} | own)
                turn = events_of(reply)[-1]["turn"]
            path = f"/v1/agent/turns/{turn}"
            if meant:
                reply = await owner.post(f"{path}/feedback", json={"meant": meant} | own)
                assert reply.status_code == 200, reply.text
            else:
                assert (await owner.get(path)).json()["feedback"]["meant"] == "nothing"
        await device.close()


async def test_where_the_device_asked_what_it_considered_is_told(doors: Doors):
    body = {"text": "turn the thing off", "session": "s"}
    events = events_of(await doors.page.post("/v1/agent/turns", json=body))
    (thought,) = (event["thought"] for event in events if event["event"] == "understood")
    assert (thought["kind"], thought["calls"]) == ("unknown", [])
    assert len(thought["alternatives"]) > 1
    trail = (await doors.page.get(f"/v1/agent/turns/{events[0]['turn']}")).json()["events"]
    assert trail[3]["thought"]["alternatives"] == thought["alternatives"]


async def test_a_turn_of_another_session_is_as_unknown_as_none(doors: Doors):
    turn = await turn_of(doors)
    for name, session in ((turn, "default"), (turn, "t"), ("t0", "s"), ("%00", "s")):
        problem = problem_of(await say(doors, name, "trunk.set", session), 404)
        assert problem["code"] == "unknown_turn"
    assert await feedback_of(doors, turn) is None


async def test_a_program_corrects_nobody_not_even_itself(doors: Doors):
    body = {"text": "open the driver's window"}
    asked = events_of(await doors.program.post("/v1/agent/turns", json=body))[-1]["turn"]
    for turn in (asked, await turn_of(doors, session="default")):
        path = f"/v1/agent/turns/{turn}/feedback"
        refused = await doors.program.post(path, json={"meant": "trunk.set"})
        assert problem_of(refused, 403)["code"] == "not_for_programs"
        assert await feedback_of(doors, turn) is None
    for session in ("program.default", "mcp.client"):
        refused = await say(doors, asked, "trunk.set", session)
        assert problem_of(refused, 400)["code"] == "reserved_session"


async def test_a_page_of_another_origin_and_one_without_a_key_are_refused(served: Served):
    path, body = "/v1/agent/turns/t1/feedback", {"meant": "window.set"}
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        reply = await served.client.post(path, json=body, headers=headers)
        assert problem_of(reply, 403)["code"] == "foreign_origin"
    form = {"Content-Type": "text/plain"}
    assert problem_of(await served.client.post(path, content="{}", headers=form), 415)
    async with served.stranger() as stranger:
        assert problem_of(await stranger.post(path, json=body), 401)


BODIES = [
    "{}", "[]", "null", '{"meant": ""}', '{"meant": null}', '{"meant": 1}', '{"meant": ["other"]}',
    '{"meant": "' + "x" * 129 + '"}', '{"meant": "trunk.set", "arguments": {}}', "{", DEEP,
    '{"meant": "other", "session": "a b"}', '{"meant": "other", "session": "' + "s" * 65 + '"}',
]  # fmt: skip


async def test_a_body_that_does_not_fit_is_refused_and_nothing_kept(
    doors: Doors, subtests: pytest.Subtests
):
    turn = await turn_of(doors)
    for body in BODIES:
        with subtests.test(body=body[:40]):
            path = f"/v1/agent/turns/{turn}/feedback"
            refused = await doors.page.post(path, content=body, headers=JSON)
            assert problem_of(refused, 400)["code"] in ("invalid_field", "not_json")
    assert await feedback_of(doors, turn) is None


async def test_a_capability_that_is_none_is_refused_with_what_to_do(doors: Doors):
    turn = await turn_of(doors)
    problem = problem_of(await say(doors, turn, "car.fly"), 400)
    assert problem["code"] == "unknown_capability"
    assert "'car.fly'" in problem["message"]
    assert "GET /v1/agent/capabilities" in problem["remedy"]
    assert await feedback_of(doors, turn) is None


async def test_a_yes_has_no_words_to_correct(doors: Doors):
    turn = await turn_of(doors, "yes")
    assert problem_of(await say(doors, turn, "other"), 400)["code"] == "nothing_understood"


async def test_what_an_answer_was_worth_is_kept_beside_the_turn_without_words(
    doors: Doors, tmp_path: Path
):
    turn = await turn_of(doors, "open the driver's window")
    lines = recorded(tmp_path)
    path = f"/v1/agent/turns/{turn}/judgement"
    for good in (True, False):
        reply = await doors.page.post(path, json={"good": good, "session": "s"})
        assert reply.status_code == 200, reply.text
        kept = reply.json()["judgement"]
        assert (kept["event"], kept["turn"], kept["good"]) == ("judged", turn, good)
    assert recorded(tmp_path)[len(lines) :][-1] == kept
    assert (await doors.page.get(f"/v1/agent/turns/{turn}")).json()["judgement"] == kept
    other = await doors.page.post(path, json={"good": True, "session": "other"})
    assert problem_of(other, 404)["code"] == "unknown_turn"
