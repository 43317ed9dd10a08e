"""Consents are kept whole or not at all, end at once for everybody, and a damaged file is none."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from edgewise.core.endpoint import Endpoint
from edgewise.device.consents import METHOD, TOLD, Consents
from edgewise.errors import DeviceError, UserError
from edgewise.route.payload import PURPOSES
from edgewise.testing.clock import ManualClock

STEP = Endpoint("step", "https://api.example/v1", "step-3", "CN")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def consents(tmp_path: Path, clock: ManualClock) -> Consents:
    return Consents(tmp_path, clock)


def test_nothing_is_agreed_to_at_first_and_looking_makes_no_file(
    consents: Consents, tmp_path: Path
):
    assert (consents.given(), consents.in_force(), consents.drive) == ((), (), "")
    assert list(tmp_path.iterdir()) == []


def test_a_consent_names_recipient_purpose_method_and_categories(
    consents: Consents, clock: ManualClock, tmp_path: Path
):
    given = consents.grant(STEP, "assist", sensitive=True)
    assert (given.recipient, given.address, given.region) == ("step", STEP.address, "CN")
    assert (given.purpose, given.granted_at, given.sensitive) == ("assist", clock.now(), True)
    assert given.method == METHOD
    assert given.categories == ("assistant", "instruction", "user")
    assert Consents(tmp_path, clock).in_force() == (given,)
    assert stat.S_IMODE((tmp_path / "consents.sqlite").stat().st_mode) == 0o600


def test_a_revoked_consent_is_gone_at_once_for_a_device_that_runs(
    consents: Consents, clock: ManualClock, tmp_path: Path
):
    given = consents.grant(STEP, "assist")
    elsewhere = Consents(tmp_path, clock)
    assert elsewhere.in_force() == (given,)
    revoked = consents.revoke(given.id)
    assert elsewhere.in_force() == ()
    assert elsewhere.given() == (revoked,)
    clock.advance(5.0)
    assert consents.revoke(given.id) == revoked, "its first end stays"


def test_a_consent_ends_by_itself(consents: Consents, clock: ManualClock):
    consents.grant(STEP, "assist", expires_at=clock.now() + 10)
    assert len(consents.in_force()) == 1
    clock.advance(10.0)
    assert consents.in_force() == ()


def test_a_consent_for_one_payload_counts_for_no_other_and_ends_by_itself(
    consents: Consents, clock: ManualClock
):
    given = consents.grant(STEP, "assist", expires_at=clock.now() + 10, once="d1")
    assert (consents.in_force(), consents.once("d1"), consents.once("d2")) == ((), (given,), ())
    assert consents.once("") == ()
    clock.advance(10.0)
    assert consents.once("d1") == ()


def test_a_consent_for_a_drive_ends_with_it(consents: Consents):
    with pytest.raises(UserError, match="no drive has begun"):
        consents.grant(STEP, "assist", this_drive=True)
    drive = consents.begin_drive()
    given = consents.grant(STEP, "assist", this_drive=True)
    assert (given.drive, consents.in_force()) == (drive, (given,))
    assert consents.begin_drive() != drive
    assert consents.in_force() == ()
    assert consents.given() == (given,)


def test_every_purpose_for_which_anything_is_sent_is_told_in_words():
    assert set(TOLD) == set(PURPOSES)


def test_what_can_not_be_agreed_to_is_said(consents: Consents, clock: ManualClock):
    with pytest.raises(UserError, match="no purpose 'training'; known are assist, weather"):
        consents.grant(STEP, "training")
    with pytest.raises(UserError, match="has passed already"):
        consents.grant(STEP, "assist", expires_at=clock.now())
    with pytest.raises(UserError, match="no consent 'x'"):
        consents.revoke("x")
    assert consents.given() == ()


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b""])
def test_a_damaged_file_is_no_consent(consents: Consents, tmp_path: Path, damage: bytes):
    consents.grant(STEP, "assist")
    path = tmp_path / "consents.sqlite"
    path.write_bytes(damage)
    assert consents.in_force() == ()
    if damage:
        assert consents.damage is not None
        assert "nothing counts as agreed to" in consents.damage.en
        with pytest.raises(DeviceError, match="nothing counts as agreed to") as caught:
            consents.grant(STEP, "assist")
        assert caught.value.code == "store_damaged"
        path.unlink()
        consents.grant(STEP, "assist")
        assert (len(consents.in_force()), consents.damage) == (1, None)


@pytest.mark.parametrize("value", ["{}", "no json", '{"id": 5}', 7])
def test_one_row_that_can_not_be_read_makes_all_of_them_none(
    consents: Consents, tmp_path: Path, value: object
):
    consents.grant(STEP, "assist")
    with closing(sqlite3.connect(tmp_path / "consents.sqlite")) as db, db:
        db.execute("insert into consents (id, value) values ('x', ?)", (value,))
    assert consents.in_force() == ()
    assert consents.damage is not None


def test_a_grant_that_fails_half_way_keeps_nothing(consents: Consents, tmp_path: Path):
    given = consents.grant(STEP, "assist")
    with closing(sqlite3.connect(tmp_path / "consents.sqlite")) as db, db:
        db.execute(
            "create trigger full before insert on consents begin select raise(abort, 'full'); end"
        )
    with pytest.raises(DeviceError, match="full"):
        consents.grant(STEP, "assist")
    assert consents.given() == (given,)
