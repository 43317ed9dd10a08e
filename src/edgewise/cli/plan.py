"""`edgewise plan`: what a model costs, needs and reaches on which chips, before they are bought."""

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.plan_emit import Engine, deployment
from edgewise.errors import UserError
from edgewise.plan.number_format import NumberFormat

if TYPE_CHECKING:
    from edgewise.core.words import Language, Words
    from edgewise.plan.arch import Architecture
    from edgewise.plan.chip import Chip
    from edgewise.plan.edge import Rates
    from edgewise.plan.report import Subject

MEASURED = "this-machine"
CONTEXT = 8192
"""Tokens that are planned for where nobody says how many."""


Model = Annotated[
    str,
    typer.Argument(
        help="A name from `edgewise plan models`, a config.json or a GGUF file; or `models`, "
        "`chips` for the lists."
    ),
]
ChipNames = Annotated[
    str,
    typer.Option("--chip", help="Names from `edgewise plan chips`, or this-machine, by commas."),
]
Context = Annotated[
    int | None,
    typer.Option(
        "--context",
        help="Tokens that a new one attends to; 8192 when left out, or what the model takes.",
    ),
]
Slo = Annotated[float, typer.Option("--slo-ms", help="Milliseconds for each token, at most.")]
Batch = Annotated[
    int | None, typer.Option("--batch", help="Sequences at once; as many as fit when left out.")
]
Format = Annotated[
    NumberFormat | None,
    typer.Option("--format", metavar="<name>", help="Of the weights: fp8, bf16, q8_0, q4_k, ..."),
]
KvFormat = Annotated[
    NumberFormat | None,
    typer.Option("--kv-format", metavar="<name>", help="Of keys and values; the model's own."),
]
Compare = Annotated[str, typer.Option("--compare", help="Further models, by commas.")]
Chips = Annotated[
    Path | None, typer.Option("--chips", help="TOML file with chips of your own, or new prices.")
]
Memory = Annotated[
    str,
    typer.Option("--memory", help="Of chips whose entry has none, sold in several sizes: 12GB."),
]
AsJson = Annotated[bool, typer.Option("--json", help="The whole plan as one JSON object.")]
Plot = Annotated[
    Path | None, typer.Option("--plot", help="File for roofline and cost charts, .svg or .png.")
]
Emit = Annotated[Engine | None, typer.Option("--emit", help="Write a deployment of that size.")]
Apart = Annotated[
    bool,
    typer.Option("--apart", help="Attention and feed-forward apart in it: vllm, experimental."),
]


def plan(
    model: Model,
    chip: ChipNames = "H20,H800",
    context: Context = None,
    slo_ms: Slo = 50.0,
    batch: Batch = None,
    format: Format = None,
    kv_format: KvFormat = None,
    compare: Compare = "",
    chips: Chips = None,
    memory: Memory = "",
    as_json: AsJson = False,
    plot: Plot = None,
    emit: Emit = None,
    apart: Apart = False,
    language: Tongue = None,
) -> None:
    """Plan decoding: cost, size and speed of a model on chips."""
    from edgewise.plan.chip import Kind
    from edgewise.plan.report import Asked, as_asked, check, report

    if apart and emit is None:
        raise _bad("--apart is of a deployment: give --emit vllm too")
    if as_json and emit is not None:
        raise _bad("--json and --emit each write all that is put out: ask for one at a time")
    known = known_chips(chips)
    if model in ("models", "chips"):
        _list(model, known, language, as_json)
        return
    read = [_subject(name) for name in (model, *_names(compare))]
    subjects = list({(each.architecture.name, each.source): each for each in read}.values())
    longest = [each.architecture.max_context or CONTEXT for each in subjects]
    tokens = min(CONTEXT, *longest) if context is None else context
    asked = Asked(tokens, slo_ms / 1e3, batch, format, kv_format)
    check(asked, subjects)
    wanted = _names(chip)
    chosen = _chosen([name for name in wanted if name != MEASURED], known, memory)
    if not wanted:
        raise _bad("no chip is named; give --chip, from `edgewise plan chips`")
    if batch is not None and not any(each.kind is Kind.ACCELERATOR for each in chosen):
        raise _bad(
            f"--batch {batch} is of servers, and on a device one sequence is planned: leave it "
            "out, or name a chip of kind accelerator"
        )
    rates: dict[str, Rates] = {}
    if MEASURED in wanted:
        machine, reached = _measured(spoken(language))
        chosen.append(machine)
        rates[machine.name] = reached
    found = report(subjects, chosen, asked, rates)
    if plot is not None:
        from edgewise.cli.plan_plot import draw

        draw(plot, found, chosen, subjects, asked)
    if emit is not None:
        import msgspec

        by_name = {each.name: each for each in chosen}
        first = msgspec.structs.replace(subjects[0], architecture=as_asked(subjects[0], asked))
        print(deployment(emit, found, first, by_name, apart=apart), end="")
    elif as_json:
        import msgspec

        print(msgspec.json.encode(found).decode())
    else:
        from edgewise.cli.plan_table import show_report

        show_report(found, spoken(language))


