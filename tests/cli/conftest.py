"""The command line run in this process: arguments and bytes in, exit code and text out."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

from edgewise.cli import main, make_app
from tests.cli.served import ServedDevice, serve_device


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def is_one_clear_line(self, *names: str) -> bool:
        """Whether it failed with one line on standard error that holds `names`, and no output."""
        lines = self.err.splitlines()
        return (
            (self.code, self.out, len(lines)) == (1, "", 1)
            and lines[0].startswith("edgewise: ")
            and all(name in lines[0] for name in names)
        )


Edgewise = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder without a language model, so that no child process is started."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text('chat_model = ""\nkeep_text = true\n', "utf-8")
    monkeypatch.setenv("EDGEWISE_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    return folder


@pytest.fixture(scope="session")
def commands() -> Any:
    """All commands, read once: Typer reads every signature at each start, for 100 ms."""
    return typer.main.get_command(make_app())


@pytest.fixture
def edgewise(home: Path, commands: Any, monkeypatch: pytest.MonkeyPatch) -> Edgewise:
    """Runs `edgewise ARGUMENTS` with `stdin` as its standard input, at 80 columns."""
    del home

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as process:
            process.setattr(typer.main, "get_command", lambda _: commands)
            process.setattr(sys, "argv", ["edgewise", *arguments])
            process.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            process.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
            process.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", write_through=True))
            code = 0
            try:
                main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 0 if not ended.code else 1
            written = out.getvalue().decode(), err.getvalue().decode()
        return Ran(code, *written)

    return run


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDevice]:
    with serve_device(tmp_path_factory.mktemp("served")) as device:
        yield device


@pytest.fixture
def beside(served: ServedDevice, edgewise: Edgewise, monkeypatch: pytest.MonkeyPatch) -> Edgewise:
    """Commands of the same person, in the served device's data folder."""
    monkeypatch.setenv("EDGEWISE_HOME", str(served.home))
    return edgewise
