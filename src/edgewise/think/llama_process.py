"""The language model's own process: `python -m edgewise.think.llama_process --model FILE ...`.

Loads one GGUF file with llama.cpp (package `xllamacpp`), then answers orders from standard input
with reports on standard output (`llama_wire`). It ends when its input ends or its parent dies. A
crash in here costs one answer; the device starts another process.

The runtime always opens an HTTP server. Here it listens on a Unix socket in a folder that only
this user can enter (the device makes it), and the socket is removed before the first order, so
nothing can connect; a random key and switched-off pages stand behind that. See
docs/decisions/0005-model-runtime.md.
"""

import argparse
import importlib
import os
import queue
import secrets
import shutil
import sys
import threading
import time
import traceback
from typing import Any, BinaryIO, Protocol, cast

import msgspec

from edgewise.engine.serving import (
    die_with_parent,
    limit_memory,
    memory_bytes,
    private_output,
)
from edgewise.think.llama_reports import Stream, Writer, shorten
from edgewise.think.llama_wire import (
    Cancel,
    Failed,
    Failure,
    Generate,
    Ready,
    read_order,
)

NICENESS = 5  # commands and their read-back go before free text on a device with one core


class Runtime(Protocol):
    """The part of `xllamacpp.Server` that is used."""

    def handle_chat_completions(self, request: dict[str, Any], callback: Any) -> Any: ...


def main(arguments: list[str] | None = None) -> int:
    """Serve orders until the input ends; the exit status tells how it went."""
    asked = _parse(arguments)
    with private_output() as output:
        writer = Writer(output)
        try:
            die_with_parent(asked.parent)
            os.nice(NICENESS)
            limit_memory(asked.memory_limit_bytes)
            started = time.perf_counter()
            runtime = load(
                asked.model,
                folder=asked.folder,
                context_tokens=asked.context_tokens,
                threads=asked.threads,
                prompt_threads=asked.prompt_threads,
            )
            load_ms = (time.perf_counter() - started) * 1000
            writer.report(Ready(asked.context_tokens, round(load_ms, 1), memory_bytes()))
            serve(runtime, sys.stdin.buffer, writer)
        except ImportError as error:
            writer.report(Failed(0, Failure.NO_RUNTIME, shorten(str(error))))
            return 3
        except (RuntimeError, OSError, MemoryError) as error:
            writer.report(Failed(0, Failure.NO_MODEL, shorten(str(error))))
            return 4
        except Exception:  # noqa: BLE001 - the outermost loop of this process
            traceback.print_exc()
            return 1
    return 0


def load(
    path: str, *, folder: str, context_tokens: int, threads: int, prompt_threads: int
) -> Runtime:
    """The runtime with a model loaded and no way in but this process's own calls.

    Raises ImportError without the package, RuntimeError for a file that is no model.
    """
    xllamacpp: Any = importlib.import_module("xllamacpp")
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
    # The runtime gives no probability of the chosen token unless it is to give the likeliest too.
    wanted = {"logprobs": True, "top_logprobs": 1} if order.log_probabilities else {}
    return wanted | {
        "messages": messages,
        "max_tokens": order.max_tokens,
        "temperature": order.temperature,
        "top_p": 0.9,
        "repeat_penalty": 1.1,
        "cache_prompt": True,
        "stream": True,
        "chat_template_kwargs": {"enable_thinking": False},
    }


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
            writer.report(Failed(0, Failure.BAD_ORDER, shorten(str(error))))
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
    stream = Stream(order.id, current.cancelled, writer)
    try:
        runtime.handle_chat_completions(request(order), stream.take)
    except (ValueError, RuntimeError) as error:
        stream.failed = Failed(order.id, Failure.REFUSED, shorten(str(error)))
    end = stream.end()
    current.finish()
    writer.report(end)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="edgewise.think.llama_process", description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    parser.add_argument("--context-tokens", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--prompt-threads", type=int, default=1)
    parser.add_argument("--parent", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
