"""`edgewise cloud`: the operator's commands work on the platform's database."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from edgewise.cli.cloud import welcome
from edgewise.cloud.accounts import first_start, sign_in
from edgewise.cloud.config import built_in
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.service import start_cloud
from edgewise.core.words import Language
from tests.cli.conftest import Edgewise

NOW = 1_800_000_000.0


def platform(folder: Path) -> str:
    """A platform's folder as a first start leaves it; its database's URL."""
    (folder / "cloud.db").write_bytes(first_database())
    return f"sqlite:///{folder / 'cloud.db'}"


@cache
def first_database() -> bytes:
    """Made once: its tables and its password's hash take a fifth of a second."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "cloud.db")
        database = Database(f"sqlite:///{file}")
        first_start(database, now_s=NOW)
        database.close()
        return file.read_bytes()


def test_a_key_is_printed_once_listed_and_revoked(edgewise: Edgewise, tmp_path: Path) -> None:
    url = platform(tmp_path)
    secret = edgewise("cloud", "key", "--name", "mine", "--folder", str(tmp_path)).out.strip()
    database = Database(url)
    caller = Directory(database).find(secret, NOW)
    assert caller is not None
    listed = edgewise("cloud", "keys", "--folder", str(tmp_path)).out
    assert caller.key in listed
    assert secret not in listed
    revoked = edgewise("cloud", "revoke", caller.key, "--folder", str(tmp_path))
    assert revoked.code == 0
    assert Directory(database).find(secret, NOW) is None
    database.close()


def test_a_new_password_signs_in(edgewise: Edgewise, tmp_path: Path) -> None:
    url = platform(tmp_path)
    email, _, password = edgewise("cloud", "password", "--folder", str(tmp_path)).out.partition(" ")
    database = Database(url)
    assert sign_in(database, email, password.strip()) is not None
    database.close()


def test_an_empty_ledger_is_exported_as_its_header(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    assert edgewise("cloud", "export", "--folder", str(tmp_path)).out.startswith("id,at,day,")
    as_json = edgewise("cloud", "export", "--json", "--folder", str(tmp_path)).out
    assert [msgspec.json.decode(line) for line in as_json.splitlines()] == []


@pytest.mark.parametrize(
    "days", [("--since", "2026-13-01"), ("--until", "yesterday"), ("--since", "2099-01-01")]
)
def test_days_that_can_not_be_are_refused(
    edgewise: Edgewise, tmp_path: Path, days: tuple[str, str]
) -> None:
    platform(tmp_path)
    ran = edgewise("cloud", "export", *days, "--folder", str(tmp_path))
    assert ran.code == 1
    assert days[0] in ran.err
    assert not ran.out


def test_without_a_platform_it_is_said_how_to_start_one(edgewise: Edgewise, tmp_path: Path) -> None:
    ran = edgewise("cloud", "keys", "--folder", str(tmp_path))
    assert ran.code == 1
    assert "edgewise serve cloud" in ran.err


def test_a_key_that_is_not_there_can_not_be_revoked(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    ran = edgewise("cloud", "revoke", "key_none", "--folder", str(tmp_path))
    assert ran.code == 1
    assert "key_none" in ran.err


@pytest.mark.parametrize(
    ("host", "public_url", "warned"),
    [
        ("127.0.0.1", "", False),
        ("::1", "", False),
        ("0.0.0.0", "", True),
        ("0.0.0.0", "https://ai.example", False),
    ],
)
async def test_who_listens_beyond_this_machine_is_told_of_plain_http(
    tmp_path: Path, host: str, public_url: str, warned: bool
) -> None:
    config = msgspec.structs.replace(built_in(), host=host, public_url=public_url)
    running = await start_cloud(config, tmp_path)
    await running.close()
    for tongue, words in ((Language.ENGLISH, "plain HTTP"), (Language.CHINESE, "明文 HTTP")):
        assert (words in welcome("http://x", running, tongue)) == warned
