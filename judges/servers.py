"""What the judges speak to: an upstream, the platform over it, and a device; each a process.

All listen on loopback at any free port, keep their data in a folder that is thrown away, and are
ended by their process ids.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

START_S = 60.0
END_S = 15.0
SETTINGS = """\
[[backend]]
name = "upstream"
url = "{url}/v1"
usage = "continuous"

[[model]]
name = "fake"
context_tokens = 131072
[[model.routes]]
backend = "upstream"

[[model]]
name = "fake-embedding"
kind = "embedding"
[[model.routes]]
backend = "upstream"

[[price]]
model = "fake"
since = 2026-01-01
input = "1.35"
output = "8.1"
"""


@dataclass(frozen=True)
class Platform:
    """A running platform: its address, a key without limits, and one that may ask once a
    minute."""

    address: str
    key: str
    narrow_key: str


@dataclass(frozen=True)
class Device:
    """A running device: its address and the token for programs."""

    address: str
    token: str


@contextmanager
def running_platform(folder: Path) -> Generator[Platform]:
    """`edgewise serve cloud` over an upstream, until the block ends."""
    names = ("--model", "fake", "--model", "fake-embedding")
    upstream = [sys.executable, "-m", "edgewise.testing.upstream", *names]
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        told = json.loads(stack.enter_context(_started(upstream, folder / "upstream.log")))
        settings = SETTINGS.format(url=told["address"])
        yield stack.enter_context(platform_over(folder, settings))


@contextmanager
def platform_over(folder: Path, settings: str) -> Generator[Platform]:
    """`edgewise serve cloud` with these settings, until the block ends."""
    home = folder / "cloud"
    home.mkdir(parents=True)
    (home / "cloud.toml").write_text(settings, "utf-8")
    serve = [sys.executable, "-m", "edgewise.cli", "serve", "cloud", "--port", "0", "--print-key"]
    with _started([*serve, "--folder", str(home)], folder / "cloud.log") as line:
        told = json.loads(line)
        yield Platform(told["address"], told["key"], _narrow_key(home))


@contextmanager
def running_device(folder: Path) -> Generator[Device]:
    """`edgewise serve device` with the simulated car, until the block ends."""
    home = folder / "device"
    home.mkdir(parents=True)
    serve = [sys.executable, "-m", "edgewise.cli", "serve", "device", "--port", "0"]
    with _started(serve, folder / "device.log", {"EDGEWISE_HOME": str(home)}):
        address = _when_there(home / "device.json")["address"]
        _wait_for(f"{address}/v1/health")
        yield Device(address, (home / "program-token").read_text("utf-8").strip())


@contextmanager
def _started(command: list[str], log: Path, more: dict[str, str] | None = None) -> Generator[str]:
    """A process with its first line of output; ended by its id."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(more or {})},
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{command[2]} did not start: {log.read_text('utf-8')[-2000:]}")
            yield line
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def _narrow_key(home: Path) -> str:
    """A key that may ask once a minute; the command line makes none with limits of its own."""
    from sqlalchemy import select

    from edgewise.cloud.caller import Limits
    from edgewise.cloud.database import Database
    from edgewise.cloud.keys import Scope, make_key
    from edgewise.cloud.projects import list_projects
    from edgewise.cloud.tables import organisations

    database = Database(f"sqlite:///{home / 'cloud.db'}")
    try:
        with database.begin() as connection:
            organisation = connection.execute(select(organisations.c.id)).scalars().one()
            project = list_projects(connection, organisation)[0].id
            scope = Scope(limits=Limits(requests_a_minute=1))
            made = make_key(
                connection, organisation, project, "narrow", now_s=time.time(), scope=scope
            )
    finally:
        database.close()
    return made.secret


def _when_there(file: Path) -> dict[str, Any]:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        try:
            return json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            time.sleep(0.1)
    raise RuntimeError(f"{file.name} did not appear within {START_S:g} s")


def _wait_for(url: str) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer within {START_S:g} s")
