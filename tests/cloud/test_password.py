"""Passwords are kept as argon2id, checked in equal time for nobody, and renewed at a new cost."""

import subprocess
import sys

import pytest
from argon2 import PasswordHasher

from edgewise.cloud.password import hash_of, is_outdated, matches, random_password
from edgewise.errors import UserError

RIGHT = "correct horse battery"


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_of(RIGHT)


def test_the_password_matches_what_was_kept(kept: str):
    assert matches(kept, RIGHT)


@pytest.mark.parametrize(
    "wrong", ["", "correct horse batterY", RIGHT + " ", "x" * 10_000, "\ud800"]
)
def test_another_password_does_not(kept: str, wrong: str):
    assert not matches(kept, wrong)


def test_nobody_has_a_password():
    assert not matches(None, RIGHT)


def test_nobodys_password_is_checked_at_todays_cost(monkeypatch: pytest.MonkeyPatch):
    checked: list[str] = []
    verify = PasswordHasher.verify

    def noting(self: PasswordHasher, hash: str | bytes, password: str | bytes) -> bool:
        checked.append(str(hash))
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    assert not matches(None, RIGHT)
    assert len(checked) == 1
    assert not is_outdated(checked[0])


def test_what_is_kept_is_argon2id_and_has_a_salt_of_its_own(kept: str):
    assert kept.startswith("$argon2id$")
    assert hash_of(RIGHT) != kept
    assert RIGHT not in kept


def test_a_hash_of_a_lower_cost_is_outdated(kept: str):
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    assert is_outdated(cheap)
    assert matches(cheap, RIGHT)
    assert not is_outdated(kept)


def test_outside_of_tests_a_hash_has_the_cost_that_rfc_9106_recommends():
    code = "from edgewise.cloud.password import hash_of; print(hash_of('correct horse battery'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_damaged_hash_matches_nothing():
    assert not matches("$argon2id$damaged", RIGHT)


@pytest.mark.parametrize("password", ["elevenchars", "x" * 257])
def test_a_short_or_endless_password_is_refused_without_being_repeated(password: str):
    with pytest.raises(UserError, match="12 to 256") as refused:
        hash_of(password)
    assert password not in str(refused.value)


def test_a_password_that_a_machine_made_is_long_enough_to_be_kept():
    assert len(random_password(bytes(16))) >= 20
