"""Messages in order over connections that break: each arrives exactly once, or the peer is told.

`Outgoing` numbers what one side says and keeps it until the other has it; `Incoming` takes the next
number, drops what it had, and refuses a gap. After a reconnect each side tells the last number it
has, and the other sends strictly what follows. Both are bounded. They know no socket and no clock.
Source: the idea is that of TCP and of MQTT 5 sessions, over any transport that keeps boundaries.
"""

from collections import deque
from dataclasses import dataclass

from edgewise.errors import LinkError


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that the other side has not acknowledged yet."""

    seq: int
    body: bytes


class Outgoing:
    """What one side says. `has_room` is for those who can wait; `put` takes all up to `hardest`."""

    def __init__(self, most: int, most_bytes: int, *, spare: int = 0) -> None:
        """`spare` messages more than `most` fit for what can not wait (ends, refusals)."""
        self._most, self._most_bytes, self._hardest = most, most_bytes, most + spare
        self._kept: deque[Kept] = deque()
        self._bytes = 0
        self._last = 0
        self._sent = 0

    @property
    def last(self) -> int:
        """The number of the newest message."""
        return self._last

    @property
    def acknowledged(self) -> int:
        """The number up to which the other side has all."""
        return self._last - len(self._kept)

    @property
    def waiting(self) -> int:
        """How many messages the other side has not acknowledged."""
        return len(self._kept)

    @property
    def waiting_bytes(self) -> int:
        """How many bytes those are."""
        return self._bytes

    def has_room(self, size_bytes: int = 0) -> bool:
        """Whether a message of `size_bytes` fits without using what is spare."""
        return len(self._kept) < self._most and self._bytes + size_bytes <= self._most_bytes

    def has_spare(self, messages: int) -> bool:
        """Whether that many messages fit at all."""
        return len(self._kept) + messages <= self._hardest

    def put(self, body: bytes) -> int:
        """Number a message; its number. Raises LinkError when not even what is spare is left."""
        if not self.has_spare(1):
            raise LinkError(
                f"{len(self._kept)} messages are not acknowledged, the limit is {self._hardest};"
                " acknowledge what has arrived",
                code="unacknowledged",
            )
        self._last += 1
        self._bytes += len(body)
        self._kept.append(Kept(self._last, body))
        return self._last

    def acknowledge(self, seq: int) -> None:
        """Forget all up to `seq`; an older one is no news. Raises LinkError for what was never
        sent."""
        if seq > self._sent:
            raise LinkError(
                f"message {seq} is acknowledged, the last one sent is {self._sent}",
                code="wrong_ack",
            )
        while self._kept and self._kept[0].seq <= seq:
            self._bytes -= len(self._kept.popleft().body)

    def resume(self, after: int) -> None:
        """Send strictly what follows `after` on a new connection. Raises LinkError when that can
        not be: what follows is forgotten already, or `after` was never sent."""
        if after < self.acknowledged or after > self._sent:
            raise LinkError(
                f"messages can be sent again from {self.acknowledged} to {self._sent}, not after"
                f" {after}; open a new session",
                code="resume_gone",
            )
        self.acknowledge(after)
        self._sent = after

    def due(self) -> list[Kept]:
        """What this connection has not been given yet, in order; it counts as sent from here on."""
        skip = self._sent - self.acknowledged
        found = [kept for number, kept in enumerate(self._kept) if number >= skip]
        self._sent = max(self._sent, self._last)
        return found


class Incoming:
    """What the other side says: `received` is the number up to which all has arrived."""

    def __init__(self) -> None:
        self.received = 0

    def take(self, seq: int) -> bool:
        """Whether the message is new, and count it. Raises LinkError for a gap."""
        if seq <= self.received:
            return False
        if seq != self.received + 1:
            raise LinkError(
                f"message {seq} came where {self.received + 1} is due", code="out_of_order"
            )
        self.received = seq
        return True
