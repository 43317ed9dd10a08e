"""`edgewise models`: the language models there are, and fetching one by name."""

import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from edgewise.cli.lists import AsRows

if TYPE_CHECKING:
    from edgewise.think.download import Download

Name = Annotated[str, typer.Argument(help="A name from `edgewise models`.")]
Accept = Annotated[bool, typer.Option("--accept-terms", help="Accept the model's terms of use.")]


def make_models() -> typer.Typer:
    """The group `edgewise models`."""
    group = typer.Typer(help="Language models: list them, fetch one by name.")
    group.callback(invoke_without_command=True)(models)
    group.command()(fetch)
    return group


def models(context: typer.Context, as_json: AsRows = False) -> None:
    """List the language models, with licence and size."""
    if context.invoked_subcommand is not None:
        return
    import msgspec

    from edgewise.device.config import data_folder
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
            "yes" if path is not None and path.exists() else "",
            f"{model.size_mb} MB",
            f"{model.memory_mb} MB",
            " ".join(model.languages),
            model.licence,
        )
    Console().print(table)
    print('Fetch one: edgewise models fetch NAME; then chat_model = "NAME" in config.toml')


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
