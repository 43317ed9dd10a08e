import os
import select
import sys
from pathlib import Path

import pytest

from benchmarks.processes import (
    Cores,
    cpu_s,
    end,
    first_line,
    memory_bytes,
    on_cores,
    start,
    tree,
)

BURN = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
until = time.process_time() + 0.3
while time.process_time() < until:
    pass
print("burnt", child.pid, flush=True)
time.sleep(60)
"""


def test_a_process_is_measured_with_what_is_below_it_and_ended_with_it(cores: Cores):
    process = start([sys.executable, "-c", BURN], cores=cores.servers)
    try:
        child = int(first_line(process, 20).split()[1])
        end_of_child = os.pidfd_open(child)
        assert tree(process.pid) == [process.pid, child]
        assert 0.2 <= cpu_s(process.pid) < 5
        assert memory_bytes(process.pid) > memory_bytes(child) > 1_000_000
    finally:
        end(process)
    assert process.returncode is not None
    assert select.select([end_of_child], [], [], 5)[0]
    os.close(end_of_child)


def test_a_process_that_ends_without_a_line_is_told(cores: Cores, tmp_path: Path):
    command = [sys.executable, "-c", "raise SystemExit('no settings')"]
    process = start(command, cores=cores.servers, log=tmp_path / "errors.txt")
    try:
        with pytest.raises(RuntimeError, match="printed no line"):
            first_line(process, 20)
    finally:
        end(process)
    assert "no settings" in (tmp_path / "errors.txt").read_text()


def test_a_process_runs_on_the_cores_it_is_given(cores: Cores):
    before = os.sched_getaffinity(0)
    process = start([sys.executable, "-c", "import time; time.sleep(60)"], cores=cores.servers)
    try:
        assert os.sched_getaffinity(process.pid) == cores.servers
        assert os.sched_getaffinity(0) == before
    finally:
        end(process)
    with on_cores(cores.load):
        assert os.sched_getaffinity(0) == cores.load
    assert (cores.servers == cores.load) == (len(before) == 1)
