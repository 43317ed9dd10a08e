"""Chips as data: the paper's four exactly, every figure with its source, errors by key."""

import pytest

from edgewise.errors import UserError
from edgewise.plan.chip import FIGURES, Chip, Kind, chips_from, find_chip, with_memory, with_own
from edgewise.plan.number_format import NumberFormat
from tests.each_row import each_row
from tests.plan.paper import CHIPS, needs_tables, rows

MINE = b"""
[[chip]]
name = "mine"
kind = "edge"
source = "measured"
peak_flops = { fp16 = "2 TFLOP/s" }
memory = "8 GB"
bandwidth = "50 GB/s"
"""


@needs_tables
def test_the_papers_chips_are_those_of_tables_4_and_5():
    for row in rows("table4_5_hardware"):
        chip = CHIPS[row["accelerator"]]
        assert chip.price_usd_per_hour == float(row["price_usd_per_hour"])
        assert chip.peak_flops[NumberFormat.BF16] == float(row["bf16_flops"])
        fp8 = chip.peak_flops.get(NumberFormat.FP8)
        assert fp8 == (float(row["fp8_flops"]) if row["fp8_flops"] else None)
        assert chip.bandwidth() == float(row["mem_bw_bytes_s"])
        peak = chip.peak(NumberFormat.FP8)
        assert round(peak / chip.bandwidth()) == int(row["roofline_flop_per_byte"])
        usd_per_second = float(row["price_usd_per_hour"]) / 3600
        assert usd_per_second / peak == pytest.approx(float(row["usd_per_flop"]), rel=0.005)
        assert usd_per_second / chip.bandwidth() == pytest.approx(
            float(row["usd_per_byte"]), rel=0.005
        )
    assert len(rows("table4_5_hardware")) == 4


@needs_tables
def test_the_papers_network_is_that_of_a_server_with_eight_cards():
    for row in rows("table7_min_moe_sparsity"):
        chip = CHIPS[row["accelerator"]]
        assert chip.network_bytes_s == float(row["net_bytes_s"]) / 8
        assert chip.cards == 8


def figures_of(chip: Chip) -> dict[str, object]:
    values = (
        chip.price_usd_per_hour,
        chip.memory_bytes,
        chip.bandwidth_bytes_s,
        chip.network_bytes_s,
        chip.power_w,
        chip.tops,
        chip.peak_flops or None,
    )
    return {key: value for key, value in zip(FIGURES, values, strict=True) if value is not None}


def test_every_figure_says_where_it_is_from():
    for chip in CHIPS.values():
        assert set(chip.sources) == set(figures_of(chip)), chip.name
        assert all(chip.sources.values()), chip.name


def test_a_source_names_what_was_read_and_is_no_address():
    for chip in CHIPS.values():
        for figure, source in chip.sources.items():
            where = f"{chip.name}.{figure}: {source}"
            assert len(source) > 15, where
            assert "://" not in source, where
            assert "vendor data sheet" not in source or "not looked up again" in source, where


def test_only_the_papers_chips_have_a_price():
    priced = [chip.name for chip in CHIPS.values() if chip.price_usd_per_hour is not None]
    assert priced == ["H800", "H20", "A800", "Ascend 910B"]
    assert all("arXiv:2507.19427" in CHIPS[name].sources["price"] for name in priced)


FLOATS = {32: NumberFormat.FP32, 16: NumberFormat.FP16, 8: NumberFormat.FP8, 4: NumberFormat.FP4}


def test_half_the_bits_are_faster_and_tensor_cores_at_most_twice_as_fast():
    """A sparse rate beside a dense one would be four times as fast."""
    for chip in CHIPS.values():
        rates = {bits: chip.peak_flops.get(each) for bits, each in FLOATS.items()}
        rates[16] = chip.peak_flops.get(NumberFormat.BF16, rates[16])
        for bits, rate in rates.items():
            wider = rates.get(2 * bits)
            if rate is not None and wider is not None:
                assert wider < rate, (chip.name, bits)
                assert bits == 16 or rate <= 2.01 * wider, (chip.name, bits)


def test_formats_of_as_many_bits_are_as_fast():
    for chip in CHIPS.values():
        rates = chip.peak_flops
        for one, other in (
            (NumberFormat.BF16, NumberFormat.FP16),
            (NumberFormat.FP4, NumberFormat.NVFP4),
        ):
            if one in rates and other in rates:
                assert rates[one] == rates[other], chip.name
        if NumberFormat.INT8 in rates:
            assert rates[NumberFormat.INT8] >= 1.99 * rates[NumberFormat.FP16], chip.name


PLAUSIBLE = {
    Kind.ACCELERATOR: ((24e9, 512e9), (0.3e12, 12e12), (50, 1500)),
    Kind.DESKTOP: ((16e9, 512e9), (0.1e12, 2e12), (50, 1000)),
    Kind.EDGE: ((8e9, 256e9), (10e9, 400e9), (5, 150)),
    Kind.PHONE: ((4e9, 32e9), (30e9, 150e9), (1, 20)),
}
"""By kind: bytes of memory, its bytes a second, and watts, each from and to."""


def test_memory_bandwidth_and_power_are_plausible_for_the_kind():
    for chip in CHIPS.values():
        figures = (chip.memory_bytes, chip.bandwidth_bytes_s, chip.power_w)
        for figure, (least, most) in zip(figures, PLAUSIBLE[chip.kind], strict=True):
            assert figure is None or least <= figure <= most, (chip.name, figure)
        if chip.memory_bytes is not None:
            assert 0.01 <= chip.memory_bytes / chip.bandwidth() <= 1, chip.name


