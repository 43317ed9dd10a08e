"""What a conversation holds: items, in order."""

from msgspec import Struct

from edgewise.core.part import Part
from edgewise.core.words import Language
from edgewise.talk.events import Who


class Item(Struct, frozen=True):
    """One thing said or shown. `text` of the agent's is what was really heard; `parts` are
    pictures. A call of the client's function has `name` and `arguments`, its result `output`;
    both carry `call`. `confidence` (0 to 1) is how sure its words
    are: less than 1 only of what was heard. `channel` is the number of the microphone that heard
    it, where there are several."""

    id: str
    who: Who
    text: str = ""
    parts: tuple[Part, ...] = ()
    language: Language | None = None
    call: str = ""
    name: str = ""
    arguments: str = ""
    output: str | None = None
    by_sound: bool = False
    confidence: float = 1.0
    channel: int = 0
