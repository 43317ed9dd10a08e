"""Keys: the secret is told once and kept nowhere; scopes are checked; revoking is for good."""

import logging
import re

import msgspec
import pytest
from sqlalchemy import LargeBinary, insert, select

from edgewise.cloud.accounts import FirstStart, create_account
from edgewise.cloud.caller import Endpoint, KeyKind, Limits, digest_of
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.keys import (
    MOST_KEYS,
    KeyState,
    Scope,
    change_key,
    find_key,
    list_keys,
    make_key,
    revoke_key,
)
from edgewise.cloud.projects import archive_device, archive_project, create_project, register_device
from edgewise.cloud.tables import keys, metadata
from edgewise.errors import UserError
from tests.cloud.conftest import NOW

FULL = Scope(("b", "a", "a"), (Endpoint.CHAT,), Limits(requests_a_minute=3), NOW + 60)


def test_a_developers_key_is_made_and_found(database: Database, started: FirstStart):
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        made = make_key(
            connection,
            organisation,
            project,
            " CI ",
            now_s=NOW,
            scope=FULL,
            created_by=started.account.id,
        )
        assert find_key(connection, organisation, made.key.id) == made.key
        assert list_keys(connection, organisation) == (made.key,)
        assert list_keys(connection, organisation, project="proj_other") == ()
    assert re.fullmatch(r"sk-ew-[0-9A-Za-z]{43}", made.secret)
    assert made.key.start == made.secret[:10]
    assert (made.key.kind, made.key.name) == (KeyKind.DEVELOPER, "CI")
    assert (made.key.models, made.key.limits) == (("a", "b"), FULL.limits)


def test_a_project_has_a_most_of_live_keys(database: Database, started: FirstStart):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        first = make_key(connection, *ids, "first", now_s=NOW, scope=Scope(expires_at=NOW + 60))
        row = dict(connection.execute(select(keys)).mappings().one())
        more = [
            {**row, "id": f"key_{at}", "digest": digest_of(str(at)), "expires_at": None}
            for at in range(MOST_KEYS - 1)
        ]
        connection.execute(insert(keys), more)
        with pytest.raises(UserError, match="1000 live keys") as refused:
            make_key(connection, *ids, "one too many", now_s=NOW)
        assert refused.value.code == "too_many_keys"
        make_key(connection, *ids, "the first has expired", now_s=NOW + 60)
        with pytest.raises(UserError):
            make_key(connection, *ids, "again one too many", now_s=NOW + 60)
        revoke_key(connection, ids[0], "key_7", now_s=NOW)
        make_key(connection, *ids, "one is revoked", now_s=NOW + 60)
    assert first.key.expires_at == NOW + 60


def test_a_devices_credential_names_its_device(database: Database, started: FirstStart):
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        device = register_device(connection, organisation, project, "Car", now_s=NOW)
        made = make_key(connection, organisation, project, "Car", now_s=NOW, device=device.id)
    assert made.secret.startswith("dk-ew-")
    assert (made.key.kind, made.key.device) == (KeyKind.DEVICE, device.id)


def test_a_secret_that_was_made_elsewhere_is_kept_as_any_other(
    database: Database, started: FirstStart
):
    organisation, project = started.organisation.id, started.project.id
    scope = Scope(endpoints=(Endpoint.VOICE,))
    with database.begin() as connection:
        device = register_device(connection, organisation, project, "Clock", now_s=NOW)
        made = make_key(
            connection, organisation, project, "Clock", now_s=NOW, device=device.id, scope=scope,
            secret="ewv-made-elsewhere",
        )  # fmt: skip
        row = connection.execute(select(keys)).one()
    assert made.secret == "ewv-made-elsewhere"
    assert bytes(row.digest) == digest_of("ewv-made-elsewhere")
    assert "made-elsewhere" not in repr(tuple(row))


