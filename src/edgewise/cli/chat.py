"""`edgewise chat`: a conversation at the terminal, with a car that stays between the lines."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, suppress

from edgewise.cli.ask import Alone, Verbose, ZoneOption, request_of
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


def chat(zone: ZoneOption = Zone.DRIVER, alone: Alone = False, verbose: Verbose = False) -> None:
    """Talk with the device, one line after another."""
    asyncio.run(_chat(zone, alone, verbose))


async def _chat(zone: Zone, alone: bool, verbose: bool) -> None:
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
            device = await stack.enter_async_context(device_alone(None, "chat", pace=1.0))
            run = device.agent.run
            for notice in device.notices:
                sys.stderr.write(f"edgewise: {notice}\n")
            _welcome(_ALONE, tongue)
        while (line := await asyncio.to_thread(_read_line)) and not _leaves(line):
            screen = Screen(verbose=verbose, language=tongue)
            async for event in run(request_of(line, "chat", zone, None)):
                screen.show(event)


def _leaves(line: str) -> bool:
    """Whether a line is for the program at the terminal rather than for the device."""
    return line.casefold().strip(" .!。！") in _LEAVING


def _welcome(words: Words, tongue: Language, **values: str) -> None:
    print(words.said_in(tongue).format(**values), _WELCOME.said_in(tongue))


def _read_line() -> str:
    if sys.stdin.isatty():
        with suppress(EOFError):
            return input("> ").strip()
        return ""
    return sys.stdin.buffer.readline().decode("utf-8", "replace").strip()
