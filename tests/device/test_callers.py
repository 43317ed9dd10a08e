"""What each caller may use, and whose the routes of the application are."""

import pytest

from edgewise.core.message import Channel
from edgewise.core.zone import Zone
from edgewise.device.callers import (
    Caller,
    check_route,
    may_read,
    program_may,
    readable,
    session_of,
    speaker_of,
)
from edgewise.device.wire import ApiError
from tests.device.conftest import Served
from tests.each_row import each_row

PERSONS = [
    "DELETE /v1/consents/{consent}",
    "DELETE /v1/simulation/fault",
    "GET /v1/agent/left/pictures/{sha256}",
    "GET /v1/agent/turns/{turn}/left",
    "GET /v1/clouds",
    "GET /v1/consents",
    "GET /v1/screen",
    "GET /v1/screen.png",
    "GET /v1/senses",
    "GET /v1/simulation/fault",
    "POST /v1/agent/turns/{turn}/approval",
    "POST /v1/agent/turns/{turn}/feedback",
    "POST /v1/agent/turns/{turn}/judgement",
    "POST /v1/consents",
    "POST /v1/launch",
    "POST /v1/launch/redeem",
    "POST /v1/screen/step",
    "POST /v1/simulation/drive",
    "POST /v1/simulation/fault",
    "POST /v1/simulation/sensor",
    "PUT /v1/mode",
    "PUT /v1/network",
]


async def test_exactly_these_routes_are_the_persons_alone(served: Served):
    paths = (await served.client.get("/openapi.json")).json()["paths"]
    found = [
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method in operations
        if not program_may(method.upper(), path)
    ]
    assert sorted(found) == PERSONS


@each_row(
    ("method", "path"),
    [
        ("POST", "/v1/agent/turns/t1/approval"),
        ("POST", "/v1/agent/turns//approval"),
        ("POST", "/v1/agent/turns/t1"),
        ("GET", "/v1/agent/turns/"),
        ("GET", "/v1/agent/turns/t1/"),
        ("get", "/v1/agent/state"),
        ("GET", "/V1/agent/state"),
    ],
)
def test_what_is_not_named_is_not_a_programs(method: str, path: str):
    with pytest.raises(ApiError) as refused:
        check_route(Caller.PROGRAM, method, path)
    assert refused.value.status == 403


def test_a_program_may_call_and_hang_up_and_nothing_else_of_a_call():
    assert program_may("POST", "/v1/realtime/calls")
    assert program_may("POST", "/v1/realtime/calls/rtc_1/hangup")
    assert program_may("POST", "/v1/realtime/calls/{call}/hangup")
    for method, path in (
        ("GET", "/v1/realtime/calls"),
        ("POST", "/v1/realtime/calls/rtc_1"),
        ("POST", "/v1/realtime/calls//hangup"),
        ("POST", "/v1/realtime/calls/rtc_1/refer"),
        ("POST", "/v1/realtime/calls/a/b/hangup"),
        ("DELETE", "/v1/realtime/calls/rtc_1/hangup"),
    ):
        assert not program_may(method, path)


def test_sessions_of_programs_and_of_persons_never_meet():
    assert session_of(Caller.PROGRAM, "cockpit") == "program.cockpit"
    assert session_of(Caller.PROGRAM, "program.x") == "program.program.x"
    for person in (Caller.OWNER, Caller.PAGE):
        assert session_of(person, "cockpit") == "cockpit"
        with pytest.raises(ApiError):
            session_of(person, "program.cockpit")


def test_a_program_reads_turns_of_programs_and_targets_of_the_car():
    assert may_read(Caller.PROGRAM, "program.x")
    for other in ("", "x", "cockpit", "mcp.client", "programs", "xprogram.x"):
        assert not may_read(Caller.PROGRAM, other)
        assert may_read(Caller.OWNER, other)
    assert readable(Caller.PROGRAM, ("Vehicle", "phone", "VehicleX")) == ("Vehicle",)
    assert readable(Caller.PAGE, ("Vehicle", "phone")) == ("Vehicle", "phone")


def test_only_a_person_sits_in_a_seat():
    assert speaker_of(Caller.OWNER, "row3").zone is Zone.ROW3
    assert speaker_of(Caller.PAGE, None).zone is None
    program = speaker_of(Caller.PROGRAM, None)
    assert (program.zone, program.channel) == (None, Channel.API)
    with pytest.raises(ApiError, match="no seat"):
        speaker_of(Caller.PROGRAM, "driver")
