"""What commands find of the platform's database, and what they say where there is none."""

from pathlib import Path

import pytest

from edgewise.cli.cloud_database import (
    cloud_folder,
    held_of,
    opened_database,
    organisation_ids,
    project_named,
)
from edgewise.cloud.accounts import create_organisation
from edgewise.cloud.projects import create_project
from edgewise.errors import UserError
from tests.cli.test_cloud import NOW, platform


def test_the_folder_is_the_one_named_or_below_the_device(home: Path, tmp_path: Path) -> None:
    assert held_of(tmp_path) == tmp_path
    assert held_of(None) == cloud_folder() == home / "cloud"


def test_a_folder_without_a_platform_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="edgewise serve cloud"), opened_database(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_project_is_the_first_one_or_the_one_named_of_any_organisation(tmp_path: Path) -> None:
    platform(tmp_path)
    with opened_database(tmp_path) as database, database.begin() as connection:
        first = project_named(connection, "")
        assert first.name == "First project"
        owner = connection.exec_driver_sql("SELECT id FROM accounts").scalar_one()
        other = create_organisation(connection, "Other", owner=owner, now_s=NOW + 1)
        project = create_project(connection, other.id, "Another", now_s=NOW + 1)
        assert organisation_ids(connection) == [first.organisation, other.id]
        assert project_named(connection, project.id) == project
        assert project_named(connection, "") == first
        with pytest.raises(UserError, match="prj_none"):
            project_named(connection, "prj_none")
