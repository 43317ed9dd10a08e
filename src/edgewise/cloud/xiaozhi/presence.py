"""Which voice devices are connected, and what each does now: for the console. No word that was
said is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What a connected device does."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


@dataclass(slots=True)
class Live:
    """A connection, kept up by who serves it. `since` and `words_at` (when words were said last, 0:
    not yet) are wall seconds."""

    since: float
    doing: Doing = Doing.IDLE
    words_at: float = 0.0


class Presence:
    """The connections of each device; one that has not noticed its end yet may stand beside the one
    that followed it, which is the one shown."""

    def __init__(self) -> None:
        self._of: dict[str, list[Live]] = {}

    def enter(self, device: str, live: Live) -> Callable[[], None]:
        """Note a connection; what it gives notes its end, once."""
        self._of.setdefault(device, []).append(live)

        def leave() -> None:
            held = [one for one in self._of.get(device, []) if one is not live]
            if held:
                self._of[device] = held
            else:
                self._of.pop(device, None)

        return leave

    def of(self, device: str) -> Live | None:
        """The newest connection of a device."""
        held = self._of.get(device)
        return held[-1] if held else None

    def __len__(self) -> int:
        """Devices that are connected."""
        return len(self._of)
