"""Charts: every chip and model is named in the SVG, and no label lies on another."""

import builtins
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cli.plan_plot import draw, spread
from edgewise.errors import UserError
from edgewise.plan.report import Asked, Subject, report
from tests.plan.planned import CHIPS, MODELS

NAMES = ("step-3", "deepseek-v3", "llama-4-maverick")


def drawn(path: Path, *chips: str, models: tuple[str, ...] = NAMES) -> Path:
    subjects, chosen = [Subject(MODELS[name]) for name in models], [CHIPS[name] for name in chips]
    asked = Asked(8192)
    draw(path, report(subjects, chosen, asked), chosen, subjects, asked)
    return path


def texts(path: Path) -> list[str]:
    return [each.text or "" for each in ET.parse(path).iter("{http://www.w3.org/2000/svg}text")]


def test_the_svg_names_each_chip_model_and_bar_as_text(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    told = texts(drawn(tmp_path / "plan.svg", "H20", "H800", "H100 SXM"))
    for words in ("H20", "H800", "H100 SXM", "step-3", "deepseek-v3"):
        assert words in told
    assert "llama-4-maverick" in told
    assert "step-3, deepseek-v3, llama-4-maverick at context 8192" in told
    assert not any("32K" in words for words in told)
    assert {"step-3: H20", "step-3: H800", "step-3: H20 + H800", "0.055"} <= set(told)
    assert "attention" in told
    assert "feed-forward" in told
    assert not any("H100" in words and ":" in words for words in told)


def test_a_png_is_a_picture_and_the_same_plan_is_the_same_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first = drawn(tmp_path / "one.png", "H20", models=("step-3",)).read_bytes()
    assert first.startswith(b"\x89PNG")
    first_svg = drawn(tmp_path / "one.svg", "H20", models=("step-3",)).read_bytes()
    assert drawn(tmp_path / "two.svg", "H20", models=("step-3",)).read_bytes() == first_svg


def test_chips_without_a_price_have_a_roof_and_no_bar(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    told = texts(drawn(tmp_path / "plan.svg", "H100 SXM", models=("step-3",)))
    assert "None of these chips has a price." in told


def test_devices_alone_are_drawn_by_their_speeds(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    told = texts(drawn(tmp_path / "plan.svg", "RTX 4090", "RK3588", models=("qwen3-4b",)))
    assert {"qwen3-4b: RTX 4090, bf16", "qwen3-4b: RK3588, q4_k"} <= set(told)
    assert "tokens/s that one sequence decodes at context 8192" in told
    assert not any("price" in words for words in told)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"\.svg or a \.png"):
        drawn(tmp_path / "plan.pdf", "H20")


def test_a_chip_without_a_roof_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no roof"):
        drawn(tmp_path / "plan.svg", "Snapdragon 8295", models=("qwen3-4b",))


def test_without_matplotlib_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.startswith("matplotlib"):
            raise ImportError("no", name="matplotlib")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UserError, match=r"edgewise\[plan\]") as raised:
        drawn(tmp_path / "plan.svg", "H20")
    assert raised.value.code == "missing_extra"


@given(st.lists(st.floats(0, 1), max_size=12))
def test_labels_are_moved_apart_and_keep_their_order(places: list[float]) -> None:
    moved = spread(places, 0.05)
    order = sorted(range(len(places)), key=lambda index: places[index])
    for first, second in pairwise(order):
        assert moved[second] - moved[first] >= 0.05 - 1e-9
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in moved)
