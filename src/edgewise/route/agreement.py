"""How far two answers to one question say the same, as a number; no judge, no words kept.

What can be told for certain is 0 or 1: another result or the same one, yes against no, the same
words. Anything between is the likeness of the two texts, which is handed in
(think/sentence_vector.py); that tells little (an answer about another town is as like as one in
other words), so nothing is learnt from it. It does not know who is right: that a cloud comes to
another result is a hint that the device is wrong, and no proof.
"""

from edgewise.core.regex import regex
from edgewise.route.answer_features import final_of
from edgewise.route.arithmetic import numbers_in, sums_in

_BOXED = regex(r"\\boxed\{([^{}\n]{1,40})\}")
_MARKED = regex(r"####|\banswer(?: is|:)|答案[是为：:]", 2)
_YES = regex(r"\s*(?:(?:yes|right|correct|true)\b|是的?|对|可以)", 2)
_NO = regex(r"\s*(?:(?:no|not|wrong|false)\b|不|否|没有)", 2)
_SHORT = 80
"""Characters of an answer that is little more than its result."""
_LEAST, _MOST = 0.01, 0.99


def agreement(one: str, other: str, likeness: float) -> float:
    """From 0 (they contradict) to 1 (they say the same); `likeness` is that of the texts."""
    if not one.strip() or not other.strip():
        return 0.0
    first, second = _result(one), _result(other)
    if first and second:
        return float(first == second)
    if _bare(one) == _bare(other):
        return 1.0
    if (_YES.match(one) and _NO.match(other)) or (_NO.match(one) and _YES.match(other)):
        return 0.0
    return max(_LEAST, min(_MOST, likeness))


def is_certain(agreement: float) -> bool:
    """Whether it was told for certain that the two agree or do not."""
    return agreement in (0.0, 1.0)


def _result(answer: str) -> str:
    """What the answer comes to: what it frames, or a number where it reckons or says little else;
    empty where that can not be told."""
    if framed := _BOXED.findall(answer):
        inside = numbers_in(framed[-1])
        return f"{inside[0]:g}" if inside else _bare(framed[-1])
    if not numbers_in(answer):
        return ""
    reckons = bool(_MARKED.search(answer)) or bool(sums_in(answer))
    found = final_of(answer)
    is_number = not found.strip("-0123456789.e+")
    return found if is_number and (reckons or len(answer) <= _SHORT) else ""


def _bare(text: str) -> str:
    """A text without case, blanks and what stands at its end."""
    return "".join(text.lower().split()).strip(".!。！*")
