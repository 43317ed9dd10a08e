"""What thinking makes of a message: its kind, the calls it asks for, or text."""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.call import Call
from edgewise.core.home import Home
from edgewise.core.label import Label
from edgewise.core.message import Speaker
from edgewise.core.words import Language, Words


class MessageKind(StrEnum):
    """What a sentence is; only a COMMAND may change anything."""

    COMMAND = "command"
    QUESTION = "question"
    CHAT = "chat"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """Whether words wait for the turn before them: they do (WAITS), they do not (NOW: emergency
    call, the safe direction), or they end it first (STOPS)."""

    WAITS = "waits"
    NOW = "now"
    STOPS = "stops"


class Alternative(Struct, frozen=True):
    """Another capability that was considered, and its share of belief from 0 to 1."""

    capability: str
    confidence: float


class Mention(Struct, frozen=True):
    """Words of a message that name something of a known sort: "tomorrow" is a `date`."""

    name: str
    words: str


class Thought(Struct, frozen=True):
    """The result of thinking.

    A QUESTION carries calls that only read; an open question or CHAT carries none and is answered
    by a language model. `question` is set when the device must ask before it can act.
    `confidence` is that of the weakest call. `mentions` are the typed words of the whole message.
    `task`: it leaves an order of several steps open, which the device could make no calls of.
    `recalls`: its words tell of earlier exchanges.
    """

    kind: MessageKind
    calls: tuple[Call, ...] = ()
    confidence: float = 0.0
    question: Words | None = None
    alternatives: tuple[Alternative, ...] = ()
    fixed: str = ""
    mentions: tuple[Mention, ...] = ()
    task: bool = False
    recalls: bool = False


class Exchange(Struct, frozen=True):
    """One earlier turn as thinking may see it: what was asked, done and said, and their label,
    which is also that of whatever the answer was made of. `derived`: that made it stricter than
    what was asked, or fewer clouds may have it. `stock`: what was said is a phrase of the device's,
    and no answer of a model or a document. `clouds` are those that the question might have gone to
    when it was asked (`Endpoint.recipient`): no other is told of it, whatever is allowed later."""

    text: str
    calls: tuple[Call, ...]
    answer: str
    label: Label
    derived: bool = False
    stock: bool = False
    clouds: tuple[str, ...] = ()


class Context(Struct, frozen=True):
    """What thinking knows besides the message: language, speaker, earlier turns, known names.

    `names` maps a kind (`contact`, `place`, `song`, `app`, `scene`) to names the device has.
    `now` is local time, ISO 8601 without zone, for "tomorrow at eight". `turn` starts the ids of
    calls; `asked_at` is `Clock.monotonic` of the request. `interrupts`: it cut another turn short.
    `region` is where the device is (`core.emergency`), empty when that is not known. `home` holds
    the names of the home that the device belongs to; without one it knows of none.
    """

    language: Language
    speaker: Speaker = Speaker()
    label: Label = Label()
    exchanges: tuple[Exchange, ...] = ()
    awaiting: Call | None = None
    names: dict[str, tuple[str, ...]] = {}
    now: str = ""
    turn: str = ""
    asked_at: float = 0.0
    interrupts: bool = False
    region: str = ""
    home: Home | None = None
