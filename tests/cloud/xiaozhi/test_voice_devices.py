"""Whose a device is, by which token it comes in, and that it never gets another's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.database import Database
from edgewise.cloud.keys import Scope, change_key, make_key, revoke_key
from edgewise.cloud.projects import archive_device
from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.bindings import unbind
from edgewise.cloud.xiaozhi.bootstrap import ToActivate
from edgewise.cloud.xiaozhi.presence import Doing, Live
from edgewise.errors import UserError
from tests.cloud.conftest import NOW
from tests.cloud.xiaozhi.house import (
    CLIENT,
    MAC,
    OTHER_CLIENT,
    OTHER_MAC,
    House,
)


def refusal_of(act: Callable[[], object]) -> tuple[int, str | None]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.status, refused.value.problem.code


def test_a_device_becomes_its_owners_by_the_code_that_it_shows(house: House):
    first = house.ask()
    assert isinstance(first.activation, ToActivate)
    assert first.activation.message == f"edge.example\n{first.activation.code}"
    assert first.websocket.url == "wss://edge.example/xiaozhi/v1/"
    assert (first.server_time.timestamp, first.server_time.timezone_offset) == (NOW * 1000, 480)
    assert house.voice.activate(MAC, CLIENT, first.activation.challenge) is False
    standing = house.voice.admit(first.websocket.token, MAC, CLIENT)
    assert (standing.caller, standing.code) == (None, first.activation.code)

    made = house.type(first.activation.code)
    assert house.voice.activate(MAC, CLIENT, first.activation.challenge) is True
    again = house.ask()
    assert again.activation is UNSET
    assert again.websocket.token == first.websocket.token
    standing = house.voice.admit(again.websocket.token, MAC, CLIENT)
    assert standing.caller is not None
    assert (standing.caller.project, standing.caller.device) == (house.project, made.device)
    assert (standing.device, standing.name, standing.code) == (made.device, "Kitchen", "")


def test_every_spelling_of_the_mac_comes_in(house: House):
    _, token = house.bound()
    assert house.voice.admit(token, MAC.replace(":", "-").upper(), f" {CLIENT} ").mac == MAC


def test_a_device_has_the_same_token_after_another_start(house: House):
    made, token = house.bound()
    house.voice = house.opened()
    assert house.ask().websocket.token == token
    assert house.voice.admit(token, MAC, CLIENT).device == made.device


def test_a_folder_with_another_secret_begins_anew(house: House):
    made, token = house.bound()
    house.voice = house.opened(b"another")
    code = house.shown().code
    assert house.ask().websocket.token != token
    assert house.type(code).device == made.device


def test_another_client_never_gets_the_token_of_a_bound_mac(house: House):
    _, token = house.bound()
    other = house.ask(client=OTHER_CLIENT)
    assert isinstance(other.activation, ToActivate)
    assert other.websocket.token != token
    assert house.ask().websocket.token == token
    assert refusal_of(lambda: house.voice.admit(token, MAC, OTHER_CLIENT)) == (
        401,
        "foreign_device",
    )
    assert refusal_of(lambda: house.voice.admit(token, OTHER_MAC, CLIENT)) == (
        401,
        "foreign_device",
    )
    assert refusal_of(lambda: house.type(other.activation.code, foreign=True)) == (
        409,
        "voice_device_taken",
    )
    assert house.voice.admit(token, MAC, CLIENT).caller is not None
    assert house.counted["foreign_device"] == 2


def test_its_owner_binds_a_mac_that_has_another_client_anew(house: House):
    made, token = house.bound()
    code = house.shown(client=OTHER_CLIENT).code
    assert house.type(code).device == made.device
    fresh = house.ask(client=OTHER_CLIENT).websocket.token
    assert house.voice.admit(fresh, MAC, OTHER_CLIENT).device == made.device
    assert refusal_of(lambda: house.voice.admit(token, MAC, CLIENT)) == (401, "wrong_token")
    assert isinstance(house.ask().activation, ToActivate)


@pytest.mark.parametrize("way", ["revoked", "archived", "removed"])
def test_a_device_that_was_let_go_begins_anew_with_another_token(house: House, way: str):
    made, token = house.bound()
    with house.database.begin() as connection:
        if way == "revoked":
            revoke_key(connection, house.organisation, made.key, now_s=NOW)
        elif way == "archived":
            archive_device(connection, house.organisation, made.device, now_s=NOW)
        else:
            unbind(connection, house.organisation, made.device, now_s=NOW)
    if way == "removed":
        house.voice.bound.forget(made)
    assert refusal_of(lambda: house.voice.admit(token, MAC, CLIENT)) == (401, "wrong_token")
    code = house.shown().code
    assert house.ask().websocket.token != token
    assert house.type(code, foreign=True).project == house.foreign
    standing = house.voice.admit(house.ask().websocket.token, MAC, CLIENT)
    assert standing.caller is not None
    assert standing.caller.project == house.foreign


def test_a_device_that_was_removed_before_it_heard_of_its_owner_is_not_told(house: House):
    first = house.shown()
    made = house.type(first.code)
    with house.database.begin() as connection:
        gone = unbind(connection, house.organisation, made.device, now_s=NOW)
    house.voice.bound.forget(gone)
    assert refusal_of(lambda: house.voice.activate(MAC, CLIENT, first.challenge)) == (
        404,
        "activation_unknown",
    )


def test_no_other_key_comes_in_by_this_door(house: House):
    made, token = house.bound()
    with house.database.begin() as connection:
        developers = make_key(connection, house.organisation, house.project, "k", now_s=NOW).secret
        devices = make_key(
            connection, house.organisation, house.project, "k", now_s=NOW, device=made.device,
            scope=Scope(endpoints=(Endpoint.VOICE,)),
        ).secret  # fmt: skip
    assert refusal_of(lambda: house.voice.admit(developers, MAC, CLIENT)) == (401, "wrong_token")
    assert refusal_of(lambda: house.voice.admit(devices, MAC, CLIENT)) == (401, "foreign_device")
    for wrong in ("", "ewv-wrong", "\udcff"):
        assert refusal_of(lambda given=wrong: house.voice.admit(given, MAC, CLIENT)) == (
            401,
            "wrong_token",
        )
    with house.database.begin() as connection:
        scope = Scope(endpoints=(Endpoint.AGENT,))
        change_key(connection, house.organisation, made.key, now_s=NOW, scope=scope)
    assert refusal_of(lambda: house.voice.admit(token, MAC, CLIENT)) == (401, "wrong_token")


def test_what_is_no_mac_is_refused_and_counted(house: House):
    assert refusal_of(lambda: house.voice.admit("x", "no mac", CLIENT)) == (401, "bad_device_id")
    assert house.counted == {"bad_device_id": 1}


def test_a_code_that_could_not_be_bound_can_be_typed_again(house: House):
    code = house.shown().code
    with pytest.raises(UserError) as refused:
        house.type(code, name=" ")
    assert refused.value.code == "bad_name"
    assert isinstance(house.ask().activation, ToActivate)
    assert house.type(code).mac == MAC


def test_a_picture_is_of_the_device_whose_token_it_brings(house: House):
    made, _ = house.bound()
    token = house.voice.camera_token(made.device)
    assert house.voice.camera_of(token, MAC) == made.device
    assert house.voice.camera_of(token, None) == made.device
    assert house.voice.camera_token("dev_other") == ""
    for wrong in ("", token[:-1], token.replace("ewc", "ewv"), f"{token}x", "ewc-dev.x"):
        assert refusal_of(lambda given=wrong: house.voice.camera_of(given, MAC)) == (
            401,
            "wrong_camera_token",
        )
    for mac in ("02:00:00:00:00:99", "no address", ""):
        assert refusal_of(lambda given=mac: house.voice.camera_of(token, given))[0] == 401
    with house.database.begin() as connection:
        revoke_key(connection, house.organisation, made.key, now_s=NOW)
    assert refusal_of(lambda: house.voice.camera_of(token, MAC))[1] == "wrong_camera_token"
    assert house.counted["wrong_camera_token"] == 9


def test_the_console_sees_who_is_connected_and_what_it_does(house: House):
    made, token = house.bound()
    [shown] = house.voice.shown(house.organisation)
    assert (shown.name, shown.board, shown.firmware, shown.connected) == (
        "Kitchen",
        "board",
        "2.4.0",
        0,
    )
    live = Live(NOW + 5)
    leave = house.voice.enter(house.voice.admit(token, MAC, CLIENT), live)
    live.doing = Doing.LISTENING
    [shown] = house.voice.shown(house.organisation)
    assert (shown.connected, shown.doing) == (NOW + 5, "listening")
    house.clock.advance(60)
    leave()
    [shown] = house.voice.shown(house.organisation)
    assert (shown.connected, shown.last_seen, shown.firmware) == (0, NOW + 60, "2.4.0")
    assert house.voice.shown(house.elsewhere) == []
    with house.database.begin() as connection:
        revoke_key(connection, house.organisation, made.key, now_s=NOW)
    assert [one.in_force for one in house.voice.shown(house.organisation)] == [False]


def test_a_device_that_nobody_owns_is_not_shown(house: House):
    reply = house.ask()
    leave = house.voice.enter(house.voice.admit(reply.websocket.token, MAC, CLIENT), Live(NOW))
    assert len(house.voice.presence) == 0
    leave()


@dataclass
class Story:
    """What happened to two devices and two projects, and what must hold after each step."""

    house: House
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    codes: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    owner: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def ask(self, who: tuple[str, str]) -> None:
        reply = self.house.ask(*who)
        assert self.tokens.setdefault(reply.websocket.token, who) == who, "another's token"
        if isinstance(reply.activation, ToActivate):
            assert who not in self.owner, "a bound device was asked for its owner again"
            assert self.codes.setdefault(reply.activation.code, who) == who, "another's code"
        else:
            assert who in self.owner, "nobody bound this device"

    def type(self, at: int, foreign: bool) -> None:
        """Somebody types a code that was once shown, to whomever."""
        if not self.codes:
            return
        code, who = list(self.codes.items())[at % len(self.codes)]
        project = self.house.foreign if foreign else self.house.project
        try:
            self.house.type(code, foreign=foreign)
        except Refused:
            return
        of_mac = {other: whose for other, whose in self.owner.items() if other[0] == who[0]}
        assert set(of_mac.values()) <= {project}, "another project's device was taken"
        for other in of_mac:
            del self.owner[other]
        self.owner[who] = project

    def activate(self, who: tuple[str, str]) -> None:
        try:
            done = self.house.voice.activate(*who, "")
        except Refused:
            return
        assert not done or who in self.owner

    def let_go(self, at: int) -> None:
        if not self.owner:
            return
        who, project = list(self.owner.items())[at % len(self.owner)]
        is_foreign = project == self.house.foreign
        organisation = self.house.elsewhere if is_foreign else self.house.organisation
        [shown] = [one for one in self.house.voice.shown(organisation) if one.mac == who[0]]
        with self.house.database.begin() as connection:
            gone = unbind(connection, organisation, shown.device, now_s=NOW)
        self.house.voice.bound.forget(gone)
        del self.owner[who]

    def check(self) -> None:
        """Every token ever told opens for its own device alone, as its owner's."""
        for token, who in self.tokens.items():
            for mac, client in DEVICES:
                try:
                    standing = self.house.voice.admit(token, mac, client)
                except Refused:
                    continue
                assert (mac, client) == who, "a token opened for another device"
                caller = standing.caller
                assert (caller.project if caller else None) == self.owner.get(who)


DEVICES = [(mac, client) for mac in (MAC, OTHER_MAC) for client in (CLIENT, OTHER_CLIENT)]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "type", "type", "activate", "let go", "later", "start"]),
        st.integers(0, 7),
        st.booleans(),
    ),
    max_size=30,
)


@pytest.mark.slow
@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_story_gives_a_device_anothers_token_or_project(
    database: Database, started: FirstStart, tmp_path: Path, steps: list[tuple[str, int, bool]]
):
    house = House(database, started, tmp_path)
    house.clear()
    story = Story(house)
    for step, at, is_foreign in steps:
        if step == "ask":
            story.ask(DEVICES[at % 4])
        elif step == "type":
            story.type(at, is_foreign)
        elif step == "activate":
            story.activate(DEVICES[at % 4])
        elif step == "let go":
            story.let_go(at)
        elif step == "later":
            house.clock.advance(250 * (at + 1))
        elif is_foreign:
            house.restart()
        else:  # a crash: nothing was written
            house.voice = house.opened()
        story.check()
