"""The whole plan as one value: the report's figures, what is missing, and a stable JSON."""

import json

import msgspec
import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import LARGEST
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.report import SCHEMA, Asked, ModelPlan, OnChip, Report, Subject, report
from edgewise.plan.stored import stored_as
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS, plan_of


def model_plan(found: Report) -> ModelPlan:
    (model,) = found.models
    return model


@each_row("context, usd", [(8192, 0.055), (32768, 0.129)])
def test_the_headline_of_the_step_3_report(context: int, usd: float) -> None:
    found = model_plan(plan_of("step-3", "H800", "H20", "A800", "Ascend 910B", context=context))
    assert found.split is not None
    assert (found.split.attention_chip, found.split.ffn_chip) == ("H20", "H800")
    assert found.split.total_usd == pytest.approx(usd, abs=6e-4)


def test_a_token_is_counted_as_in_the_reports_tables() -> None:
    token = model_plan(plan_of("step-3", "H20")).token
    assert token.kv_bytes == pytest.approx(2.56e8, rel=5e-3)
    assert token.attention_core_flops == pytest.approx(3.27e10, rel=5e-3)
    assert token.attention_linear_flops == pytest.approx(2.07e10, rel=5e-3)
    assert token.ffn_flops == pytest.approx(5.33e10, rel=5e-3)
    assert token.intensity_flops_per_byte == pytest.approx(128)
    assert token.acting == pytest.approx(4 / 48)


def on_chip(found: Report, name: str) -> OnChip:
    (chip,) = [each for each in model_plan(found).chips if each.chip == name]
    return chip


def test_what_limits_attention_is_seen_against_each_roof() -> None:
    found = plan_of("step-3", "H20", "H800")
    assert on_chip(found, "H20").limited_by == "compute"
    assert on_chip(found, "H800").limited_by == "memory"
    assert on_chip(found, "H800").acting_floor == pytest.approx(0.058, abs=5e-4)


def test_a_chip_without_a_price_has_times_and_no_cost() -> None:
    found = plan_of("step-3", "H100 SXM", "H800")
    bare = on_chip(found, "H100 SXM")
    assert (bare.attention_usd, bare.ffn_usd, bare.total_usd) == (None, None, None)
    assert bare.missing == ("price",)
    assert bare.serving is not None
    split = model_plan(found).split
    assert split is not None
    assert split.attention_chip == split.ffn_chip == "H800"


def test_without_any_price_the_first_chip_attends_and_the_last_feeds_forward() -> None:
    found = model_plan(plan_of("step-3", "H100 SXM", "H200"))
    assert found.split is None
    assert found.deployment is not None
    assert found.deployment.attention_chip == "H100 SXM"
    assert found.deployment.ffn_chip == "H200"


def test_a_chip_without_memory_is_priced_and_serves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown = msgspec.structs.replace(CHIPS["Ascend 910B"], memory_bytes=None)
    monkeypatch.setitem(CHIPS, "Ascend 910B", unknown)
    bare = on_chip(plan_of("step-3", "Ascend 910B"), "Ascend 910B")
    assert bare.total_usd is not None
    assert bare.serving is None
    assert bare.missing == ("memory",)


def test_a_dense_model_has_no_least_share_of_experts() -> None:
    assert on_chip(plan_of("qwen3-8b", "H800"), "H800").acting_floor is None


def test_a_time_that_is_too_short_says_what_to_do_in_both_languages() -> None:
    found = plan_of("step-3", "H800", target_s=0.001)
    problem = on_chip(found, "H800").problem
    assert problem is not None
    assert "attention" not in problem.zh
    for words in (problem.en, problem.zh):
        assert "--slo-ms" in words
        assert "1 ms" in words
    apart = model_plan(found).deployment
    assert apart is not None
    assert apart.name is None
    assert apart.problem is not None


def test_a_model_that_does_not_fit_says_what_to_do() -> None:
    found = plan_of("qwen3-32b", "L4", format=NumberFormat.FP32, batch=100)
    problem = on_chip(found, "L4").problem
    assert problem is not None
    assert "--format" in problem.en
    assert "--format" in problem.zh


def test_a_batch_is_three_micro_batches_apart() -> None:
    found = model_plan(plan_of("step-3", "H800", context=4096, batch=6144)).deployment
    assert found is not None
    assert (found.name, found.micro_batch, found.batch) == ("2A2F", 2048, 6144)
    assert found.cards == found.attention_cards + found.ffn_cards == 32


def test_an_edge_chip_is_on_the_roofline_and_serves_no_fleet() -> None:
    edge = on_chip(plan_of("qwen3-4b", "Jetson AGX Orin"), "Jetson AGX Orin")
    assert edge.roofline_flops_per_byte is not None
    assert edge.serving is None
    assert model_plan(plan_of("qwen3-4b", "Jetson AGX Orin")).deployment is None


