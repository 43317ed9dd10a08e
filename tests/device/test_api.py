"""The device API over a real web server on loopback."""

import json
from base64 import b64encode
from typing import Any

import httpx
import pytest

from edgewise.core.event import from_json
from edgewise.core.label import Residency
from edgewise.core.message import Channel
from edgewise.core.part import DocumentPart, ImagePart
from edgewise.core.zone import Zone
from tests.device.conftest import Served
from tests.device.fake_agent import LOCK, WINDOW


def events_of(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    lines = reply.text.splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]


def problem_of(reply: httpx.Response, status: int) -> dict[str, str]:
    assert reply.status_code == status, reply.text
    problem = reply.json()["error"]
    assert set(problem) == {"code", "message", "remedy"}
    assert all(problem.values())
    return problem


async def test_a_turn_streams_its_events_and_changes_the_car(served: Served):
    reply = await served.client.post("/v1/agent/turns", json={"text": "open my window"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = events_of(reply)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["event"] == "turn_started"
    assert events[-1]["event"] == "answered"
    assert served.agent.car.values[WINDOW] == 40
    assert all(from_json(json.dumps(event)).turn == "t1" for event in events)


async def test_each_frame_names_its_event_and_number(served: Served):
    reply = await served.client.post("/v1/agent/turns", json={"text": "open"})
    first = reply.text.split("\n\n")[0].splitlines()
    assert first[:2] == ["id: 1", "event: turn_started"]


@pytest.mark.parametrize(
    ("body", "header", "deadline_s"),
    [({}, "", None), ({"deadline_s": 2.5}, "", 2.5), ({}, "1500", 1.5),
     ({"deadline_s": 2.5}, "1500", 1.5), ({"deadline_s": 1.0}, "1500", 1.0)],
)  # fmt: skip
async def test_a_turn_is_given_the_deadline_that_its_caller_names(
    served: Served, body: dict[str, float], header: str, deadline_s: float | None
):
    headers = {"x-edgewise-deadline-ms": header} if header else {}
    await served.client.post("/v1/agent/turns", json={"text": "open", **body}, headers=headers)
    assert served.agent.requests[-1].deadline_s == deadline_s


@pytest.mark.parametrize(("body", "header"), [({"deadline_s": 0}, ""), ({"deadline_s": 601}, ""),
                                             ({}, "0"), ({}, "soon"), ({}, "-5")])  # fmt: skip
async def test_a_deadline_that_is_none_is_refused(
    served: Served, body: dict[str, float], header: str
):
    headers = {"x-edgewise-deadline-ms": header} if header else {}
    turn = {"text": "open", **body}
    problem = problem_of(
        await served.client.post("/v1/agent/turns", json=turn, headers=headers), 400
    )
    assert problem["code"] == "invalid_field"
    assert served.agent.requests == []


async def test_a_program_is_told_apart_from_the_person(served: Served):
    await served.client.post("/v1/agent/turns", json={"text": "open", "zone": "passenger"})
    key = served.doorkeeper.redeem(served.doorkeeper.launch_code())
    assert key is not None
    async with served.stranger(Authorization=f"Bearer {key[0]}") as page, served.program() as other:
        await page.post("/v1/agent/turns", json={"text": "open"})
        await other.post("/v1/agent/turns", json={"text": "open"})
        await other.post("/v1/agent/turns", json={"text": "open", "zone": None})
    owner, person, *programs = (request.speaker for request in served.agent.requests)
    assert (owner.channel, owner.zone) == (Channel.TYPED, Zone.PASSENGER)
    assert (person.channel, person.zone) == (Channel.TYPED, Zone.DRIVER)
    assert [(p.channel, p.zone) for p in programs] == [(Channel.API, None)] * 2


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("turns", {"text": "open", "zone": "driver"}),
        ("calls", {"capability": "window.set", "zone": "row3"}),
    ],
)
async def test_a_program_that_claims_a_seat_is_refused(
    served: Served, route: str, body: dict[str, Any]
):
    async with served.program() as program:
        reply = await program.post(f"/v1/agent/{route}", json=body)
    assert body["zone"] in problem_of(reply, 403)["message"]
    assert (served.agent.requests, served.agent.calls) == ([], [])


