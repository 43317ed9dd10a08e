"""The directory finds who calls, lets go at once of what is revoked, and outlives the database."""

import asyncio
import hmac
import logging
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, update

from edgewise.cloud import directory as directory_module
from edgewise.cloud.accounts import (
    FirstStart,
    add_member,
    create_account,
    disable_account,
    enable_account,
    first_start,
    remove_member,
)
from edgewise.cloud.budget_table import Period, ScopeKind, create_budget
from edgewise.cloud.caller import Endpoint, KeyKind, Limits, digest_of
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.keys import NewKey, Scope, list_keys, make_key, revoke_key
from edgewise.cloud.projects import (
    archive_device,
    archive_project,
    change_project,
    register_device,
)
from edgewise.cloud.revision import move_revision
from edgewise.cloud.roles import Role
from edgewise.cloud.tables import keys
from edgewise.errors import LinkError
from tests.cloud.conftest import NOW
from tests.cloud.postgres import Cluster


@pytest.fixture
def directory(database: Database) -> Directory:
    return Directory(database, Limits(requests_a_minute=7))


@pytest.fixture
def made(database: Database, started: FirstStart, directory: Directory) -> NewKey:
    return make(database, started)


def make(database: Database, started: FirstStart, **arguments: object) -> NewKey:
    with database.begin() as connection:
        return make_key(
            connection,
            started.organisation.id,
            started.project.id,
            "K",
            now_s=NOW,
            **arguments,  # pyright: ignore[reportArgumentType]
        )


def test_a_project_without_limits_has_the_platforms(database: Database, started: FirstStart):
    directory = Directory(database, project_defaults=Limits(requests_a_minute=9))
    secret = make(database, started).secret
    caller = directory.find(secret, NOW)
    assert caller is not None
    assert caller.project_limits == Limits(requests_a_minute=9)
    own = Limits(streams_at_once=4)
    with database.begin() as connection:
        change_project(connection, started.organisation.id, started.project.id, limits=own)
    caller = directory.find(secret, NOW)
    assert caller is not None
    assert caller.project_limits == own


def test_a_key_just_made_is_found_with_what_it_may_do(
    database: Database, started: FirstStart, directory: Directory
):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        change_project(connection, *ids, content_opt_in=True, limits=Limits(streams_at_once=4))
        device = register_device(connection, *ids, "Car", now_s=NOW)
    scope = Scope(("m",), (Endpoint.AGENT,), Limits(requests_at_once=1), NOW + 60)
    made = make(database, started, device=device.id, scope=scope)
    caller = directory.find(made.secret, NOW)
    assert caller is not None
    assert (caller.key, caller.kind) == (made.key.id, KeyKind.DEVICE)
    assert (caller.organisation, caller.project, caller.device) == (*ids, device.id)
    assert (caller.models, caller.endpoints) == (frozenset({"m"}), frozenset({Endpoint.AGENT}))
    assert caller.limits == Limits(requests_at_once=1)
    assert caller.project_limits == Limits(streams_at_once=4)
    assert caller.content


def test_a_key_without_limits_has_the_platforms(made: NewKey, directory: Directory):
    caller = directory.find(made.secret, NOW)
    assert caller is not None
    assert caller.limits == Limits(requests_a_minute=7)


@pytest.mark.parametrize("change", ["", " ", "cut", "longer", "\ud800", "sk-ew-" + "0" * 43])
def test_a_wrong_secret_finds_nobody(made: NewKey, directory: Directory, change: str):
    wrong = {"cut": made.secret[:-1], "longer": made.secret + "0"}.get(change, change)
    assert directory.find(wrong, NOW) is None


def test_digests_are_compared_in_a_time_that_tells_nothing(
    made: NewKey, directory: Directory, monkeypatch: pytest.MonkeyPatch
):
    compared: list[bytes] = []

    def noting(kept: bytes, given: bytes) -> bool:
        compared.append(given)
        return hmac.compare_digest(kept, given)

    monkeypatch.setattr(directory_module, "compare_digest", noting)
    assert directory.find(made.secret, NOW) is not None
    assert directory.find("wrong", NOW) is None
    assert compared == [digest_of(made.secret), digest_of("wrong")]


