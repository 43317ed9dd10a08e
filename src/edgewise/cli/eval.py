"""`edgewise eval understand`: how well sentences become calls, on the safety set and public sets.

The last line of its output is a report (`learn/report.py`). `--errors` writes every sentence that
was not understood as labelled, one JSON object a line, after a first line of confusions.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from edgewise.cli.eval_hear import hear
from edgewise.cli.eval_route import route
from edgewise.cli.eval_see import see
from edgewise.cli.eval_wake import wake
from edgewise.cli.write import write_file
from edgewise.core.home import Home
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Thought
from edgewise.core.words import Language
from edgewise.errors import UserError

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of public sets, with intent_map.json.")
]
Sets = Annotated[
    str, typer.Option("--sets", help="Names of public sets, separated by commas; all.")
]
Page = Annotated[Path | None, typer.Option("--page", help="File for a page with the table.")]
Save = Annotated[Path | None, typer.Option("--save", help="File for the figures, JSON.")]
Errors = Annotated[Path | None, typer.Option("--errors", help="File for every error, JSON lines.")]
NOW = "2026-11-23T09:00"


def make_eval() -> typer.Typer:
    """The group `edgewise eval`."""
    group = typer.Typer(help="Measure a part on data of your own.", no_args_is_help=True)
    group.command()(understand)
    group.command()(route)
    group.command()(hear)
    group.command()(see)
    group.command()(wake)
    return group


def understand(data: Data = None, sets: Sets = "", errors: Errors = None, page: Page = None,
               save: Save = None) -> None:  # fmt: skip
    """Measure command understanding on labelled sets, one thread.

    The safety set ships with Edgewise and is always measured; public sets are read from a folder.
    Nothing measured here may have been trained on; the sets' own notes say what is kept apart.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from edgewise.learn.evaluate import size_of_understanding
    from edgewise.learn.report import format_report

    names = _names(data, [name.strip() for name in sets.split(",") if name.strip()])
    think, capabilities = _thinking()
    outcomes = [_safety(think, capabilities)]
    size = size_of_understanding()
    samples, homes = _samples(data, names)
    outcomes += _measured(samples, homes, think, capabilities)
    figures = [*size, *(result for each in outcomes for result in each.results())]
    line = format_report("eval_understand", figures)
    if errors is not None:
        _write_errors(errors, outcomes)
    if page is not None or save is not None:
        _write_page(page, save, json.loads(line), data, [*samples, *homes])
    sys.stdout.write(line + "\n")


def _safety(think: Any, capabilities: Any) -> Any:
    """What our own safety set came to."""
    from edgewise.learn.safety_set import NAME, evaluate_safety, load_safety_set

    rows = load_safety_set()
    outcome = evaluate_safety(rows, think, capabilities, _progress(NAME, len(rows)))
    sys.stdout.write(_safety_line(outcome))
    return outcome


def _measured(
    samples: dict[str, Any], homes: dict[str, Any], think: Any, capabilities: Any
) -> list[Any]:
    """What each public set came to."""
    from edgewise.learn.evaluate import evaluate
    from edgewise.learn.home_set import evaluate_home

    outcomes: list[Any] = []
    for name, found in samples.items():
        outcomes.append(evaluate(name, found, think, capabilities, _progress(name, len(found))))
        sys.stdout.write(_line(outcomes[-1]))
    if homes:
        think, capabilities = _thinking_at_home()
    for name, found in homes.items():
        outcomes.append(
            evaluate_home(name, found, think, capabilities, _progress(name, len(found)))
        )
        sys.stdout.write(_line(outcomes[-1]))
    return outcomes


def _names(data: Path | None, asked: list[str]) -> list[str]:
    """The public sets that were asked for, all of them when none was named."""
    from edgewise.learn.public_sets import LABEL_MAP, SETS, public_set
    from edgewise.learn.safety_set import NAME

    names = [name for name in asked or SETS if name != NAME]
    for name in names:
        public_set(name)
    if data is None and asked and names:
        raise UserError(f"give --data, the folder that holds {', '.join(names)}")
    if data is not None and not (data / LABEL_MAP).is_file():
        raise UserError(f"{data} holds no readable set: no {LABEL_MAP} lies there")
    return names if data else []


