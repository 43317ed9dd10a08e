"""A device served by a real process, for tests of what other processes see of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

END_S = 20.0
WITHOUT_MODEL = 'chat_model = ""\nkeep_text = true\n'


@dataclass(frozen=True)
class ServedDevice:
    """The process, its data folder, and what it printed until it was ready."""

    process: subprocess.Popen[bytes]
    home: Path
    said: str

    @property
    def address(self) -> str:
        return next(word for word in self.said.split() if word.startswith("http://"))

    def end(self, signal: int) -> int:
        self.process.send_signal(signal)
        return self.process.wait(END_S)


@contextmanager
def serve_device(home: Path, config: str = WITHOUT_MODEL) -> Iterator[ServedDevice]:
    """`edgewise serve device` on a free port until the block ends; ready when it is entered."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(config, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "edgewise.cli", "serve", "device", "--port", "0"],
        env=os.environ | {"EDGEWISE_HOME": str(home)},
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            while "Ctrl-C" not in said:
                line = process.stdout.readline().decode()
                assert line, f"it ended before it was ready: {said}"
                said += line
            yield ServedDevice(process, home, said)
        finally:
            process.kill()
