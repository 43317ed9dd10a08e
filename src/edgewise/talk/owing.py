"""What was said behind an answer in progress, and waits for one of its own.

What is said at one microphone waits as one request, however many turns it came in; that of another
is a request of its own, for another person may have said it. It decides nothing about answers.
"""

from msgspec import Struct


class Owed(Struct, frozen=True):
    """Items that are to be answered together, said at the microphone of that number."""

    items: tuple[str, ...] = ()
    channel: int = 0


class Owing:
    """The requests that wait, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Owed] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, more: Owed) -> None:
        """Put it behind what waits."""
        for place, owed in enumerate(self._waiting):
            if owed.channel == more.channel:
                items = dict.fromkeys((*owed.items, *more.items))
                self._waiting[place] = Owed(tuple(items), more.channel)
                return
        self._waiting.append(more)

    def next(self) -> Owed:
        """Take the oldest."""
        return self._waiting.pop(0)

    def drop(self, channel: int | None = None) -> None:
        """Forget what waits: of that microphone, or all of it."""
        self._waiting = [
            owed for owed in self._waiting if channel is not None and owed.channel != channel
        ]