def test_every_chip_has_a_bandwidth_and_only_a_phones_or_a_cars_memory_is_left_to_its_maker():
    assert [chip.name for chip in CHIPS.values() if chip.bandwidth_bytes_s is None] == []
    without = {chip.name for chip in CHIPS.values() if chip.memory_bytes is None}
    assert without == {"Snapdragon 8295", "RK3588", "Snapdragon 8 Elite", "Dimensity 9400"}


def test_there_are_chips_of_every_kind():
    assert {chip.kind for chip in CHIPS.values()} == set(Kind)


def test_a_chip_is_found_however_it_is_written():
    assert find_chip("h800", CHIPS).name == "H800"
    assert find_chip("jetson-agx-orin", CHIPS).name == "Jetson AGX Orin"
    assert find_chip("8295", CHIPS).name == "Snapdragon 8295"
    with pytest.raises(UserError, match=r"H900; near it: .*H800") as refused:
        find_chip("H900", CHIPS)
    assert refused.value.code == "no_such_chip"
    with pytest.raises(UserError, match="known: H800"):
        find_chip("zzzzzzzzzzz", CHIPS)


def test_a_chip_computes_wider_where_it_has_no_such_format():
    assert CHIPS["A800"].peak(NumberFormat.FP8) == 3.12e14
    assert CHIPS["H800"].peak(NumberFormat.FP8) == 1.98e15
    assert CHIPS["H800"].peak(NumberFormat.Q4_K) == 9.89e14
    assert CHIPS["Jetson Orin NX"].peak(NumberFormat.BF16) == 15e12


def test_a_figure_that_is_not_published_is_asked_for_and_not_guessed():
    with pytest.raises(UserError, match=r"Apple M4 has no peak_flops for bf16") as refused:
        CHIPS["Apple M4"].peak(NumberFormat.BF16)
    assert refused.value.code == "chip_figure_missing"
    with pytest.raises(UserError, match="H800 has no peak_flops for fp32"):
        CHIPS["H800"].peak(NumberFormat.FP32)
    unknown = chips_from(MINE.replace(b'bandwidth = "50 GB/s"', b""))["mine"]
    with pytest.raises(UserError, match="mine has no bandwidth"):
        unknown.bandwidth()


def test_ones_own_chip_is_a_file_of_one_entry():
    mine = chips_from(MINE)["mine"]
    assert (mine.memory_bytes, mine.bandwidth_bytes_s, mine.price_usd_per_hour) == (8e9, 50e9, None)
    assert mine.peak(NumberFormat.BF16) == 2e12
    assert find_chip("mine", CHIPS | {"mine": mine}) is mine


@each_row("name, written", [("h800", "H800"), ("NVIDIA H800", "nvidia-h800"), ("Box", "mine")])
def test_ones_own_chip_comes_before_a_known_one_of_that_name(name: str, written: str):
    text = MINE.replace(b'"mine"', f'"{name}"\naliases = ["mine", "4090"]'.encode())
    chips = with_own(chips_from(text), CHIPS)
    assert find_chip(written, chips).bandwidth() == 50e9
    assert find_chip("4090", chips).name == name
    assert find_chip("RTX 4090", chips).bandwidth() == 1008e9


@each_row(
    "before, after, told",
    [
        (b'"8 GB"', b'"-8 GB"', r"mine\.memory: -8 GB"),
        (b'"8 GB"', b"true", r"mine: .*memory"),
        (b'"50 GB/s"', b'"50 parsecs"', r"mine\.bandwidth: the unit 'parsecs'"),
        (b"fp16", b"fp17", r"mine: .*fp17"),
        (b'"2 TFLOP/s"', b"0", r"mine\.peak_flops\.fp16: 0"),
        (b'"edge"', b'"toaster"', r"mine\.kind: 'toaster' is none of .*edge"),
        (b"memory", b"memmory", r"mine: .*memmory"),
        (b'"measured"', b'""', r"mine\.memory: where is it from"),
        (b'source = "measured"', b'sources = { colour = "x" }', r"mine\.sources\.colour"),
        (b"[[chip]]", b"[[chips]]", r"chips"),
        (b'name = "mine"', b"name = ", r"list of chips"),
        (b'"mine"', b"[" * 20_000 + b"]" * 20_000, r"list of chips: .*recursion"),
        (b"[[chip]]", MINE + b"[[chip]]", r"mine: the name mine stands twice"),
        (b"[[chip]]", MINE.replace(b'"mine"', b'"Mine"') + b"[[chip]]", r"mine stands twice"),
        (b"[[chip]]", MINE.replace(b'"mine"', b'"M"\naliases = ["MINE"]') + b"[[chip]]", "twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(before: bytes, after: bytes, told: str):
    assert before in MINE
    with pytest.raises(UserError, match=told) as refused:
        chips_from(MINE.replace(before, after))
    assert refused.value.code == "bad_chip"


def test_a_memory_is_given_to_chips_that_have_none():
    rk3588, h20 = with_memory([CHIPS["RK3588"], CHIPS["H20"]], 16e9)
    assert (rk3588.memory_bytes, rk3588.sources["memory"]) == (16e9, "--memory")
    assert h20 == CHIPS["H20"]
    with pytest.raises(UserError, match="--memory: H20 has 96 GB"):
        with_memory([CHIPS["H20"]], 16e9)


@each_row(
    "name, near", [("RTX 409", "RTX 4090"), ("Jetson", "Jetson Orin NX"), ("H10", "H100 SXM")]
)
def test_a_near_chip_is_named_once_and_as_it_is_listed(name: str, near: str) -> None:
    with pytest.raises(UserError) as refused:
        find_chip(name, CHIPS)
    told = str(refused.value).partition("near it: ")[2].partition(". ")[0].split(", ")
    assert near in told
    assert len(told) == len(set(told)) <= 3
    assert set(told) <= set(CHIPS)
