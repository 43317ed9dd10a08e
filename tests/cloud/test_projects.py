"""Projects and devices: made, changed, archived; nothing of another organisation."""

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.caller import Limits
from edgewise.cloud.database import Database
from edgewise.cloud.projects import (
    archive_device,
    archive_project,
    change_project,
    create_project,
    find_device,
    find_project,
    list_devices,
    list_projects,
    register_device,
    rename_device,
)
from edgewise.errors import UserError
from tests.cloud.conftest import NOW


def test_a_project_is_made_found_and_listed(database: Database, started: FirstStart):
    limits = Limits(tokens_a_minute=100)
    with database.begin() as connection:
        made = create_project(
            connection, started.organisation.id, " Cars ", now_s=NOW + 1, limits=limits
        )
        assert find_project(connection, started.organisation.id, made.id) == made
        assert list_projects(connection, started.organisation.id) == (started.project, made)
    assert (made.name, made.limits, made.content_opt_in) == ("Cars", limits, False)


def test_only_what_is_given_of_a_project_changes(database: Database, started: FirstStart):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        change_project(connection, *ids, content_opt_in=True)
        change_project(connection, *ids, limits=Limits(streams_at_once=2))
        changed = change_project(connection, *ids, name="Phones")
        assert find_project(connection, *ids) == changed
    assert (changed.name, changed.limits.streams_at_once) == ("Phones", 2)
    assert changed.content_opt_in


def test_an_archived_project_keeps_its_first_time_and_takes_nothing_new(
    database: Database, started: FirstStart
):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        archive_project(connection, *ids, now_s=NOW + 1)
        assert archive_project(connection, *ids, now_s=NOW + 2).archived_at == NOW + 1
        assert list_projects(connection, ids[0]) == ()
        assert len(list_projects(connection, ids[0], archived=True)) == 1
        with pytest.raises(UserError) as refused:
            register_device(connection, *ids, "Car 1", now_s=NOW)
    assert refused.value.code == "archived"


def test_a_device_is_made_renamed_and_archived(database: Database, started: FirstStart):
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        made = register_device(connection, organisation, project, "Car 1", now_s=NOW)
        assert list_devices(connection, organisation) == (made,)
        assert list_devices(connection, organisation, project="proj_other") == ()
        assert rename_device(connection, organisation, made.id, "Car 2").name == "Car 2"
        archive_device(connection, organisation, made.id, now_s=NOW + 1)
        assert (
            archive_device(connection, organisation, made.id, now_s=NOW + 2).archived_at == NOW + 1
        )
        assert list_devices(connection, organisation) == ()
        assert list_devices(connection, organisation, archived=True) == (
            find_device(connection, organisation, made.id),
        )


@pytest.mark.parametrize("limit", [-1, 10**15 + 1, 2**70])
def test_a_negative_or_absurd_limit_is_refused(database: Database, started: FirstStart, limit: int):
    with pytest.raises(UserError, match="requests_at_once"), database.begin() as connection:
        create_project(
            connection,
            started.organisation.id,
            "P",
            now_s=NOW,
            limits=Limits(requests_at_once=limit),
        )


def test_a_project_of_no_organisation_is_refused(database: Database):
    with pytest.raises(UserError) as refused, database.begin() as connection:
        create_project(connection, "org_none", "P", now_s=NOW)
    assert refused.value.code == "not_found"
