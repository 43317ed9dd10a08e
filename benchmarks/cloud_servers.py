"""The servers of one measurement: the upstream, and before it nothing, the floor, LiteLLM, ours.

All are started before anything is measured and live to the end, so that each round measures them
one after the other under the same noise.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.edgewise_cloud import start_edgewise, write_settings
from benchmarks.load import Target
from benchmarks.peer_litellm import Missing, install, start_litellm
from benchmarks.processes import Cores, end, first_line, start
from edgewise.testing.upstream.fixed import INPUT_TOKENS, STREAM_TOKENS, WHOLE_TOKENS

MODELS = ["fake", "fake-apart", "fake-slow", "fake-held"]
NAMES = ("direct", "floor", "litellm", "edgewise")
Started = tuple[str, str, subprocess.Popen[str]]
"""Address, key and process of what was started."""
RIGHT_TOTALS = (INPUT_TOKENS + WHOLE_TOKENS, INPUT_TOKENS + STREAM_TOKENS)
"""The second is that of a gateway that reads a stream to answer as a whole, to count exactly."""
FLOOR_KEY = "sk-floor-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers; `cold_start_s` is from its launch to its first answered chat."""

    name: str
    address: str
    key: str
    pid: int
    cold_start_s: float

    def target(self, model: str = "fake", *, stream: bool = False) -> Target:
        """What to ask of it."""
        return Target(self.address, self.key, model, stream)


@contextmanager
def started(
    only: tuple[str, ...], folder: Path, cores: Cores, missing: dict[str, str]
) -> Iterator[list[Served]]:
    """The upstream itself and those of `only`, in the order of NAMES; why one is not there goes to
    `missing`."""
    with ExitStack() as running:

        def keep(name: str, began: float, found: Started) -> Served:
            address, key, process = found
            running.callback(end, process)
            served = Served(name, address, key, process.pid, 0.0)
            _ask_once(served)
            return replace(served, cold_start_s=time.monotonic() - began)

        servers = [keep("direct", time.monotonic(), _start_upstream(cores.load))]
        upstream = servers[0].address
        for name in only:
            began = time.monotonic()
            try:
                found = _start(name, folder, upstream, cores.servers)
            except Missing as error:
                missing[name] = str(error)
                print(f"{name} is not measured: {error}", flush=True)
                continue
            except RuntimeError as error:
                said = [f"{log.name}: {log.read_text()[-2000:]}" for log in folder.glob("*.txt")]
                raise SystemExit("\n".join([f"{name} does not start: {error}", *said])) from error
            servers.append(keep(name, began, found))
            print(f"{name}: first answer after {servers[-1].cold_start_s:.2f} s", flush=True)
        yield servers


def _start(name: str, folder: Path, upstream: str, cores: frozenset[int]) -> Started:
    match name:
        case "floor":
            command = [sys.executable, "-m", "benchmarks.cloud_floor"]
            command += ["--upstream", upstream, "--key", FLOOR_KEY]
            process = start(command, cores=cores, log=folder / "floor_errors.txt")
            return json.loads(first_line(process, 30))["address"], FLOOR_KEY, process
        case "litellm":
            return start_litellm(install(), folder, upstream, MODELS, cores)
        case "edgewise":
            write_settings(folder, upstream, MODELS)
            return start_edgewise(folder, cores)
        case _:
            raise SystemExit(f"there is no server {name!r}; there are {', '.join(NAMES[1:])}")


def _start_upstream(cores: frozenset[int]) -> Started:
    command = [sys.executable, "-m", "edgewise.testing.upstream", "--fixed"]
    process = start(command, cores=cores)
    return json.loads(first_line(process, 30))["address"], "", process


def _ask_once(served: Served) -> None:
    """One whole chat. Raises SystemExit when it is not answered."""
    asked = {"model": "fake", "messages": [{"role": "user", "content": "Hello."}]}
    request = urllib.request.Request(
        f"{served.address}/v1/chat/completions",
        data=json.dumps(asked).encode(),
        headers={"Authorization": f"Bearer {served.key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            told = json.loads(reply.read())
    except OSError as error:
        raise SystemExit(f"{served.name} does not answer: {error}") from error
    if told["usage"]["total_tokens"] not in RIGHT_TOTALS:
        raise SystemExit(f"{served.name} tells a wrong usage: {told['usage']}")
