"""Real speech for tests; tests/recordings/README.md says whose."""

from functools import cache
from pathlib import Path

import pytest

from edgewise.engine.packages import find_file
from edgewise.errors import ModelError
from edgewise.sound.pcm import Pcm
from edgewise.sound.read import read_sound

FOLDER = Path(__file__).with_name("recordings")


@cache
def recording(name: str) -> Pcm:
    return read_sound((FOLDER / f"{name}.flac").read_bytes(), longest_s=20)


def skip_without(package: str, path: str) -> None:
    """Skip the test, with the reason, where a model's file is not installed."""
    try:
        find_file(package, path)
    except ModelError as error:
        pytest.skip(str(error))
