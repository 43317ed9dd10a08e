"""The agents of voice devices: one for each device, with its own tools, trail and memory.

They share what is the platform's: the policy, and the understanding of those that have the same
tools. An agent outlives its device's connections for a while, so that a question that waits for a
yes still stands after a reconnect; what was said in it is kept in a file. Nothing of one device is
ever given to another.
"""

import asyncio
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakValueDictionary

from edgewise.act.cedar import Policy
from edgewise.act.driver import Driver, Drivers
from edgewise.act.function import Catalogue, Function
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.reach import Adviser
from edgewise.agent.redact import Redactor
from edgewise.agent.session_files import SessionFiles
from edgewise.agent.trail import Trail
from edgewise.core.capability import Capability, catalogue_hash
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.hosting.board import Board
from edgewise.hosting.kept_secret import kept_secret
from edgewise.hosting.standing import STANDS
from edgewise.hosting.talk_mind import Turns
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.think.chat import ChatModel
from edgewise.think.think import Thinking
from edgewise.think.understand import Understander, load_understander
from edgewise.think.voice_persona import voice_persona

MOST_MINDS = 16
SETTLE_S = 10.0
"""How long a turn may go on whose agent is to be replaced."""
LEAVES_S = 900.0
"""How long an agent waits for its device to come back."""


class Calls(Protocol):
    """The tools of a connected device (`talk/xiaozhi/tools.py`)."""

    async def call(self, name: str, arguments: dict[str, Any]) -> str: ...


class Hands(Protocol):
    """What a device's tools let its agent do, and by which connection it does it now."""

    @property
    def functions(self) -> Sequence[Function]: ...
    @property
    def sayable(self) -> Sequence[Capability]:
        """What words may mean."""
        ...

    @property
    def drivers(self) -> Sequence[Driver]: ...
    def connect(self, calls: Calls) -> None: ...
    def disconnect(self, calls: Calls) -> None:
        """That connection is gone; another one may have taken its place."""
        ...


@dataclass(slots=True)
class Hosted:
    """One device's agent, its notice board, and its hands."""

    agent: Agent
    board: Board
    hands: Hands
    tools: tuple[BoardTool, ...]
    turns: Turns = field(default_factory=Turns)
    connected: set[Calls] = field(default_factory=set[Calls])
    left_s: float = 0.0