def known_chips(own: Path | None) -> "dict[str, Chip]":
    """The chips by name; those of a person's own file come first and replace ours of one name."""
    from edgewise.plan.chip import chips_from, with_own

    ours = chips_from((files("edgewise.plan") / "chips.toml").read_bytes())
    return with_own(_own(own) if own else {}, ours)


def known_models() -> "dict[str, Architecture]":
    """The models by name."""
    from edgewise.plan.builtin import models_from

    return models_from((files("edgewise.plan") / "models.toml").read_bytes())


def _own(path: Path) -> "dict[str, Chip]":
    from edgewise.plan.chip import chips_from

    try:
        return chips_from(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; give a TOML file of chips") from error
    except UserError as error:
        raise UserError(f"{path}: {error}", code=error.code) from error


def _list(what: str, known: "dict[str, Chip]", language: Tongue, as_json: bool) -> None:
    import msgspec

    from edgewise.cli.plan_lists import show_chips, show_models

    rows = known_models() if what == "models" else known
    if as_json:
        for row in rows.values():
            print(msgspec.json.encode(row).decode())
    elif what == "models":
        show_models(known_models().values(), spoken(language))
    else:
        show_chips(known.values(), spoken(language))


def _subject(name: str) -> "Subject":
    from edgewise.cli.plan_read import read_model
    from edgewise.plan.report import Subject

    read = read_model(name)
    return Subject(read.architecture, read.source, read.weights, read.quantization, read.folder)


def _chosen(wanted: list[str], known: "dict[str, Chip]", memory: str) -> "list[Chip]":
    """The chips of these names, each once; those without a memory with the one that is given."""
    from edgewise.plan.chip import find_chip, with_memory
    from edgewise.plan.quantity import BYTES, quantity

    chips = list({each.name: each for each in (find_chip(name, known) for name in wanted)}.values())
    return with_memory(chips, quantity(memory, BYTES, "--memory")) if memory else chips


def _measured(tongue: "Language") -> "tuple[Chip, Rates]":
    """This machine, and what a model reaches on it; takes minutes, and tells of each probe."""
    from edgewise.cli.plan_measure import measure_machine, measure_rates, usable_cores
    from edgewise.cli.plan_quiet import load_now, told_of_load

    def tell(told: "Words") -> None:
        print(told.said_in(tongue), file=sys.stderr, flush=True)

    if (busy := told_of_load(load_now(), os.cpu_count() or 1)) is not None:
        tell(busy)
    threads = usable_cores()
    machine = measure_machine(threads)
    return machine, measure_rates(threads, tell=tell)


def _bad(what: str) -> UserError:
    return UserError(what, code="bad_plan")


def _names(written: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
