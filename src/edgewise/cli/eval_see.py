"""`edgewise eval see`: how much of what stands on screens is read.

The last line of its output is a report (`learn/report.py`). Without `--data` it draws screens of
telephones and cars from a seed; with it, a folder's own pictures are measured.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.write import write_file

if TYPE_CHECKING:
    from edgewise.learn.screens import Screen
    from edgewise.learn.see_eval import Score

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of pictures, each with a .txt beside it.")
]
Screens = Annotated[int, typer.Option("--screens", min=1, max=2000, help="How many are drawn.")]
Seed = Annotated[int, typer.Option("--seed", help="What they are drawn from.")]
Page = Annotated[Path | None, typer.Option("--page", help="File for a page with the table.")]
Save = Annotated[Path | None, typer.Option("--save", help="File for the figures, JSON.")]
Errors = Annotated[Path | None, typer.Option("--errors", help="File for what was missed.")]
Threads = Annotated[int, typer.Option("--threads", min=1, max=16, help="Of the models.")]
DEADLINE_S = 120.0


def see(
    data: Data = None, screens: Screens = 42, seed: Seed = 20261130, threads: Threads = 1,
    page: Page = None, save: Save = None, errors: Errors = None,
) -> None:  # fmt: skip
    """Measure reading on made screens, each whole, at half its size, and as a poor JPEG of that."""
    from edgewise.learn.report import format_report
    from edgewise.learn.screens import make_screens
    from edgewise.learn.see_eval import figures, load_pictures

    shown = load_pictures(data) if data is not None else make_screens(screens, seed)
    score, memory_bytes = asyncio.run(_read_all(shown, threads))
    results = list(figures(score, "own pictures" if data is not None else "made screens"))
    results += _memory(memory_bytes)
    for result in results:
        sys.stdout.write(f"{result.metric:58} {result.value:9.4g} {result.unit}\n")
    line = format_report("eval_see", results)
    if page is not None:
        write_file(page, see_page(json.loads(line)))
    if save is not None:
        write_file(save, json.dumps(json.loads(line), ensure_ascii=False, indent=2) + "\n")
    if errors is not None:
        write_file(errors, "".join(f"{name}\t{text}\n" for name, text in score.missed))
    sys.stdout.write(line + "\n")


def see_page(report: dict[str, Any]) -> str:
    """The page of a report."""
    machine = report["machine"]
    rows = [
        f"| {row['metric']} | {row['value']:g} {row['unit']} | {row['goal'] or ''} |"
        for row in report["results"]
    ]
    head = ["# How well text on pictures is read", "", f"{machine['cpu']}.", ""]
    told = [
        "Screens drawn with Noto Sans CJK from a seed: clean, no photo, glare or perspective. A"
        " string is right when it occurs in what was read, white space aside.",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *told, *rows, ""])


async def _read_all(screens: "Iterable[Screen]", threads: int) -> "tuple[Score, int]":
    from edgewise.learn.see_eval import Score
    from edgewise.perceive.eyes import EyesSettings, LocalEyes

    eyes, score = LocalEyes(EyesSettings(threads=threads)), Score()
    memory_bytes = 0
    try:
        for number, screen in enumerate(screens, 1):
            picture = await eyes.open(screen.data, deadline_s=DEADLINE_S)
            read = await eyes.read(picture, deadline_s=DEADLINE_S)
            score.add(screen, (line.text for line in read.lines), read.took_ms)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{number} pictures, {len(score.missed)} strings missed")
        memory_bytes = eyes.most_memory_bytes()
    finally:
        await eyes.close()
    return score, memory_bytes


def _memory(memory_bytes: int) -> list[Any]:
    from edgewise.learn.report import measure

    return [measure("memory of the eyes' process, most", memory_bytes / 1e6, "MB")]
