"""A small language model on the device, in a process of its own: the device's side of it.

The process (`llama_process`) starts with the first question and is ended when nobody asked for a
while, which gives its memory back. One question is answered at a time, a few may wait. Whatever
the process does (crash, hang, nonsense), it costs at most one answer: it is killed by its id and
started again with the next question.

What the model writes passes a `Screen`; nothing here or after it reads a call in the text.
"""

import asyncio
import math
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.think.chat import ChatPrompt, ChatTurn, Role
from edgewise.think.llama_wire import (
    LINE_LIMIT_BYTES,
    Cancel,
    Failed,
    Failure,
    Finished,
    Generate,
    Order,
    Piece,
    Ready,
    Report,
    read_report,
    to_line,
)
from edgewise.think.screen import Screen, neutral

ERROR_LINES = 50
# What the process may see of the environment; keys and tokens of the device are not among it.
ENVIRONMENT = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR",
    "VIRTUAL_ENV",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """Which model, and the limits it runs under.

    `idle_s`: unloaded after so long without a question. `grace_s`: how long an answer that nobody
    wants any more may take to stop before the process is killed. `command` starts the process.
    """

    name: str
    path: Path
    languages: tuple[Language, ...]
    context_tokens: int = 2048
    threads: int = 1
    prompt_threads: int = 1
    temperature: float = 0.2
    most_waiting: int = 4
    load_limit_s: float = 60.0
    grace_s: float = 1.0
    idle_s: float = 300.0
    command: tuple[str, ...] = (sys.executable, "-P", "-m", "edgewise.think.llama_process")


class LlamaModel:
    """A `ChatModel` over one process; make and use it in one event loop, and `close` it."""

    def __init__(self, settings: LlamaSettings) -> None:
        self.last: Finished | None = None
        self.loaded: Ready | None = None
        self._settings = settings
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._number = 0
        self._child: _Child | None = None
        self._starting: asyncio.Task[_Child] | None = None
        self._settling: set[asyncio.Task[None]] = set()
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def languages(self) -> tuple[Language, ...]:
        return self._settings.languages

    @property
    def process_id(self) -> int | None:
        """The process's id while it runs."""
        return self._child.process.pid if self._child is not None else None

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int
    ) -> AsyncIterator[str]:
        """See `ChatModel.reply`. Waiting and loading count towards `deadline_s`; an answer that is
        cut short by it ends in "…". Codes of ModelError: `model_busy`, `model_timed_out`,
        `model_crashed`, `model_missing`, `model_refused`, `model_closed`."""
        turns = self._check(prompt, deadline_s, max_tokens)
        deadline = asyncio.get_running_loop().time() + deadline_s
        await self._take_turn(deadline, deadline_s)
        order: Generate | None = None
        child: _Child | None = None
        finished = False
        screen = Screen(prompt.language)
        shown = False
        try:
            child = await self._running(deadline)
            while not finished:
                order = self._order(prompt.system, turns, max_tokens)
                await child.send(order)
                async for report in child.reports(order.id, deadline):
                    if isinstance(report, Failed):
                        turns, finished = _shortened(turns, report), True
                        break
                    finished = isinstance(report, Finished)
                    text = screen.feed(report.text) if isinstance(report, Piece) else ""
                    if isinstance(report, Finished):
                        self.last = report
                        text = screen.finish()
                    if text:
                        shown = True
                        yield text
                    if screen.ended and not finished:
                        return
                else:
                    break
                finished = not finished
        except TimeoutError:
            if not shown:
                raise ModelError(
                    f"{self.name} gave no answer within {deadline_s:g} s; ask something shorter, "
                    "or allow it more time",
                    code="model_timed_out",
                ) from None
            yield " …"
        finally:
            self._settle(child, None if finished else order)

    async def close(self) -> None:
        """End the process and all that waits for it; later questions are refused."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._child is not None:
            await self._child.end()
            self._child = None
        if self._settling:
            await asyncio.wait(list(self._settling))