def _samples(data: Path | None, names: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of these public sets: those for any device, and those for a device in a home."""
    from edgewise.learn.home_set import SETS as HOMES
    from edgewise.learn.home_set import load_home_rows
    from edgewise.learn.public_sets import load_set

    if data is None:
        return {}, {}
    samples = {name: load_set(data, name) for name in names if name not in HOMES}
    homes = {name: load_home_rows(data, name) for name in names if name in HOMES}
    if empty := [name for name, found in (samples | homes).items() if not found]:
        raise UserError(f"no sentence of {', '.join(empty)} has a capability in the label map")
    return samples, homes


def _thinking() -> tuple[Any, Any]:
    """What a device that can do all that is declared makes of a sentence without a past, and its
    capabilities by name."""
    from edgewise.act.catalogue import builtin_catalogue
    from edgewise.hosting.mind import load_thinking

    declared = builtin_catalogue().capabilities
    capabilities = {c.name: msgspec.structs.replace(c, available=True) for c in declared}
    thinking = load_thinking(list(capabilities.values()))
    thinking.prepare()

    def think(text: str, language: Language) -> Thought:
        context = Context(language, label=label_of(OriginKind.TYPED), turn="eval", now=NOW)
        return thinking.understand(text, context)

    return think, capabilities


def _thinking_at_home() -> tuple[Any, Any]:
    """What a device on a desk in a home makes of a sentence: it has no car, and knows the home."""
    from edgewise.act.catalogue import builtin_catalogue
    from edgewise.hosting.mind import load_thinking
    from edgewise.learn.home_set import desk_capabilities

    capabilities = {c.name: c for c in desk_capabilities(builtin_catalogue().capabilities)}
    thinking = load_thinking(list(capabilities.values()))
    thinking.prepare()

    def think(text: str, language: Language, home: Home) -> Thought:
        context = Context(
            language, label=label_of(OriginKind.TYPED), turn="eval", now=NOW, home=home
        )
        return thinking.understand(text, context)

    return think, capabilities


def _say_nothing(done: int) -> None:
    del done


def _progress(name: str, of: int) -> Callable[[int], None]:
    """Tells a person at a terminal how far a set is."""
    if not sys.stderr.isatty():
        return _say_nothing

    def tell(done: int) -> None:
        if done % 100 == 0 or done == of:
            sys.stderr.write(f"\r{name}: {done} of {of}" + ("\n" if done == of else ""))

    return tell


def _line(outcome: Any) -> str:
    right, acted = outcome.right / outcome.rows, outcome.acted / max(1, outcome.quiet)
    exact = getattr(outcome, "exact", None)
    slots = "" if exact is None else f"  and slots {100 * exact / outcome.rows:5.1f} %"
    return (
        f"{outcome.name:12} {outcome.rows:6} sentences  functions {100 * right:5.1f} %{slots}"
        f"  false acts {100 * acted:5.2f} % of {outcome.quiet}\n"
    )


def _safety_line(outcome: Any) -> str:
    return (
        f"{outcome.name:12} {outcome.rows:6} sentences  opposite actions {outcome.opposites}"
        f"  false acts {outcome.false_acts} ({outcome.share(outcome.false_acts):.2f} %)"
        f"  silent {outcome.silent} ({outcome.share(outcome.silent):.1f} %)"
        f"  right {outcome.share(outcome.right):.1f} %\n"
    )


def _write_errors(path: Path, outcomes: list[Any]) -> None:
    lines: list[str] = []
    for outcome in outcomes:
        head = {"set": outcome.name, "confusions": outcome.confusions()}
        lines.append(json.dumps(head, ensure_ascii=False))
        lines += [
            json.dumps({"set": outcome.name, **asdict(miss)}, ensure_ascii=False)
            for miss in outcome.misses
        ]
    write_file(path, "".join(line + "\n" for line in lines))


def _write_page(
    page: Path | None, save: Path | None, found: dict[str, Any], data: Path | None, sets: list[str]
) -> None:
    """The page for a person, and the figures with how labels were mapped, to make it from again."""
    from edgewise.learn.understanding_page import describe_labels, understanding_page

    labels = describe_labels(data, sets) if data else ""
    if page is not None:
        write_file(page, understanding_page(found, labels))
    if save is not None:
        kept = {"name": found["name"], "about": labels, **found}
        write_file(save, json.dumps(kept, ensure_ascii=False, indent=2) + "\n")
