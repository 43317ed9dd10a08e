"""`edgewise erase`: take a turn, or everything, out of what the device keeps of its turns."""

import asyncio
import sys
from typing import Annotated

import typer

from edgewise.agent.trail import Trail
from edgewise.cli.language import Tongue, spoken
from edgewise.core.words import Words
from edgewise.device.config import data_folder
from edgewise.errors import UserError

ErasedTurn = Annotated[
    str, typer.Argument(metavar="TURN", help="A turn's id; `last` is the newest.")
]
Everything = Annotated[bool, typer.Option("--all", help="All turns.")]


def erase(turn: ErasedTurn = "", everything: Everything = False, language: Tongue = None) -> None:
    """Erase a turn, or all, for good.

    It can not be undone. The trail, what waits for a network, answers that came later and talks
    that are kept go; with --all also the cookies and log-ins of the device's own browser. A device
    that runs forgets its talks as well.
    """
    if bool(turn) is everything:
        raise UserError("name a turn, or say --all; `edgewise explain` lists the last turns")
    from edgewise.cli.remote import running_device
    from edgewise.device.erase import erase as erase_here

    if turn == "last":
        turn = _last()
    remote = running_device()
    if remote is not None:
        done = asyncio.run(remote.erase(turn))
    else:
        done = erase_here(data_folder(), turn)
    if turn and not (done.turns or done.questions):
        raise UserError(f"no turn {turn!r} is kept; `edgewise explain` lists the last ones")
    if done.damaged is not None:
        print(_DAMAGED.said_in(spoken(language)), file=sys.stderr)
    print(_DONE.said_in(spoken(language)).format(done=done))
    if done.profile:
        print(_PROFILE.said_in(spoken(language)))


def _last() -> str:
    trail = Trail(data_folder() / "trail", None)
    try:
        return trail.named("last")
    finally:
        trail.close()


_DAMAGED = Words(
    "What waited for a network could not be read; it is gone, none of it will be sent.",
    "等待联网发送的内容无法读取，已删除，其中的内容不会发送。",
)
_DONE = Words(
    "Erased: turns {done.turns}, questions that waited {done.questions}, kept talks {done.talks}.",
    "已抹除：回合 {done.turns} 个，等待过的问题 {done.questions} 个，保存的对话 {done.talks} 个。",
)
_PROFILE = Words(
    "The browser of [screen] has forgotten its cookies, log-ins and history.",
    "[screen] 浏览器的 Cookie、登录状态和历史记录已清除。",
)
