"""A plan's sizes as a deployment that runs, for the engine that is named."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from edgewise.cli.plan_deployment import Planned, planned
from edgewise.cli.plan_k8s import write_k8s
from edgewise.cli.plan_ray import write_ray
from edgewise.cli.plan_sglang import write_sglang
from edgewise.cli.plan_vllm import write_vllm
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.report import Report


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
    engine: Engine, found: Report, model: Architecture, chips: Mapping[str, Chip]
) -> str:
    """The first model's deployment as a text for `engine`. Raises UserError where no chip serves
    it, saying why."""
    return WRITERS[engine](planned(found, model, chips))
