"""The language model's own process: `python -m edgewise.think.llama_process --model FILE ...`.

Loads one GGUF file with llama.cpp (package `xllamacpp`), then answers orders from standard input
with reports on standard output (`llama_wire`). It ends when its input ends or its parent dies. A
crash in here costs one answer; the device starts another process.

The runtime always opens an HTTP server. Here it listens on a Unix socket in a folder that only
this user can enter, and the socket is removed before the first order, so nothing can connect; a
random key and switched-off pages stand behind that. See docs/decisions/0005-model-runtime.md.
"""

import argparse
import importlib
import os
import queue
import secrets
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol, cast

import msgspec

from edgewise.think.llama_wire import (
    Cancel,
    Ending,
    Failed,
    Failure,
    Finished,
    Generate,
    Piece,
    Ready,
    Report,
    read_order,
    to_line,
)

NICENESS = 5  # commands and their read-back go before free text on a device with one core
MESSAGE_CHARACTERS = 500


class Runtime(Protocol):
    """The part of `xllamacpp.Server` that is used."""

    def handle_chat_completions(self, request: dict[str, Any], callback: Any) -> Any: ...


def main(arguments: list[str] | None = None) -> int:
    """Serve orders until the input ends; the exit status tells how it went."""
    asked = _parse(arguments)
    with _private_output() as output:
        writer = Writer(output)
        try:
            die_with_parent(asked.parent)
            os.nice(NICENESS)
            started = time.perf_counter()
            runtime = load(
                asked.model,
                context_tokens=asked.context_tokens,
                threads=asked.threads,
                prompt_threads=asked.prompt_threads,
            )
            load_ms = (time.perf_counter() - started) * 1000
            writer.report(Ready(asked.context_tokens, round(load_ms, 1), memory_bytes()))
            serve(runtime, sys.stdin.buffer, writer)
        except ImportError as error:
            writer.report(Failed(0, Failure.NO_RUNTIME, _shorten(str(error))))
            return 3
        except (RuntimeError, OSError) as error:
            writer.report(Failed(0, Failure.NO_MODEL, _shorten(str(error))))
            return 4
        except Exception:  # noqa: BLE001 - the outermost loop of this process
            traceback.print_exc()
            return 1
    return 0


