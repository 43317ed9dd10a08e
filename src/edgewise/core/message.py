"""What enters a turn (`Request`) and what perception makes of it (`Message`)."""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.label import Label
from edgewise.core.part import DocumentPart, ImagePart, Part, TextPart
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.core.zone import Zone


class Channel(StrEnum):
    """By which door a request came in."""

    VOICE = "voice"
    TOUCH = "touch"
    TYPED = "typed"
    API = "api"
    MCP = "mcp"
    CLOUD = "cloud"


PERSONAL = frozenset({Channel.VOICE, Channel.TOUCH, Channel.TYPED})
"""The doors that a person's own words and yes come through; who comes by another is a program."""


class Speaker(Struct, frozen=True):
    """Who asks: in which zone, by which door. An unknown zone (`None`) has no more rights than a
    passenger."""

    zone: Zone | None = Zone.DRIVER
    channel: Channel = Channel.TYPED


class Approval(Struct, frozen=True):
    """A person's yes or no to a pending request: the request's id and the hash they were shown."""

    id: str
    payload_hash: str
    approved: bool


class Proposal(Struct, frozen=True):
    """A call that a program names outright instead of saying it in words.

    `label` is that of what the program made it from, where that is not only the program: the
    sources of a model in the cloud. It is joined to the program's own for every argument and for
    the choice of the call, so it can take rights away and give none. `age_s` is how long ago it
    was made.
    """

    capability: str
    arguments: dict[str, JsonValue] = {}
    label: Label | None = None
    age_s: float = 0.0


class Request(Struct, frozen=True):
    """One thing that a person (or a program for them) asks of the device.

    It is words, an `approval`, or a typed `proposal`. `addressed` is false for speech overheard
    without a wake word; it never proposes a call (rule 29). `is_unsure`: the words were heard and
    may have been others, so that a yes is none and what weighs is asked about first; a stop, a no
    and an emergency are obeyed all the same. `deadline_s` is within how long of its
    arrival the answer is of use: all that is done for it shares that one deadline, and nothing
    is set going past it. The one thing that may outlast it is a movement that has begun: the turn
    ends once that is read back, which takes its capability's `readback_s` at most.
    """

    parts: tuple[Part, ...]
    session: str = "default"
    speaker: Speaker = Speaker()
    language: Language | None = None
    approval: Approval | None = None
    proposal: Proposal | None = None
    addressed: bool = True
    is_unsure: bool = False
    deadline_s: float | None = None

    @property
    def text(self) -> str:
        """The text parts, joined by a space."""
        return " ".join(part.text for part in self.parts if isinstance(part, TextPart))


class Message(Struct, frozen=True):
    """A request as perceived: clean text, its language, its label."""

    text: str
    language: Language
    label: Label
    speaker: Speaker
    parts: tuple[Part, ...] = ()

    @property
    def documents(self) -> tuple[DocumentPart, ...]:
        """What lies on the device and the words are about."""
        return tuple(part for part in self.parts if isinstance(part, DocumentPart))

    @property
    def pictures(self) -> tuple[ImagePart, ...]:
        """What the words are about and somebody took or shows."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))
