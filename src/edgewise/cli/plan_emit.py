"""A plan's sizes as a deployment that runs, for the engine that is named."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from edgewise.cli.plan_deployment import Planned, planned
from edgewise.cli.plan_k8s import write_k8s
from edgewise.cli.plan_ray import write_ray
from edgewise.cli.plan_sglang import write_sglang
from edgewise.cli.plan_vllm import write_vllm, write_vllm_apart
from edgewise.errors import UserError
from edgewise.plan.chip import Chip
from edgewise.plan.report import Report, Subject


class Engine(StrEnum):
    """What a deployment can be written for."""

    VLLM = "vllm"
    SGLANG = "sglang"
    RAY = "ray"
    K8S = "k8s"


WRITERS: dict[Engine, Callable[[Planned], str]] = {
    Engine.VLLM: write_vllm,
    Engine.SGLANG: write_sglang,
    Engine.RAY: write_ray,
    Engine.K8S: write_k8s,
}


def deployment(
    engine: Engine,
    found: Report,
    model: Subject,
    chips: Mapping[str, Chip],
    *,
    apart: bool = False,
) -> str:
    """The first model's deployment as a text for `engine`, with attention and feed-forward `apart`
    where that is asked for. Raises UserError where no chip serves the model, for a model of a GGUF
    file, and where the engine has no such mode for it."""
    if apart and engine is not Engine.VLLM:
        raise UserError(
            f"--apart: {engine} does not run attention and feed-forward apart; --emit vllm does, "
            "for some models",
            code="bad_plan",
        )
    sizes = planned(found, model, chips)
    return write_vllm_apart(sizes) if apart else WRITERS[engine](sizes)
