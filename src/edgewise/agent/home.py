"""All that a turn works with, made once by an assembly (`device/runtime.py`)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from edgewise.act.cedar import Policy
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.agent.reach import Adviser, Reach
from edgewise.core.clock import Clock
from edgewise.core.message import Message
from edgewise.core.part import ImagePart
from edgewise.core.signal import Reading, Snapshot
from edgewise.core.thought import Context, Exchange, Thought, Urgency
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError
from edgewise.think.chat import Note, unnoted

READ_S = 1.0
"""Longest wait for the readings of a device, unless it is known to be slower."""


class Mind(Protocol):
    """What thinks: words to calls at once, and free text piece by piece (`think/think.py`)."""

    def understand(self, text: str, context: Context) -> Thought: ...

    def urgency(self, text: str) -> Urgency: ...

    def converse(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        deadline_s: float,
        note: Note = unnoted,
    ) -> AsyncIterator[str]: ...

    async def read(self, piece: str, job: str, language: Language, *, deadline_s: float) -> str: ...

    @property
    def chat_name(self) -> str: ...

    @property
    def chat_languages(self) -> tuple[Language, ...]: ...

    @property
    def model_hash(self) -> str: ...

    def warm(self) -> None: ...
    def prepare(self) -> None: ...

    async def close(self) -> None: ...


def _keep_none(_: Sequence[ImagePart]) -> None:
    """Of a device that keeps no pictures."""


@dataclass(frozen=True, slots=True)
class Home:
    """The device as a turn sees it: what it can do, what it may do, where effects land.

    `names` gives the names the device knows by kind (`contact`, `place`, `song`, `app`, `scene`).
    `language` is that of replies to words that tell none; `region` is where the device is.
    `own_car` says that its car is simulated for a few questions only (`device/alone.py`). Without a
    `reach` it knows of no cloud; `adviser` is asked there instead. `forget_pictures` is told those
    of a turn that is over.
    """

    catalogue: Catalogue
    policy: Policy
    drivers: Drivers
    mind: Mind
    clock: Clock
    names: Callable[[], Mapping[str, tuple[str, ...]]] = dict
    driver_on_left: bool = True
    language: Language = Language.ENGLISH
    region: str = ""
    own_car: bool = False
    always_read: tuple[str, ...] = ("Vehicle",)
    reach: Reach | None = None
    adviser: Adviser | None = None
    forget_pictures: Callable[[Sequence[ImagePart]], None] = _keep_none

    async def snapshot(self, targets: Sequence[str] = ()) -> Snapshot:
        """The vehicle's readings and those of `targets`, taken now.

        Devices are read beside each other, and one that does not answer is waited for `READ_S`:
        "stop" reads the telephone too. A slow one is waited for longer, and before the others, so
        that the car's readings are not old by then. What cannot be read is missing, which every
        rule takes as unsafe.
        """
        first, *others = self.drivers.by_device((*self.always_read, *targets)) or [[]]
        slow = [part for part in others if self.drivers.patience_s(part, READ_S) > READ_S]
        readings: dict[str, Reading] = {}
        for part in slow:
            readings |= await self._readable(part)
        async with asyncio.TaskGroup() as group:
            quick = (part for part in others if part not in slow)
            beside = [group.create_task(self._readable(part)) for part in quick]
            readings |= await self._readable(first)
        for task in beside:
            readings |= task.result()
        return Snapshot(readings, self.clock.monotonic(), self.clock.now())

    async def _readable(self, targets: Sequence[str]) -> dict[str, Reading]:
        """What one device tells of `targets` in time, all at once or else each for itself."""
        found: dict[str, Reading] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(self.drivers.patience_s(targets, READ_S)):
                try:
                    return await self.drivers.read(targets)
                except (EdgewiseError, OSError):
                    for target in targets if len(targets) > 1 else ():
                        with suppress(EdgewiseError, OSError):
                            found |= await self.drivers.read([target])
        return found
