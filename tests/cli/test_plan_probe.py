"""Made-up models for a measurement."""

from pathlib import Path

import pytest

from edgewise.cli.plan_probe import LAYOUTS, probe_model, write_probe
from edgewise.cli.plan_read import read_model
from edgewise.plan.arch import Gqa
from edgewise.plan.number_format import BITS, NumberFormat

HEADS = Gqa(heads=4, kv_heads=2, head_dim=64)


def test_a_block_has_the_bytes_of_its_format():
    for stored, layout in LAYOUTS.items():
        assert layout.size_bytes * 8 / layout.weights == BITS[stored]
        assert all(0 <= first <= layout.size_bytes - 2 for first in layout.scales)


@pytest.mark.parametrize("stored", LAYOUTS)
def test_a_probe_is_a_file_of_its_format(tmp_path: Path, stored: NumberFormat):
    pytest.importorskip("gguf")
    model = probe_model(1, HEADS, 256, 512)
    write_probe(tmp_path / "probe.gguf", model, stored)
    read = read_model(tmp_path / "probe.gguf")
    assert read.architecture.groups == model.groups
    assert read.weights is not None
    named = {NumberFormat.FP16: "f16"}.get(stored, stored.value)
    assert set(read.weights.part_formats["projections"]) == {named}


def test_scales_spread_within_a_matrix_and_among_matrices(tmp_path: Path):
    gguf = pytest.importorskip("gguf")
    write_probe(tmp_path / "probe.gguf", probe_model(1, HEADS, 256, 512), NumberFormat.Q4_1)
    means = set[float]()
    for tensor in gguf.GGUFReader(tmp_path / "probe.gguf").tensors:
        if tensor.tensor_type.name == "Q4_1":
            blocks = tensor.data.reshape(-1, 20)
            scales = blocks[:, :2].copy().view("f2").astype(float)
            assert scales.min() > 0
            assert len(set(scales.ravel())) > 200
            means.add(round(float(scales.mean()), 6))
    assert len(means) == 7
