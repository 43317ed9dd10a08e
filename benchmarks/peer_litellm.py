"""LiteLLM's proxy as a peer: installed in an environment of its own, started, ended by its id.

The versions are pinned in peers/litellm.txt and installed without resolving, from wheels alone, so
that nothing else is fetched and nothing is built. A file that makes an interpreter run code when it
starts (`.pth`) came with a compromised release of it in 2026; the environment is not used when it
has one that is not known. One model, one master key; no database, no callbacks, one worker.
"""

import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from benchmarks.processes import end, start

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build" / "peers" / "litellm"
PINS = ROOT / "benchmarks" / "peers" / "litellm.txt"
INSTALL_S = 900.0
START_S = 120.0
KNOWN_PTH = {
    "distutils-precedence.pth": "import os; var = 'SETUPTOOLS_USE_DISTUTILS';"
    " enabled = os.environ.get(var, 'local') == 'local';"
    " enabled and __import__('_distutils_hack').add_shim();"
}
"""setuptools's own, which a new environment of Python 3.11 holds."""
QUIET = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOG": "ERROR",
    "LITELLM_MODE": "PRODUCTION",
    "PYTHONPATH": "",
}


class Missing(Exception):
    """The peer can not be measured here; says why."""


def version(pins: Path = PINS) -> str:
    """The pinned version."""
    for line in pins.read_text("utf-8").splitlines():
        if line.startswith("litellm=="):
            return line.partition("==")[2]
    raise ValueError(f"{pins} pins no litellm")


def install(home: Path = HOME, pins: Path = PINS) -> Path:
    """The environment, made if it is not there as pinned. Raises Missing."""
    stamp, wanted = home / "installed", hashlib.sha256(pins.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        command = ["-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install"]
        command += ["--no-deps", "--only-binary", ":all:", "-r", str(pins)]
        try:
            _run([sys.executable, "-m", "venv", "--clear", str(home)])
            _run([str(home / "bin" / "python"), *command])
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise Missing(f"it could not be installed: {said.strip().splitlines()[-1]}") from error
        check_start_files(home)
        stamp.write_text(wanted)
    check_start_files(home)
    return home


def check_start_files(home: Path) -> None:
    """Raises Missing when an interpreter of the environment would run foreign code at its start."""
    for path in sorted(home.rglob("*.pth")):
        known = KNOWN_PTH.get(path.name)
        if known is None or path.read_text("utf-8").strip() != known:
            raise Missing(f"{path.name} would run at each start of Python; it is not known")
    for name in ("sitecustomize.py", "usercustomize.py"):
        if any(home.rglob(name)):
            raise Missing(f"{name} would run at each start of Python; it is not known")


def start_litellm(
    home: Path, folder: Path, upstream: str, models: list[str], cores: frozenset[int]
) -> tuple[str, str, subprocess.Popen[str]]:
    """The proxy: its address, its master key, its process. Raises Missing when it does not come."""
    check_start_files(home)
    key = f"sk-{secrets.token_urlsafe(32)}"
    settings = {
        "model_list": [
            {
                "model_name": name,
                "litellm_params": {
                    "model": f"openai/{name}",
                    "api_base": f"{upstream}/v1",
                    "api_key": "none",
                },
            }
            for name in models
        ],
        "general_settings": {"master_key": key},
        "litellm_settings": {"telemetry": False, "set_verbose": False},
    }
    file = folder / "litellm.yaml"
    file.write_text(json.dumps(settings))  # JSON is YAML
    port = free_port()
    command = [str(home / "bin" / "python"), str(home / "bin" / "litellm")]
    command += ["--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    process = start(
        [*command, "--num_workers", "1"],
        cores=cores,
        environment=QUIET,
        folder=folder,
        log=folder / "litellm_errors.txt",
        output=folder / "litellm_output.txt",
    )
    address = f"http://127.0.0.1:{port}"
    if not answers(f"{address}/health/liveliness", process, START_S):
        end(process)
        said = (folder / "litellm_errors.txt").read_text().strip().splitlines()[-1:]
        raise Missing(f"it did not start: {said}")
    return address, key, process


def answers(url: str, process: subprocess.Popen[str], limit_s: float) -> bool:
    """Whether the process answers with 200 in time."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        command,
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=INSTALL_S,
        env={**os.environ, **(environment or QUIET)},
    )


def main() -> None:
    """Install the peer and say where it is."""
    print(install(), version())


if __name__ == "__main__":
    main()
