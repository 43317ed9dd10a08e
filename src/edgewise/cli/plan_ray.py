"""A plan as a Python file for Ray Serve LLM. Source: Ray's pages on serving LLMs and on data
parallel attention."""

from edgewise.cli.plan_deployment import Planned, apart, comment

VERSION = "Ray 2.55 with ray[llm], whose LLM API is alpha"
TYPES = {name: name for name in ("A100", "H100", "H200", "H20", "B200", "L4")} | {
    "MI300X": "AMD-Instinct-MI300X-OAM",
    "Ascend 910B": "Ascend910B",
}
"""Ray's names for accelerators (`ray.util.accelerators`), of those we know."""


def write_ray(planned: Planned) -> str:
    """A Python file that serves when it is run."""
    serving, is_dp = planned.serving, planned.serving.data_parallel > 1
    why_not = "Ray Serve has no such mode; --emit vllm --apart writes it for some models."
    sentences = [
        *planned.about,
        f"Names hold for {VERSION}.",
        *apart(planned.plan, why_not),
        "Run it on a node of the Ray cluster: python FILE.",
    ]
    chip = planned.chip.name
    if kind := TYPES.get(chip, TYPES.get(chip.split()[0])):
        typed = f"    accelerator_type={_quoted(kind)},\n"
    else:
        typed = f"    # Ray has no accelerator_type for {chip}: its scheduler sees GPUs alone.\n"
    told: dict[str, object] = {
        "tensor_parallel_size": serving.tensor_parallel,
        **({"data_parallel_size": serving.data_parallel} if is_dp else {}),
        **({"enable_expert_parallel": True} if planned.spreads_experts else {}),
        "max_num_seqs": planned.sequences_per_rank,
        "max_model_len": planned.context,
        "kv_cache_dtype": "fp8" if planned.kv_is_fp8 else "auto",
        **({"quantization": "fp8"} if planned.weights_are_fp8 else {}),
        "gpu_memory_utilization": 0.9,
    }
    builder = "build_dp_openai_app" if is_dp else "build_openai_app"
    argument = '{"llm_config": config}' if is_dp else '{"llm_configs": [config]}'
    return (
        f"{comment(sentences)}"
        "from ray import serve\n"
        f"from ray.serve.llm import LLMConfig, {builder}\n\n"
        "config = LLMConfig(\n"
        "    model_loading_config={\n"
        f'        "model_id": {_quoted(planned.plan.model)},\n'
        f'        "model_source": {_quoted(planned.repository)},\n'
        "    },\n"
        f"{typed}"
        "    engine_kwargs={\n"
        + "".join(f'        "{key}": {_quoted(value)},\n' for key, value in told.items())
        + f"    }},\n)\napp = {builder}({argument})\n\n"
        'if __name__ == "__main__":\n    serve.run(app, blocking=True)\n'
    )


def _quoted(value: object) -> str:
    """A value as Python writes it, texts in double quotes."""
    if not isinstance(value, str):
        return repr(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
