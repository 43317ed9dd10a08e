"""Ray Serve as the platform's backend: streams, whole answers, a client that leaves, and replicas
that are killed or removed while another backend of the model stands by.

Drives what `ray_host.py` serves in this judge's environment, whose interpreter is the argument;
the platform runs in Edgewise's own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from judges.cases import case, main
from judges.environment import ROOT
from judges.servers import Platform, platform_over

DEPLOYED = ROOT / "deploy" / "ray-serve-vllm.yaml"
SETTINGS = """\
[[backend]]
name = "one"
url = "{url}/one/v1"
usage = "continuous"

[[backend]]
name = "two"
url = "{url}/two/v1"
usage = "continuous"

[[model]]
name = "tiny"
[[model.routes]]
backend = "one"
[[model.routes]]
backend = "two"
weight = 0
"""
"""`two` is asked when `one` can not be."""
INPUT_TOKENS = 5
START_S = 90.0
WAIT_S = 30.0
LEFT_AT = 5
"""The word at which a client leaves, or a replica is killed."""


@dataclass
class World:
    """What the cases speak to."""

    interpreter: str
    ray: "subprocess.Popen[str]"
    ray_address: str
    client: httpx.Client

    def state(self, name: str) -> dict[str, Any]:
        """Of an application's replica."""
        return httpx.get(f"{self.ray_address}/{name}/state", trust_env=False).json()

    def ledger(self, number: str) -> dict[str, Any]:
        """The entry of a request, once it is there."""
        return until(lambda: self._entries().get(number))

    def _entries(self) -> dict[str, dict[str, Any]]:
        told = self.client.get("/v1/usage/export", params={"format": "json"})
        entries = [json.loads(line) for line in told.text.splitlines()]
        return {entry["id"]: entry for entry in entries}


_worlds: list[World] = []


def world() -> World:
    """The one that `main` made."""
    return _worlds[0]


def chat(words: int, **work: float) -> dict[str, Any]:
    """The body of a request for so many words."""
    content = json.dumps({"words": words, **work})
    return {"model": "tiny", "messages": [{"role": "user", "content": content}]}


def whole(words: int, **work: float) -> tuple[str, dict[str, Any]]:
    """A whole answer: the request's id, and what came."""
    told = world().client.post("/v1/chat/completions", json=chat(words, **work))
    assert told.status_code == 200, told.text
    return told.headers["x-request-id"], told.json()


@contextmanager
def streamed(words: int, **work: float) -> Generator[tuple[str, Generator[dict[str, Any]]]]:
    """A stream's request id, and its chunks as they come."""
    body = chat(words, **work) | {"stream": True, "stream_options": {"include_usage": True}}
    with world().client.stream("POST", "/v1/chat/completions", json=body) as told:
        assert told.status_code == 200, told.read()
        yield told.headers["x-request-id"], chunks_of(told)


def chunks_of(told: httpx.Response) -> Generator[dict[str, Any]]:
    for line in told.iter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))


def text_of(chunks: list[dict[str, Any]]) -> str:
    choices = [choice for chunk in chunks for choice in chunk.get("choices", [])]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def words_of(count: int) -> str:
    return "".join(f"w{at} " for at in range(count))


def until(find: Callable[[], Any]) -> Any:
    """What it finds, once it does."""
    ends = time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing within {WAIT_S:g} s")


def kill(name: str) -> int:
    """End an application's replica at once; its process."""
    process = world().state(name)["process"]
    os.kill(process, signal.SIGKILL)
    return process


def answers_anew(name: str, process: int) -> bool:
    """Whether a replica of another process answers."""
    try:
        return world().state(name)["process"] != process
    except (httpx.HTTPError, ValueError, KeyError):
        return False


@case("deploy/ray-serve-vllm.yaml fits the schemas of Ray Serve and its LLMConfig")
def deployed() -> None:
    command = [world().interpreter, "-m", "judges.ray_host", "check", str(DEPLOYED)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-300:]
    assert done.stdout.split() == ["qwen3-8b"], done.stdout


@case("chat: a whole answer with usage, entered as told")
def whole_answer() -> None:
    number, told = whole(7)
    assert told["choices"][0]["message"]["content"] == words_of(7)
    assert told["usage"]["completion_tokens"] == 7
    entry = world().ledger(number)
    assert entry["backend"] == "one"
    assert (entry["input_tokens"], entry["output_tokens"]) == (INPUT_TOKENS, 7)


