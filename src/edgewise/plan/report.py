"""All that is planned for models and chips, as one value: what a table, a chart and JSON show.

What cannot be told for one cell (a chip without a price, a figure that its maker does not publish)
is None there, and why stands in `missing` or `problem`; the rest is told all the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from edgewise.core.words import Words
from edgewise.errors import UserError
from edgewise.plan.arch import LARGEST, Architecture, with_kv_format
from edgewise.plan.chip import Chip, Kind
from edgewise.plan.colocate import MOST_BATCH, Colocated, size_colocated
from edgewise.plan.cost import ChipCost, best_split, cost_on, deployed_usd, intensity
from edgewise.plan.count import decode
from edgewise.plan.disaggregate import (
    STAGES,
    TARGET_S,
    Deployment,
    TooFull,
    TooSlow,
    size_deployment,
    sparsity,
    sparsity_floor,
)
from edgewise.plan.edge import Rates
from edgewise.plan.hf_quantization import Quantization
from edgewise.plan.number_format import NumberFormat, bytes_each
from edgewise.plan.report_edge import OnDevice, on_device, ways_to_store
from edgewise.plan.stored import NAMED, StoredWeights
from edgewise.plan.weights import parameters, weight_bytes

SCHEMA = 1
"""Of the JSON; a field that goes or changes its meaning makes it 2, a new one does not."""
LEAST_S, MOST_S = 1e-6, 1e4
"""For a token: no chip is as fast as the first, and nobody waits for the second."""

T = TypeVar("T")


class Asked(Struct, frozen=True):
    """What a plan is for. `batch` is all sequences at once, None as many as there is room for;
    `format` of the weights None is FP8 on servers and the usual ones on devices; `kv` None keeps
    what the model's entry says."""

    context: int
    target_s: float = TARGET_S
    batch: int | None = None
    format: NumberFormat | None = None
    kv: NumberFormat | None = None

    @property
    def weights(self) -> NumberFormat:
        """The format of weights on servers: what is asked for, else FP8 as in the report."""
        return self.format or NumberFormat.FP8

    @property
    def compute(self) -> NumberFormat:
        """The arithmetic for those weights: 16 bits for weights of 16 or more, else FP8 where the
        chip has it."""
        return NumberFormat.FP8 if bytes_each(self.weights) < 2 else NumberFormat.BF16


class PerToken(Struct, frozen=True):
    """One decoded token, as the Step-3 report counts it. `acting` is the share of experts."""

    kv_bytes: float
    attention_core_flops: float
    attention_linear_flops: float
    ffn_flops: float
    intensity_flops_per_byte: float
    acting: float


class Serving(Struct, frozen=True):
    """Both halves on the same cards (see `colocate`). Bytes are of all cards together, and USD for
    a million tokens at these sizes."""

    cards: int
    servers: int
    tensor_parallel: int
    data_parallel: int
    batch: int
    token_s: float
    tokens_s: float
    weights_bytes: float
    cache_bytes: float
    room_bytes: float
    total_usd: float | None


class OnChip(Struct, frozen=True):
    """One chip: USD are for a million tokens; `limited_by` is what limits attention's core.

    `missing` are figures of the chip that are not known and were needed, `problem` why it cannot
    serve the model."""

    chip: str
    kind: Kind
    price_usd_per_hour: float | None
    roofline_flops_per_byte: float | None
    limited_by: Literal["memory", "compute"] | None
    attention_usd: float | None
    ffn_usd: float | None
    total_usd: float | None
    acting_floor: float | None
    serving: Serving | None
    missing: tuple[str, ...]
    problem: Words | None


class BestSplit(Struct, frozen=True):
    """The cheapest chip for each half."""

    attention_chip: str
    ffn_chip: str
    total_usd: float


class Disaggregated(Struct, frozen=True):
    """Servers of their own for attention and for feed-forward; `name` is 2A2F, None where no number
    of servers does, and then `problem` says why, or a figure of a chip is missing."""

    attention_chip: str
    ffn_chip: str
    name: str | None = None
    attention_servers: int = 0
    ffn_servers: int = 0
    attention_cards: int = 0
    ffn_cards: int = 0
    cards: int = 0
    batch: int = 0
    micro_batch: int = 0
    tokens_s: float = 0.0
    tokens_s_per_card: float = 0.0
    total_usd: float | None = None
    problem: Words | None = None


