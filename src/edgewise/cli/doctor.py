"""`edgewise doctor`: what is installed, what is missing, and how to get it."""

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.ask import AsJson
from edgewise.cli.lists import Tongue
from edgewise.core.words import Language

_STYLES = {"ok": "green", "missing": "yellow", "broken": "red"}


def doctor(language: Tongue = Language.ENGLISH, as_json: AsJson = False) -> None:
    """Check this installation. Ends with 1 when something the device needs is not well."""
    import msgspec

    from edgewise.device.config import data_folder, load_config
    from edgewise.device.doctor import examine, is_fit

    folder = data_folder()
    findings = examine(folder, (load_config(folder).port,))
    if as_json:
        for finding in findings:
            print(msgspec.json.encode(finding).decode())
        raise typer.Exit(0 if is_fit(findings) else 1)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        style = "dim" if finding.optional and finding.state != "ok" else _STYLES[finding.state]
        found = escape(finding.found.said_in(language))
        table.add_row(f"[{style}]{finding.state}[/]", escape(finding.name), found)
        if finding.remedy is not None:
            table.add_row("", "", f"[dim]{escape(finding.remedy.said_in(language))}[/]")
    Console().print(table)
    raise typer.Exit(0 if is_fit(findings) else 1)
