"""`edgewise feedback`: what persons said of turns: what their words meant, for whoever improves
understanding; what an answer was worth, for `edgewise learn route`.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.agent.trail import Trail
from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.event import NOTHING, OTHER, Corrected, Judged
from edgewise.core.thought import MessageKind
from edgewise.core.words import Language, Words
from edgewise.errors import UserError

TurnId = Annotated[str, typer.Argument(metavar="TURN", help="A turn's id; `last` is the newest.")]
OutputFile = Annotated[Path, typer.Argument(metavar="FILE", help="Where the rows go, JSON lines.")]
Private = Annotated[
    bool, typer.Option("--include-private", help="Also sentences that are the owner's alone.")
]


def make_feedback() -> typer.Typer:
    """The group `edgewise feedback`."""
    group = typer.Typer(
        help="What you said of turns: good, bad, what was meant.",
        no_args_is_help=True,
    )
    group.command()(good)
    group.command()(bad)
    group.command("list")(list_feedback)
    group.command()(export)
    return group


def good(turn: TurnId = "last", language: Tongue = None) -> None:
    """Keep that a turn's answer was good; the last word about it counts."""
    _judge(turn, language, good=True)


def bad(turn: TurnId = "last", language: Tongue = None) -> None:
    """Keep that a turn's answer was bad; the last word about it counts."""
    _judge(turn, language, good=False)


def _judge(turn: str, language: Language | None, *, good: bool) -> None:
    from edgewise.agent.explain import explain_judgement
    from edgewise.agent.judgement import judge
    from edgewise.core.clock import SystemClock
    from edgewise.device.config import data_folder

    trail = Trail(data_folder() / "trail", None)
    try:
        named = trail.named(turn)
        kept = judge(trail, named, good=good, at=SystemClock().now())
    finally:
        trail.close()
    print(f"{named}  {explain_judgement(kept, spoken(language))}")


def list_feedback(language: Tongue = None, as_json: AsRows = False) -> None:
    """List what you said was meant, and what answers were worth, newest first."""
    import msgspec

    corrections, judgements = _corrections(), _judgements()
    if as_json:
        for one in (*corrections, *judgements):
            print(msgspec.json.encode(one).decode())
        return
    tongue = spoken(language)
    if not corrections and not judgements:
        print(_NONE.said_in(tongue))
    if corrections:
        _show_corrections(corrections, tongue)
    _show_judgements(judgements, tongue)


def _show_judgements(judgements: list[Judged], tongue: Language) -> None:
    from edgewise.agent.explain import explain_judgement

    for one in judgements:
        at = datetime.fromtimestamp(one.at).strftime("%Y-%m-%d %H:%M")
        print(f"{at}  {one.turn}  {explain_judgement(one, tongue)}")


def _show_corrections(corrections: list[Corrected], tongue: Language) -> None:
    named = _namer(tongue)
    table = Table(box=None, pad_edge=False)
    for heading in _COLUMNS:
        table.add_column(heading.said_in(tongue), overflow="fold")
    for one in corrections:
        at = datetime.fromtimestamp(one.at).strftime("%Y-%m-%d %H:%M")
        table.add_row(at, escape(_words(one, tongue)), _understood(one, named, tongue),
                      escape(named(one.meant)))  # fmt: skip
    Console().print(table)


def export(file: OutputFile, include_private: Private = False) -> None:
    """Write the corrected sentences as JSON lines.

    Left out are sentences whose words the trail did not keep (`keep_text` in config.toml keeps
    them) and, unless told otherwise, those that are private.
    """
    import msgspec

    from edgewise.learn.feedback import rows_of

    found = rows_of(reversed(_corrections()), private=include_private)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as rows:
            rows.writelines(msgspec.json.encode(row) + b"\n" for row in found.rows)
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}; name a file that can be written") from error
    print(f"{len(found.rows)} written to {file}")
    if found.wordless:
        print(f"{found.wordless} left out: their words were not kept (keep_text in config.toml)")
    if found.private:
        print(f"{found.private} left out as private; --include-private takes them too")


def _corrections() -> list[Corrected]:
    from edgewise.device.config import data_folder

    trail = Trail(data_folder() / "trail", None)
    try:
        return trail.corrections()
    finally:
        trail.close()


def _judgements() -> list[Judged]:
    from edgewise.device.config import data_folder

    trail = Trail(data_folder() / "trail", None)
    try:
        return trail.judgements()
    finally:
        trail.close()


def _namer(tongue: Language) -> Callable[[str], str]:
    """Capabilities in a person's words; the name itself where none is declared."""
    from edgewise.device.third_party import installed_catalogue

    words = {one.name: one.words for one in installed_catalogue().capabilities} | _NO_FUNCTIONS

    def named(name: str) -> str:
        return words[name].said_in(tongue) if name in words else name

    return named


def _words(correction: Corrected, tongue: Language) -> str:
    from edgewise.agent.redact import is_hidden

    return _UNKEPT.said_in(tongue) if is_hidden(correction.text) else correction.text


def _understood(correction: Corrected, named: Callable[[str], str], tongue: Language) -> str:
    calls = [f"{escape(named(c.capability))} {c.confidence:.0%}" for c in correction.understood]
    return "\n".join(calls) or _KINDS[correction.kind].said_in(tongue)


_COLUMNS = (
    Words("when", "时间"),
    Words("what was said", "原话"),
    Words("understood as", "理解为"),
    Words("meant", "本意"),
)
_NONE = Words("Nothing was corrected or judged yet.", "还没有纠正或评价记录。")
_UNKEPT = Words("(not kept)", "（未保存）")
_NO_FUNCTIONS = {
    OTHER: Words("something else", "其他意思"),
    NOTHING: Words("nothing should happen", "不该有任何操作"),
}
_KINDS = {
    MessageKind.COMMAND: Words("a command", "指令"),
    MessageKind.QUESTION: Words("a question", "提问"),
    MessageKind.CHAT: Words("chat", "闲聊"),
    MessageKind.UNKNOWN: Words("not understood", "未听懂"),
}
