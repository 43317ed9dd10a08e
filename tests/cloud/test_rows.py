"""Rows become frozen values, with JSON columns and words of an enum in their own types."""

import pytest
from sqlalchemy import select

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.caller import Limits
from edgewise.cloud.database import Database
from edgewise.cloud.projects import Project, change_project
from edgewise.cloud.rows import columns_of, read_all, read_one
from edgewise.cloud.tables import projects


def test_a_row_is_read_into_the_types_of_its_value(database: Database, started: FirstStart):
    limits = Limits(requests_a_minute=5)
    with database.begin() as connection:
        change_project(connection, started.organisation.id, started.project.id, limits=limits)
    with database.read() as connection:
        (read,) = read_all(connection, select(*columns_of(projects, Project)), Project)
    assert read.limits == limits
    assert read.content_opt_in is False
    with pytest.raises(AttributeError):
        read.name = "another"  # pyright: ignore[reportAttributeAccessIssue]


def test_no_row_is_none(database: Database):
    with database.read() as connection:
        assert read_one(connection, select(*columns_of(projects, Project)), Project) is None
