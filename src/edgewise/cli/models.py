"""`edgewise models`: models and recognisers there are; fetching, installing those of packages."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from edgewise.cli.lists import AsRows
from edgewise.errors import EdgewiseError, ModelError

if TYPE_CHECKING:
    from edgewise.think.download import Download

Name = Annotated[str, typer.Argument(help="A name from `edgewise models`.")]
Names = Annotated[list[str] | None, typer.Argument(help="Models of packages; the default ones.")]
All = Annotated[bool, typer.Option("--all", help="Also those that are not default.")]
Check = Annotated[bool, typer.Option("--check", help="Install nothing, only look.")]
Accept = Annotated[bool, typer.Option("--accept-terms", help="Accept the model's terms of use.")]


def make_models() -> typer.Typer:
    """The group `edgewise models`."""
    group = typer.Typer(help="Models: list, fetch a larger one, install those of packages.")
    group.callback(invoke_without_command=True)(models)
    group.command()(fetch)
    group.command()(install)
    return group


def models(context: typer.Context, as_json: AsRows = False) -> None:
    """List the language models, with licence and size, what those of packages take, and what may
    be named in `[senses]`. As JSON: the language models."""
    if context.invoked_subcommand is not None:
        return
    import msgspec

    from edgewise.device.config import data_folder
    from edgewise.perceive.wake import WAKE_WORDS
    from edgewise.think.models import catalogue, place

    if as_json:
        for model in catalogue():
            print(msgspec.json.encode(model).decode())
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("model", "here", "size", "memory", "languages", "licence"):
        table.add_column(heading, overflow="fold")
    for model in catalogue():
        path = place(model, data_folder() / "models")
        table.add_row(
            model.name,
            "yes" if path.exists() else "",
            f"{model.size_mb} MB",
            f"{model.memory_mb} MB",
            " ".join(model.languages),
            model.licence,
        )
    Console().print(table)
    print('Fetch one: edgewise models fetch NAME; then chat_model = "NAME" in config.toml\n')
    Console().print(packaged())
    print("Install these: edgewise models install\n")
    Console().print(recognisers(data_folder() / "models"))
    print(
        'To use one: hear = "NAME" under [senses] in config.toml; its files: see doctor'
        f"\nWake words: {', '.join(WAKE_WORDS)}; or any phrase"
    )


def packaged() -> Table:
    """What the default models of packages take, by sense and in all."""
    from edgewise.engine.packages import packages, totals

    table = Table(box=None, pad_edge=False)
    for heading in ("of packages, for", "models"):
        table.add_column(heading, overflow="fold")
    for heading in ("download", "disk"):
        table.add_column(heading, justify="right", no_wrap=True)
    found = totals(packages())
    for one in found:
        sizes = (_in_mb(one.download_bytes), _in_mb(one.size_bytes))
        table.add_row(one.sense or "language", " ".join(one.names), *sizes)
    download_bytes = sum(one.download_bytes for one in found)
    size_bytes = sum(one.size_bytes for one in found)
    table.add_row("all", "", _in_mb(download_bytes), _in_mb(size_bytes))
    return table


def recognisers(hub_folder: Path) -> Table:
    """Those of speech: which are here, and from where the others come."""
    from edgewise.engine.packages import folder_of, package
    from edgewise.perceive.recognisers import HUB, PACKAGED, missing_files

    table = Table(box=None, pad_edge=False)
    for heading in ("recogniser", "here", "languages", "from"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "recogniser")
    for name, languages in PACKAGED.items():
        here = "yes" if folder_of(package(name)).is_dir() else ""
        table.add_row(name, here, " ".join(languages), "a package, by default")
    for one in HUB.values():
        here = "" if missing_files(one, hub_folder) else "yes"
        table.add_row(one.name, here, " ".join(one.languages), one.source)
    return table


def _in_mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB"


def fetch(name: Name, accept_terms: Accept = False) -> None:
    """Download a model from its hub, verify it and keep it."""
    from edgewise.device.config import data_folder
    from edgewise.think.models import entry
    from edgewise.think.models import fetch as download

    model = entry(name)
    print(f"{model.title}: {model.licence}, about {model.size_mb} MB, from {model.publisher}")
    with Progress() as progress:
        task = progress.add_task(name, total=None)

        def show(state: "Download") -> None:
            progress.update(task, completed=state.done_bytes, total=state.total_bytes)

        path = download(
            name,
            data_folder() / "models",
            show,
            accepted_terms=accept_terms,
            token=os.environ.get("HF_TOKEN", ""),
        )
    print(f"Verified and kept at {path}")


def install(names: Names = None, everything: All = False, check: Check = False) -> None:
    """Install the models that come in packages, each file verified."""
    from edgewise.engine.install import find_fault
    from edgewise.engine.install import install as put_in_place
    from edgewise.engine.packages import package, packages

    chosen = [package(name) for name in names or ()]
    wrong = False
    for one in chosen or [one for one in packages() if one.default or everything]:
        size = f"{one.size_bytes / 1e6:.0f} MB, {one.licence}"
        if (fault := find_fault(one)) is None:
            print(f"  {one.name}: in place, verified ({size})")
            continue
        try:
            if check:
                raise ModelError(f"{fault}; run `edgewise models install {one.name}`")
            print(f"  {one.name}: {fault}; {size}")
            put_in_place(one, lambda told: print(f"    {told}", flush=True))
            print(f"  {one.name}: installed, verified")
        except EdgewiseError as error:
            print(f"  {one.name}: {error}", file=sys.stderr)
            wrong = wrong or not one.sense or check or bool(names)
    if wrong:
        raise typer.Exit(1)
