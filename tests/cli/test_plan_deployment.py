"""What a deployment is told: the cheapest chip that serves, and what was planned."""

import msgspec
import pytest

from edgewise.cli.plan_deployment import COLUMNS, Planned, comment, planned
from edgewise.errors import UserError
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.report import Subject
from tests.plan.planned import CHIPS, MODELS, plan_of


def planned_for(model: str, *chips: str, **asked: object) -> Planned:
    return planned(plan_of(model, *chips, **asked), Subject(MODELS[model]), CHIPS)


def test_it_is_on_the_chip_whose_deployment_costs_least_a_token() -> None:
    assert planned_for("step-3", "H800", "H20", "Ascend 910B").chip.name == "H20"
    assert planned_for("qwen3-235b-a22b", "H800", "H20").chip.name == "H20"


def test_without_prices_it_is_on_the_first() -> None:
    assert planned_for("step-3", "H200", "H100 SXM").chip.name == "H200"


def test_the_repository_is_the_entrys() -> None:
    assert planned_for("step-3", "H800").repository == "stepfun-ai/step3"
    assert planned_for("qwen3-8b", "H800").repository == "Qwen/Qwen3-8B"


def test_a_model_without_a_repository_asks_for_one() -> None:
    assert not any("Replace" in told for told in planned_for("step-3", "H800").about)
    assert "Replace pangu-pro-moe by" in " ".join(planned_for("pangu-pro-moe", "H800").about)


def test_keys_and_values_of_a_byte_are_told() -> None:
    assert planned_for("step-3", "H800").kv_is_fp8
    assert not planned_for("qwen3-8b", "H800").kv_is_fp8


def test_a_format_that_no_engine_makes_asks_for_a_checkpoint() -> None:
    about = " ".join(planned_for("qwen3-8b", "H800", format=NumberFormat.Q4_K).about)
    assert "checkpoint that is stored in q4_k" in about


def test_where_no_chip_serves_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = msgspec.structs.replace(CHIPS["Ascend 910B"], memory_bytes=None)
    monkeypatch.setitem(CHIPS, "Ascend 910B", unknown)
    with pytest.raises(UserError, match="--slo-ms"):
        planned_for("step-3", "H800", target_s=1e-3)
    with pytest.raises(UserError, match="Ascend 910B has no memory"):
        planned_for("step-3", "Ascend 910B")
    with pytest.raises(UserError, match="accelerator"):
        planned_for("qwen3-4b", "RTX 4090")


def test_a_comment_is_no_wider_than_a_screen() -> None:
    lines = comment(["word " * 100, "short"]).splitlines()
    assert all(line.startswith("# ") and len(line) <= COLUMNS + 2 for line in lines)
    assert lines[-1] == "# short"
