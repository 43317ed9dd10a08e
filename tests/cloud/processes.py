"""The platform and its upstreams as processes of their own, which can be killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

END_S = 20.0


class Started:
    """A process and the JSON of its first line."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self.log = log
        self.first: dict[str, str] = {}

    @property
    def address(self) -> str:
        return self.first["address"]

    async def ready(self) -> "Started":
        """Wait for its first line."""
        assert self.process.stdout is not None
        line = await asyncio.to_thread(self.process.stdout.readline)
        assert line, self.log.read_text()
        self.first = json.loads(line)
        return self

    async def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return await asyncio.to_thread(self.process.wait, END_S)


class Processes:
    """All that a test starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.all: list[Started] = []

    async def upstream(self, *options: str) -> Started:
        return await self._start(
            [sys.executable, "-m", "edgewise.testing.upstream", "--port", "0", *options]
        )

    async def platform(self, folder: Path, port: int = 0) -> Started:
        """`edgewise serve cloud` over the `cloud.toml` in `folder`."""
        return await self._start(
            [
                *(sys.executable, "-m", "edgewise.cli", "serve", "cloud", "--print-key"),
                *("--folder", str(folder), "--port", str(port)),
            ]
        )

    async def _start(self, command: Sequence[str]) -> Started:
        started = self._spawn(command)
        self.all.append(started)
        return await started.ready()

    def _spawn(self, command: Sequence[str]) -> Started:
        log = self._folder / f"log{len(self.all)}"
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=said, env=os.environ | {"NO_COLOR": "1"}
            )
        return Started(process, log)


@contextmanager
def processes(folder: Path) -> Generator[Processes]:
    """Ends what was started, by its id."""
    made = Processes(folder)
    try:
        yield made
    finally:
        for one in made.all:
            if one.process.poll() is None:
                one.process.kill()
            one.process.wait(END_S)
            if one.process.stdout is not None:
                one.process.stdout.close()


async def produced(address: str) -> dict[str, dict[str, Any]]:
    """What an upstream says that it produced, when it produces no more."""
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=20) as client:
        async with asyncio.timeout(END_S):
            while True:
                told = (await client.get("/produced")).json()["requests"]
                if all(record["outcome"] != "running" for record in told.values()):
                    return told
                await asyncio.sleep(0.05)