async def test_a_program_speaks_in_sessions_of_its_own(served: Served):
    async with served.program() as program:
        await program.post("/v1/agent/turns", json={"text": "open", "session": "cockpit"})
        await program.post("/v1/agent/calls", json={"capability": "window.set", "session": "s",
                                                    "arguments": {"percent": 1}})  # fmt: skip
    assert served.agent.requests[0].session == "program.cockpit"
    assert served.agent.calls[0][2] == "program.s"


@pytest.mark.parametrize("session", ["program.cockpit", "mcp.client"])
async def test_a_person_does_not_speak_in_a_programs_session(served: Served, session: str):
    body = {"text": "open", "session": session}
    reply = await served.client.post("/v1/agent/turns", json=body)
    assert problem_of(reply, 400)["code"] == "reserved_session"
    assert served.agent.requests == []


async def test_a_program_sees_and_ends_its_own_turns_only(served: Served):
    await served.client.post("/v1/agent/turns", json={"text": "unlock"})
    async with served.program() as program:
        await program.post("/v1/agent/turns", json={"text": "open"})
        rows = (await program.get("/v1/agent/turns?limit=1")).json()["turns"]
        assert [(row["turn"], row["session"]) for row in rows] == [("t2", "program.default")]
        assert (await program.get("/v1/agent/turns/t2")).status_code == 200
        assert problem_of(await program.get("/v1/agent/turns/t1"), 404)["code"] == "unknown_turn"
        assert problem_of(await program.delete("/v1/agent/turns/t1"), 404)
        assert (await program.delete("/v1/agent/turns/t2")).status_code == 200
    assert served.agent.cancelled == ["t2"]
    rows = (await served.client.get("/v1/agent/turns")).json()["turns"]
    assert [row["turn"] for row in rows] == ["t2", "t1"]


