"""Titles written with capitals are names, whatever their words order: "play Raise the Roof".

They are put in quotation marks, so that nothing in them is read as an order, a denial or the start
of another clause. Only behind a verb of playing; behind "put on", which lamps are too, only where
nothing is named that a device puts on. Speech brings no capitals; there the command model marks
names.
"""

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.verbs import VERB_EN

_PLAY = regex(
    r"(?:[Pp]lease )?(?:[Pp]lay|(?P<put>[Pp]ut on)|[Qq]ueue(?: [Uu]p)?|[Ww]atch|[Ll]isten to)"
    r"(?: me)?(?: (?:the |my )?(?:[Ss]ong|[Aa]lbum|[Mm]ovie|[Ff]ilm|[Tt]rack|[Bb]ook|[Aa]udiobook"
    r"|[Ss]how|[Ss]eries|[Pp]odcast))? "
)
_LARGE = r"(?!(?:And|Then|Plus|Also)\b)[A-Z][\w'’&-]*[!?]*"
_NO_NEXT = rf"(?! (?i:(?:then |also |please )*(?:{VERB_EN}|can|could|please|i|will|then))\b)"
_SMALL = rf"(?:of|the|a|an|to|in|on|for|and{_NO_NEXT}|with|me|my|from|at|is|or|it|be|by|&|\d+)"
_TITLE = regex(rf"(?!My|Next|Some|Liked|Previous){_LARGE}(?: (?:{_LARGE}|{_SMALL}))* {_LARGE}")
_ENDS = regex(r" (?:by|from|on) (?=[A-Z])")
"""Where the artist or the app begins."""
_PUT_ON = regex(
    r"\b(?:lights?|lamps?|beams?|heat\w*|seats?|ac|a/c|air|wipers?|defrost\w*|demist\w*|hazards?"
    r"|modes?|control|signals?|blinkers?|disturb|radio|music|fan|bluetooth|wifi|massage|brakes?|cruise)\b"
)
"""What a device is told to put on."""


def titled(said: Normal) -> Normal:
    """The sentence with its title in quotation marks; itself where none is written."""
    text, plain = said.text, said.plain
    play = _PLAY.match(text)
    if play is None or len(text) != len(plain) or text.isupper() or '"' in plain:
        return said
    found = _TITLE.match(text, play.end())
    if found is None or (play["put"] and _PUT_ON.search(found.group().lower())):
        return said
    start = play.end()
    artist = _ENDS.search(text, start + 1, found.end())
    end = artist.start() if artist else found.end()
    return Normal(*(f'{form[:start]}"{form[start:end]}"{form[end:]}' for form in (text, plain)))
