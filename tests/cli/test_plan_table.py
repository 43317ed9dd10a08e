"""Tables of 80 columns in both languages, read back column by column."""

import msgspec
import pytest

from edgewise.cli.plan_table import show_report
from edgewise.core.words import Language, Words
from edgewise.plan.report import Asked, Report, Subject, report
from tests.cli.test_lists import fits
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS, plan_of


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def said(capsys: pytest.CaptureFixture[str], found: Report, language: Language) -> str:
    show_report(found, language)
    return capsys.readouterr().out


@each_row("language", list(Language))
@each_row("model", ["step-3", "deepseek-v3", "qwen3-8b", "minimax-m1"])
def test_every_plan_fits_80_columns(
    capsys: pytest.CaptureFixture[str], language: Language, model: str
) -> None:
    for slo_s in (0.05, 0.001):
        assert fits(said(capsys, plan_of(model, *CHIPS, target_s=slo_s), language))


@each_row("language", list(Language))
def test_a_comparison_fits_80_columns_and_has_a_row_for_each(
    capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    names = [name for name in MODELS if MODELS[name].max_context >= 8192]
    chips = [CHIPS[name] for name in ("H20", "H800", "Ascend 910B")]
    found = report([Subject(MODELS[name]) for name in names], chips, Asked(8192))
    out = said(capsys, found, language)
    assert fits(out)
    last = out.rstrip().splitlines()[-len(names) :]
    assert [line.split()[0] for line in last] == names


@each_row("language", list(Language))
def test_long_names_fit_80_columns(capsys: pytest.CaptureFixture[str], language: Language) -> None:
    long = msgspec.structs.replace(MODELS["step-3"], name="a folder with a long name " * 4)
    chips = [CHIPS["Ascend 910B"], CHIPS["H800"]]
    found = report([Subject(long)], chips, Asked(32768))
    assert found.models[0].split is not None
    assert found.models[0].split.attention_chip == "Ascend 910B"
    assert fits(said(capsys, found, language))


def test_no_line_ends_in_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, plan_of("step-3", *CHIPS), Language.ENGLISH).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_costs_are_the_reports(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, plan_of("step-3", "H20", "H800"), Language.ENGLISH).splitlines()
    (h800,) = [line.split() for line in lines if line.startswith("H800 ") and "memory" in line]
    assert h800 == ["H800", "591", "memory", "0.048", "0.015", "0.063", "5.8", "%"]
    assert any("0.055 USD" in line and "attention on H20" in line for line in lines)
    assert any(line.startswith("H20 + H800: 10A2F (80 + 16 cards)") for line in lines)


def test_a_chip_without_a_price_says_so_in_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, plan_of("step-3", "H100 SXM"), Language.ENGLISH)
    (row,) = [line for line in out.splitlines() if line.startswith("H100 SXM") and "591" in line]
    assert row.count("no price") == 3
    assert "--chips FILE" in out
    chinese = said(capsys, plan_of("step-3", "H100 SXM"), Language.CHINESE)
    assert [line.count("无价格") for line in chinese.splitlines() if "591" in line] == [3]


@each_row("language, words", [("en", ("yes", "always (speed)", "nowhere")),
                              ("zh", ("是", "始终 (速度)", "不需要"))])  # fmt: skip
def test_a_device_tells_fit_speed_and_when_the_cloud_goes_on(
    capsys: pytest.CaptureFixture[str], language: str, words: tuple[str, ...]
) -> None:
    out = said(capsys, plan_of("qwen3-4b", "Jetson AGX Orin", "RTX 4090"), Language(language))
    assert fits(out)
    rows = [line.split("  ") for line in out.splitlines() if "q4_k" in line]
    assert [row[0] for row in rows] == ["Jetson AGX Orin", "RTX 4090"]
    assert all(word in out for word in words)
    assert "$/M" not in out


def test_a_deployment_tells_its_price_a_million_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, plan_of("step-3", "H20", "H200"), Language.ENGLISH).splitlines()
    rows = {line.split()[0]: line.split()[-1] for line in lines if "TP1" in line}
    assert rows == {"H20": "0.163", "H200": "-"}
    both = " ".join(said(capsys, plan_of("step-3", "H20", "H800"), Language.ENGLISH).split())
    assert "212760 tokens/s (2216 a card), 0.125 $/M" in both


@each_row("language", list(Language))
def test_a_comparison_on_devices_is_told_in_what_devices_are_asked_for(
    capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    subjects = [Subject(MODELS[name]) for name in ("qwen3-4b", "qwen3-0.6b")]
    chips = [CHIPS["RK3588"], CHIPS["RTX 4090"]]
    out = said(capsys, report(subjects, chips, Asked(8192)), language)
    assert fits(out)
    *_, header, first, second, third, fourth = out.splitlines()
    assert "$/M" not in header
    assert first.split()[:6] == ["qwen3-4b", "RK3588", "q4_k", "2.26", "GB", "?"]
    assert [line.split()[0] for line in (second, third, fourth)] == (
        ["qwen3-4b", "qwen3-0.6b", "qwen3-0.6b"]
    )
    assert Words("nowhere", "不需要").said_in(language) in second


def test_a_memory_that_is_missing_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--memory 12GB" in said(capsys, plan_of("qwen3-4b", "RK3588"), Language.ENGLISH)
    assert "--memory" not in said(capsys, plan_of("qwen3-4b", "L4"), Language.ENGLISH)


@each_row("slo_s, wanted", [(0.03, "33.3"), (0.05, "20"), (0.2, "5"), (0.001, "1000")])
def test_the_wanted_speed_is_told_in_three_digits(
    capsys: pytest.CaptureFixture[str], slo_s: float, wanted: str
) -> None:
    out = said(capsys, plan_of("qwen3-4b", "RTX 4090", target_s=slo_s), Language.ENGLISH)
    assert f"device, {wanted} tokens/s wanted" in out
