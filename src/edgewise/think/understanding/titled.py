"""Titles written with capitals are names, whatever their words order: "put on Raise the Roof".

They are put in quotation marks, behind a verb of playing alone, so that nothing in them is read as
an order, a denial or the start of another clause. Speech brings no capitals; there the command
model marks names.
"""

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal

_PLAY = regex(
    r"(?:[Pp]lease )?(?:[Pp]lay|[Pp]ut on|[Qq]ueue(?: up)?|[Ww]atch|[Ll]isten to)(?: me)?"
    r"(?: (?:the |my )?(?:song|album|movie|film|track|book|audiobook|show|series|podcast))? "
)
_LARGE = r"[A-Z][\w'’.!?-]*"
_NEXT = (
    r"can|could|please|what|who|where|when|how|play|add|open|turn|close|find|book|i|will|is|show"
    r"|tell|give|rate|need|then"
)
_SMALL = (
    rf"(?:of|the|a|an|to|in|on|for|and(?! (?i:{_NEXT})\b)|with|me|my|from|at|is|or|it|be|&|\d+)"
)
_TITLE = regex(rf"{_LARGE}(?: (?:{_LARGE}|{_SMALL}|by))* {_LARGE}")
_ENDS = regex(r" (?:by|from|on) (?=[A-Z])")
"""Where the artist or the app begins."""


def titled(said: Normal) -> Normal:
    """The sentence with its title in quotation marks; itself where none is written."""
    text, plain = said.text, said.plain
    play = _PLAY.match(text)
    if play is None or len(text) != len(plain) or text.isupper() or '"' in plain:
        return said
    found = _TITLE.match(text, play.end())
    if found is None:
        return said
    artist = _ENDS.search(text, found.start() + 1, found.end())
    end = artist.start() if artist else found.end()
    end -= len(text[:end]) - len(text[:end].rstrip(".? "))
    start = play.end()
    return Normal(*(f'{form[:start]}"{form[start:end]}"{form[end:]}' for form in (text, plain)))
