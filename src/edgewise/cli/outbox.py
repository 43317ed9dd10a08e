"""`edgewise outbox`: questions that wait for a network, and what came of those that did.

The files are the same for a device that runs and for these commands; an entry that one of them is
sending, the other leaves alone.
"""

import asyncio
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.clock import SystemClock
from edgewise.core.words import Language, Words
from edgewise.device.config import data_folder, load_config
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.device.late_answers import LateAnswers
    from edgewise.device.later import Later

EntryId = Annotated[str, typer.Argument(metavar="ID", help="An id of `edgewise outbox list`.")]
OneEntry = Annotated[
    str, typer.Argument(metavar="ID", help="Only this one; naming it is your yes to sending it.")
]


def make_outbox() -> typer.Typer:
    """The group `edgewise outbox`."""
    group = typer.Typer(
        help="Questions that wait for a network: list, show, send, drop.", no_args_is_help=True
    )
    group.command("list")(list_outbox)
    group.command()(show)
    group.command()(send)
    group.command()(drop)
    return group


def list_outbox(language: Tongue = None, as_json: AsRows = False) -> None:
    """List what waits and what has ended, oldest first."""
    import msgspec

    tongue = spoken(language)
    with _later() as later:
        entries, outcomes = later.box.entries(), later.answers.all()
    if as_json:
        for one in (*entries, *outcomes):
            print(msgspec.json.encode(one).decode())
        return
    if not entries and not outcomes:
        print(_NOTHING.said_in(tongue))
        return
    table = Table(box=None, pad_edge=False)
    for heading in _COLUMNS:
        table.add_column(heading.said_in(tongue), overflow="fold")
    for one in outcomes:
        state = _ENDED[one.how].said_in(tongue)
        state += "" if one.read_at else _NEW.said_in(tongue)
        table.add_row(one.key, escape(one.recipient), _at(one.asked_at), state)
    for one in entries:
        state = _WAITS.said_in(tongue).format(at=_at(one.expires_at), tries=one.tries)
        table.add_row(one.key, escape(one.recipient), _at(one.queued_at), state)
    Console().print(table)


def show(entry: EntryId, language: Tongue = None) -> None:
    """Show a question with its answer; of one that waits, exactly what is to leave."""
    tongue = spoken(language)
    with _later() as later:
        if _show_outcome(later.answers, entry, tongue):
            return
        held, waiting = later.entry(entry), later.waiting(entry)
    if held is None:
        raise _unknown(entry)
    print(
        _LEAVES.said_in(tongue).format(
            cloud=held.recipient,
            purpose=held.purpose,
            until=_at(held.expires_at),
            bytes=0 if waiting is None else waiting.payload.size_bytes,
        )
    )
    for turn in waiting.payload.turns if waiting is not None else ():
        print(f"\n[{turn.role}]\n{turn.text}")


def send(entry: OneEntry = "", language: Tongue = None) -> None:
    """Send what waits, if it may leave now, and show what came."""
    asyncio.run(_send(entry, spoken(language)))


def drop(entry: EntryId, language: Tongue = None) -> None:
    """Forget a question: it is not sent, or its answer is gone."""
    with _later() as later:
        if not later.drop(entry):
            raise _unknown(entry)
    print(_DROPPED.said_in(spoken(language)).format(id=entry))


async def _send(key: str, tongue: Language) -> None:
    from edgewise.device.alone import device_alone
    from edgewise.device.late_sending import LateSending

    async with device_alone(None, "", pace=1.0) as device:
        reach = device.reach
        if reach is None or reach.later is None:
            raise UserError("nothing waits: no cloud or no queue_hours is in config.toml")
        if key and reach.later.entry(key) is None:
            raise _unknown(key)
        sending = LateSending(device.agent, reach, reach.later)
        held = {e.key: sending.held(e, agreed=bool(key)) for e in reach.later.box.entries()}
        endings = await sending.send(key, agreed=bool(key))
        answers = reach.later.answers
    if not endings:
        print(_NONE_SENT.said_in(tongue))
    for ending in endings:
        if _show_outcome(answers, ending.entry.key, tongue):
            continue
        why = held.get(ending.entry.key) or _NO_ANSWER
        reason = why.said_in(tongue).format(code=ending.why)
        print(_STAYS.said_in(tongue).format(id=ending.entry.key, why=reason))


@contextmanager
def _later() -> Generator["Later"]:
    """The queue; what has expired is out of it."""
    from edgewise.device.folder import prepare
    from edgewise.device.later import Later

    folder = data_folder()
    config = load_config(folder)
    prepare(folder)
    with closing(Later(folder, SystemClock(), config.queue_hours)) as later:
        if later.repaired is not None:
            print(later.repaired.said_in(config.spoken), file=sys.stderr)
        later.box.settle()
        yield later


def _show_outcome(answers: "LateAnswers", key: str, tongue: Language) -> bool:
    """Print what came of that question, and note that it was read; whether there is anything."""
    from edgewise.device.late_answers import Talk
    from edgewise.device.late_sending import words_of

    outcome = next((one for one in answers.all() if one.key == key), None)
    if outcome is None:
        return False
    talk = answers.talk(key) or Talk()
    if talk.question:
        print(_ASKED.said_in(tongue).format(question=talk.question))
    print(words_of(outcome, talk, SystemClock().now()).said_in(tongue))
    answers.read(key)
    return True


def _unknown(key: str) -> UserError:
    return UserError(f"nothing is called {key!r}; see `edgewise outbox list`", code="unknown_entry")


def _at(wall: float) -> str:
    return datetime.fromtimestamp(wall).strftime("%m-%d %H:%M")


_COLUMNS = (
    Words("id", "编号"),
    Words("cloud", "云端"),
    Words("asked", "提问时间"),
    Words("state", "状态"),
)
_NOTHING = Words("No question waits.", "没有等待中的问题。")
_WAITS = Words("waits until {at}, tries: {tries}", "等待至 {at}，已尝试 {tries} 次")
_NEW = Words(", not read", "，未读")
_ENDED = {
    "answered": Words("answered", "已答复"),
    "expired": Words("expired, not sent", "已过期，未发出"),
    "crowded": Words("no room, not sent", "空间不足，未发出"),
    "refused": Words("refused there", "被云端拒绝"),
    "damaged": Words("unreadable", "无法读取"),
}
_LEAVES = Words(
    "Waits until {until}. This, and nothing else, leaves for {cloud} ({purpose}, {bytes} bytes):",
    "等待至 {until}。届时只发送以下内容给 {cloud}（{purpose}，{bytes} 字节）：",
)
_ASKED = Words("You asked: {question}", "您的提问：{question}")
_STAYS = Words("{id} stays: {why}.", "{id} 仍在等待：{why}。")
_NO_ANSWER = Words("its cloud gave no answer ({code})", "云端没有答复（{code}）")
_NONE_SENT = Words("Nothing waits that could be sent.", "没有可以发送的问题。")
_DROPPED = Words("{id} is dropped.", "已删除 {id}。")
