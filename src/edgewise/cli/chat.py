"""`edgewise chat`: a conversation at the terminal, with a car that stays between the lines.

Each run is a conversation of its own, and alone it has a car of its own; with `--session` both are
kept for the next run, as `edgewise ask` keeps them.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any

import typer

from edgewise.cli.ask import (
    Alone,
    SessionName,
    State,
    Verbose,
    ZoneOption,
    read_state,
    request_of,
    text_of,
)
from edgewise.cli.language import spoken
from edgewise.cli.show import Screen
from edgewise.core.event import Event
from edgewise.core.message import Request
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone

_WELCOME = Words(
    "Type in English or 中文; `exit`, an empty line or Ctrl-D ends.",
    "请输入中文或英文；输入“退出”、空行或 Ctrl-D 结束。",
)
_LEAVING = frozenset(
    {"exit", "quit", "bye", "goodbye", "bye bye", ":q", "退出", "再见", "拜拜", "结束对话"}
)
_WITH_DEVICE = Words("With the device at {address}.", "已连接 {address} 上的设备。")
_ALONE = Words("With a simulated car of its own.", "使用单独的模拟车辆。")


def chat(
    state: State = None,
    session: SessionName = "",
    zone: ZoneOption = Zone.DRIVER,
    alone: Alone = False,
    verbose: Verbose = False,
) -> None:
    """Talk with the device, one line after another.

    Each run is a fresh conversation, alone with a fresh car; --session NAME keeps
    both for the next run.
    """
    given = read_state(state) if state is not None else None
    request_of("", session, zone, None)
    asyncio.run(_chat(session, given, zone, alone or given is not None, verbose))


async def _chat(
    session: str, state: dict[str, Any] | None, zone: Zone, alone: bool, verbose: bool
) -> None:
    from edgewise.cli.remote import running_device
    from edgewise.device.alone import device_alone

    tongue = spoken()
    async with AsyncExitStack() as stack:
        remote = None if alone else running_device()
        run: Callable[[Request], AsyncGenerator[Event, None]]
        if remote is not None:
            run = remote.run
            _welcome(_WITH_DEVICE, tongue, address=remote.address)
        else:
            device = await stack.enter_async_context(device_alone(state, session, pace=1.0))
            run = device.agent.run
            for notice in (*device.notices, *device.news):
                sys.stderr.write(f"edgewise: {notice}\n")
            _welcome(_ALONE, tongue)
        name = session or ("chat" if remote is None else f"chat-{secrets.token_hex(4)}")
        while (line := await asyncio.to_thread(_read_line)) and not _leaves(line):
            screen = Screen(verbose=verbose, language=tongue)
            try:
                request = request_of(text_of(line), name, zone, None)
            except typer.BadParameter as refused:
                sys.stderr.write(f"edgewise: {refused.message}\n")
                continue
            async for event in run(request):
                screen.show(event)


def _leaves(line: bytes) -> bool:
    """Whether a line is for the program at the terminal rather than for the device."""
    return line.decode("utf-8", "replace").casefold().strip(" .!。！") in _LEAVING


def _welcome(words: Words, tongue: Language, **values: str) -> None:
    print(words.said_in(tongue).format(**values), _WELCOME.said_in(tongue))


def _read_line() -> bytes:
    """The next line; empty at the end of the input."""
    if sys.stdin.isatty():
        try:
            return input("> ").strip().encode("utf-8", "surrogateescape")
        except EOFError:
            return b""
        except UnicodeDecodeError as error:
            return error.object.strip()
    return sys.stdin.buffer.readline().strip()
