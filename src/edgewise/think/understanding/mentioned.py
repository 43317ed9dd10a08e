"""Text arguments from what the command model marked in a clause: names that no template expects.

Templates (`spans.py`) come first: they are exact. Where they left a text argument open, the marked
spans of a fitting kind fill it, from the first to the last of them. A search is given the whole
clause. Only words of the clause are ever taken, as they were written.
"""

from collections.abc import Mapping, Sequence

from edgewise.core.capability import Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.normalise import ENDS, Normal
from edgewise.think.understanding.tagging import Span, capitalised

_WHO = ("person", "relation")
_WHERE = (
    "place_name", "business_name", "business_type", "geographic_poi", "restaurant_name",
    "restaurant_type", "facility", "poi", "city", "state", "country", "current_location",
)  # fmt: skip
_SOUND = (
    "song_name", "artist_name", "music_album", "playlist_name", "music_genre", "radio_name",
    "podcast_name", "audiobook_name", "audiobook_author", "movie_name", "game_name",
    "music_item", "music_descriptor", "entity_name", "object_name",
)  # fmt: skip
_FOOD = ("food_type", "drink_type", "coffee_type", "ingredient", "cuisine", "served_dish", "item")

KINDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("media.play", "query"): _SOUND,
    ("media.library_edit", "item"): ("entity_name", "song_name", "artist_name", "music_album"),
    ("media.library_edit", "list"): ("playlist_name",),
    ("call.dial", "contact"): (*_WHO, "business_name"),
    ("call.dial", "number"): ("phone_number",),
    ("message.send", "recipient"): _WHO,
    ("message.send", "body"): ("message_body",),
    ("message.read", "sender"): _WHO,
    ("email.send", "to"): (*_WHO, "email_address"),
    ("email.send", "body"): ("message_body",),
    ("email.search", "sender"): _WHO,
    ("contact.find", "name"): _WHO,
    ("contact.upsert", "name"): _WHO,
    ("contact.upsert", "email"): ("email_address",),
    ("calendar.query", "query"): ("event_name",),
    ("calendar.upsert", "title"): ("event_name",),
    ("calendar.upsert", "place"): ("place_name",),
    ("calendar.upsert", "invitees"): _WHO,
    ("calendar.delete", "event"): ("event_name",),
    ("list.manage", "list"): ("list_name",),
    ("list.manage", "item"): _FOOD,
    ("nav.search_place", "query"): _WHERE,
    ("nav.set_destination", "place"): _WHERE,
    ("info.weather", "place"): ("place_name", "city", "state", "country", "geographic_poi"),
    ("order.place", "item"): _FOOD,
    ("order.place", "shop"): ("business_name",),
    ("app.open", "name"): ("app_name",),
}
"""Which kinds of mention may fill a text argument."""
WHOLE = frozenset(
    {("info.search", "query"), ("vehicle.explain", "topic"), ("service.book", "details"),
     ("order.query", "query")}
)  # fmt: skip
"""Arguments that take the whole clause."""


NAMES = frozenset({*_SOUND, *_WHERE, "person", "playlist", "message_body", "item"}) - {
    "music_genre", "music_item", "music_descriptor", "business_type", "restaurant_type", "facility",
    "current_location",
}  # fmt: skip
"""Kinds of mention that are names: what stands in them orders nothing."""


def names_of(mentions: Sequence[Span]) -> list[tuple[int, int]]:
    """Where names stand."""
    return [(m.start, m.end) for m in mentions if m.kind in NAMES]


def without_names(plain: str, mentions: Sequence[Span]) -> str:
    """The text with blanks where names stand: a song called "Windows" opens none."""
    for start, end in names_of(mentions):
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain


def with_mentions(
    declared: Declared, arguments: Mapping[str, JsonValue], clause: Normal,
    mentions: Sequence[Span],
) -> dict[str, JsonValue]:  # fmt: skip
    """The arguments, and for each text argument left open the marked words of `clause`. The places
    of `mentions` are those of `clause`."""
    name = declared.capability.name
    filled = dict(arguments)
    used = [str(value).lower() for value in arguments.values() if isinstance(value, str)]
    mentions = [m for m in capitalised(mentions, clause, NAMES) if m.end - m.start > 1]
    for argument in declared.capability.arguments:
        if argument.kind is not Kind.TEXT or argument.name in filled:
            continue
        key = (name, argument.name)
        words = clause.text.strip(ENDS) if key in WHOLE else _marked(clause, mentions, key)
        if words and words.lower() not in used:
            filled[argument.name] = words
    return filled


_OPENED = regex(
    r"(?i)(?:please )?(?:open|launch|start|run)(?: up)? (?:the |my )?(.{2,40}?)"
    r"(?: app(?:lication)?)?[.!?]*$"
)


def _marked(clause: Normal, mentions: Sequence[Span], key: tuple[str, str]) -> str:
    fitting = [m for m in mentions if m.kind in KINDS.get(key, ())]
    if not fitting:
        opened = _OPENED.match(clause.text) if key == ("app.open", "name") else None
        return opened[1].strip(ENDS) if opened else ""
    return clause.text[fitting[0].start : fitting[-1].end].strip(ENDS)