class ModelPlan(Struct, frozen=True):
    """All of one model. `weights_bytes` are a file's own where one was read, and `weights_format`
    lists its formats, those with most bytes first. `note` is what of the model is not counted."""

    model: str
    source: str
    parameters: int
    active_parameters: int
    weights_bytes: float
    weights_format: str
    max_context: int
    is_moe: bool
    token: PerToken
    chips: tuple[OnChip, ...]
    split: BestSplit | None
    deployment: Disaggregated | None
    devices: tuple[OnDevice, ...]
    note: Words | None = None


class Report(Struct, frozen=True):
    """What `edgewise plan --json` writes."""

    schema: int
    context: int
    slo_ms: float
    batch: int | None
    format: NumberFormat
    models: tuple[ModelPlan, ...]


class Subject(Struct, frozen=True):
    """A model to plan for; `stored` is exact where a GGUF file was read, `quantization` what a
    config says of its weights, `folder` the local one that an engine is given."""

    architecture: Architecture
    source: str = ""
    stored: StoredWeights | None = None
    quantization: Quantization | None = None
    folder: str = ""


def report(
    subjects: Sequence[Subject],
    chips: Sequence[Chip],
    asked: Asked,
    rates: Mapping[str, Rates] | None = None,
) -> Report:
    """The plan of every model on every chip; `rates` are by the names of chips that were measured.
    Raises UserError, which says what to do, for a
    context, batch or target that can not be."""
    check(asked, subjects)
    return Report(
        schema=SCHEMA,
        context=asked.context,
        slo_ms=asked.target_s * 1e3,
        batch=asked.batch,
        format=asked.weights,
        models=tuple(_plan(subject, chips, asked, rates or {}) for subject in subjects),
    )


def as_asked(subject: Subject, asked: Asked) -> Architecture:
    """The subject's model with keys and values kept as is asked for."""
    model = subject.architecture
    return model if asked.kv is None else with_kv_format(model, asked.kv)


def check(asked: Asked, subjects: Sequence[Subject]) -> None:
    """Raises UserError for what no plan can be made of."""
    if not 1 <= asked.context <= LARGEST:
        raise _bad(f"the context is {asked.context} tokens; it is from 1 to {LARGEST}")
    if not LEAST_S <= asked.target_s <= MOST_S:
        bounds = f"from {LEAST_S * 1e3:g} to {MOST_S * 1e3:g}"
        raise _bad(f"the time for a token is {asked.target_s * 1e3:g} ms; it is {bounds}")
    if asked.batch is not None and not 1 <= asked.batch <= MOST_BATCH:
        raise _bad(f"--batch is {asked.batch} sequences; it is from 1 to {MOST_BATCH}")
    for subject in subjects:
        if subject.stored is not None and asked.format is not None:
            raise _bad(
                f"{subject.source} is a GGUF file, whose own bytes are used: leave --format "
                f"{asked.format} out, or name the model by its name or config.json"
            )
    for each in (subject.architecture for subject in subjects):
        if each.max_context and asked.context > each.max_context:
            raise _bad(
                f"{each.name} takes {each.max_context} tokens at most; a context of "
                f"{asked.context} is beyond it. Ask for --context {each.max_context} or less"
            )


