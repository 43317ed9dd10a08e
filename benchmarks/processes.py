"""Processes under measurement: started on a core of their own, their processor time and memory
read from /proc, ended by their id.

Processor time is the growth of user and system ticks (10 ms each) of the process and all below it;
memory is their resident set, in which shared pages count in each.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cores:
    """Where servers run, and where the generator and the upstream run; one core if there is one."""

    servers: frozenset[int]
    load: frozenset[int]


def share_cores() -> Cores:
    """The last core for servers, the first for the load, of all that this process may have."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))  # `benchmarks.run` pins to one
    cores = sorted(os.sched_getaffinity(0))
    return Cores(frozenset({cores[-1]}), frozenset({cores[0]}))


@contextmanager
def on_cores(cores: frozenset[int]) -> Iterator[None]:
    """What this process does and starts within runs on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(
    command: Sequence[str],
    *,
    cores: frozenset[int],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    log: Path | None = None,
    output: Path | None = None,
) -> subprocess.Popen[str]:
    """Start a process on `cores`. Its errors go to `log`; what it prints goes to `output`, or is to
    be read from the process, which is for those that print a line and no more."""
    with contextlib.ExitStack() as files:
        errors = files.enter_context(log.open("a")) if log else subprocess.DEVNULL
        prints = files.enter_context(output.open("a")) if output else subprocess.PIPE
        files.enter_context(on_cores(cores))
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=prints,
            stderr=errors,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            text=True,
        )


def end(process: subprocess.Popen[str], limit_s: float = 15.0) -> None:
    """Ask the process to end, then make it, and what it left behind."""
    below = tree(process.pid)[1:]
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(limit_s)
    for left in below:
        with contextlib.suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()


def tree(process: int) -> list[int]:
    """The process and all below it; those that have ended are left out."""
    found = [process]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    return found


def cpu_s(process: int) -> float:
    """Processor seconds of the tree so far, user and system; those of ended children too."""
    ticks = 0
    for one in tree(process):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_A_SECOND


def memory_bytes(process: int) -> int:
    """The resident set of the tree."""
    pages = 0
    for one in tree(process):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * PAGE_BYTES


def first_line(process: subprocess.Popen[str], limit_s: float) -> str:
    """The first line that the process prints. Raises RuntimeError when none comes in time."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        began = time.monotonic()
        if ready.select(limit_s):
            line = process.stdout.readline()
            if line:
                return line
    waited_s = time.monotonic() - began
    raise RuntimeError(f"it printed no line in {waited_s:.1f} s (status {process.poll()})")
