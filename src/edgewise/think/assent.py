"""Words around a yes that are none: hesitation, a yes with a "but", a yes with an order behind it.

A question of yes or no is only asked before what weighs (rules 22 to 33), so what is unclear must
not count as a yes. Pure string rules; the clear words are in `fixed.py`.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import normalise

_YES = r"(?:yes|yep|yeah|yup|sure|ok(?:ay)?|fine|go ahead|是的?|对的?|好[的吧啊]?|行的?|可以的?|没问题|确认|同意|嗯+)"
_PAUSE = r"(?:u+h+(?: huh)?|u+m+|h+m+|mm+(?: hm+)?|mhm|er+m?|a+h+|oh|huh|well|嗯+|恩+|呃+|额|哦+|噢|啊+|唔)"
_UNSURE = (
    r"(?:wait(?: a (?:moment|minute|second|bit))?|hold on|hang on|(?:just )?(?:one|a) (?:moment|minute|second|sec)|let me think|maybe|perhaps|not sure|i'?m not sure|i think so|i guess(?: so)?|i suppose(?: so)?|i do not know|i don'?t know|"
    r"等等|等一下|等会儿?|稍等(?:一下)?|慢着|让我想想|我想想|可能吧?|也许吧?|大概吧?|应该吧|不确定|不知道|随便)"
)
_GAP = r"[ ,.!?~…]*"
_BUT = r"(?:but|though|however|only if|但是?|不过|可是)"

_BEGINS = regex(rf"{_GAP}(?:{_PAUSE}{_GAP})*{_YES}(?![a-z'])")
_UNCLEAR = regex(
    rf"{_GAP}(?:(?:{_PAUSE}|{_UNSURE}|{_YES}{_GAP}{_BUT}){_GAP})+"
    rf"|{_GAP}(?:{_YES}{_GAP})+(?:{_BUT}{_GAP})?(?:{_PAUSE}{_GAP})*{_UNSURE}{_GAP}"
    rf"|{_GAP}(?:{_YES}{_GAP})+\?"
)
_TAKEN_BACK = regex(
    rf"\b(?:not|never|no|but|wait|later|unless|if|when|until|first)\b|n't\b|[不别]|没|等|但|如果|{_UNSURE}"
)


def begins_with_yes(text: str) -> bool:
    """Whether `text` says yes and then something else that takes nothing of it back."""
    plain = normalise(text).plain
    yes = _BEGINS.match(plain)
    return yes is not None and _TAKEN_BACK.search(plain, yes.end()) is None


def is_unclear(text: str) -> bool:
    """Whether `text` answers a question of yes or no without being either: "hmm", 嗯, "yes but
    wait", "yes?". A no in it is none of these: it voids the question (rule 32)."""
    return _UNCLEAR.fullmatch(normalise(text).plain.strip()) is not None
