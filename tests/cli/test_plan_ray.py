"""Ray Serve's file is Python, and its configuration holds the planned sizes."""

import ast

from edgewise.cli.plan_deployment import Planned
from edgewise.cli.plan_ray import write_ray
from tests.cli.test_plan_deployment import planned_for
from tests.each_row import each_row


def config_of(planned: Planned) -> tuple[dict[str, object], str]:
    """The arguments of LLMConfig, and the builder's name."""
    tree = ast.parse(write_ray(planned))
    made = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    config, app = made["config"], made["app"]
    assert isinstance(config, ast.Call)
    assert isinstance(app, ast.Call)
    assert isinstance(app.func, ast.Name)
    return {each.arg or "": ast.literal_eval(each.value) for each in config.keywords}, app.func.id


def test_experts_go_to_the_builder_of_data_parallel_attention() -> None:
    planned = planned_for("step-3", "H20")
    config, builder = config_of(planned)
    assert builder == "build_dp_openai_app"
    assert config["accelerator_type"] == "H20"
    assert config["model_loading_config"] == {
        "model_id": "step-3",
        "model_source": "stepfun-ai/step3",
    }
    assert config["engine_kwargs"] == {
        "tensor_parallel_size": 1,
        "data_parallel_size": 8,
        "enable_expert_parallel": True,
        "max_num_seqs": planned.serving.batch // 8,
        "max_model_len": 8192,
        "kv_cache_dtype": "fp8",
        "quantization": "fp8",
        "gpu_memory_utilization": 0.9,
    }


def test_a_dense_model_goes_to_the_plain_builder() -> None:
    config, builder = config_of(planned_for("qwen3-8b", "H100 SXM"))
    assert builder == "build_openai_app"
    assert config["accelerator_type"] == "H100"
    engine = config["engine_kwargs"]
    assert isinstance(engine, dict)
    assert "data_parallel_size" not in engine


@each_row("chip, kind", [("MI300X", "AMD-Instinct-MI300X-OAM"), ("Ascend 910B", "Ascend910B")])
def test_other_makers_chips_have_rays_own_names(chip: str, kind: str) -> None:
    assert config_of(planned_for("qwen3-8b", chip))[0]["accelerator_type"] == kind


def test_a_chip_that_ray_does_not_know_is_left_out_and_said() -> None:
    planned = planned_for("qwen3-8b", "H800")
    assert "accelerator_type" not in config_of(planned)[0]
    assert "Ray has no accelerator_type for H800" in write_ray(planned)
