"""A worker's process answers while it works, says why it gives up, and ends with its front."""

import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.step3.afd_message import (
    Failed,
    Order,
    Plan,
    Report,
    Setup,
    Spent,
    Stop,
    Tell,
    encode,
    reports,
)

pytestmark = pytest.mark.slow
LIMIT_S = 30.0
Started = tuple[Connection, subprocess.Popen[bytes]]


@pytest.fixture
def worker() -> Iterator[Started]:
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "edgewise.step3.afd_worker", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
        )
    with ours, process:
        yield ours, process
        process.kill()


def say(pipe: Connection, order: Order) -> None:
    pipe.send_bytes(encode(order))


def hear(pipe: Connection) -> Report:
    assert pipe.poll(LIMIT_S)
    return reports.decode(pipe.recv_bytes())


def test_it_answers_and_ends_when_told(worker: Started):
    pipe, process = worker
    say(pipe, Tell())
    assert hear(pipe) == Spent(0.0, 0.0)
    say(pipe, Stop())
    assert process.wait(LIMIT_S) == 0


def test_it_ends_when_the_front_is_gone(worker: Started):
    pipe, process = worker
    say(pipe, Tell())
    hear(pipe)
    pipe.close()
    assert process.wait(LIMIT_S) == 0


def test_it_says_why_it_gives_up(worker: Started, tmp_path: Path):
    pipe, process = worker
    say(pipe, Setup(0, Plan(), str(tmp_path), str(tmp_path / "store"), 1, 8, 1.0))
    told = hear(pipe)
    assert isinstance(told, Failed)
    assert "Timed out" in told.reason or "timeout" in told.reason.lower()
    assert process.wait(LIMIT_S) == 1
