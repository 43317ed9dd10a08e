"""The workers of one plan as processes: started together, heard, and ended together.

When one is killed, fails or falls silent, all are of no use, for each holds a part of the model:
they are ended, and the error names who was at fault. Silence is no sign by itself, since a long
prompt takes its time; so who has been silent is asked, and only a worker that does not answer is at
fault. Workers end by themselves when this process does. All are on this machine, and listen on
loopback, at ports that the system picks.
"""

import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from tempfile import TemporaryDirectory
from time import monotonic

from edgewise.errors import ModelError
from edgewise.step3.afd_message import (
    Failed,
    Lost,
    Order,
    Plan,
    Ready,
    Report,
    Setup,
    Spent,
    Stop,
    Tell,
    encode,
    reports,
)

START_PULSE_S = 60.0
"""The pulse while workers start: a process that imports torch hears nothing for seconds."""
GRACE_S = 2.0
"""How long more is heard after a first complaint: who complains is seldom who is at fault."""
END_S = 2.0
SEND_S = 5
LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"
LOG_LINES = 15
PASSED_ON = (
    *("CUDA_VISIBLE_DEVICES", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME"),
    *("PYTHONPATH", "TMPDIR", "VIRTUAL_ENV"),
)
"""What workers see of the environment."""


class Worker:
    """One process, and this side's end of its pair of sockets."""

    def __init__(self, rank: int, name: str, folder: Path, threads: int) -> None:
        self.rank, self.name = rank, name
        self.log = folder / f"worker-{rank}.log"
        self.pipe, theirs = Pipe()
        with socket.socket(fileno=os.dup(self.pipe.fileno())) as ours:  # else a write may hang
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_S, 0))
        environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        with theirs, self.log.open("wb") as log:
            self.process = Popen(
                [sys.executable, "-P", "-m", "edgewise.step3.afd_worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                env=environment
                | {
                    "GLOO_SOCKET_IFNAME": LOOPBACK,
                    "NCCL_SOCKET_IFNAME": LOOPBACK,
                    "OMP_NUM_THREADS": str(threads),
                },
                start_new_session=True,  # a Ctrl-C in the terminal is for the front to handle
            )

    def __str__(self) -> str:
        return f"{self.name} (process {self.process.pid})"

    def died(self) -> str:
        """How a process ended that closed its sockets without a word."""
        try:
            status = self.process.wait(END_S)
        except TimeoutExpired:
            return "closed its connection"
        if status < 0:
            return f"was killed by signal {-status} ({signal.strsignal(-status)})"
        said = self.log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:]
        return "\n  ".join([f"ended with status {status}", *said])


