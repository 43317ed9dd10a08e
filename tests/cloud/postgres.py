"""A PostgreSQL server for the tests: Debian's, in a folder of its own, ended with the test run.

It runs as an unprivileged user when the tests run as root, since it refuses root; it listens on a
Unix socket and a free port of loopback, asks for a random password and never syncs the disk. Where
Linux can, it ends by itself when the process that started it dies.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from edgewise.cloud.migrations import newest
from edgewise.cloud.tables import metadata, revision

START_S = 60
STOP_S = 20
USER = "edgewise"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
_SMALL = ("shared_buffers=32MB", "max_connections=60", "lc_messages=C")


class Cluster:
    """A running server. `url(name)` is the address of one of its databases."""

    def __init__(self, folder: Path, port: int, password: str) -> None:
        self._folder = folder
        self._port = port
        self._password = password

    def url(self, name: str, *, over_tcp: bool = False) -> str:
        """The URL of a database, over the Unix socket unless asked otherwise."""
        who = f"{USER}:{self._password}"
        if over_tcp:
            return f"postgresql://{who}@127.0.0.1:{self._port}/{name}"
        return f"postgresql://{who}@/{name}?host={self._folder}&port={self._port}"

    def create(self, name: str, *, template: str = "template0") -> str:
        """Makes a database and returns its URL."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Removes a database, whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def empty(self, name: str) -> None:
        """Takes every row out of a migrated database and sets its revision to the first."""
        tables = [table.name for table in metadata.sorted_tables if table is not revision]
        statements = [
            "SET session_replication_role = replica",  # no triggers, no foreign keys
            *(f'DELETE FROM "{table}"' for table in tables),
            "UPDATE revision SET number = 1",
            f"UPDATE alembic_version SET version_num = '{newest()}'",
        ]
        with psycopg.connect(self.url(name)) as connection:
            connection.execute("; ".join(statements).encode())

    def disconnect(self, name: str) -> None:
        """Ends every connection to a database and lets nobody in again."""
        self._run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        self._run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )

    def admit(self, name: str) -> None:
        """Undoes `disconnect`."""
        self._run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def require_server() -> Path:
    """Where the server's programs are; without any the test fails in CI, else it is skipped."""
    found = find_programs()
    if found is not None:
        return found
    reason = "no PostgreSQL server found; Debian: apt-get install postgresql"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@cache
def find_programs() -> Path | None:
    """Where `initdb` and `postgres` are: as pg_config says, Debian's newest, or on PATH."""
    places: list[Path] = []
    if shutil.which("pg_config"):
        told = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=False
        )
        places.append(Path(told.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(versions, key=lambda place: float(place.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    names = ("initdb", "postgres")
    return next(
        (place for place in places if all((place / name).is_file() for name in names)), None
    )


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """Starts a server and ends it by its process id."""
    folder = Path(tempfile.mkdtemp(prefix="edgewise-postgres-"))
    server = None
    try:
        who = _make_owner(folder)
        password = secrets.token_hex(16)
        _initialise(programs, folder, password, who)
        port = _free_port()
        server = _start(programs, folder, port, who)
        yield Cluster(folder, port, password)
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _make_owner(folder: Path) -> dict[str, object]:
    """Arguments for subprocess that run as who owns the folder; root hands it to another."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    owner = known.get("postgres") or known["nobody"]
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _initialise(programs: Path, folder: Path, password: str, who: dict[str, object]) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    command = [
        *(str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", USER),
        *("--auth", "scram-sha-256", "--pwfile", str(secret), "--no-sync", "--no-instructions"),
        *("--encoding", "UTF8", "--locale", "C"),
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
        **who,  # pyright: ignore[reportArgumentType, reportCallIssue]
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stdout}{done.stderr}")


def _start(
    programs: Path, folder: Path, port: int, who: dict[str, object]
) -> "subprocess.Popen[str]":
    places = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", f"port={port}")
    options = [part for setting in (*_FAST, *_SMALL, *places) for part in ("-c", setting)]
    ends_with_us = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    server = subprocess.Popen(
        [*ends_with_us, str(programs / "postgres"), "-D", str(folder / "data"), *options],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **who,  # pyright: ignore[reportArgumentType, reportCallIssue]
    )
    limit = threading.Timer(START_S, server.kill)
    limit.start()
    said: deque[str] = deque(maxlen=50)
    assert server.stdout is not None
    for line in server.stdout:
        said.append(line)
        if "ready to accept connections" in line:
            break
    else:
        limit.cancel()
        raise RuntimeError("PostgreSQL did not start: " + "".join(said))
    limit.cancel()
    # Read on, or the server stops when the pipe is full.
    threading.Thread(target=deque, args=(server.stdout, 50), daemon=True).start()
    return server


def _stop(server: "subprocess.Popen[str]") -> None:
    server.send_signal(2)  # SIGINT: a fast shutdown, which disconnects everybody
    try:
        server.wait(STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(STOP_S)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
