"""Whether a clause says nothing: nothing is done for "flurb the wozzle", nor to flurb a window.

The command model reads pieces of words, and pieces of made-up words are like some that mean a
thing. A word is known that the vocabulary has whole, that is two such words in one (windscreen,
demist), that one of the device's own sentences has, or that is such a one misspelt.
"""

from collections.abc import Callable, Collection
from difflib import get_close_matches

from edgewise.core.regex import regex

_EMPTY = regex(
    r"an?|the|this|that|these|those|some|any|my|your|our|their|his|her|its?|i|you|we|they|he|she|me"
    r"|us|them|him|please|pls|kindly|now|just|then|hey|ok|okay|so|and|or|but|to|of|in|on|at|for|with"
    r"|by|from|up|down|off|out|over|is|are|be|am|was|were|do|does|did|can|could|would|will|shall"
    r"|should|may|might|must|lets?|let's|not|no|yes|oh|uh|um"
)
"""Words that name neither a thing nor a deed."""
_WORD = regex(r"[a-z]+(?:'[a-z]+)?")
_VERB = regex(r"(?:please )?([a-z]+) (?:(?:up|down|on|off|in|out) )?(?:the|my|our|an?|all|both)\b")
"""The first word of an order, where what it is to be done to follows at once."""
_RARE = regex(
    r"nudge|illuminate|scooch|hoist|hush|dehumidify|jiggle|waggle|swivel|snooze|rectify"
    r"|equalize|attenuate|tweet|inbox|scoot|stow|toggle|extinguish|douse|hvac|recirc"
)
"""Real words that the vocabulary has in pieces alone."""
_PREFIXES = ("de", "un", "re", "pre", "mis", "non", "over", "out")
_SHORTEST_PART, _SHORTEST_MISSPELT = 3, 5
_ALIKE = 0.8
"""From here a word is taken for a misspelt one, of 1 (`difflib`): "widnow", "defroste"."""


def says_nothing(plain: str, is_whole: Callable[[str], bool], own: Collection[str]) -> bool:
    """Whether none of the Latin words of a clause is known. `is_whole` tells of a word whether the
    vocabulary has it, `own` are the words of the device's sentences."""
    words = [word for word in _WORD.findall(plain) if not _EMPTY.fullmatch(word)]
    return bool(words) and not any(_is_known(word, is_whole, own) for word in words)


def names_no_deed(plain: str, is_whole: Callable[[str], bool], own: Collection[str]) -> bool:
    """Whether the verb of an order is not known; the arguments are those of `says_nothing`."""
    verb = _VERB.match(plain)
    return verb is not None and not _is_known(verb[1], is_whole, own)


def _is_known(word: str, is_whole: Callable[[str], bool], own: Collection[str]) -> bool:
    if _RARE.fullmatch(word):
        return True
    return word in own or is_whole(word) or _is_joined(word, is_whole) or _is_misspelt(word, own)


def _is_joined(word: str, is_whole: Callable[[str], bool]) -> bool:
    """Whether it is two words in one, or one behind a prefix."""
    if any(word.startswith(one) and _is_part(word[len(one) :], is_whole) for one in _PREFIXES):
        return True
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return any(is_whole(word[:cut]) and is_whole(word[cut:]) for cut in cuts)


def _is_part(word: str, is_whole: Callable[[str], bool]) -> bool:
    return len(word) >= _SHORTEST_PART and is_whole(word)


def _is_misspelt(word: str, own: Collection[str]) -> bool:
    """Whether a slip of the finger makes it one of `own`."""
    return len(word) >= _SHORTEST_MISSPELT and bool(get_close_matches(word, own, 1, _ALIKE))