class Hosts:
    """All of them. For one event loop; close it in the end."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        hands: Callable[[Sequence[BoardTool]], Hands],
        chat: Callable[[str], ChatModel | None],
        *,
        adviser: Callable[[str], Adviser | None] = lambda _: None,
        language: Language | None = None,
        most: int = 256,
        policy: Policy | None = None,
    ) -> None:
        """`folder` holds a folder for each device; `hands` makes those of a device with such tools;
        `chat` gives the language model of a device, `adviser` the one that may propose calls.
        At most `most` agents are kept that no device is connected to."""
        self._folder = folder
        self._clock = clock
        self._hands = hands
        self._chat = chat
        self._adviser = adviser
        self._language = language or Language.CHINESE
        self._most = most
        self._policy = policy or builtin_policy()
        self._hosted: OrderedDict[str, Hosted] = OrderedDict()
        self._minds: OrderedDict[str, Understander] = OrderedDict()
        self._making = WeakValueDictionary[str, asyncio.Lock]()
        self._fitting: set[asyncio.Task[Hosted]] = set()

    def known(self, device: str) -> Hosted | None:
        """The agent of a device, as its tools were when it was here last."""
        return self._hosted.get(device)

    async def enter(self, device: str, tools: Sequence[BoardTool], calls: Calls) -> Hosted:
        """The agent of a device that is connected now by `calls` and has these tools; again for
        other tools. Give it back by `leave`. Raises DeviceError where its trail can not be kept."""
        fitting = asyncio.create_task(self._fit(device, tuple(tools)))
        self._fitting.add(fitting)
        fitting.add_done_callback(self._fitting.discard)
        hosted = await asyncio.shield(fitting)  # whoever left: what is being made is kept
        hosted.hands.connect(calls)
        hosted.connected.add(calls)
        return hosted

    async def _fit(self, device: str, tools: tuple[BoardTool, ...]) -> Hosted:
        """The agent that fits these tools, one at a time for each device; a turn of the one before
        may end first."""
        async with self._lock(device):
            before = self._hosted.get(device)
            if before is not None and before.tools == tools:
                before.left_s = self._clock.monotonic()
                return before
            made = await asyncio.to_thread(self._made, device, tools)
            made.left_s = self._clock.monotonic()
            if before is not None:
                made.connected, made.turns = before.connected, before.turns
                await before.agent.settle(SETTLE_S)
                await before.agent.close()
            self._hosted[device] = made
            self._hosted.move_to_end(device)
            return made

    async def leave(self, device: str, calls: Calls) -> None:
        """A connection of the device ended."""
        if (hosted := self._hosted.get(device)) is not None:
            hosted.connected.discard(calls)
            hosted.left_s = self._clock.monotonic()
            hosted.hands.disconnect(calls)
        await self._forget()

    async def drop(self, device: str) -> None:
        """End the agent of a device; what it kept stays."""
        async with self._lock(device):
            if (hosted := self._hosted.pop(device, None)) is not None:
                await hosted.agent.close()

    async def erase(self, device: str) -> None:
        """The device is no one's any more: its agent ends, its trail and memory are deleted."""
        await self.drop(device)
        await asyncio.to_thread(shutil.rmtree, self._folder / device, ignore_errors=True)

    async def keep(self) -> None:
        """Let go of those that nobody comes back to, until it is cancelled."""
        while True:
            await asyncio.sleep(LEAVES_S / 4)
            await self._forget()

    async def close(self) -> None:
        """End all agents."""
        await asyncio.gather(*self._fitting, return_exceptions=True)
        hosted, self._hosted = list(self._hosted.values()), OrderedDict()
        await asyncio.gather(*(one.agent.close() for one in hosted), return_exceptions=True)

    async def _forget(self) -> None:
        """Those nobody came back to, and the oldest of too many."""
        now = self._clock.monotonic()
        idle = [(name, one, one.left_s) for name, one in self._hosted.items() if not one.connected]
        over = max(0, len(idle) - self._most)
        for at, (name, one, left_s) in enumerate(idle):
            if at < over or now - left_s > LEAVES_S:
                await self._drop_left(name, one, left_s)

    async def _drop_left(self, device: str, hosted: Hosted, left_s: float) -> None:
        """The same as `drop` for an agent that nobody has come back to since `left_s`."""
        async with self._lock(device):
            is_left = not hosted.connected and hosted.left_s == left_s
            if is_left and self._hosted.get(device) is hosted:
                del self._hosted[device]
                await hosted.agent.close()

    def _lock(self, device: str) -> asyncio.Lock:
        """Held by who makes or ends the agent of a device; gone when nobody does."""
        return self._making.setdefault(device, asyncio.Lock())

    def _made(self, device: str, tools: tuple[BoardTool, ...]) -> Hosted:
        """Blocks: files are opened, and perhaps weights read."""
        hands = self._hands(tools)
        folder = self._folder / device
        os.makedirs(folder, mode=0o700, exist_ok=True)
        catalogue = Catalogue(hands.functions)
        home = Home(
            catalogue=catalogue,
            policy=self._policy,
            drivers=Drivers(hands.drivers),
            mind=self._thinking(device, hands.sayable),
            always_read=tuple(STANDS),
            clock=self._clock,
            language=self._language,
            adviser=self._adviser(device),
        )
        trail = Trail(folder / "trail", Redactor(kept_secret(folder / "trail.key"), catalogue))
        agent = Agent(home, trail, files=SessionFiles(folder / "sessions"))
        return Hosted(agent, Board(), hands, tools)

    def _thinking(self, device: str, capabilities: Sequence[Capability]) -> Thinking:
        missing = ""
        understander: Understander | None = None
        try:
            understander = self._understander(capabilities)
        except ModelError as error:
            missing = str(error)
        chat = self._chat(device)
        persona = voice_persona(capabilities, chat.languages if chat is not None else ())
        return Thinking(understander, chat, missing, capabilities, reads=False, persona=persona)

    def _understander(self, capabilities: Sequence[Capability]) -> Understander:
        """One for all devices that can do the same."""
        name = catalogue_hash(capabilities)
        if name not in self._minds:
            self._minds[name] = load_understander(capabilities)
            while len(self._minds) > MOST_MINDS:
                self._minds.popitem(last=False)
        self._minds.move_to_end(name)
        return self._minds[name]
