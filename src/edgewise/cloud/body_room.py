"""How many bytes of requests' bodies are held while they are read, in this process and by project.

A body that trickles in holds its memory for as long as it may; many of them at once would take all
there is, before any limit of a key is asked. The first bytes of each are free, so that small
requests always come in. It reads nothing itself.
"""

from edgewise.cloud.refusal import Refused

ROOM_BYTES = 512 * 1024 * 1024
FREE_BYTES = 64 * 1024
SHARES = 4
"""A project takes one of so many at most."""


class BodyRoom:
    """Bytes that are held now, of whom."""

    def __init__(self, limit_bytes: int = ROOM_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._held: dict[str, int] = {}
        self._held_bytes = 0

    def take(self, whose: str, size_bytes: int) -> None:
        """Holds so much more. Raises Refused: 429 for a project's share, 503 when all is held."""
        own_bytes = self._held.get(whose, 0) + size_bytes
        if own_bytes > self._limit_bytes // SHARES:
            raise _too_much(429, "this project", self._limit_bytes // SHARES)
        if self._held_bytes + size_bytes > self._limit_bytes:
            raise _too_much(503, "this server", self._limit_bytes)
        self._held[whose] = own_bytes
        self._held_bytes += size_bytes

    def give(self, whose: str, size_bytes: int) -> None:
        """Holds so much less."""
        self._held_bytes -= size_bytes
        own_bytes = self._held.get(whose, 0) - size_bytes
        if own_bytes > 0:
            self._held[whose] = own_bytes
        else:
            self._held.pop(whose, None)


def _too_much(status: int, whose: str, limit_bytes: int) -> Refused:
    return Refused(
        status,
        "too_many_bodies",
        f"the bodies that {whose} is being sent are over {limit_bytes} bytes together; send fewer"
        " at once, or smaller ones",
        headers={"Retry-After": "2"},
    )
