"""A device belongs to one project at a time, and to the one that held it until its key ends."""

import pytest
from sqlalchemy import select

from edgewise.cloud.caller import digest_of
from edgewise.cloud.database import Database
from edgewise.cloud.keys import KeyState, find_key, revoke_key
from edgewise.cloud.projects import archive_device, archive_project, find_device
from edgewise.cloud.refusal import Refused
from edgewise.cloud.tables import voice_devices
from edgewise.cloud.xiaozhi.bindings import (
    Binding,
    Seen,
    Wanted,
    bind,
    note_seen,
    read_bindings,
    rename,
    unbind,
)
from edgewise.errors import UserError
from tests.cloud.conftest import NOW
from tests.cloud.xiaozhi.house import MAC, House


def wanted(token: str = "ewv-one", client: str = "client") -> Wanted:
    return Wanted(MAC, client, b"nonce", token, "board", "2.4.0", "serial")


def bound(
    house: House, token: str = "ewv-one", *, foreign: bool = False, name: str = "K"
) -> Binding:
    organisation, project = (
        (house.elsewhere, house.foreign) if foreign else (house.organisation, house.project)
    )
    with house.database.begin() as connection:
        return bind(connection, organisation, project, name, wanted(token), now_s=NOW)


def read(database: Database) -> tuple[Binding, ...]:
    with database.read() as connection:
        return read_bindings(connection, now_s=NOW)


def test_a_bound_device_has_a_key_for_this_door_alone(house: House):
    made = bound(house)
    assert read(house.database) == (made,)
    assert made.client_digest == digest_of("client")
    caller = house.directory.find("ewv-one", NOW)
    assert caller is not None
    assert (caller.key, caller.project, caller.device) == (made.key, house.project, made.device)
    assert caller.endpoints == {"voice"}
    with house.database.read() as connection:
        assert "ewv-one" not in repr(connection.execute(select(voice_devices)).all())
    assert "ewv-one" not in repr(wanted())


def test_another_project_cannot_take_a_device_that_is_in_force(house: House):
    made = bound(house)
    with pytest.raises(Refused) as refused:
        bound(house, "ewv-two", foreign=True)
    assert (refused.value.status, refused.value.problem.code) == (409, "voice_device_taken")
    assert read(house.database) == (made,)
    assert house.directory.find("ewv-one", NOW) is not None
    assert house.directory.find("ewv-two", NOW) is None


def test_its_own_project_renews_it_as_the_same_device(house: House):
    before = bound(house)
    after = bound(house, "ewv-two", name="Hall")
    assert (after.device, after.name) == (before.device, "Hall")
    assert after.key != before.key
    assert house.directory.find("ewv-one", NOW) is None
    assert house.directory.find("ewv-two", NOW) is not None
    assert read(house.database) == (after,)


@pytest.mark.parametrize("way", ["revoked", "device archived", "project archived"])
def test_what_is_over_may_be_bound_by_anybody(house: House, way: str):
    made = bound(house)
    with house.database.begin() as connection:
        if way == "revoked":
            revoke_key(connection, house.organisation, made.key, now_s=NOW)
        elif way == "device archived":
            archive_device(connection, house.organisation, made.device, now_s=NOW)
        else:
            archive_project(connection, house.organisation, house.project, now_s=NOW)
    assert [one.in_force for one in read(house.database)] == [False]
    after = bound(house, "ewv-two", foreign=True)
    assert after.device != made.device
    assert read(house.database) == (after,)


def test_a_retired_device_comes_back_as_another_one(house: House):
    made = bound(house)
    with house.database.begin() as connection:
        archive_device(connection, house.organisation, made.device, now_s=NOW)
    assert bound(house, "ewv-two").device != made.device


def test_a_device_that_is_taken_away_leaves_its_history(house: House):
    made = bound(house)
    with house.database.begin() as connection:
        unbind(connection, house.organisation, made.device, now_s=NOW)
    assert read(house.database) == ()
    assert house.directory.find("ewv-one", NOW) is None
    with house.database.read() as connection:
        key = find_key(connection, house.organisation, made.key)
        assert key.state(NOW) is KeyState.REVOKED
        assert find_device(connection, house.organisation, made.device).archived_at == NOW


def test_another_organisation_finds_no_device_to_change(house: House):
    made = bound(house)
    with house.database.begin() as connection:
        for act in (
            lambda: unbind(connection, house.elsewhere, made.device, now_s=NOW),
            lambda: rename(connection, house.elsewhere, made.device, "x", now_s=NOW),
        ):
            with pytest.raises(UserError) as refused:
                act()
            assert refused.value.code == "not_found"
    assert read(house.database) == (made,)


def test_a_device_is_renamed(house: House):
    made = bound(house)
    with house.database.begin() as connection:
        assert (
            rename(connection, house.organisation, made.device, " Hall ", now_s=NOW).name == "Hall"
        )
    assert [one.name for one in read(house.database)] == ["Hall"]


def test_what_a_device_says_of_itself_is_kept(house: House):
    made = bound(house)
    with house.database.begin() as connection:
        note_seen(
            connection,
            [
                Seen(made.device, NOW + 5, "other board", "2.5.0", "s"),
                Seen("gone", NOW, "", "", ""),
            ],
        )
    (found,) = read(house.database)
    assert (found.board, found.firmware, found.last_seen) == ("other board", "2.5.0", NOW + 5)