def test_the_secret_is_in_no_table_repr_or_log(
    database: Database, started: FirstStart, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    directory = Directory(database)
    with database.begin() as connection:
        made = make_key(
            connection, started.organisation.id, started.project.id, "Canary", now_s=NOW
        )
    canary = made.secret[10:]  # the part that is not shown
    caller = directory.find(made.secret, NOW)
    with database.read() as connection:
        stored = [
            repr(tuple(row))
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
        listed = list_keys(connection, started.organisation.id)
    told = [repr(made), str(made), repr(made.key), repr(caller), repr(listed), caplog.text]
    assert caller is not None
    assert made.key.id in "".join(stored)
    assert not [text for text in [*stored, *told] if canary in text]
    assert made.secret.encode() not in msgspec.json.encode(made.key)


def test_only_the_digest_of_the_secret_is_kept(database: Database, started: FirstStart):
    with database.begin() as connection:
        made = make_key(connection, started.organisation.id, started.project.id, "K", now_s=NOW)
        row = connection.execute(select(keys)).one()
    binary = [column.name for column in keys.columns if isinstance(column.type, LargeBinary)]
    assert binary == ["digest"]
    assert bytes(row.digest) == digest_of(made.secret)


def test_a_key_is_live_until_it_expires_or_is_revoked(database: Database, started: FirstStart):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        made = make_key(connection, *ids, "K", now_s=NOW, scope=FULL).key
        assert made.state(NOW + 59) is KeyState.LIVE
        assert made.state(NOW + 60) is KeyState.EXPIRED
        revoked = revoke_key(connection, ids[0], made.id, now_s=NOW + 1)
        assert revoked.state(NOW + 1) is KeyState.REVOKED
        assert revoke_key(connection, ids[0], made.id, now_s=NOW + 2).revoked_at == NOW + 1
        with pytest.raises(UserError, match="stays so"):
            change_key(connection, ids[0], made.id, now_s=NOW, name="Back")


def test_a_key_takes_another_name_and_scope(database: Database, started: FirstStart):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        made = make_key(connection, *ids, "K", now_s=NOW, scope=FULL).key
        renamed = change_key(connection, ids[0], made.id, now_s=NOW, name="L")
        assert (renamed.name, renamed.models) == ("L", made.models)
        widened = change_key(connection, ids[0], made.id, now_s=NOW, scope=Scope())
        assert widened.name == "L"
        assert (widened.models, widened.endpoints) == ((), ())
        assert (widened.limits, widened.expires_at) == (None, None)


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope(models=("a b",)), "bad_scope"),
        (Scope(models=("",)), "bad_scope"),
        (Scope(models=("a\n",)), "bad_scope"),
        (Scope(models=tuple(f"m{n}" for n in range(201))), "bad_scope"),
        (Scope(expires_at=NOW), "bad_scope"),
        (Scope(expires_at=float("nan")), "bad_scope"),
        (Scope(expires_at=float("inf")), "bad_scope"),
        (Scope(limits=Limits(tokens_a_minute=-1)), "bad_limits"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(
    database: Database, started: FirstStart, scope: Scope, code: str
):
    with pytest.raises(UserError) as refused, database.begin() as connection:
        make_key(
            connection,
            started.organisation.id,
            started.project.id,
            "K",
            now_s=NOW,
            scope=scope,
        )
    assert refused.value.code == code


def test_a_device_is_never_given_an_endpoint_of_developers(database: Database, started: FirstStart):
    ids = (started.organisation.id, started.project.id)
    with database.begin() as connection:
        device = register_device(connection, *ids, "Car", now_s=NOW)
        with pytest.raises(UserError, match="never for devices"):
            make_key(
                connection,
                *ids,
                "Car",
                now_s=NOW,
                device=device.id,
                scope=Scope(endpoints=(Endpoint.USAGE,)),
            )


def test_no_key_is_made_for_what_is_archived_or_elsewhere(database: Database, started: FirstStart):
    organisation, project = started.organisation.id, started.project.id
    with database.begin() as connection:
        device = register_device(connection, organisation, project, "Car", now_s=NOW)
        other = create_project(connection, organisation, "Other", now_s=NOW)
        stranger = create_account(connection, "s@example.com", "S", now_s=NOW)

        def code_of(within: str, **arguments: str) -> str:
            with pytest.raises(UserError) as refused:
                make_key(connection, organisation, within, "K", now_s=NOW, **arguments)
            return refused.value.code

        assert code_of(other.id, device=device.id) == "not_found"
        assert code_of(project, created_by=stranger.id) == "not_found"
        archive_device(connection, organisation, device.id, now_s=NOW)
        assert code_of(project, device=device.id) == "revoked"
        archive_project(connection, organisation, project, now_s=NOW)
        assert code_of(project) == "archived"
