"""An environment for each judge under build/judges: made once, anew when its list changes.

Python: a venv from `requirements/NAME.txt`. Node: `node/NAME/package.json` with exact versions;
no lock file is written, since one would record the addresses of an index.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "judges"
INSTALL_S = 900.0
READY = ".ready"


class CannotInstall(Exception):
    """A judge's environment can not be made; the message has the installer's last words."""


def python_environment(name: str) -> Path:
    """The interpreter of a judge's venv. Raises CannotInstall."""
    wanted = HERE / "requirements" / f"{name}.txt"
    folder = BUILD / name
    interpreter = folder / "bin" / "python"
    if not _is_ready(folder, wanted):
        shutil.rmtree(folder, ignore_errors=True)
        _install([sys.executable, "-m", "venv", str(folder)])
        options = ["--disable-pip-version-check", "--no-input", "--quiet"]
        _install([str(interpreter), "-m", "pip", *options, "install", "-r", str(wanted)])
        _mark(folder, wanted)
    return interpreter


def node_environment(name: str) -> Path:
    """The folder of a judge's npm project, its own files and `cases.mjs` laid in anew. Raises
    CannotInstall."""
    source = HERE / "node" / name
    folder = BUILD / name
    wanted = source / "package.json"
    if not _is_ready(folder, wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(wanted, folder)
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        _install(["npm", "install", *options, "--loglevel=error"], folder)
        _mark(folder, wanted)
    for file in [HERE / "node" / "cases.mjs", *source.glob("*.mjs")]:
        shutil.copy(file, folder)
    return folder


def _is_ready(folder: Path, wanted: Path) -> bool:
    mark = folder / READY
    return mark.is_file() and mark.read_text("utf-8") == _digest(wanted)


def _mark(folder: Path, wanted: Path) -> None:
    (folder / READY).write_text(_digest(wanted), "utf-8")


def _digest(wanted: Path) -> str:
    return hashlib.sha256(wanted.read_bytes()).hexdigest()


def _install(command: list[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstall(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CannotInstall(" ".join(said[-3:]) or f"{command[0]} ended with {done.returncode}")
