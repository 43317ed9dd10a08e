"""`edgewise plan`: what a model costs, needs and reaches on which chips, before they are bought."""

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
    from edgewise.plan.arch import Architecture
    from edgewise.plan.chip import Chip
    from edgewise.plan.edge import Rates
    from edgewise.plan.report import Subject

MEASURED = "this-machine"


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
Context = Annotated[int, typer.Option("--context", help="Tokens that a new one attends to.")]
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
AsJson = Annotated[bool, typer.Option("--json", help="The whole plan as one JSON object.")]
Plot = Annotated[
    Path | None, typer.Option("--plot", help="File for roofline and cost charts, .svg or .png.")
]
Emit = Annotated[Engine | None, typer.Option("--emit", help="Write a deployment of that size.")]


def plan(
    model: Model,
    chip: ChipNames = "H20,H800",
    context: Context = 8192,
    slo_ms: Slo = 50.0,
    batch: Batch = None,
    format: Format = None,
    kv_format: KvFormat = None,
    compare: Compare = "",
    chips: Chips = None,
    as_json: AsJson = False,
    plot: Plot = None,
    emit: Emit = None,
    language: Tongue = None,
) -> None:
    """Plan decoding: cost, size and speed of a model on chips."""
    from edgewise.plan.report import Asked, as_asked, check, report

    known = known_chips(chips)
    if model in ("models", "chips"):
        _list(model, known, language, as_json)
        return
    asked = Asked(context, slo_ms / 1e3, batch, format, kv_format)
    read = [_subject(name) for name in (model, *_names(compare))]
    subjects = list({(each.architecture.name, each.source): each for each in read}.values())
    check(asked, subjects)
    wanted = _names(chip)
    named = [_chip(name, known) for name in wanted if name != MEASURED]
    chosen = list({each.name: each for each in named}.values())
    rates: dict[str, Rates] = {}
    if MEASURED in wanted:
        machine, reached = _measured()
        chosen.append(machine)
        rates[machine.name] = reached
    if not chosen:
        raise UserError(
            "no chip is named; give --chip, from `edgewise plan chips`", code="bad_plan"
        )
    found = report(subjects, chosen, asked, rates)
    if plot is not None:
        from edgewise.cli.plan_plot import draw

        draw(plot, found, chosen, subjects, asked)
    if emit is not None:
        by_name = {each.name: each for each in chosen}
        model_planned = as_asked(subjects[0], asked)
        print(deployment(emit, found, model_planned, by_name), end="")
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
    return Subject(read.architecture, read.source, read.weights)


def _chip(name: str, known: "dict[str, Chip]") -> "Chip":
    from edgewise.plan.chip import find_chip

    return find_chip(name, known)


def _measured() -> "tuple[Chip, Rates]":
    """This machine, and what a model reaches on it; takes minutes, and tells of each probe."""
    from edgewise.cli.plan_measure import measure_machine, measure_rates, usable_cores

    threads = usable_cores()
    machine = measure_machine(threads)
    return machine, measure_rates(threads, tell=lambda told: print(told, file=sys.stderr))


def _names(written: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
