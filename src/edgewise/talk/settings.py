"""How a conversation is held; a client may change most of it at any time."""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.perceive.hear import Vocabulary
from edgewise.talk.mind import Tool


class TurnEnd(StrEnum):
    """What tells that a person's turn is over: only the client; silence; silence and sense."""

    CLIENT = "client"
    SILENCE = "silence"
    SENSE = "sense"


class Turns(Struct, frozen=True):
    """How turns are told apart. `threshold` is the probability of speech (0 to 1); `padding_ms` of
    sound before the start is kept; `silence_ms` ends a turn (with SENSE: asks whether it is over,
    `longest_ms` ends it in any case). `replies`: an answer is begun by itself; `interrupts`: a
    person who speaks ends the agent's speech. `pauses`: who plays can hold and go on
    (`ReplyPaused`), so that a noise ends no answer; else any speech ends it at once."""

    end: TurnEnd = TurnEnd.SENSE
    threshold: float = 0.5
    padding_ms: int = 300
    silence_ms: int = 200
    longest_ms: int = 1500
    replies: bool = True
    interrupts: bool = True
    pauses: bool = False


class Settings(Struct, frozen=True):
    """Everything that may be set. `language` None: detected for each turn. `speaks`: answers are
    made into sound. `wake`: only what follows the wake word is taken as said to the agent; the
    words of others are not kept. `zone` is where the microphone is."""

    language: Language | None = None
    turns: Turns = Turns()
    speaks: bool = True
    voice: str = ""
    speed: float = 1.0
    instructions: str = ""
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    vocabulary: Vocabulary = Vocabulary()
    zone: Zone | None = None
    wake: bool = False
    transcribes: bool = True
    partials: bool = True
    most_tokens: int | None = None
    temperature: float | None = None