def _plan(
    subject: Subject, chips: Sequence[Chip], asked: Asked, rates: Mapping[str, Rates]
) -> ModelPlan:
    model = as_asked(subject, asked)
    asked = _as_kept(subject, asked)
    note = None
    if subject.quantization is not None and asked.format is None:
        note = _NOT_COUNTED.filled(method=subject.quantization.method)
    held = parameters(model)
    stored = subject.stored and float(subject.stored.total_bytes)
    ways = ways_to_store(model, asked.format, subject.stored)
    costs = {chip.name: cost for chip in chips if (cost := _cost(model, chip, asked)) is not None}
    servers = [chip for chip in chips if chip.kind is Kind.ACCELERATOR]
    split = best_split([costs[chip.name] for chip in servers if chip.name in costs])
    return ModelPlan(
        model=model.name,
        source=subject.source or model.source,
        parameters=held.total,
        active_parameters=held.active,
        weights_bytes=weight_bytes(held, asked.weights) if stored is None else stored,
        weights_format=", ".join(subject.stored.formats) if subject.stored else asked.weights,
        max_context=model.max_context,
        is_moe=held.experts > 0,
        token=_token(model, asked.context),
        chips=tuple(_on_chip(model, chip, costs.get(chip.name), asked, stored) for chip in chips),
        split=split and BestSplit(split.attention.chip.name, split.ffn.chip.name, split.total_usd),
        deployment=_deployment(model, servers, split and (split.attention, split.ffn), asked),
        devices=tuple(
            each
            for chip in chips
            if chip.kind is not Kind.ACCELERATOR
            for each in on_device(
                model, chip, asked.context, 1 / asked.target_s, ways, rates.get(chip.name)
            )
        ),
        note=note,
    )


def _as_kept(subject: Subject, asked: Asked) -> Asked:
    """With the format that the model is kept in, where none is asked for: what its config says, or
    the one with most bytes in its file."""
    if asked.format is not None:
        return asked
    kept = subject.quantization and subject.quantization.format
    if subject.stored is not None:
        kept = NAMED.get(next(iter(subject.stored.formats), ""))
    return msgspec.structs.replace(asked, format=kept)


def _token(model: Architecture, context: int) -> PerToken:
    work = decode(model, context)
    return PerToken(
        kv_bytes=work.cache_traffic,
        attention_core_flops=work.paper_core,
        attention_linear_flops=work.paper_linear,
        ffn_flops=work.paper_ffn,
        intensity_flops_per_byte=intensity(work),
        acting=min(sparsity(group.ffn) for group in model.groups),
    )


def _cost(model: Architecture, chip: Chip, asked: Asked) -> ChipCost | None:
    try:
        return cost_on(decode(model, asked.context), chip, asked.compute)
    except UserError:
        return None


def _on_chip(
    model: Architecture,
    chip: Chip,
    cost: ChipCost | None,
    asked: Asked,
    weights_bytes: float | None,
) -> OnChip:
    serves = chip.kind is Kind.ACCELERATOR
    found = serves and _told(lambda: size_colocated(
        model, asked.context, chip, target_s=asked.target_s, batch=asked.batch,
        weights=asked.weights, weights_bytes=weights_bytes, compute=asked.compute,
    ))  # fmt: skip
    floor = serves and parameters(model).experts and _told(lambda: sparsity_floor(
        model.hidden, model.layers, chip, compute=asked.compute, target_s=asked.target_s
    ))  # fmt: skip
    return OnChip(
        chip=chip.name,
        kind=chip.kind,
        price_usd_per_hour=chip.price_usd_per_hour,
        roofline_flops_per_byte=cost and cost.roofline,
        limited_by=cost and ("compute" if cost.attention_is_computing else "memory"),
        attention_usd=cost and cost.attention_usd,
        ffn_usd=cost and cost.ffn_usd,
        total_usd=cost and cost.total_usd,
        acting_floor=floor or None,
        serving=_serving(found, chip) if isinstance(found, Colocated) else None,
        missing=_missing(chip, serves, asked.compute),
        problem=why_not(found) if isinstance(found, TooSlow | TooFull) else None,
    )


def _serving(found: Colocated, chip: Chip) -> Serving:
    told = {each: getattr(found, each) for each in Serving.__struct_fields__ if each != "total_usd"}
    return Serving(**told, total_usd=deployed_usd([(chip, found.cards)], found.tokens_s))


