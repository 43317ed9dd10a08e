"""What can be neither spoken nor shown: messages and the calendar while the car moves with others
aboard (rules 16 and 43). How many there are, of whom, and when they can be had is told instead.

Pure. What others wrote is known by its label, so saying an answer again is no way round.
"""

from edgewise.core.call import Result, Status
from edgewise.core.label import OriginKind
from edgewise.core.signal import as_object
from edgewise.core.words import Language, Words

MAX_NAMES = 3
MAX_NAME = 24
"""Names are written by others too: no message may come as one."""


def withheld(result: Result, language: Language) -> str:
    """What is said instead of what `result` tells; empty when that may be shown."""
    if result.status is not Status.DONE or result.label is None or not result.label.private:
        return ""
    origins = [origin for origin in result.label.origins if origin.kind in _KINDS]
    count = as_object(result.data).get("count")
    if not origins or count == 0:
        return ""
    if not isinstance(count, int):
        return _AGAIN.said_in(language)
    kind = origins[0].kind
    names = [origin.detail for origin in origins if origin.detail and kind is OriginKind.MESSAGE]
    return _said(kind, count, names, language)


def _said(kind: OriginKind, count: int, names: list[str], language: Language) -> str:
    short = [name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…" for name in names]
    shown = [*short[:MAX_NAMES], *(["…"] if len(short) > MAX_NAMES else [])]
    noun = _KINDS[kind][count != 1].said_in(language)
    if language is Language.CHINESE:
        whom = f"（{'、'.join(shown)}）" if shown else ""
        return f"{count}{noun}{whom}。{_WHEN.zh}"
    whom = f" ({', '.join(shown)})" if shown else ""
    return f"{count} {noun}{whom}. {_WHEN.en}"


_KINDS = {
    OriginKind.MESSAGE: (Words("message", "条消息"), Words("messages", "条消息")),
    OriginKind.CALENDAR: (Words("calendar entry", "项日程"), Words("calendar entries", "项日程")),
}
"""What is withheld, one and several."""
_WHEN = Words(
    "While we move with others aboard I neither read nor show what they say: ask again when we"
    " stand, or when you are alone.",
    "行驶中车内有他人，内容不朗读也不显示；请停车后或独自在车内时再问。",
)
_AGAIN = Words(
    "That is private. While we move with others aboard I neither read nor show it: ask again when"
    " we stand, or when you are alone.",
    "这是私人内容。行驶中车内有他人，不朗读也不显示；请停车后或独自在车内时再问。",
)