class Workers:
    """Starts them; they are to be `started` before anything else. Raises ModelError
    (`worker_lost`), from here on after each one was ended."""

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        *,
        threads: int,
        pages: int,
        pulse_s: float,
        wait_limit_s: float,
    ) -> None:
        self.plan, self.pulse_s = plan, pulse_s
        self.all: list[Worker] = []
        self.ready: dict[int, Ready] = {}
        self.spent = {rank: Spent(0.0, 0.0) for rank in range(plan.workers)}
        self._faults: dict[int, str] = {}
        self._complaints: dict[int, Lost] = {}
        self._ended: set[int] = set()  # whose pipe has no more to read
        self._temporary = TemporaryDirectory(prefix="edgewise-afd-")  # for nobody else's eyes
        own = Path(self._temporary.name)
        try:
            for rank in range(plan.workers):
                self.all.append(Worker(rank, plan.name(rank), own, threads))
            store = str(own / "store")
            where = str(folder.absolute())
            for rank in range(plan.workers):
                self.send(rank, Setup(rank, plan, where, store, threads, pages, wait_limit_s))
            while len(self.ready) < plan.workers:
                for rank, report in self.receive(START_PULSE_S):
                    if isinstance(report, Ready):
                        self.ready[rank] = report
        except BaseException:
            self.end()
            raise

    def send(self, rank: int, order: Order) -> None:
        try:
            self.all[rank].pipe.send_bytes(encode(order))
        except BlockingIOError:
            self._faults[rank] = f"has not read for {SEND_S} s"
            raise self._failure() from None
        except OSError:
            raise self._failure() from None

    def receive(self, pulse_s: float = 0.0) -> list[tuple[int, Report]]:
        """What workers say next, by rank; waits for it. Raises ModelError.

        After `pulse_s` (0: the usual one) without a word all are asked, and have as long to
        answer."""
        pulse_s = pulse_s or self.pulse_s
        asked: set[int] = set()
        while True:
            heard = self._hear(pulse_s)
            if self._faults or self._complaints:
                raise self._failure()
            asked -= {rank for rank, _ in heard}
            told = [one for one in heard if not isinstance(one[1], Spent)]
            if told:
                return told
            if heard:
                continue
            if asked:
                self._faults |= {rank: f"has not answered for {pulse_s:g} s" for rank in asked}
                raise self._failure()
            asked = set(range(self.plan.workers))
            for rank in asked:
                self.send(rank, Tell())

    def measure(self) -> dict[str, Spent]:
        """What each worker spent since it was asked the last time, by name; only between passes."""
        missing = set(range(self.plan.workers))
        for rank in missing:
            self.send(rank, Tell())
        while missing:
            heard = self._hear(self.pulse_s)
            if self._faults or self._complaints or not heard:
                raise self._failure()
            missing -= {rank for rank, report in heard if isinstance(report, Spent)}
        found = {self.plan.name(rank): spent for rank, spent in self.spent.items()}
        self.spent = {rank: Spent(0.0, 0.0) for rank in range(self.plan.workers)}
        return found

    def end(self) -> None:
        """Ends every process, by force after a moment; twice does no harm."""
        for worker in self.all:
            with suppress(OSError):
                worker.pipe.send_bytes(encode(Stop()))
            worker.pipe.close()
        deadline = monotonic() + END_S
        for worker in self.all:
            try:
                worker.process.wait(max(0.0, deadline - monotonic()))
            except TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._temporary.cleanup()

    def _hear(self, limit_s: float) -> list[tuple[int, Report]]:
        """What is said within the limit, at once if there is something; notes complaints, faults
        and time spent."""
        open_: dict[object, Worker] = {
            worker.pipe: worker for worker in self.all if worker.rank not in self._ended
        }
        heard: list[tuple[int, Report]] = []
        for pipe in wait([worker.pipe for worker in open_.values()], limit_s):
            worker = open_[pipe]
            try:
                report = reports.decode(worker.pipe.recv_bytes())
            except (EOFError, OSError):
                self._ended.add(worker.rank)
                if worker.rank not in self._complaints and worker.rank not in self._faults:
                    self._faults[worker.rank] = worker.died()
                continue
            match report:
                case Lost():
                    self._complaints[worker.rank] = report
                case Failed(reason):
                    self._faults[worker.rank] = f"failed: {reason}"
                case Spent():
                    so_far = self.spent[worker.rank]
                    self.spent[worker.rank] = Spent(
                        so_far.computing_s + report.computing_s,
                        so_far.waiting_s + report.waiting_s,
                    )
                case _:
                    pass
            heard.append((worker.rank, report))
        return heard

    def _failure(self) -> ModelError:
        """Ends all, and names who was at fault: a worker that died or failed; else one that others
        complain about and that does not complain itself."""
        deadline = monotonic() + GRACE_S
        while not self._faults and (left := deadline - monotonic()) > 0:
            self._hear(left)
        if self._faults:
            rank, reason = next(iter(self._faults.items()))
        else:
            about = [
                lost for lost in self._complaints.values() if lost.peer not in self._complaints
            ]
            lost = next(iter(about or self._complaints.values()), None)
            rank = 0 if lost is None else lost.peer
            reason = "does not answer" if lost is None else f"does not answer: {lost.reason}"
        worker = self.all[rank]
        self.end()
        return ModelError(f"{worker} {reason}", code="worker_lost")