def test_wider_weights_compute_in_16_bits() -> None:
    narrow = on_chip(plan_of("qwen3-8b", "H800"), "H800")
    wide = on_chip(plan_of("qwen3-8b", "H800", format=NumberFormat.BF16), "H800")
    assert wide.ffn_usd == pytest.approx(narrow.ffn_usd * 1.98e15 / 9.89e14)


def test_a_format_of_keys_and_values_takes_the_entrys_place() -> None:
    wide = model_plan(plan_of("step-3", "H800", kv=NumberFormat.BF16)).token
    assert wide.kv_bytes == pytest.approx(2 * 255852544)


@each_row(
    "asked, told",
    [
        (Asked(0), "context is 0"),
        (Asked(-5), "context is -5"),
        (Asked(LARGEST + 1), "from 1 to"),
        (Asked(65537), "65536"),
        (Asked(8192, target_s=0), "0 ms; it is from 0.001 to"),
        (Asked(8192, target_s=1e-323), "it is from 0.001 to"),
        (Asked(8192, target_s=float("nan")), r"nan ms; it is from 0.001 to 1e\+07"),
        (Asked(8192, batch=0), "batch is 0"),
    ],
)
def test_what_cannot_be_planned_is_named(asked: Asked, told: str) -> None:
    with pytest.raises(UserError, match=told) as raised:
        report([Subject(MODELS["step-3"])], [CHIPS["H20"]], asked)
    assert raised.value.code == "bad_plan"


def test_a_context_beyond_the_models_says_the_longest() -> None:
    with pytest.raises(UserError, match="--context 40960 or less"):
        plan_of("qwen3-8b", "H20", context=50000)


def test_the_json_keeps_its_fields() -> None:
    assert SCHEMA == 1
    found = json.loads(msgspec.json.encode(plan_of("step-3", "H20", "H800")))
    assert set(found) == {"schema", "context", "slo_ms", "batch", "format", "models"}
    (model,) = found["models"]
    assert set(model) >= {
        "model", "source", "parameters", "active_parameters", "weights_bytes", "max_context",
        "is_moe", "token", "chips", "split", "deployment",
    }  # fmt: skip
    assert set(model["token"]) == {
        "kv_bytes", "attention_core_flops", "attention_linear_flops", "ffn_flops",
        "intensity_flops_per_byte", "acting",
    }  # fmt: skip
    assert set(model["chips"][0]) == {
        "chip", "kind", "price_usd_per_hour", "roofline_flops_per_byte", "limited_by",
        "attention_usd", "ffn_usd", "total_usd", "acting_floor", "serving", "missing", "problem",
    }  # fmt: skip
    assert set(model["chips"][0]["serving"]) == {
        "cards", "servers", "tensor_parallel", "data_parallel", "batch", "token_s", "tokens_s",
        "weights_bytes", "cache_bytes", "room_bytes", "total_usd",
    }  # fmt: skip
    assert set(model["split"]) == {"attention_chip", "ffn_chip", "total_usd"}
    assert msgspec.json.decode(msgspec.json.encode(found), type=Report) == plan_of(
        "step-3", "H20", "H800"
    )


def test_a_deployments_price_is_that_of_its_cards_and_speed() -> None:
    (model,) = plan_of("step-3", "H20", "H800", "H200").models
    h20, _, h200 = model.chips
    assert h20.serving is not None
    assert h20.serving.total_usd == pytest.approx(
        h20.serving.cards * 0.8 / (h20.serving.tokens_s * 3600) * 1e6
    )
    assert h200.serving is not None
    assert h200.serving.total_usd is None
    found = model.deployment
    assert found is not None
    usd_h = 80 * 0.8 + 16 * 2.0
    assert found.total_usd == pytest.approx(usd_h / (found.tokens_s * 3600) * 1e6)


def test_flops_in_narrow_formats_alone_are_named_as_missing() -> None:
    narrow = {NumberFormat.INT8: 8e13}
    for name in ("Jetson AGX Orin", "L4"):
        chip = msgspec.structs.replace(CHIPS[name], peak_flops=narrow)
        found = report([Subject(MODELS["qwen3-4b"])], [chip], Asked(8192))
        assert "peak_flops.bf16" in found.models[0].chips[0].missing


def test_a_file_is_computed_in_the_format_of_most_of_its_bytes() -> None:
    model = MODELS["qwen3-8b"]
    subject = Subject(model, stored=stored_as(model, NumberFormat.BF16))
    of_file = report([subject], [CHIPS["H800"]], Asked(8192)).models[0]
    asked = plan_of("qwen3-8b", "H800", format=NumberFormat.BF16).models[0]
    assert of_file.chips == asked.chips
    assert of_file.deployment == asked.deployment
    assert of_file.weights_format == "bf16"