def _missing(chip: Chip, serves: bool, compute: NumberFormat) -> tuple[str, ...]:
    """Figures that a plan needs and the chip's entry does not have; a price and a network are asked
    of those that serve alone. FLOP/s in narrow formats alone are as good as none."""
    peak = "peak_flops.bf16" if chip.peak_flops else "peak_flops"
    figures = {
        peak: _told(lambda: chip.peak(compute)),
        "bandwidth": chip.bandwidth_bytes_s,
        "memory": chip.memory_bytes,
    }
    if serves:
        figures |= {"price": chip.price_usd_per_hour, "network": chip.network_bytes_s}
    return tuple(key for key, figure in figures.items() if figure is None)


def _deployment(
    model: Architecture,
    servers: Sequence[Chip],
    split: tuple[ChipCost, ChipCost] | None,
    asked: Asked,
) -> Disaggregated | None:
    """On the best split's chips; without prices, attention on the first chip and feed-forward on
    the last."""
    if not servers:
        return None
    attention, ffn = (split[0].chip, split[1].chip) if split else (servers[0], servers[-1])
    found = _told(lambda: size_deployment(
        model, asked.context, attention, ffn, target_s=asked.target_s, weights=asked.weights,
        micro_batch=asked.batch and max(1, asked.batch // STAGES), compute=asked.compute,
    ))  # fmt: skip
    if not isinstance(found, Deployment):
        problem = why_not(found) if found is not None else None
        return Disaggregated(attention.name, ffn.name, problem=problem)
    cards = (found.attention_servers * attention.cards, found.ffn_servers * ffn.cards)
    return Disaggregated(
        attention_chip=attention.name,
        ffn_chip=ffn.name,
        name=found.name,
        attention_servers=found.attention_servers,
        ffn_servers=found.ffn_servers,
        attention_cards=cards[0],
        ffn_cards=cards[1],
        cards=found.cards,
        batch=found.batch,
        micro_batch=found.micro_batch,
        tokens_s=found.tokens_s,
        tokens_s_per_card=found.tokens_s_per_card,
        total_usd=deployed_usd([(attention, cards[0]), (ffn, cards[1])], found.tokens_s),
    )


def why_not(found: TooSlow | TooFull) -> Words:
    """What does not go, and what to do about it."""
    if isinstance(found, TooFull):
        needs, has = f"{found.needs_bytes / 1e9:.1f} GB", f"{found.has_bytes / 1e9:.1f} GB"
        return _TOO_FULL.filled(needs=needs, has=has)
    needs, has = f"{found.needs_s * 1e3:.3g} ms", f"{found.has_s * 1e3:.3g} ms"
    factor = f"{found.needs_s / found.has_s:.2g}"
    part = _PARTS[found.part]
    told = _TOO_SLOW.filled(part="{part}", needs=needs, has=has, factor=factor)
    return Words(told.en.format(part=part.en), told.zh.format(part=part.zh))


def _told(compute: Callable[[], T]) -> T | None:
    """The value; None where a chip lacks a figure for it."""
    try:
        return compute()
    except UserError as error:
        if error.code != "chip_figure_missing":
            raise
        return None


def _bad(what: str) -> UserError:
    return UserError(what, code="bad_plan")


_PARTS = {
    "attention": Words("attention", "注意力"),
    "ffn": Words("feed-forward", "前馈网络"),
    "network": Words("network", "网络"),
    "attention and ffn": Words("both halves", "整个模型"),
}
_NOT_COUNTED = Words(
    "quantization ({method}) of its config is not counted: say with --format what to plan with",
    "其 config 中的量化（{method}）未计入：请用 --format 指明按何种格式规划",
)
_TOO_FULL = Words(
    "weights and cache take {needs} of {has}: take fewer bits (--format), a shorter --context, a "
    "smaller --batch, or a chip with more memory",
    "权重与缓存需要 {needs}，只有 {has}：请用位数更少的 --format、更短的 --context、"
    "更小的 --batch，或内存更大的芯片",
)
_TOO_SLOW = Words(
    "{part}: a token takes {needs} and has {has}. Raise --slo-ms {factor} times, lower --context "
    "or --batch, or take a faster chip",
    "{part}：每个 token 需要 {needs}，只有 {has}。请把 --slo-ms 提高到 {factor} 倍、减小 --context "
    "或 --batch，或换更快的芯片",
)
