"""The microphones that a conversation hears by: one, or several of one seat each.

Several are heard as one sound with their samples in turn (interleaved). What one hears of another's
speaker is silenced first (`sound/crosstalk.py`), so each turn is of the seat whose microphone it
was loudest at, and two who speak at once are two turns. Of their words some may be lost, as of
those that a noise at another microphone is louder than; such turns are marked. It decides nothing
about answers.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from edgewise.core.zone import Zone
from edgewise.sound.crosstalk import Crosstalk
from edgewise.talk.attending import FRAME_BYTES, Attending, Turn
from edgewise.talk.listening import Activity
from edgewise.talk.own_voice import Echo
from edgewise.talk.settings import Settings
from edgewise.talk.waking import Waking

JUST_FRAMES = 10
"""Of 32 ms: a turn that begins so soon after words were lost may lack its first ones."""


class Channel(Struct, frozen=True):
    """What listens at one microphone, all of it its own. `echo` is for one that hears the
    loudspeaker, where nothing cancels that. `zone` is the seat that it is at, where there are
    several; that of a single one is in the conversation's settings."""

    activity: Activity
    waking: Waking | None = None
    echo: Echo | None = None
    zone: Zone | None = None


class Hears(Protocol):
    """One microphone's ears (`attending.py`) or several (`Microphones`)."""

    @property
    def is_quiet(self) -> bool: ...
    @property
    def open_turns(self) -> tuple[Turn, ...]: ...
    def configure(self, settings: Settings) -> None: ...
    def hear(self, data: bytes) -> None: ...
    def commit(self) -> None: ...
    def clear(self) -> None: ...
    def stay_awake(self, after_s: float, channel: int = 0) -> None: ...
    async def all_words(self) -> None: ...
    async def close(self) -> None: ...


class Microphones:
    """Several; implements `Hears`. What a client orders is for all of them."""

    def __init__(self, attending: Sequence[Attending]) -> None:
        self._each = tuple(attending)
        self._crosstalk = Crosstalk(len(self._each))
        self._lost = [0] * len(self._each)
        """Of each: frames in which words that were lost are still of the turn that begins."""

    @property
    def is_quiet(self) -> bool:
        """Whether nobody speaks at any."""
        return all(one.is_quiet for one in self._each)

    @property
    def open_turns(self) -> tuple[Turn, ...]:
        """What is being said, at each where somebody speaks."""
        return tuple(turn for one in self._each for turn in one.open_turns)

    def configure(self, settings: Settings) -> None:
        """See `Attending`."""
        for one in self._each:
            one.configure(settings)

    def hear(self, data: bytes) -> None:
        """More sound of all, interleaved."""
        sounds = self._crosstalk.feed(data)
        for number, lost in enumerate(self._crosstalk.lost):
            begin = number * FRAME_BYTES
            for one, sound in zip(self._each, sounds, strict=True):
                one.hear(sound[begin : begin + FRAME_BYTES])
            self._mark(lost)

    def _mark(self, lost: Sequence[bool]) -> None:
        """Note whose words may not be all, by one frame."""
        self._lost = [
            JUST_FRAMES if is_lost else max(0, left - 1)
            for is_lost, left in zip(lost, self._lost, strict=True)
        ]
        turns = self.open_turns
        for turn in turns:
            if len(turns) > 1 or self._lost[turn.channel]:
                turn.beside_another = True

    def commit(self) -> None:
        """What is said at each is a turn. Raises UserError (`nothing_heard`)."""
        for one in [one for one in self._each if one.open_turns] or self._each[:1]:
            one.commit()

    def clear(self) -> None:
        """See `Attending`."""
        for one in self._each:
            one.clear()

    def stay_awake(self, after_s: float, channel: int = 0) -> None:
        """At that one."""
        self._each[channel].stay_awake(after_s)

    async def all_words(self) -> None:
        """See `Attending`."""
        for one in self._each:
            await one.all_words()

    async def close(self) -> None:
        """See `Attending`."""
        for one in self._each:
            await one.close()


def hears_by(channels: Sequence[Channel], attend: Callable[[int], Attending]) -> Hears:
    """The ears at these microphones; `attend` makes those of the one of that number."""
    made = [attend(number) for number in range(len(channels))]
    return made[0] if len(made) == 1 else Microphones(made)
