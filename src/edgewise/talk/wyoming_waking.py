"""The wake words that a Wyoming client wants told of in the sound it sends."""

from collections.abc import Callable

from wyoming.wake import Detection, NotDetected

from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ
from edgewise.talk.waking import Spotter


class Watching:
    """One stream of sound."""

    def __init__(self, spotter: Spotter) -> None:
        self._spotter = spotter
        self._heard_bytes = 0
        self.has_found = False

    def feed(self, data: bytes, timestamp_ms: int | None) -> Detection | None:
        """The wake word that this sound completes; its time is the client's, else that of sound."""
        self._heard_bytes += len(data)
        name = self._spotter.feed(data) if data else None
        if name is None:
            return None
        self.has_found = True
        at_ms = self._heard_bytes * 1000 // (LISTENING_HZ * BYTES_PER_SAMPLE)
        return Detection(name, at_ms if timestamp_ms is None else timestamp_ms)

    def not_found(self) -> NotDetected:
        """For a stream that ended without one."""
        return NotDetected()

    def close(self) -> None:
        """Give back the models' memory."""
        end: Callable[[], None] | None = getattr(self._spotter, "close", None)
        if end is not None:
            end()
