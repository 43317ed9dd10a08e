"""What a deployment is told, whatever the engine: the model, its chip, the planned sizes, and why.

Both halves run on the same cards; where the plan sets them apart, the comment says what that would
be and why it is not written (`plan_vllm` writes it where vLLM's plugin takes the model).
"""

import re
from collections.abc import Mapping
from textwrap import wrap

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.report import ModelPlan, OnChip, Report, Serving, Subject

OF_ONE_BYTE = (NumberFormat.FP8, NumberFormat.INT8)
OF_ENGINES = (NumberFormat.FP8, NumberFormat.BF16, NumberFormat.FP16)
COLUMNS = 96


class Planned(Struct, frozen=True):
    """What every engine is told. `repository` is the model's local folder, else its name on its hub
    where its entry has one, else its own; `weights_are_fp8` is what an engine has to be told, and
    not what it reads from a quantized model's config; `about` says what was planned, a sentence
    each."""

    repository: str
    architecture: Architecture
    plan: ModelPlan
    serving: Serving
    chip: Chip
    context: int
    weights_are_fp8: bool
    kv_is_fp8: bool
    about: tuple[str, ...]

    @property
    def spreads_experts(self) -> bool:
        """Whether experts lie on several cards."""
        return self.plan.is_moe and self.serving.cards > 1

    @property
    def sequences_per_rank(self) -> int:
        """Sequences of one data-parallel rank."""
        return max(1, self.serving.batch // self.serving.data_parallel)

    @property
    def cards_per_server(self) -> int:
        """Cards that one server gives."""
        return self.serving.cards // self.serving.servers

    @property
    def ranks_per_server(self) -> int:
        """Data-parallel ranks on one server."""
        return self.serving.data_parallel // self.serving.servers


def planned(found: Report, subject: Subject, chips: Mapping[str, Chip]) -> Planned:
    """The first model on the chip whose deployment costs least a token; without prices, on the
    first. Raises
    UserError where none serves it, saying why, and for a model of a GGUF file."""
    if subject.stored is not None:
        raise UserError(
            f"--emit: {subject.source} is a GGUF file, which these engines are not given; name the "
            "model that it was made from, by its name or its folder with config.json",
            code="bad_plan",
        )
    model = subject.architecture
    plan = found.models[0]
    serves = [(each, each.serving) for each in plan.chips if each.serving is not None]
    if not serves:
        raise UserError(
            f"none of these chips can serve {plan.model}: {_why(plan)}", code="bad_plan"
        )
    on, serving = min(serves, key=lambda pair: (pair[1].total_usd is None, pair[1].total_usd or 0))
    has_fp8 = computes_fp8(chips[on.chip])
    return Planned(
        repository=_repository(subject),
        architecture=model,
        plan=plan,
        serving=serving,
        chip=chips[on.chip],
        context=found.context,
        weights_are_fp8=(
            has_fp8 and plan.weights_format == NumberFormat.FP8 and subject.quantization is None
        ),
        kv_is_fp8=has_fp8 and _keeps_a_byte(model),
        about=(
            *_about(found, plan, subject, on, serving),
            *(() if has_fp8 else _without_fp8(plan, model, on)),
        ),
    )


def computes_fp8(chip: Chip) -> bool:
    """Whether its entry has a rate for FP8: engines keep weights and cache so on such chips."""
    return NumberFormat.FP8 in chip.peak_flops


def comment(sentences: tuple[str, ...] | list[str]) -> str:
    """Sentences as lines that begin with #, for a shell, Python and YAML alike."""
    lines = [line for sentence in sentences for line in wrap(sentence, COLUMNS)]
    return "".join(f"# {line}\n" for line in lines)


def apart(plan: ModelPlan, why_not: str) -> tuple[str, ...]:
    """A sentence on the plan with attention and feed-forward apart, and why it is not written."""
    found = plan.deployment
    if found is None or found.name is None:
        return ()
    return (
        f"Apart it would be {found.name}: {found.attention_cards} x {found.attention_chip} for "
        f"attention, {found.ffn_cards} x {found.ffn_chip} for feed-forward. Not written: {why_not}",
    )


def _about(
    found: Report, plan: ModelPlan, subject: Subject, on: OnChip, serving: Serving
) -> tuple[str, ...]:
    servers = "one server" if serving.servers == 1 else f"{serving.servers} servers"
    sentences = [
        f"Planned by edgewise plan: {plan.model} at context {found.context}, weights in "
        f"{plan.weights_format}, {found.slo_ms:g} ms a token.",
        f"{serving.cards} x {on.chip}, {servers}: at most {serving.batch} sequences at once, "
        f"{serving.token_s * 1e3:.1f} ms a token and {serving.tokens_s:.0f} tokens/s at half of "
        "peak. Arithmetic, not a measurement: measure before you rely on it.",
    ]
    name = _repository(subject)
    if name == subject.architecture.name or name.endswith(".json"):
        sentences.append(f"Replace {name} by the model's repository or folder.")
    if (quantization := subject.quantization) is not None:
        sentences.append(f"The engine reads from its config how it is kept: {quantization.method}.")
        if quantization.format not in (None, plan.weights_format):
            sentences.append(
                f"That is not {plan.weights_format}, in which it was planned: name a checkpoint"
                f" that is stored in {plan.weights_format}, or plan without --format."
            )
    elif plan.weights_format not in OF_ENGINES:
        sentences.append(
            f"Name a checkpoint that is stored in {plan.weights_format}: none is made here."
        )
    return tuple(sentences)


def _without_fp8(plan: ModelPlan, model: Architecture, on: OnChip) -> list[str]:
    """What an engine does not do on such a chip, and what to name or plan instead."""
    sentences: list[str] = []
    if plan.weights_format == NumberFormat.FP8:
        sentences.append(f"{on.chip} has no FP8: name a checkpoint in INT8 (W8A8).")
    if _keeps_a_byte(model):
        sentences.append(
            f"Keys and values are planned in one byte, and without FP8 {on.chip} keeps them in "
            "two: plan with --kv-format bf16, unless your engine keeps them in INT8."
        )
    return sentences


def _keeps_a_byte(model: Architecture) -> bool:
    return all(group.kv_format in OF_ONE_BYTE for group in model.groups)


def _why(plan: ModelPlan) -> str:
    for each in plan.chips:
        if each.problem is not None:
            return f"{each.chip}: {each.problem.en}"
        if each.missing:
            return f"{each.chip} has no {', '.join(each.missing)}"
    return "take one of kind accelerator, from `edgewise plan chips`"


def _repository(subject: Subject) -> str:
    if subject.folder:
        return subject.folder
    source = re.search(r"config of ([\w.-]+/[\w.-]+)", subject.architecture.source)
    return source[1] if source else subject.architecture.name
