"""How much may come from one device: sound and messages, by the time that has passed."""

from msgspec import Struct

from edgewise.core.clock import Clock
from edgewise.errors import LinkError

LEAST_PACKET_S = 0.02
"""Devices send 60 ms in a packet, some 20; shorter ones cost as much to take in."""


class Bounds(Struct, frozen=True):
    """What one connection may use. Sound is taken at `sound_speed` times the speed it was spoken
    at, `sound_burst_s` of it at once; `messages_a_second` over a while, `burst` at once; so many
    frames may be `broken`. A line is kept awake every `ping_s`, and ended when nothing was said
    for `quiet_s`."""

    hello_s: float = 20.0
    sound_speed: float = 2.0
    sound_burst_s: float = 20.0
    messages_a_second: float = 20.0
    burst: int = 200
    broken: int = 50
    ping_s: float = 60.0
    quiet_s: float = 600.0
    before_s: float = 2.0


class Allowance:
    """Of one connection; it grows with time up to a burst."""

    def __init__(self, bounds: Bounds, clock: Clock) -> None:
        self._bounds = bounds
        self._clock = clock
        self._sound_s = bounds.sound_burst_s
        self._messages = float(bounds.burst)
        self._filled_s = clock.monotonic()

    def sound(self, length_s: float) -> None:
        """Take a packet of so much sound. Raises LinkError (`too_fast`)."""
        self._fill()
        self._sound_s -= max(length_s, LEAST_PACKET_S)
        self._check()

    def message(self) -> None:
        """Take a message. Raises LinkError (`too_fast`)."""
        self._fill()
        self._messages -= 1.0
        self._check()

    def _fill(self) -> None:
        now, bounds = self._clock.monotonic(), self._bounds
        passed_s, self._filled_s = now - self._filled_s, now
        self._sound_s = min(bounds.sound_burst_s, self._sound_s + passed_s * bounds.sound_speed)
        more = passed_s * bounds.messages_a_second
        self._messages = min(float(bounds.burst), self._messages + more)

    def _check(self) -> None:
        if self._sound_s < 0 or self._messages < 0:
            told = "sound or messages come much faster than anybody speaks; send as you record"
            raise LinkError(told, code="too_fast")