def test_a_revoked_key_is_refused_as_soon_as_that_is_committed(
    database: Database, started: FirstStart, made: NewKey, directory: Directory
):
    with database.begin() as connection:
        revoke_key(connection, started.organisation.id, made.key.id, now_s=NOW)
        assert directory.find(made.secret, NOW) is not None
    assert directory.find(made.secret, NOW) is None


def test_a_revocation_that_is_rolled_back_changes_nothing(
    database: Database, started: FirstStart, made: NewKey, directory: Directory
):
    def revoke_and_fail() -> None:
        with database.begin() as connection:
            revoke_key(connection, started.organisation.id, made.key.id, now_s=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        revoke_and_fail()
    directory.refresh()
    assert directory.find(made.secret, NOW) is not None


def test_a_key_expires_to_the_second(database: Database, started: FirstStart, directory: Directory):
    made = make(database, started, scope=Scope(expires_at=NOW + 60))
    assert directory.find(made.secret, NOW + 59.9) is not None
    assert directory.find(made.secret, NOW + 60) is None


def test_a_key_in_force_is_found_by_its_id_for_who_runs_work_in_its_name(
    database: Database, started: FirstStart, directory: Directory
):
    made = make(database, started, scope=Scope(expires_at=NOW + 60))
    assert directory.caller_of(made.key.id, NOW + 59) == directory.find(made.secret, NOW + 59)
    assert directory.caller_of(made.key.id, NOW + 60) is None
    assert directory.caller_of("key_none", NOW) is None
    with database.begin() as connection:
        revoke_key(connection, started.organisation.id, made.key.id, now_s=NOW)
    assert directory.caller_of(made.key.id, NOW) is None


def test_the_keys_that_go_are_told_after_they_are_gone(
    database: Database, started: FirstStart, made: NewKey, directory: Directory
):
    told: list[tuple[frozenset[str], bool]] = []
    directory.when_gone(lambda gone: told.append((gone, directory.holds(made.key.id))))
    make(database, started)
    assert told == []
    with database.begin() as connection:
        revoke_key(connection, started.organisation.id, made.key.id, now_s=NOW)
    assert told == [(frozenset({made.key.id}), False)]


@pytest.mark.parametrize(
    ("stored", "opens"),
    [(["mcp"], set[Endpoint]()), (["mcp", "chat"], {Endpoint.CHAT}), ([], set(Endpoint))],
)
def test_a_scope_of_another_version_opens_nothing_and_stops_nobody(
    database: Database,
    started: FirstStart,
    made: NewKey,
    directory: Directory,
    stored: list[str],
    opens: set[Endpoint],
):
    with database.begin() as connection:
        connection.execute(update(keys).where(keys.c.id == made.key.id).values(endpoints=stored))
        move_revision(connection)
        (listed,) = list_keys(connection, started.organisation.id)
    caller = directory.find(made.secret, NOW)
    assert caller is not None
    assert {endpoint for endpoint in Endpoint if caller.may(endpoint)} == opens
    assert list(listed.endpoints) == stored


def test_the_keys_of_an_archived_project_are_refused(
    database: Database, started: FirstStart, made: NewKey, directory: Directory
):
    assert directory.find(made.secret, NOW) is not None
    with database.begin() as connection:
        archive_project(connection, started.organisation.id, started.project.id, now_s=NOW)
    assert directory.find(made.secret, NOW) is None
    assert not directory.holds(made.key.id)


def test_the_credentials_of_an_archived_device_are_refused(
    database: Database, started: FirstStart, made: NewKey, directory: Directory
):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        device = register_device(connection, *ids, "Car", now_s=NOW)
    of_device = make(database, started, device=device.id)
    assert directory.find(of_device.secret, NOW) is not None
    with database.begin() as connection:
        archive_device(connection, ids[0], device.id, now_s=NOW)
    assert directory.find(of_device.secret, NOW) is None
    assert directory.find(made.secret, NOW) is not None


def leave(connection: Connection, organisation: str, account: str) -> None:
    remove_member(connection, organisation, account)


def disable(connection: Connection, organisation: str, account: str) -> None:
    disable_account(connection, account, now_s=NOW)


@pytest.mark.parametrize("go", [leave, disable])
def test_who_goes_takes_their_own_keys_but_no_devices(
    database: Database,
    started: FirstStart,
    directory: Directory,
    go: Callable[[Connection, str, str], None],
):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        ada = create_account(connection, "ada@example.com", "Ada", now_s=NOW).id
        add_member(connection, ids[0], ada, Role.MEMBER)
        device = register_device(connection, *ids, "Car", now_s=NOW)
    own = make(database, started, created_by=ada)
    others = make(database, started, created_by=started.account.id)
    of_device = make(database, started, created_by=ada, device=device.id)
    assert directory.find(own.secret, NOW) is not None
    with database.begin() as connection:
        go(connection, ids[0], ada)
    assert directory.find(own.secret, NOW) is None
    assert directory.find(others.secret, NOW) is not None
    assert directory.find(of_device.secret, NOW) is not None


def test_keys_of_who_is_let_in_again_hold_again_unless_they_were_revoked(
    database: Database, started: FirstStart, directory: Directory
):
    organisation = started.organisation.id
    with database.begin() as connection:
        ada = create_account(connection, "ada@example.com", "Ada", now_s=NOW).id
        add_member(connection, organisation, ada, Role.MEMBER)
    own, ended = make(database, started, created_by=ada), make(database, started, created_by=ada)
    with database.begin() as connection:
        disable_account(connection, ada, now_s=NOW)
        revoke_key(connection, organisation, ended.key.id, now_s=NOW)
    assert directory.find(own.secret, NOW) is None
    with database.begin() as connection:
        enable_account(connection, ada)
    assert directory.find(own.secret, NOW) is not None
    assert directory.find(ended.secret, NOW) is None


def test_budgets_are_the_same_object_until_one_changes(
    database: Database, started: FirstStart, directory: Directory
):
    before = directory.budgets()
    assert not directory.refresh()
    assert directory.budgets() is before
    organisation = started.organisation.id
    with database.begin() as connection:
        row = create_budget(
            connection, organisation, ScopeKind.ORGANISATION, organisation, Period.DAY, 9, now_s=NOW
        )
    assert directory.budgets() == (row,)


def test_a_change_of_another_process_is_seen_at_the_next_look(
    database: Database, database_url: str, started: FirstStart, directory: Directory
):
    elsewhere = Database(database_url)
    made = make(elsewhere, started)
    assert directory.find(made.secret, NOW) is None
    assert directory.refresh()
    assert directory.find(made.secret, NOW) is not None
    with elsewhere.begin() as connection:
        revoke_key(connection, started.organisation.id, made.key.id, now_s=NOW)
    assert directory.refresh()
    assert directory.find(made.secret, NOW) is None
    elsewhere.close()


async def test_the_task_sees_a_change_of_another_process_by_itself(
    database_url: str, started: FirstStart, directory: Directory
):
    task = asyncio.create_task(directory.keep_fresh(0.01))
    elsewhere = Database(database_url)
    made = await asyncio.to_thread(make, elsewhere, started)
    async with asyncio.timeout(20):
        while directory.find(made.secret, NOW) is None:  # noqa: ASYNC110 - it is what we wait for
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    elsewhere.close()


async def test_with_the_database_away_known_keys_go_on_and_wrong_ones_stay_wrong(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
):
    name = "test_away"
    database = Database(cluster.create(name, template="migrated"))
    started = first_start(database, now_s=NOW)
    assert started is not None
    made = make(database, started)
    directory = Directory(database)
    cluster.disconnect(name)
    with pytest.raises(LinkError):
        directory.refresh()
    task = asyncio.create_task(directory.keep_fresh(0.01))
    async with asyncio.timeout(20):
        while directory.reached:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert directory.find(made.secret, NOW) is not None
        assert directory.find("sk-ew-wrong", NOW) is None
        cluster.admit(name)
        while not directory.reached:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 2
    assert made.secret not in caplog.text
    database.close()
    cluster.drop(name)
