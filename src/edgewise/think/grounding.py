"""Whether what was said of a text stands in it: its numbers, its quotes, most of its words.

What passes may still be wrong; what does not pass was not read there.
"""

from edgewise.core.regex import regex
from edgewise.think.sentences import terms_of

LEAST_SHARE = 0.7
SHORTEST_QUOTE = 4
_NUMBER = regex(r"\d+(?:[.,:/-]\d+)*")
_QUOTE = regex(r"“([^”]+)”|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』")
_SPACE = regex(r"\s+")


def is_grounded(said: str, text: str) -> bool:
    """Whether all numbers of `said` and most of its terms stand in `text`."""
    terms = set(terms_of(said))
    if not terms or missing(said, text):
        return False
    return len(terms & set(terms_of(text))) >= LEAST_SHARE * len(terms)


def missing(said: str, *texts: str) -> tuple[str, ...]:
    """The numbers and quotes of `said` that stand in none of `texts`, in order, each once. A
    number of one digit may count something and is none."""
    known = {number for text in texts for number in _NUMBER.findall(text)}
    plain = [_folded(text) for text in texts]
    found = [one for one in _NUMBER.findall(said) if len(one) > 1 and one not in known]
    for match in _QUOTE.finditer(said):
        quote = _folded(next(one for one in match.groups() if one is not None))
        if len(quote) >= SHORTEST_QUOTE and not any(quote in text for text in plain):
            found.append(quote)
    return tuple(dict.fromkeys(found))


def _folded(text: str) -> str:
    """Case, white space and the mark at the end do not make another quote."""
    return _SPACE.sub(" ", text).strip().rstrip(".,;:!?。，；：！？").casefold()
