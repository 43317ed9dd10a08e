"""The inside of a model's process: load, then answer orders until the input ends, one at a time, or
several at once where the model can.

A process's module calls `serve` with how to load its model. The model's library may print, crash or
hang: what it prints goes to standard error, a crash costs one answer, a hang is ended from outside.
"""

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO, Protocol, runtime_checkable

from edgewise.engine.frame import HEAD, Failure, Frame, Kind, Ready, encode, read_head, to_bytes
from edgewise.errors import EdgewiseError

KILLED_FIRST = 500  # of 1000, proc(5) oom_score_adj
MESSAGE_CHARACTERS = 500
NO_MEMORY = "this needs more memory than is allowed"


class Handler(Protocol):
    """A loaded model. `answer` gives the bodies of an order's reports as they come; it looks at
    `is_cancelled` between pieces of work. An EdgewiseError that it raises is told to who asked;
    anything else ends the process."""

    def answer(self, order: bytes, is_cancelled: Callable[[], bool]) -> Iterable[bytes]: ...


@runtime_checkable
class SharedHandler(Protocol):
    """A loaded model that answers several orders at once. `add` takes one, and what it raises of
    EdgewiseError is told to who asked; `cancel` forgets one, which may have ended; `step` does a
    little work and gives reports with the number of their order, None behind the last. All are
    called by one thread, `step` only while it is `busy`."""

    @property
    def busy(self) -> bool: ...
    def add(self, number: int, order: bytes) -> None: ...
    def cancel(self, number: int) -> None: ...
    def step(self) -> Iterable[tuple[int, bytes | None]]: ...


def serve(
    load: Callable[[], Handler | SharedHandler],
    *,
    extra: str,
    parent: int = 0,
    memory_limit_bytes: int = 0,
    niceness: int = 0,
) -> int:
    """Serve orders from standard input until it ends; the exit status of the process. `extra` is
    the one of Edgewise's that brings the model's library."""
    with private_output() as output:
        writer = _Writer(output)
        try:
            die_with_parent(parent)
            os.nice(niceness)
            limit_memory(memory_limit_bytes)
            began = time.perf_counter()
            handler = load()
            load_ms = (time.perf_counter() - began) * 1000
            writer.write(Kind.READY, 0, encode(Ready(round(load_ms, 1), memory_bytes())))
            if isinstance(handler, SharedHandler):
                _answer_together(handler, writer)
            else:
                _answer_all(handler, writer)
        except ImportError as error:
            writer.fail(0, "ModelError", "model_missing", f"{error}; install edgewise[{extra}]")
            return 3
        except EdgewiseError as error:
            writer.fail(0, type(error).__name__, error.code, str(error))
            return 4
        except (RuntimeError, OSError, MemoryError) as error:
            writer.fail(0, "ModelError", "model_missing", str(error))
            return 4
        except Exception:  # noqa: BLE001 - the outermost loop of this process
            traceback.print_exc()
            return 1
    return 0


def _answer_all(handler: Handler, writer: "_Writer") -> None:
    waiting: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
    cancelled: set[int] = set()

    def work() -> None:
        while True:
            order, body = waiting.get()
            _answer(handler, order, body, partial(_is_in, order, cancelled), writer)
            cancelled.discard(order)

    def take(kind: Kind, order: int, body: bytes) -> None:
        if kind is Kind.CANCEL:
            cancelled.add(order)
        elif kind is Kind.ORDER:
            waiting.put((order, body))

    _read_beside(work, take)


def _answer_together(handler: SharedHandler, writer: "_Writer") -> None:
    inbox: queue.SimpleQueue[tuple[Kind, int, bytes]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            while not handler.busy or not inbox.empty():
                _take(handler, *inbox.get(), writer)
            for order, report in handler.step():
                writer.write(Kind.DONE if report is None else Kind.REPORT, order, report or b"")

    def take(kind: Kind, order: int, body: bytes) -> None:
        inbox.put((kind, order, body))

    _read_beside(work, take)


def _take(handler: SharedHandler, kind: Kind, order: int, body: bytes, writer: "_Writer") -> None:
    if kind is Kind.CANCEL:
        handler.cancel(order)
        writer.write(Kind.DONE, order, b"")
    elif kind is Kind.ORDER:
        try:
            handler.add(order, body)
        except EdgewiseError as error:
            writer.fail(order, type(error).__name__, error.code, str(error))
        except MemoryError:
            writer.fail(order, "ModelError", "model_failed", NO_MEMORY)


def _read_beside(work: Callable[[], None], take: Callable[[Kind, int, bytes], None]) -> None:
    """Give `take` what comes from the input, until it ends, while a thread does the `work`; then
    end the process."""

    def guarded() -> None:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a thread's outermost loop: it may not die alone
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    threading.Thread(target=guarded, name="answers", daemon=True).start()
    source = sys.stdin.buffer
    while len(head := source.read(HEAD.size)) == HEAD.size:
        kind, order, length = read_head(head)
        take(kind, order, source.read(length))
    sys.stderr.flush()
    os._exit(0)  # a library's own end could wait for an answer that nobody reads any more


def _answer(
    handler: Handler, order: int, body: bytes, is_cancelled: Callable[[], bool], writer: "_Writer"
) -> None:
    try:
        if not is_cancelled():
            for report in handler.answer(body, is_cancelled):
                writer.write(Kind.REPORT, order, report)
                if is_cancelled():
                    break
    except EdgewiseError as error:
        writer.fail(order, type(error).__name__, error.code, str(error))
    except MemoryError:
        writer.fail(order, "ModelError", "model_failed", NO_MEMORY)
    else:
        writer.write(Kind.DONE, order, b"")


def _is_in(order: int, cancelled: set[int]) -> bool:
    return order in cancelled


class _Writer:
    """Writes frames, whole ones, from any thread."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._lock = threading.Lock()

    def write(self, kind: Kind, order: int, body: bytes) -> None:
        with self._lock:
            self._output.write(to_bytes(Frame(kind, order, body)))
            self._output.flush()

    def fail(self, order: int, error: str, code: str, message: str) -> None:
        told = Failure(error, code, message[:MESSAGE_CHARACTERS])
        self.write(Kind.FAILED, order, encode(told))


def memory_bytes() -> int:
    """This process's resident memory; 0 where the system does not tell."""
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def limit_memory(limit_bytes: int) -> None:
    """Bound this process's own data (0: not), and have the system end it before the device's own
    process when memory runs out. A file that is mapped does not count."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write(str(KILLED_FIRST))
    if limit_bytes:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))


def die_with_parent(parent: int) -> None:
    """Have the system end this process when its parent ends; on Linux, elsewhere input ends it."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes
    import signal

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:  # it ended before the line above
        os._exit(0)


@contextmanager
def private_output() -> Generator[BinaryIO]:
    """Standard output for reports alone: what libraries print goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(own, "wb") as output:
        yield output