def load(path: str, *, context_tokens: int, threads: int, prompt_threads: int) -> Runtime:
    """The runtime with a model loaded and no way in but this process's own calls.

    Raises ImportError without the package, RuntimeError for a file that is no model.
    """
    xllamacpp: Any = importlib.import_module("xllamacpp")
    folder = tempfile.mkdtemp(prefix="edgewise-llama-")  # mode 0700
    try:
        parameters = settings(
            xllamacpp.CommonParams(),
            path=path,
            socket=os.path.join(folder, "s.sock"),
            context_tokens=context_tokens,
            threads=threads,
            prompt_threads=prompt_threads,
        )
        server = xllamacpp.Server(parameters)
        if not str(server.listening_address).startswith("unix:"):
            raise RuntimeError(
                f"the runtime listens on {server.listening_address}, not on its private socket; "
                "install the pinned version of xllamacpp (constraints.txt)"
            )
        return cast(Runtime, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settings(
    parameters: Any, *, path: str, socket: str, context_tokens: int, threads: int,
    prompt_threads: int,
) -> Any:  # fmt: skip
    """Fill the runtime's parameters: small, quiet, closed. The defaults are none of these."""
    parameters.model.path = path
    parameters.hostnames = [socket]
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.endpoint_props = False
    parameters.endpoint_metrics = False
    parameters.n_threads_http = 1
    parameters.n_ctx = context_tokens
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.fit_params = False
    parameters.verbosity = -1
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = prompt_threads
    return parameters


def request(order: Generate) -> dict[str, Any]:
    """The runtime's form of an order. Nothing in it constrains the output: see `Generate`."""
    messages = [{"role": "system", "content": order.system}] if order.system else []
    messages += [{"role": turn.role.value, "content": turn.text} for turn in order.turns]
    return {
        "messages": messages,
        "max_tokens": order.max_tokens,
        "temperature": order.temperature,
        "top_p": 0.9,
        "repeat_penalty": 1.1,
        "cache_prompt": True,
        "stream": True,
        "chat_template_kwargs": {"enable_thinking": False},
    }


class Writer:
    """Writes reports, whole lines, from any thread."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._lock = threading.Lock()

    def report(self, report: Report) -> None:
        line = to_line(report)
        with self._lock:
            self._output.write(line)
            self._output.flush()


def serve(runtime: Runtime, orders: BinaryIO, writer: Writer) -> None:
    """Answer orders until they end; an answer in progress then is dropped with the process."""
    waiting: queue.SimpleQueue[Generate] = queue.SimpleQueue()
    current = _Current()

    def work() -> None:
        try:
            while True:
                answer(runtime, waiting.get(), current, writer)
        except BaseException:  # noqa: BLE001 - a thread's outermost loop: it may not die alone
            traceback.print_exc()
            os._exit(1)

    threading.Thread(target=work, name="answers", daemon=True).start()
    for line in orders:
        try:
            order = read_order(line)
        except msgspec.DecodeError as error:
            writer.report(Failed(0, Failure.BAD_ORDER, _shorten(str(error))))
            continue
        if isinstance(order, Cancel):
            current.cancel(order.id)
        elif current.start(order.id):
            waiting.put(order)
        else:
            writer.report(Failed(order.id, Failure.BUSY, "another answer is being written"))
    sys.stderr.flush()
    os._exit(0)  # the runtime's own end would wait for the answer nobody reads any more


class _Current:
    """Which answer is being written, and whether it is still wanted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._id = 0
        self.cancelled = threading.Event()

    def start(self, id: int) -> bool:
        with self._lock:
            if self._id:
                return False
            self._id = id
            self.cancelled.clear()
            return True

    def cancel(self, id: int) -> None:
        with self._lock:
            if self._id == id:
                self.cancelled.set()

    def finish(self) -> None:
        with self._lock:
            self._id = 0


def answer(runtime: Runtime, order: Generate, current: _Current, writer: Writer) -> None:
    """Write one answer: its pieces, then how it ended."""
    stream = _Stream(order.id, current.cancelled, writer)
    try:
        runtime.handle_chat_completions(request(order), stream.take)
    except (ValueError, RuntimeError) as error:
        stream.failed = Failed(order.id, Failure.REFUSED, _shorten(str(error)))
    end = stream.end()
    current.finish()
    writer.report(end)


class _Stream:
    """Turns the runtime's chunks into reports. The runtime swallows what a callback raises."""

    def __init__(self, id: int, cancelled: threading.Event, writer: Writer) -> None:
        self.failed: Failed | None = None
        self._id = id
        self._cancelled = cancelled
        self._writer = writer
        self._began = time.perf_counter()
        self._first_ms = 0.0
        self._pieces = 0
        self._reason = ""
        self._timings: dict[str, Any] = {}

    def take(self, chunks: Any) -> bool:
        """Take what the runtime hands over; True stops it."""
        for chunk in cast(list[Any], chunks) if isinstance(chunks, list) else [chunks]:
            if "error" in chunk:
                self.failed = _failure(self._id, chunk["error"])
                return True
            self._timings = chunk.get("timings") or self._timings
            for choice in chunk.get("choices", ()):
                self._reason = choice.get("finish_reason") or self._reason
                self._pass_on(choice.get("delta", {}).get("content") or "")
        return self._cancelled.is_set()

    def _pass_on(self, text: str) -> None:
        if not text or self._cancelled.is_set():
            return
        if not self._pieces:
            self._first_ms = (time.perf_counter() - self._began) * 1000
        self._pieces += 1
        sound = text.encode("utf-8", "replace").decode("utf-8")
        self._writer.report(Piece(self._id, sound))

    def end(self) -> Report:
        if self.failed is not None:
            return self.failed
        if self._cancelled.is_set():
            ending = Ending.CANCELLED
        else:
            ending = Ending.LENGTH if self._reason == "length" else Ending.STOP
        return Finished(
            self._id,
            ending,
            prompt_tokens=int(self._timings.get("prompt_n", 0) + self._timings.get("cache_n", 0)),
            cached_tokens=int(self._timings.get("cache_n", 0)),
            tokens=int(self._timings.get("predicted_n", self._pieces)),
            first_ms=round(self._first_ms, 1),
            tokens_per_s=round(float(self._timings.get("predicted_per_second", 0.0)), 1),
            memory_bytes=memory_bytes(),
        )


def _failure(id: int, error: dict[str, Any]) -> Failed:
    message = _shorten(str(error.get("message", "no reason given")))
    if error.get("type") != "exceed_context_size_error":
        return Failed(id, Failure.REFUSED, message)
    return Failed(
        id,
        Failure.TOO_LONG,
        message,
        prompt_tokens=int(error.get("n_prompt_tokens", 0)),
        limit_tokens=int(error.get("n_ctx", 0)),
    )


def memory_bytes() -> int:
    """Memory this process holds in RAM; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


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
def _private_output() -> Generator[BinaryIO]:
    """Standard output for reports alone: what libraries print goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(own, "wb") as output:
        yield output


def _shorten(text: str) -> str:
    return text[:MESSAGE_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="edgewise.think.llama_process", description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--context-tokens", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--prompt-threads", type=int, default=1)
    parser.add_argument("--parent", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
