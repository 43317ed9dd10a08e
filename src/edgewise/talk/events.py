"""What happens in a conversation by sound, as values: the one stream that every edge speaks from.

The realtime dialects, satellites and the cockpit turn these into their own words; none keeps a
second account. Times in milliseconds are of the sound heard since the conversation began.
"""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.signal import JsonValue
from edgewise.core.words import Language
from edgewise.core.zone import Zone


class Who(StrEnum):
    """Whose item it is."""

    PERSON = "person"
    AGENT = "agent"
    SYSTEM = "system"


class Ended(StrEnum):
    """How a reply ended."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class SpeechStarted(Struct, frozen=True, tag="speech_started"):
    """Somebody began to speak; what they say will be `item`."""

    item: str
    at_ms: int


class SpeechStopped(Struct, frozen=True, tag="speech_stopped"):
    """They stopped, and their turn is taken as over."""

    item: str
    at_ms: int


class Overheard(Struct, frozen=True, tag="overheard"):
    """Speech not addressed to the agent, or played by the device itself: it is dropped."""

    item: str
    why: str


class Committed(Struct, frozen=True, tag="committed"):
    """The sound since the last commit, `length_s` of it, is a person's item now, behind `previous`
    ("": first)."""

    item: str
    previous: str
    length_s: float = 0.0


class Hearing(Struct, frozen=True, tag="hearing"):
    """The words of speech that goes on, all of them up to now: they may still change."""

    item: str
    text: str


class Transcribed(Struct, frozen=True, tag="transcribed"):
    """What an item's sound says; `length_s` of sound was heard for it. `zone` is the seat whose
    microphone heard it, where there are several."""

    item: str
    text: str
    language: Language
    confidence: float
    length_s: float
    zone: Zone | None = None


class NotTranscribed(Struct, frozen=True, tag="not_transcribed"):
    """An item's sound could not be turned into words."""

    item: str
    code: str
    message: str


class Cleared(Struct, frozen=True, tag="cleared"):
    """The sound not yet committed was thrown away."""


class ReplyStarted(Struct, frozen=True, tag="reply_started"):
    """An answer begins; what is said will be `item`, behind `previous`. `cause` is that of
    `Talk.reply`, empty for one that began by itself."""

    reply: str
    item: str
    previous: str
    cause: str = ""


class ReplyText(Struct, frozen=True, tag="reply_text"):
    """More words of an answer."""

    reply: str
    item: str
    text: str


class ReplySound(Struct, frozen=True, tag="reply_sound"):
    """More sound of an answer: samples at `SPEAKING_HZ`, and the characters that it says."""

    reply: str
    item: str
    data: bytes
    says: str


class ReplyCall(Struct, frozen=True, tag="reply_call"):
    """The agent asks the client to run a function of the client's own (`arguments`: JSON)."""

    reply: str
    item: str
    call: str
    name: str
    arguments: str


class ReplyActed(Struct, frozen=True, tag="reply_acted"):
    """The device carried out a call of its own, after its policy; `output` is what it read back."""

    reply: str
    item: str
    call: str
    name: str
    arguments: dict[str, JsonValue]
    output: str
    done: bool


class ReplyEnded(Struct, frozen=True, tag="reply_ended"):
    """An answer is over: all of it was sent, or it was cut, and then who plays it stops at once.
    `text` is all of its words, `heard` those that were really played: fewer where the person spoke
    or somebody cancelled; that is what the conversation remembers."""

    reply: str
    item: str
    ended: Ended
    text: str
    heard: str
    code: str = ""
    message: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class ReplyPaused(Struct, frozen=True, tag="reply_paused"):
    """Somebody may have begun to speak: who plays an answer holds it where it is, in silence, until
    `ReplyResumed` or the answer's end. Comes only by `Turns.pauses`."""

    reply: str
    item: str


class ReplyResumed(Struct, frozen=True, tag="reply_resumed"):
    """It was a noise or a short "mhm": the answer is played on from where it was held."""

    reply: str
    item: str


class Truncated(Struct, frozen=True, tag="truncated"):
    """An answer's sound counts as heard up to `at_ms` of it only. Comes also unasked, when a person
    speaks while the sound of an answer that has ended is still played: who plays it stops."""

    item: str
    at_ms: int


class ItemAdded(Struct, frozen=True, tag="item_added"):
    """The client put an item in."""

    item: str
    previous: str


class ItemDeleted(Struct, frozen=True, tag="item_deleted"):
    """The client took an item out."""

    item: str


class Failed(Struct, frozen=True, tag="failed"):
    """Something the client asked for can not be done; the conversation goes on. `cause` is the
    client's own id of what it sent."""

    code: str
    message: str
    cause: str = ""


TalkEvent = (
    SpeechStarted
    | SpeechStopped
    | Overheard
    | Committed
    | Hearing
    | Transcribed
    | NotTranscribed
    | Cleared
    | ReplyStarted
    | ReplyText
    | ReplySound
    | ReplyCall
    | ReplyActed
    | ReplyEnded
    | ReplyPaused
    | ReplyResumed
    | Truncated
    | ItemAdded
    | ItemDeleted
    | Failed
)
