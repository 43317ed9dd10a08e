"""The lists of what the planner knows: every figure stands with its unit, or a dash."""

import msgspec
import pytest

from edgewise.cli.plan_lists import show_chips, show_models
from edgewise.core.words import Language
from tests.plan.planned import CHIPS, MODELS


def test_a_chip_stands_with_its_figures_and_a_dash_for_what_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unknown = msgspec.structs.replace(CHIPS["Ascend 910B"], memory_bytes=None)
    show_chips([CHIPS["H800"], unknown], Language.ENGLISH)
    _, first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.split() == (
        ["H800", "accelerator", "80.0", "GB", "3.35", "TB/s", "1.98", "PFLOP/s", "2.00"]
    )
    assert second.split()[:4] == ["Ascend", "910B", "accelerator", "-"]


def test_a_model_stands_with_its_parameters_and_longest_context(
    capsys: pytest.CaptureFixture[str],
) -> None:
    endless = msgspec.structs.replace(MODELS["qwen3-8b"], name="endless", max_context=0)
    show_models([MODELS["step-3"], endless], Language.CHINESE)
    _, first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.split() == ["step-3", "316.3", "B", "37.9", "B", "65536"]
    assert second.split()[-1] == "-"
