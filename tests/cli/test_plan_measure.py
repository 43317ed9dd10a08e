"""This machine as a chip, and what llama.cpp reaches on it."""

from pathlib import Path

import pytest

from edgewise.cli.plan_measure import (
    FORMATS,
    Asked,
    measure_bandwidth,
    measure_flops_s,
    probe_weights,
    probes,
    solve,
)
from edgewise.cli.plan_probe import write_probe
from edgewise.cli.plan_read import read_model
from edgewise.errors import ModelError
from edgewise.plan.arch import Gqa
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import read_for_a_token
from tests.plan.paper import MODELS

COSTS = [2.0, 0.5, 10.0]
ROWS = [[1.0, 2.0, 1.0], [3.0, 1.0, 1.0], [2.0, 8.0, 1.0], [9.0, 4.0, 1.0]]


def seconds_of(row: list[float], costs: list[float]) -> float:
    return sum(size * cost for size, cost in zip(row, costs, strict=True))


def test_costs_are_found_from_what_they_add_up_to():
    assert solve([(row, seconds_of(row, COSTS)) for row in ROWS]) == pytest.approx(COSTS)


def test_no_cost_is_below_nothing():
    found = solve([(row, seconds_of(row, [2.0, 0.5, -0.4])) for row in ROWS])
    assert found[2] == 0
    assert min(found) >= 0


def test_what_is_never_seen_costs_nothing():
    rows = [([*row, 0.0], seconds_of(row, COSTS)) for row in ROWS]
    assert solve(rows) == pytest.approx([*COSTS, 0.0])


def test_no_probe_is_the_model_that_is_predicted():
    embedded = MODELS["smollm2-135m"]
    for probe in probes():
        assert probe.model.hidden != embedded.hidden
        assert isinstance(probe.model.groups[0].attention, Gqa)
    wide = {probe.stored for probe in probes() if probe.model.hidden == 1024}
    assert wide == set(FORMATS)


def test_a_wide_probe_is_larger_than_a_processors_cache():
    for probe in probes():
        if probe.model.hidden == 1024:
            assert sum(read_for_a_token(probe.model, probe_weights(probe)).values()) > 64 * 2**20


def test_a_probes_weights_are_those_of_its_file(tmp_path: Path):
    pytest.importorskip("gguf")
    probe = probes()[0]
    write_probe(tmp_path / "probe.gguf", probe.model, probe.stored)
    named = {"f32": "fp32"}
    found = read_model(tmp_path / "probe.gguf").weights
    assert found is not None
    formats = {
        part: {named.get(name, name): size for name, size in each.items()}
        for part, each in found.part_formats.items()
    }
    assert formats == probe_weights(probe).part_formats


@pytest.mark.slow
def test_memory_and_product_are_measured():
    pytest.importorskip("numpy")
    assert 1e8 < measure_bandwidth(1) < 1e13
    assert 1e8 < measure_flops_s(1) < 1e14


@pytest.mark.slow
def test_a_probe_is_decoded_and_its_time_grows_with_the_context(tmp_path: Path):
    pytest.importorskip("gguf")
    pytest.importorskip("xllamacpp")
    probe = probes()[2]
    write_probe(tmp_path / "probe.gguf", probe.model, probe.stored)
    asked = Asked(tmp_path / "probe.gguf", 1, 1200)
    short, long = asked.token_s(64), asked.token_s(1024)
    assert 0 < short < long
    assert asked.prompt_s(64) > 0


def test_a_file_that_is_no_model_is_said(tmp_path: Path):
    pytest.importorskip("xllamacpp")
    (tmp_path / "none.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match=r"llama\.cpp did not load"):
        Asked(tmp_path / "none.gguf", 1, 64)


def test_formats_have_one_probe_each_and_share_the_others():
    assert len(probes((NumberFormat.Q4_K,))) == 4
    assert len(probes()) == 5
