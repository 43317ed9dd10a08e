"""The paper's Table 6, its headline totals and splits; and that a split is never a loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.plan.arch import Architecture
from edgewise.plan.cost import (
    ChipCost,
    Split,
    best_split,
    cost_on,
    deployed_usd,
    intensity,
    training_usd,
)
from edgewise.plan.count import Work, decode
from tests.plan.architectures import architectures
from tests.plan.paper import CHIPS, MODELS, NAMES, needs_tables, rows

PAPERS = ("H800", "H20", "A800", "Ascend 910B")
CELL_USD = 0.0006
TOTAL_USD = 0.001


def cost(model: str, chip: str, context: int = 8192) -> ChipCost:
    return cost_on(decode(MODELS[NAMES[model]], context), CHIPS[chip])


def split(model: str, context: int) -> Split:
    best = best_split([cost(model, chip, context) for chip in PAPERS])
    assert best is not None
    return best


@needs_tables
def test_all_108_costs_of_table_6_are_met():
    off: dict[str, float] = {}
    for row in rows("table6_cost_usd_per_1M_tokens"):
        context = int(row["context_tokens"] or 8192)
        own = cost(row["model"], row["accelerator"], context)
        usd = own.ffn_usd if row["part"] == "ffn" else own.attention_usd
        assert usd is not None
        off[" ".join(list(row.values())[1:5])] = abs(usd - float(row["usd_per_1M_tokens"]))
    assert len(off) == 108
    assert {cell: error for cell, error in off.items() if error > CELL_USD} == {}


@needs_tables
def test_the_headline_totals_are_met():
    """Figure 4 adds rounded cells: Step-3 at 8K is .0789 and printed .078."""
    for row in rows("headline_totals"):
        context, printed = int(row["context_tokens"]), float(row["usd_per_1M_tokens"])
        match row["deployment"].split():
            case ["AFD", _]:
                total = split(row["model"], context).total_usd
            case ["EP", chip]:
                total = cost(row["model"], chip, context).total_usd
            case [_, "decode"]:
                total = cost(row["model"], "Ascend 910B", context).total_usd
            case [_, "training"]:
                work = decode(MODELS[NAMES[row["model"]]], context)
                total = training_usd(work, CHIPS["Ascend 910B"])
            case _:
                raise AssertionError(row)
        assert total == pytest.approx(printed, abs=TOTAL_USD), row
    assert len(rows("headline_totals")) == 12


def test_the_totals_that_the_paper_does_not_print():
    """Unrounded, 8K and 32K: reference note on Step-3, section 1.6."""
    totals = {
        "Kimi K2": (0.0648, 0.2080),
        "Qwen3 32B": (0.0828, 0.2618),
        "Llama 4 M": (0.0672, 0.1343),
        "MM M1": (0.0947, 0.1506),
        "ERNIE 4.5": (0.0839, 0.2349),
        "Pangu Pro MoE": (0.0559, 0.1902),
    }
    for model, printed in totals.items():
        for context, usd in zip((8192, 32768), printed, strict=True):
            assert split(model, context).total_usd == pytest.approx(usd, abs=6e-5), model


@pytest.mark.parametrize("context", [8192, 32768])
def test_attention_is_cheapest_on_h20_and_ffn_on_h800_but_for_mla(context: int):
    for model in NAMES:
        best = split(model, context)
        mla = model in {"DSv3", "Kimi K2"}
        assert best.attention.chip.name == ("H800" if mla else "H20"), model
        assert best.ffn.chip.name == "H800", model
        assert best.is_one_chip == mla


@needs_tables
def test_printed_unit_prices_would_move_17_cells_and_exact_ones_move_none():
    """Table 5 prints unit prices with three digits: 2.80e-19 for the H800's 2.806e-19."""
    prices = {
        row["accelerator"]: (float(row["usd_per_flop"]), float(row["usd_per_byte"]))
        for row in rows("table4_5_hardware")
    }
    moved_by_printed = moved_by_exact = 0
    for row in rows("table6_cost_usd_per_1M_tokens"):
        work = decode(MODELS[NAMES[row["model"]]], int(row["context_tokens"] or 8192))
        own, ffn = cost_on(work, CHIPS[row["accelerator"]]), row["part"] == "ffn"
        flop, byte = prices[row["accelerator"]]
        core = max(work.paper_core * flop, work.cache_traffic * byte)
        by_printed = work.paper_ffn * flop if ffn else core + work.paper_linear * flop
        cell = f"{float(row['usd_per_1M_tokens']):.3f}"
        moved_by_printed += f"{by_printed * 1e6:.3f}" != cell
        moved_by_exact += f"{own.ffn_usd if ffn else own.attention_usd:.3f}" != cell
    assert (moved_by_printed, moved_by_exact) == (17, 0)


def test_intensities_are_the_papers():
    """FLOPs for each byte of cache at 8K."""
    printed = {
        "DSv3": 512,
        "Step-3": 128,
        "Qwen3 MoE": 32,
        "Kimi K2": 256,
        "Qwen3 32B": 16,
        "ERNIE 4.5": 16,
        "Pangu Pro MoE": 10,
        "Llama 4 M": 8.0,
        "MM M1": 3.7,
    }
    for model, flops_per_byte in printed.items():
        work = decode(MODELS[NAMES[model]], 8192)
        assert intensity(work) == pytest.approx(flops_per_byte, rel=0.005), model


def test_mla_computes_where_step_3_reads():
    assert cost("DSv3", "H20").attention_is_computing
    assert not cost("DSv3", "H800").attention_is_computing
    assert cost("Step-3", "H20").attention_is_computing
    assert not cost("Step-3", "A800").attention_is_computing
    assert cost("Step-3", "A800").roofline == pytest.approx(156)


def test_a_chip_without_a_price_has_times_and_no_cost():
    own = cost("Step-3", "H200")
    assert own.attention_s > 0
    assert (own.attention_usd, own.ffn_usd, own.total_usd) == (None, None, None)
    assert best_split([own]) is None
    assert training_usd(Work(), CHIPS["H200"]) is None
    priced = best_split([own, cost("Step-3", "A800")])
    assert priced is not None
    assert priced.attention.chip.name == priced.ffn.chip.name == "A800"


@given(
    architectures(),
    st.integers(1, 100_000),
    st.lists(st.sampled_from(PAPERS), min_size=1, unique=True),
)
def test_the_best_split_is_never_dearer_than_any_one_chip(
    model: Architecture, context: int, chips: list[str]
):
    costs = [cost_on(decode(model, context), CHIPS[chip]) for chip in chips]
    best = best_split(costs)
    assert best is not None
    assert 0 <= best.total_usd <= min(own.total_usd or 0 for own in costs)


def test_a_deployment_costs_its_cards_for_the_time_of_a_million_tokens():
    h20, h800 = CHIPS["H20"], CHIPS["H800"]
    assert deployed_usd([(h20, 8)], 1000) == pytest.approx(8 * 0.8 / (1000 * 3600) * 1e6)
    both = deployed_usd([(h20, 8), (h800, 4)], 1000)
    assert both == pytest.approx((8 * 0.8 + 4 * 2) / (1000 * 3600) * 1e6)
    assert deployed_usd([(h20, 8), (CHIPS["H200"], 1)], 1000) is None
