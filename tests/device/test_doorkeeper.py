"""Whose a credential is: two tokens, launch codes, page keys."""

from pathlib import Path

import pytest

from edgewise.device.callers import Caller
from edgewise.device.doorkeeper import PAGE_KEY_S, Doorkeeper, load_doorkeeper, load_token
from edgewise.errors import TrustError
from tests.device.conftest import PROGRAM_TOKEN, TOKEN


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.time_s = 1_000_000.0

    def now(self) -> float:
        return self.time_s

    def monotonic(self) -> float:
        return self.time_s


def test_the_two_tokens_are_told_apart_and_nothing_else_is_known():
    doorkeeper = Doorkeeper(TOKEN, PROGRAM_TOKEN)
    assert doorkeeper.caller(_bearer(TOKEN)) is Caller.OWNER
    assert doorkeeper.caller(_bearer(PROGRAM_TOKEN)) is Caller.PROGRAM
    for other in ("", "x", TOKEN[:-1], PROGRAM_TOKEN + "x"):
        assert doorkeeper.caller(_bearer(other)) is None


@pytest.mark.parametrize("program", ["", TOKEN])
def test_a_programs_token_that_would_open_the_owners_doors_is_refused(program: str):
    with pytest.raises(TrustError, match="two different secrets"):
        Doorkeeper(TOKEN, program)


def test_both_tokens_are_made_at_the_first_start_for_their_owner_alone(tmp_path: Path):
    doorkeeper = load_doorkeeper(tmp_path)
    for name, caller in (("token", Caller.OWNER), ("program-token", Caller.PROGRAM)):
        file = tmp_path / name
        assert file.stat().st_mode & 0o777 == 0o600
        assert doorkeeper.caller(_bearer(file.read_text().strip())) is caller


def test_a_page_key_is_not_made_from_the_programs_token():
    made = Doorkeeper("another" * 8, PROGRAM_TOKEN).redeem("guess")
    assert made is None
    other = Doorkeeper(PROGRAM_TOKEN, TOKEN)
    forged = other.redeem(other.launch_code())
    assert forged is not None
    assert Doorkeeper(TOKEN, PROGRAM_TOKEN).caller(_bearer(forged[0])) is None


def test_a_page_key_ends_and_survives_a_restart_until_then():
    clock = Clock()
    doorkeeper = Doorkeeper(TOKEN, PROGRAM_TOKEN, clock)
    made = doorkeeper.redeem(doorkeeper.launch_code())
    assert made is not None
    key, expires_at = made
    restarted = Doorkeeper(TOKEN, PROGRAM_TOKEN, clock)
    assert restarted.caller(_bearer(key)) is Caller.PAGE
    clock.time_s = expires_at
    assert restarted.caller(_bearer(key)) is None
    assert expires_at == 1_000_000 + PAGE_KEY_S


def test_a_page_key_can_not_be_prolonged_or_used_with_another_token():
    doorkeeper = Doorkeeper(TOKEN, PROGRAM_TOKEN)
    made = doorkeeper.redeem(doorkeeper.launch_code())
    assert made is not None
    kind, end, signature = made[0].split(".")
    assert doorkeeper.caller(_bearer(f"{kind}.{int(end) + 1}.{signature}")) is None
    assert Doorkeeper("another" * 8, PROGRAM_TOKEN).caller(_bearer(made[0])) is None


def test_the_token_is_made_once_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "data" / "token"
    token = load_token(file)
    assert len(token) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_token(file) == token


def test_a_token_that_others_can_read_is_not_used(tmp_path: Path):
    file = tmp_path / "token"
    load_token(file)
    file.chmod(0o644)
    with pytest.raises(TrustError, match="chmod 600"):
        load_token(file)


def test_a_file_without_a_token_is_told(tmp_path: Path):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    with pytest.raises(TrustError, match="delete the file"):
        load_token(file)


def _bearer(secret: str) -> str:
    return f"Bearer {secret}"
