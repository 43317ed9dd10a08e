"""The platform's doctor tells what keeps a platform from starting, and what it does without."""

import fcntl
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from edgewise.cloud import doctor
from edgewise.cloud.config import CONFIG, DATABASE, BackendConfig, built_in
from edgewise.cloud.database import Database
from edgewise.core.finding import Finding, State, is_fit


def found(folder: Path) -> dict[str, Finding]:
    findings = doctor.examine(folder)
    for one in findings:
        assert one.found.en
        assert one.found.zh
        assert (one.remedy is None) == (one.state is State.OK)
    by_name = {one.name: one for one in findings}
    assert len(by_name) == len(findings)
    return by_name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Database(f"sqlite:///{tmp_path / DATABASE}").close()
    return tmp_path


def test_a_platform_is_fit_and_looking_changes_nothing(folder: Path):
    before = sorted(folder.iterdir())
    findings = found(folder)
    assert is_fit(findings.values())
    assert sorted(folder.iterdir()) == before
    assert {"platform", CONFIG, "database", "disk room", "backend embedded"} == set(findings)
    assert "built-in" in findings[CONFIG].found.en


def test_a_folder_without_a_platform_names_the_command_that_makes_one(tmp_path: Path):
    [finding] = found(tmp_path).values()
    assert (finding.state, finding.optional) == (State.MISSING, False)
    assert finding.remedy is not None
    assert finding.remedy.en == f"edgewise serve cloud --folder {tmp_path}"


def test_settings_that_do_not_hold_are_broken_and_nothing_is_told_of_them(folder: Path):
    (folder / CONFIG).write_text("prot = 1")
    findings = found(folder)
    assert set(findings) == {"platform", CONFIG}
    assert "prot" in findings[CONFIG].found.en
    assert not is_fit(findings.values())


def test_a_doubtful_setting_is_told_and_keeps_nothing(folder: Path):
    (folder / CONFIG).write_text('[[backend]]\nname = "up"\nurl = "http://127.0.0.1:9"\n')
    doubt = found(folder)[f"{CONFIG} 1"]
    assert (doubt.state, doubt.optional) == (State.MISSING, True)


def test_a_database_is_fresh_current_earlier_later_or_damaged(tmp_path: Path):
    def look() -> tuple[Finding, bool]:
        return doctor.check_database(built_in(), tmp_path)

    file = tmp_path / DATABASE
    assert (look()[0].state, look()[1]) == (State.OK, False)
    file.touch()
    earlier, is_readable = look()
    assert (earlier.state, is_readable, "earlier version" in earlier.found.en) == (
        State.OK, False, True,
    )  # fmt: skip
    database = Database(f"sqlite:///{file}")
    assert (look()[0].state, look()[1]) == (State.OK, True)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    database.close()
    later, _ = look()
    assert (later.state, "later version" in later.found.en) == (State.BROKEN, True)
    file.write_bytes(b"cut " * 4096)
    assert look()[0].state is State.BROKEN


def test_a_disk_with_less_than_uploads_leave_free_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert doctor.check_room(tmp_path, 0).state is State.OK
    full = doctor.check_room(tmp_path, 10**18)
    assert (full.state, full.optional) == (State.MISSING, True)
    assert full.remedy is not None
    assert "disk_reserve_bytes" in full.remedy.en
    monkeypatch.setattr(doctor, "LEAST_BYTES", 10**18)
    none = doctor.check_room(tmp_path, 10**18)
    assert (none.state, none.optional) == (State.BROKEN, False)


def test_a_backend_is_there_away_or_without_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        backend = BackendConfig("up", url, key_env="A_KEY")
        monkeypatch.delenv("A_KEY", raising=False)
        lacking = doctor.check_backend(backend, tmp_path, runs=False)
        assert (lacking.state, "A_KEY" in lacking.found.zh) == (State.MISSING, True)
        assert doctor.check_backend(backend, tmp_path, runs=True).state is State.OK
        monkeypatch.setenv("A_KEY", "secret")
        assert doctor.check_backend(backend, tmp_path, runs=False).state is State.OK
    away = doctor.check_backend(backend, tmp_path, runs=False)
    assert (away.state, away.optional) == (State.MISSING, True)


def test_a_platform_is_seen_to_run(folder: Path):
    assert not doctor.is_running(folder)
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert doctor.is_running(folder)
        assert "runs" in found(folder)["platform"].found.en
    assert not doctor.is_running(folder)
