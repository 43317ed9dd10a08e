"""A realtime session as it is set now, in no dialect's words; and what may be asked of it."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from edgewise.talk.item import Item
from edgewise.talk.realtime.coding import Coding
from edgewise.talk.settings import Settings, TurnEnd, Turns


class Offer(Struct, frozen=True):
    """What a service can do. `voices` are the names of its voices; a name that only another
    service knows is taken as the service's own voice. `tools`: the client's functions can be asked;
    else `no_tools` says why not, and what to do; so do `no_ears` and `no_voice` where it can not
    hear or speak. `words` are likely to be heard, `names` those of them that are names. Not
    `instructs`: who answers takes no client's instructions, and an update has no effect."""

    model: str
    voices: frozenset[str] = frozenset()
    tools: bool = True
    no_tools: str = ""
    no_ears: str = ""
    no_voice: str = ""
    ears: str = "edgewise-ears"
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    instructs: bool = True


class Session(Struct, frozen=True):
    """The terms of one connection. `settings` hold what the conversation goes by; the rest is how
    it is written. `shows_words`: the client asked for what was heard; `hint` and `keywords` are its
    help with that."""

    id: str
    offer: Offer
    settings: Settings = Settings()
    hears: Coding = Coding.PCM
    says: Coding = Coding.PCM
    listens_only: bool = False
    shows_words: bool = False
    hint: str = ""
    keywords: tuple[str, ...] = ()
    eagerness: str = "auto"
    expires_at: int = 0


class Terms(Struct, frozen=True):
    """Of one answer: what `response.create` asked. `apart`: the conversation keeps nothing of it;
    `items`: it is about these instead."""

    settings: Settings
    says: Coding
    apart: bool = False
    items: tuple[Item, ...] | None = None
    metadata: Mapping[str, str] | None = None


class Dialect(Struct, frozen=True):
    """How one API writes what both have. `text`, `sound` and `words` begin the names of events;
    `text_part` and `sound_part` are kinds of content; `added` are the events of a new item.
    `begins` are the turns of a session that says nothing; `tells_acts`: the device's own calls
    have events of their own."""

    name: str
    text: str
    sound: str
    words: str
    text_part: str
    sound_part: str
    added: tuple[str, ...]
    begins: Turns
    tells_acts: bool
    changed: Callable[[Session, dict[str, Any]], Session]
    shown: Callable[[Session], dict[str, Any]]
    terms: Callable[[Session, dict[str, Any]], Terms]


SERVER_VAD = Turns(TurnEnd.SILENCE, silence_ms=500)
"""OpenAI's defaults: probability 0.5, 300 ms before speech, 500 ms of silence end a turn."""
BY_HAND = Turns(TurnEnd.CLIENT, replies=False)
"""The client commits, and asks for the answer."""
