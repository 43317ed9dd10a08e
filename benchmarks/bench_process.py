"""The device as a process: its memory without and with the language model, and its cold start.

Memory is the proportional set size of the process and its children, so pages shared between them
count once. "Cold start to first command" is from the launch of a fresh interpreter with one command
to the moment that command's writes were handed over; the files are in the page cache and compiled,
as on a device that was started before: one start that is not counted sees to both.
"""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from edgewise.learn.report import Result, measure, report

STARTS = 7
SETTLE_S = 3.0
"""What a device does after its first answers, in its own time, counts as its memory."""
EDGEWISE = (sys.executable, "-m", "edgewise.cli")


def main() -> None:
    """Start devices as processes, measure and report."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "EDGEWISE_HOME": folder,
            "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        results = _memory(Path(folder), environment) + _cold_start(environment)
    report("process", results)


def _memory(folder: Path, environment: dict[str, str]) -> list[Result]:
    command = (*EDGEWISE, "serve", "device", "--port", "0")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as device:
        try:
            address = _address(device)
            token = (folder / "token").read_text().strip()
            for text in ("打开空调", "set the temperature to 22 degrees", "几点了"):
                _ask(address, token, text)
            time.sleep(SETTLE_S)
            without_mb = _memory_mb(device.pid)
            answer = _ask(address, token, "Why is the sky blue?")
            with_mb = _memory_mb(device.pid)
            print(f"the model answered: {answer}")
        finally:
            device.send_signal(signal.SIGTERM)
            device.wait(15)
    return [
        measure("memory without the language model", without_mb, "MB", at_most=150),
        measure("memory with the language model", with_mb, "MB", at_most=450),
    ]


def _cold_start(environment: dict[str, str]) -> list[Result]:
    command = (*EDGEWISE, "ask", "打开空调", "--alone", "--json")
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    times_s: list[float] = []
    for number in range(STARTS):
        print(f"cold start {number + 1} of {STARTS}", flush=True)
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as asked:
            assert asked.stdout is not None
            for line in asked.stdout:
                if json.loads(line)["event"] == "call_started":
                    times_s.append(time.perf_counter() - began)
    if len(times_s) != STARTS:
        raise SystemExit(f"{STARTS - len(times_s)} of {STARTS} starts carried nothing out")
    return [
        measure(
            "cold start to first command, median", statistics.median(times_s), "s", at_most=1.5
        ),
        measure("cold start to first command, slowest", max(times_s), "s"),
    ]


def _address(device: subprocess.Popen[str]) -> str:
    assert device.stdout is not None
    for line in device.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise SystemExit("the device ended before it listened")


def _ask(address: str, token: str, text: str) -> str:
    request = urllib.request.Request(
        f"{address}/v1/agent/turns",
        data=json.dumps({"text": text}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=90) as reply:
        last = [line for line in reply.read().decode().splitlines() if line.startswith("data:")][-1]
    return json.loads(last[5:])["text"]


def _memory_mb(process: int) -> float:
    """Proportional set size of the process and all below it, in megabytes (10^6 bytes)."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
    assert found is not None
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(found.group(1)) * 1024 / 1e6 + sum(_memory_mb(int(child)) for child in children)


if __name__ == "__main__":
    main()
