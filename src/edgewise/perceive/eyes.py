"""The eyes of this machine: pictures opened, read and made safe in a process with bounded memory.

What a file claims to be is settled over there: a picture that breaks its library costs one answer.
Kept here is nothing but how a process is asked.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from edgewise.engine.child import EngineSettings
from edgewise.engine.engine import Engine
from edgewise.errors import ModelError, UserError
from edgewise.perceive.eyes_wire import (
    EyesOrder,
    Hide,
    Look,
    Open,
    encode,
    hiddens,
    pictures,
    reads,
)
from edgewise.perceive.see import MOST_BYTES, Box, Hidden, Picture, Read

MEMORY_LIMIT_BYTES = 1 << 30
"""Of the process's own data; it needs 0.4 GB to read a screen, and 0.3 GB to decode a large
picture (`picture.MOST_DECODED_BYTES`)."""


@dataclass(frozen=True, slots=True)
class EyesSettings:
    """`threads` of the models: one leaves the other core to whoever thinks. `idle_s` as of the
    engine."""

    threads: int = 1
    idle_s: float = 300.0
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES


class LocalEyes:
    """Implements `Eyes`. For one event loop; close it in the end."""

    def __init__(self, settings: EyesSettings | None = None, engine: Engine | None = None) -> None:
        self._engine = engine or Engine(engine_settings(settings or EyesSettings()))

    async def open(self, data: bytes, *, deadline_s: float = 10.0) -> Picture:
        """See `Eyes.open`."""
        if len(data) > MOST_BYTES:  # not even sent
            raise UserError(
                f"the picture has {len(data):,} bytes, the limit is {MOST_BYTES:,}; give a smaller"
                " file",
                code="bad_picture",
            )
        return pictures.decode(await self._ask(Open(data), deadline_s))

    async def read(self, picture: Picture, *, deadline_s: float = 20.0) -> Read:
        """See `Eyes.read`."""
        return reads.decode(await self._ask(Look(picture), deadline_s))

    async def hide(
        self,
        picture: Picture,
        *,
        also: tuple[Box, ...] = (),
        written: tuple[Box, ...] = (),
        deadline_s: float = 20.0,
    ) -> Hidden:
        """See `Eyes.hide`."""
        return hiddens.decode(await self._ask(Hide(picture, also, written), deadline_s))

    def most_memory_bytes(self) -> int:
        """The most memory the process held; 0 where it does not run or the system does not tell."""
        with suppress(OSError, ValueError):
            status = Path(f"/proc/{self._engine.process_id}/status").read_text("ascii", "replace")
            found = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
            return int(found.split()[1]) * 1024
        return 0

    async def close(self) -> None:
        """End the process."""
        await self._engine.close()

    async def _ask(self, order: EyesOrder, deadline_s: float) -> bytes:
        reports = [one async for one in self._engine.ask(encode(order), deadline_s=deadline_s)]
        if len(reports) != 1:
            raise ModelError("the eyes gave no answer; ask again", code="model_failed")
        return reports[0]


def engine_settings(settings: EyesSettings) -> EngineSettings:
    """How the process of the eyes is run."""
    return EngineSettings(
        "seeing",
        "edgewise.perceive.eyes_process",
        (f"--threads={settings.threads}",),
        memory_limit_bytes=settings.memory_limit_bytes,
        idle_s=settings.idle_s,
    )