async def test_a_program_is_shown_its_own_turns_live_and_no_others(served: Served):
    async with (
        served.program() as program,
        program.stream("GET", "/v1/agent/turns/stream") as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == "event: listening"
        await served.client.post("/v1/agent/turns", json={"text": "unlock"})
        await program.post("/v1/agent/turns", json={"text": "open"})
        seen: list[str] = []
        async for line in lines:
            seen += [json.loads(line[6:])["turn"]] if line.startswith('data: {"event"') else []
            if line == "event: answered":
                break
    assert seen
    assert set(seen) == {"t2"}


async def test_what_is_the_persons_is_refused_to_a_program(
    served: Served, subtests: pytest.Subtests
):
    await served.client.post("/v1/agent/turns", json={"text": "unlock"})
    body = {"approval": "t1-ask", "payload_hash": "0" * 64, "approved": True}
    for method, path in (
        ("POST", "/v1/agent/turns/t1/approval"),
        ("POST", "/v1/agent/turns/t1/approval/"),
        ("POST", "/v1/agent/turns/t1/feedback"),
        ("POST", "/v1/launch"),
        ("POST", "/v1/launch/redeem"),
        ("POST", "/v1/simulation/drive"),
        ("POST", "/v1/simulation/sensor"),
        ("POST", "/v1/simulation/fault"),
        ("GET", "/v1/simulation/fault"),
        ("DELETE", "/v1/simulation/fault"),
        ("PUT", "/v1/agent/state"),
        ("POST", "/v1/nothing"),
    ):
        with subtests.test(method=method, path=path):
            async with served.program() as program:
                sent = None if method == "GET" else body
                reply = await program.request(method, path, json=sent)
            assert problem_of(reply, 403)["code"] == "not_for_programs"
            assert served.agent.car.values[LOCK] is True


async def test_an_unknown_seat_is_passed_on_as_unknown(served: Served):
    await served.client.post("/v1/agent/turns", json={"text": "open", "zone": None})
    assert served.agent.requests[0].speaker.zone is None


async def test_saying_yes_resumes_the_turn_in_its_own_session(served: Served):
    asked = events_of(
        await served.client.post("/v1/agent/turns", json={"text": "unlock", "session": "mine"})
    )[-1]
    assert asked["event"] == "needs_approval"
    assert served.agent.car.values[LOCK] is True
    body = {
        "approval": asked["approval"],
        "payload_hash": asked["payload_hash"],
        "approved": True,
    }
    reply = await served.client.post(f"/v1/agent/turns/{asked['turn']}/approval", json=body)
    events = events_of(reply)
    assert events[0]["resumes"] == asked["turn"]
    assert served.agent.requests[-1].session == "mine"
    assert served.agent.car.values[LOCK] is False


async def test_an_approval_of_what_was_not_asked_is_refused(served: Served):
    await served.client.post("/v1/agent/turns", json={"text": "open"})
    body = {"approval": "t1-ask", "payload_hash": "0" * 64, "approved": True}
    reply = await served.client.post("/v1/agent/turns/t1/approval", json=body)
    assert problem_of(reply, 409)["code"] == "nothing_to_approve"
    reply = await served.client.post("/v1/agent/turns/nowhere/approval", json=body)
    assert problem_of(reply, 404)["code"] == "unknown_turn"


BAD_BODIES = [
    (b'{"text": ""}', "invalid_field", "text"),
    (b'{"text": "  "}', "empty_text", "text"),
    (b"{}", "invalid_field", "text"),
    (b'{"text": "a", "sesion": "b"}', "invalid_field", "sesion"),
    (b'{"text": 5}', "invalid_field", "text"),
    (b'{"text": "a", "zone": "roof"}', "invalid_field", "zone"),
    (b'{"text": "a", "zone": "all"}', "invalid_field", "zone"),
    (b'{"text": "a", "language": "fr"}', "invalid_field", "language"),
    (b'{"text": "a", "session": "../etc"}', "invalid_field", "session"),
    (b"not json", "not_json", "JSON"),
    (b"[" * 40_000, "invalid_field", "object"),
    (b'{"text": "\xff\xfe"}', "not_utf8", "byte 10"),
    (b'{"text": "open \\ud800 window"}', "not_json", "surrogate"),
    (json.dumps({"text": "x" * 2001}).encode(), "invalid_field", "2000"),
]


async def test_a_bad_body_is_refused_by_name(served: Served, subtests: pytest.Subtests):
    headers = {"Content-Type": "application/json"}
    for body, code, named in BAD_BODIES:
        with subtests.test(body=body[:60], code=code):
            reply = await served.client.post("/v1/agent/turns", content=body, headers=headers)
            problem = problem_of(reply, 400)
            assert problem["code"] == code
            assert named in problem["message"]
            assert served.agent.requests == []


async def test_arguments_nested_without_end_are_refused(served: Served):
    body = b'{"capability": "window.set", "arguments": {"percent": ' + b"[" * 40_000
    reply = await served.client.post(
        "/v1/agent/calls", content=body, headers={"Content-Type": "application/json"}
    )
    assert problem_of(reply, 400)["code"] == "not_json"


async def test_a_text_of_exactly_the_limit_is_taken(served: Served):
    events_of(await served.client.post("/v1/agent/turns", json={"text": "窗" * 2000}))


async def test_an_error_before_the_first_event_is_an_ordinary_error_reply(served: Served):
    reply = await served.client.post("/v1/agent/turns", json={"text": "crash"})
    assert problem_of(reply, 503)["code"] == "model_failed"


async def test_a_typed_call_goes_to_the_agent_with_its_callers_rights(served: Served):
    body = {"capability": "window.set", "arguments": {"percent": 25}}
    events_of(await served.client.post("/v1/agent/calls", json=body))
    async with served.program() as program:
        events_of(await program.post("/v1/agent/calls", json=body))
    name, arguments, session, speaker = served.agent.calls[0]
    assert (name, arguments, session) == ("window.set", {"percent": 25}, "default")
    assert (speaker.channel, speaker.zone) == (Channel.TYPED, Zone.DRIVER)
    speaker = served.agent.calls[1][3]
    assert (speaker.channel, speaker.zone) == (Channel.API, None)
    unknown = await served.client.post("/v1/agent/calls", json={"capability": "engine.start"})
    assert "engine.start" in problem_of(unknown, 404)["message"]


async def test_routes_that_do_not_exist_answer_in_the_same_form(served: Served):
    assert problem_of(await served.client.get("/v1/nothing"), 404)["code"] == "no_such_route"
    assert problem_of(await served.client.put("/v1/agent/state"), 415)
    assert problem_of(await served.client.delete("/v1/agent/state"), 405)["code"] == "wrong_method"


async def test_the_page_is_served_with_all_its_files(served: Served):
    async with served.stranger() as browser:
        page = await browser.get("/")
        assert page.status_code == 200
        assert "<main" in page.text
        for name in ("main.js", "tokens.css", "icon.svg"):
            assert (await browser.get(f"/{name}")).status_code == 200
        assert (await browser.get("/%2e%2e/api.py")).status_code == 404


async def test_a_document_comes_with_a_turn_as_content(served: Served):
    body = {
        "text": "open the file",
        "documents": [
            {"name": "a.html", "text": "<p>Rent: 5</p>"},
            {"name": "b.txt", "text": "x", "private": True},
        ],
    }
    events_of(await served.client.post("/v1/agent/turns", json=body))
    (request,) = served.agent.requests
    first, second = request.parts[1:]
    assert isinstance(first, DocumentPart)
    assert first.text == "Rent: 5"
    assert not first.label.trusted
    assert second.label.residency is Residency.DEVICE
    assert request.text == "open the file"


@pytest.mark.parametrize(
    ("documents", "code"),
    [
        ([{"name": "a.pdf", "text": "x"}], "bad_document"),
        ([{"name": "a.txt", "text": "x"}] * 5, "invalid_field"),
        ([{"name": "a.txt", "text": "字" * 350_000}], "bad_document"),
        ([{"name": "a.txt", "text": "x", "label": {}}], "invalid_field"),
    ],
)
async def test_a_document_that_is_not_read_is_refused(
    served: Served, documents: list[dict[str, Any]], code: str
):
    body = {"text": "what is in it", "documents": documents}
    problem = problem_of(await served.client.post("/v1/agent/turns", json=body), 400)
    assert problem["code"] == code
    assert served.agent.requests == []


async def test_a_picture_comes_with_a_turn_as_content(served: Served):
    data = b64encode(b"a sign").decode()
    body = {"text": "what is it", "pictures": [{"name": "a.png", "data": data, "private": True}]}
    events_of(await served.client.post("/v1/agent/turns", json=body))
    (request,) = served.agent.requests
    (part,) = request.parts[1:]
    assert isinstance(part, ImagePart)
    assert (part.text, part.lines, part.width) == ("STOP", 1, 100)
    assert not part.label.trusted
    assert part.label.residency is Residency.DEVICE


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"pictures": [{"data": "not base64"}]}, "base64"),
        ({"pictures": [{"data": ""}]}, "pictures"),
        ({"pictures": [{"data": "AAAA"}] * 5}, "pictures"),
        ({"pictures": [{"data": "AAAA", "label": {}}]}, "label"),
        (
            {"pictures": [{"data": "AAAA"}], "documents": [{"name": "a.txt", "text": "x"}]},
            "one after the other",
        ),
    ],
)
async def test_a_picture_that_cannot_be_taken_is_refused(
    served: Served, more: dict[str, Any], told: str
):
    reply = await served.client.post("/v1/agent/turns", json={"text": "what is it"} | more)
    problem = problem_of(reply, 400)
    assert told in str(problem)
    assert served.agent.requests == []


async def test_a_picture_that_left_is_the_persons_and_only_while_it_is_remembered(served: Served):
    path = "/v1/agent/left/pictures/" + "0" * 64
    assert problem_of(await served.client.get(path), 404)["code"] == "unknown_picture"
    async with served.program() as program:
        assert (await program.get(path)).status_code == 403