@case("chat: a stream comes chunk by chunk, counted to the token")
def stream() -> None:
    began = time.monotonic()
    with streamed(20, each_s=0.05) as (number, chunks):
        first = next(chunks)
        first_s = time.monotonic() - began
        rest = list(chunks)
    assert text_of([first, *rest]) == words_of(20)
    assert first_s < 0.7 * (time.monotonic() - began), f"the first came after {first_s:.2f} s"
    assert rest[-1]["usage"]["completion_tokens"] == 20
    assert world().ledger(number)["output_tokens"] == 20


@case("chat: a client that leaves stops the replica, and is billed what was written")
def leaves() -> None:
    with streamed(1000, each_s=0.02) as (number, chunks):
        for _ in range(LEFT_AT):
            next(chunks)
    entry = world().ledger(number)
    until(lambda: world().state("one")["running"] == 0)
    written = world().state("one")["written"][number]
    assert entry["outcome"] == "disconnected", entry
    assert LEFT_AT <= entry["output_tokens"] <= written < 200, (entry, written)
    assert written - entry["output_tokens"] <= 2, (entry["output_tokens"], written)


@case("chat: fifty at once")
def many() -> None:
    with ThreadPoolExecutor(50) as threads:
        told = list(threads.map(lambda words: whole(words, each_s=0.01)[1], range(1, 51)))
    assert [one["usage"]["completion_tokens"] for one in told] == list(range(1, 51))


@case("a replica killed before it answers: the other backend answers")
def killed_before() -> None:
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(whole, 6, first_s=3.0)
        until(lambda: world().state("one")["running"])
        process = kill("one")
        number, told = asking.result()
    assert told["choices"][0]["message"]["content"] == words_of(6)
    assert world().ledger(number)["backend"] == "two"
    until(lambda: answers_anew("one", process))


@case("a replica killed within a stream: the client is told, and billed what came")
def killed_within() -> None:
    with streamed(1000, each_s=0.02) as (number, chunks):
        came = [next(chunks) for _ in range(LEFT_AT)]
        process = kill("one")
        came += list(chunks)
    assert came[-1]["error"]["code"] == "upstream_broken", came[-1]
    entry = world().ledger(number)
    assert entry["outcome"] == "failed", entry
    assert entry["output_tokens"] == len(text_of(came).split()) >= LEFT_AT
    until(lambda: answers_anew("one", process))


@case("a replica that is back is asked again")
def back() -> None:
    assert until(lambda: world().ledger(whole(3)[0])["backend"] == "one")


@case("an application removed: the other backend answers, and streams")
def removed() -> None:
    ray = world().ray
    assert ray.stdin is not None
    ray.stdin.write("one\n")
    ray.stdin.flush()
    assert line_of(ray) == {"removed": "one"}
    number, told = whole(4)
    assert told["usage"]["completion_tokens"] == 4
    assert world().ledger(number)["backend"] == "two"
    with streamed(9) as (number, chunks):
        assert text_of(list(chunks)) == words_of(9)
    assert world().ledger(number)["backend"] == "two"


def line_of(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The next line of JSON that it tells, past what Ray prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            return json.loads(line)
    raise RuntimeError("Ray Serve ended; what it said is in this judge's log")


@contextmanager
def served(interpreter: str, folder: Path) -> Generator[tuple["subprocess.Popen[str]", str]]:
    """Ray Serve in a process of its own, with its address; ended by the end of its input."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [interpreter, "-m", "judges.ray_host", "serve", str(port), str(folder)]
    folder.mkdir()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)},  # its token goes there
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, line_of(process)["address"]
    finally:
        process.stdin.close()
        try:
            process.wait(START_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def judge(interpreter: str) -> None:
    """Bring both up and run the cases."""
    with tempfile.TemporaryDirectory(prefix="ray-") as folder, ExitStack() as stack:
        process, address = stack.enter_context(served(interpreter, Path(folder) / "ray"))
        platform = stack.enter_context(platform_over(Path(folder), SETTINGS.format(url=address)))
        client = stack.enter_context(client_of(platform))
        _worlds.append(World(interpreter, process, address, client))
        main()


def client_of(platform: Platform) -> httpx.Client:
    headers = {"Authorization": f"Bearer {platform.key}"}
    return httpx.Client(base_url=platform.address, headers=headers, timeout=WAIT_S, trust_env=False)


if __name__ == "__main__":
    judge(sys.argv[1])
