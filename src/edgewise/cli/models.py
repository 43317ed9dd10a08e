"""`edgewise models`: the language models there are, and fetching one by name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from edgewise.cli.ask import AsJson
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.think.download import Download

Fetch = Annotated[str, typer.Option("--fetch", help="Download this model from its hub.")]
Accept = Annotated[bool, typer.Option("--accept-terms", help="Accept the model's terms of use.")]


def models(fetch: Fetch = "", accept_terms: Accept = False, as_json: AsJson = False) -> None:
    """List the language models, with licence and size; fetch one by name."""
    from edgewise.device.config import data_folder

    folder = data_folder() / "models"
    if fetch:
        _fetch(fetch, folder, accept_terms)
        return
    import msgspec

    from edgewise.think.models import catalogue, place

    if as_json:
        for model in catalogue():
            print(msgspec.json.encode(model).decode())
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("model", "here", "size", "memory", "languages", "licence"):
        table.add_column(heading, overflow="fold")
    for model in catalogue():
        path = place(model, folder)
        table.add_row(
            model.name,
            "yes" if path is not None and path.exists() else "",
            f"{model.size_mb} MB",
            f"{model.memory_mb} MB",
            " ".join(model.languages),
            model.licence,
        )
    Console().print(table)
    print('Fetch one: edgewise models --fetch NAME; use it: chat_model = "NAME" in config.toml')


def _fetch(name: str, folder: Path, accept_terms: bool) -> None:
    from edgewise.think.models import entry
    from edgewise.think.models import fetch as download

    model = entry(name)
    print(f"{model.title}: {model.licence}, about {model.size_mb} MB, from {model.publisher}")
    if model.terms is not None and not accept_terms:
        raise UserError(
            f"{model.terms.en} ({model.terms_url}); add --accept-terms if you accept them",
            code="terms_not_accepted",
        )
    with Progress() as progress:
        task = progress.add_task(name, total=None)

        def show(state: Download) -> None:
            progress.update(task, completed=state.done_bytes, total=state.total_bytes)

        path = download(name, folder, show, accepted_terms=accept_terms)
    print(f"Verified and kept at {path}")
