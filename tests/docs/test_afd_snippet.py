"""The guide's example of attention and FFN apart runs as it stands, on a folder with a model."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.step3.weights import save_model
from scripts.step3.golden import SEED, TINY, seeded_model
from tests.docs.commands import ROOT

LIMIT_S = 100


@pytest.mark.slow
def test_the_example_tells_its_workers_and_every_token(tmp_path: Path):
    save_model(seeded_model(TINY, SEED), tmp_path / "model")
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "snippets" / "afd.py", tmp_path / "model"],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    names = [line.partition(":")[0] for line in lines[:4]]
    assert names == ["attention worker 0", "attention worker 1", "FFN worker 0", "FFN worker 1"]
    told = [line.partition(":")[0] for line in lines[4:]]
    assert sorted(told) == ["request 0"] * 8 + ["request 1"] * 8
