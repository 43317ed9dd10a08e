"""The inside of a model's process: bounded, and gone with its parent."""

import os
import subprocess
import sys
import time
from pathlib import Path

from edgewise.engine.serving import memory_bytes

HERE = Path(__file__).parent


def run(code: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(HERE), *sys.path])
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_memory_over_the_limit_is_refused():
    done = run(
        "from edgewise.engine.serving import limit_memory\n"
        "limit_memory(60_000_000)\n"
        "bytearray(100_000_000)"
    )
    assert done.returncode != 0
    assert "MemoryError" in done.stderr


def test_a_process_whose_parent_was_gone_before_it_could_look_ends_itself():
    done = run(
        "from edgewise.engine.serving import die_with_parent\n"
        "die_with_parent(1)\n"
        "print('still here')"
    )
    assert "still here" not in done.stdout or os.getppid() == 1


def test_a_process_ends_with_its_parent():
    code = (
        "import os, subprocess, sys\n"
        "command = [sys.executable, '-m', 'sample_process', f'--parent={os.getpid()}']\n"
        "pipe = subprocess.PIPE\n"
        "child = subprocess.Popen(command, stdin=pipe, stdout=pipe)\n"
        "child.stdout.read(9)\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)"
    )
    process_id = int(run(code).stdout)
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{process_id}") and not _is_dead(process_id):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _is_dead(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_memory_is_told():
    assert memory_bytes() > 1_000_000
