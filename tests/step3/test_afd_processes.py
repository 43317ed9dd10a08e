"""Workers are heard together, and whoever is at fault is the one that is named."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.errors import ModelError
from edgewise.step3.afd_message import Plan
from edgewise.step3.afd_processes import Workers
from edgewise.step3.weights import save_model
from scripts.step3.golden import SEED, TINY, seeded_model

pytestmark = pytest.mark.slow


def test_a_worker_that_cannot_load_is_named_with_its_reason(tmp_path: Path):
    save_model(seeded_model(TINY, SEED), tmp_path / "model")
    shutil.move(tmp_path / "model" / "model.safetensors", tmp_path / "gone")
    with pytest.raises(ModelError, match=r"worker 0 \(process \d+\) failed: .* no weights to load"):
        start(tmp_path / "model", Plan())


def test_time_spent_is_told_once_and_ending_twice_does_no_harm(tmp_path: Path):
    save_model(seeded_model(TINY, SEED), tmp_path / "model")
    workers = start(tmp_path / "model", Plan(attention=1, ffn=2, micro_batches=1))
    try:
        names = ["attention worker 0", "FFN worker 0", "FFN worker 1"]
        assert list(workers.measure()) == names
        assert {
            one.name: workers.ready[one.rank].held_bytes > 0 for one in workers.all
        } == dict.fromkeys(names, True)
    finally:
        workers.end()
        workers.end()
    assert all(one.process.returncode == 0 for one in workers.all)


def start(folder: Path, plan: Plan) -> Workers:
    return Workers(folder, plan, threads=1, pages=8, pulse_s=5.0, wait_limit_s=60.0)
