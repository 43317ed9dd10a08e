"""Sound for tests of ears: recordings, where the packages that ship them are installed."""

from pathlib import Path

import numpy as np
import pytest

from edgewise.engine.packages import folder_of, package
from edgewise.sound.pcm import Pcm

RECORDED = Path("/usr/share/pocketsphinx/test/data")


def recorded(name: str = "goforward") -> Pcm:
    """A person says "go forward ten meters"."""
    path = RECORDED / f"{name}.raw"
    if not path.is_file():
        pytest.skip("no recorded speech: Debian's pocketsphinx-testdata is not installed")
    return Pcm(path.read_bytes())


def needs_model(*names: str) -> None:
    """Skip where a model's files are not installed."""
    for name in names:
        wanted = package(name)
        if not all((folder_of(wanted) / file.path).is_file() for file in wanted.file):
            pytest.skip(f"{name} is not installed: edgewise models install {name}")


def hiss(length_s: float, level: int = 1500) -> Pcm:
    """Noise without a word."""
    count = int(length_s * 16_000)
    return Pcm((np.random.default_rng(1).standard_normal(count) * level).astype("<i2").tobytes())
