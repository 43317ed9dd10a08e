"""`edgewise screen`: what is on the screen that the running device looks at, and one step on it.

A step is judged like any call; what the policy asks about is answered by a person, here as in the
cockpit.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.ask import AsJson, Verbose, print_events
from edgewise.cli.done import Check, exit_code
from edgewise.cli.language import Tongue, spoken
from edgewise.cli.write import write_file
from edgewise.core.regex import regex
from edgewise.core.words import Language, Words
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.cli.remote import RemoteDevice
    from edgewise.device.screen_api import ScreenTold

Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Write its picture there, as PNG.")
]
LineArgument = Annotated[
    str,
    typer.Argument(
        metavar="LINE",
        help="A line of GELab-Zero's action words, its pairs parted by tabs, ⇥ or new lines.",
    ),
]
SESSION = "cli"
_TAB_SIGN = regex(r"\s?⇥\s?(?=\w{1,12}\s?[:：])")
_WIDTH = 80


def make_screen() -> typer.Typer:
    """The group `edgewise screen`."""
    group = typer.Typer(
        help="What is on the device's screen; one step on it.",
        invoke_without_command=True,
    )
    group.callback()(screen)
    group.command("do")(do)
    return group


def screen(
    context: typer.Context, save: Save = None, language: Tongue = None, as_json: AsJson = False
) -> None:
    """Print what is on the screen of the running device, or save its picture."""
    if context.invoked_subcommand is not None:
        return
    device = _device()
    if save is not None:
        picture = asyncio.run(device.screen_picture())
        write_file(save, picture)
        print(f"{save}: {len(picture)} bytes")
        return
    told = asyncio.run(device.screen())
    if as_json:
        import msgspec

        print(msgspec.json.encode(told).decode())
        return
    _show(told, spoken(language))


def do(
    line: LineArgument, as_json: AsJson = False, verbose: Verbose = False, check: Check = False
) -> None:
    """Do one step on the screen, as a GUI model would say it: "action:CLICK⇥point:500,300".

    Ends with 0 when it was done or refused with a reason (4 where that was refused or failed, with
    --check), 3 when it needs your yes (`edgewise ask yes --session cli`), 1 when the turn was
    stopped.
    """
    events = _device().step_on_screen({"line": with_tabs(line), "session": SESSION})
    told = asyncio.run(print_events(events, as_json, verbose))
    raise typer.Exit(exit_code(told, check=check))


def with_tabs(line: str) -> str:
    """The line with tabs where the sign of one parts two pairs, as guides show it."""
    return _TAB_SIGN.sub("\t", line)


def _device() -> "RemoteDevice":
    from edgewise.cli.remote import running_device

    device = running_device()
    if device is None:
        raise UserError("no device is running; start it with `edgewise run`", code="no_device")
    return device


def _show(told: "ScreenTold", tongue: Language) -> None:
    """The screen at 80 columns: each thing with its middle, as a step names it."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    out = Console(width=min(Console().width, _WIDTH), highlight=False)
    head = " · ".join(part for part in (told.app, told.title) if part)
    out.print(escape(f"{head}  {told.width}×{told.height}"), soft_wrap=False)
    if not told.elements:
        out.print(_EMPTY.said_in(tongue))
        return
    table = Table(box=None, pad_edge=False)
    for heading, wraps in zip(_COLUMNS, (False, False, True), strict=True):
        table.add_column(heading.said_in(tongue), no_wrap=not wraps, overflow="fold")
    for element in told.elements:
        middle = element.centre
        words = escape(element.text) or _WORDLESS.said_in(tongue)
        marks = [_SECRET] * element.secret + [_FOCUS] * element.focused
        words += "".join(f" [dim]({mark.said_in(tongue)})[/]" for mark in marks)
        table.add_row(f"{middle.x},{middle.y}", _ROLES[element.role].said_in(tongue), words)
    out.print(table)


_COLUMNS = (Words("point", "位置"), Words("what", "类型"), Words("words", "文字"))
_EMPTY = Words("There is nothing on it.", "屏幕上没有内容。")
_WORDLESS = Words("(no words)", "（无文字）")
_SECRET = Words("secret", "保密")
_FOCUS = Words("has the focus", "当前焦点")
_ROLES = {
    "button": Words("button", "按钮"),
    "field": Words("field", "输入框"),
    "switch": Words("switch", "开关"),
    "link": Words("link", "链接"),
    "text": Words("text", "文字"),
    "image": Words("image", "图片"),
    "other": Words("other", "其他"),
}
