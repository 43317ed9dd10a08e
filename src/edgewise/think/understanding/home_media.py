"""Sentences to a home's players -> the arguments of `media.control` and `media.play`.

The player or the area is taken out by its name; what is left must be wholly a way of saying skip,
go back, pause, go on, or "play" with what to play. The area is that of the device that listens
where none is said.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from collections.abc import Sequence

from edgewise.core.home import Entity, Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.home_names import Piece, cut
from edgewise.think.understanding.normalise import Normal

Arguments = dict[str, JsonValue]

_ITEM = "(?:song|track|item|tune|episode|video|title|channel|one|歌|歌曲|台|频道|曲|首)"
_WHAT = "(?:music|song|track|show|tv show|movie|video|media|media player|player|playback|podcast|radio|episode|audio|音乐|歌|播放|播放器|节目|电影|电视)"
_DEEDS = (
    ("next", regex(rf"(?:skip|next)(?: next)?(?: {_ITEM})?|(?:play|go) next(?: {_ITEM})?|(?:跳到?|转|播放?|换)?下一?(?:首|个|集)?{_ITEM}?")),
    ("previous", regex(rf"(?:go back|skip back|back)(?: (?:previous|last))?(?: {_ITEM})?|(?:replay|repeat)(?: (?:last|previous))?(?: {_ITEM})?|(?:play|go)? ?(?:last|previous)(?: {_ITEM})?(?: again)?|play {_ITEM} again|(?:再播放?|重播|返回?)?(?:这|上一?)(?:首|个|集)?{_ITEM}?|(?:播放?|转|跳到?)?上一(?:首|个|集){_ITEM}?")),
    ("pause", regex(rf"(?:pause|暂停)(?: ?{_WHAT})?|{_WHAT} ?(?:pause|暂停)")),
    ("play", regex(rf"(?:unpause|resume|continue|继续|恢复)(?:播放)?(?: ?{_WHAT})?|{_WHAT} ?(?:resume|unpause|继续|恢复)")),
)  # fmt: skip
_SMALL = frozenset(
    ["the", "on", "in", "to", "this", "my", "our", "that", "of", "at", "a", "的", "嘅", "喺", "在"]
)
_CLASSES = {
    "song": "song|track|tune", "album": "album|record", "artist": "artist|band|singer",
    "playlist": "playlist", "podcast": "podcast", "feature_film": "movie|film",
    "tv_show": "tv show|television show|tv series|series|show", "radio": "radio station|station",
    "audiobook": "audiobook|audio book",
}  # fmt: skip
_CLASS_OF = {word: kind for kind, words in _CLASSES.items() for word in words.split("|")}
_CLASS = "|".join(sorted(_CLASS_OF, key=len, reverse=True))
_PLAY = regex(r"play (?P<what>.+)")
_LEADING = regex(rf"(?:the |an? )?(?P<kind>{_CLASS}) (?:called |named )?(?P<title>.+)")
_TRAILING = regex(rf"(?:the |an? )?(?P<title>.+?) (?P<kind>{_CLASS})")
_NOTHING_NAMED = regex(
    rf"(?:some |any |the |my |a |me )*(?:{_WHAT}|{_CLASS}|songs?|tracks?|something|anything|it|that|this|favou?rites)"
)


def read_control(pieces: Sequence[Piece], home: Home) -> Arguments | None:
    """Skip, back, pause or on, with the player or area; None when it is anything else."""
    players = [entity for piece in pieces if (entity := _player(piece, home)) is not None]
    areas = [piece.value("area") for piece in pieces if piece.has("area")]
    if len(players) > 1 or len(areas) > 1:
        return None
    left = [
        piece.text for piece in pieces
        if _player(piece, home) is None and not piece.has("area") and piece.value("place") != "here"
    ]  # fmt: skip
    words = [word for text in left for word in text.split() if word not in _SMALL]
    core = " ".join(words)
    if any("\u3400" <= char <= "\u9fff" for char in core):
        core = _joined(words)
    action = next((name for name, pattern in _DEEDS if pattern.fullmatch(core)), None)
    if action is None:
        return None
    return {"action": action} | _at(players, areas, home)


def read_play(said: Normal, home: Home) -> Arguments | None:
    """What is to be played, as it was written, on which player or in which area."""
    match = _PLAY.fullmatch(said.plain)
    if match is None or len(said.plain) != len(said.text):
        return None
    what = said.cut(*match.span("what"))
    what, player = _without_end(what, home, "on ")
    what, area = _without_end(what, home, "in ")
    if player is None:
        what, player = _without_end(what, home, "on ")
    found = _LEADING.fullmatch(what.plain) or _TRAILING.fullmatch(what.plain)
    if _NOTHING_NAMED.fullmatch(what.plain) and found is None:
        return None
    more: Arguments = {}
    if found is not None:
        more = {"kind": _CLASS_OF[found["kind"]]}
        what = what.cut(*found.span("title"))
    at = _at([player] if isinstance(player, Entity) else [],
             [area] if isinstance(area, str) else [], home)  # fmt: skip
    return {"query": what.text} | more | at


def _without_end(what: Normal, home: Home, joint: str) -> tuple[Normal, Entity | str | None]:
    """The words without a closing "on the PLAYER" or "in the AREA", and what that names."""
    at = what.plain.rfind(f" {joint}")
    if at < 0:
        return what, None
    named = [
        piece for piece in cut(what.plain[at + 1 + len(joint) :], home) if piece.text not in _SMALL
    ]
    if len(named) != 1:
        return what, None
    player = _player(named[0], home)
    if joint == "on " and player is not None:
        return what.cut(0, at), player
    if joint == "in " and named[0].has("area"):
        return what.cut(0, at), named[0].value("area")
    if joint == "in " and named[0].value("place") == "here":
        return what.cut(0, at), None
    return what, None


def _player(piece: Piece, home: Home) -> Entity | None:
    """The player that a piece names."""
    named = [home.entities[int(number)] for number in piece.tags.get("entity", ())]
    return next((entity for entity in named if entity.domain == "media_player"), None)


def _at(players: Sequence[Entity], areas: Sequence[str], home: Home) -> Arguments:
    found: Arguments = {}
    if players:
        found["player"] = players[0].name
    if areas or (home.here and not players):
        found["area"] = areas[0] if areas else home.here
    return found


def _joined(words: Sequence[str]) -> str:
    """Chinese without spaces, foreign words with one around them."""
    text = ""
    for word in words:
        apart = text and (word.isascii() or text[-1].isascii())
        text += f" {word}" if apart else word
    return text
