"""What turns an order into its opposite or aims it elsewhere: which way, which side, how much,
when, whether at all; and what makes it no order: that it is asked, or told. Pure.

Two texts of one sound that differ in such a word are two orders: neither recogniser's second guess
nor a vocabulary may choose between them, only what the sound itself says best. It does not know
what can be done here (`act`).
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.amounts_en import TEENS, TENS, UNITS

GUARDED = frozenset(
    "开关闭锁解停启升降收放上下高低小减增强弱快慢亮暗冷热暖接挂拒进退出"  # which way
    "左右前后主副内外远近东南西北早晚"  # which side, which of two
    "别不勿没莫甭未无否取消"  # whether at all
    "零〇一二两俩三四五六七八九十百千万亿半0123456789"  # how much
)
"""The characters that decide the direction, the side or the amount of an order. Of some pairs
the other one is enough: 里, 大 and 加 are too often written for 李, 打 and 驾 (打开, 副驾)."""
_NUMBERS = {"zero": 0} | UNITS | TEENS | TENS
_AS = {
    "shut": "close", "cannot": "not", "dont": "not", "wont": "not", "cant": "not", "nt": "not",
    "opened": "open", "closed": "close", "locked": "lock", "unlocked": "unlock", "opening": "open",
    "closing": "close", "locking": "lock", "unlocking": "unlock", "increase": "up", "raise": "up",
    "decrease": "down", "lower": "down", "reduce": "down", "increased": "up", "raised": "up",
    "decreased": "down", "lowered": "down", "reduced": "down", "enabled": "enable",
    "disabled": "disable", "activated": "activate", "deactivated": "deactivate",
    "started": "start", "stopped": "stop", "paused": "pause", "resumed": "resume",
    "played": "play", "cancelled": "cancel", "canceled": "cancel", "ended": "end",
}  # fmt: skip
_WAY = """open close lock unlock on off up down start stop begin end pause resume play enable
disable activate deactivate mute unmute in out fold unfold extend retract answer hang reject decline
accept arm disarm connect disconnect warm warmer cool cooler hot cold more less faster slower louder
quieter brighter dimmer high higher low add remove delete next previous last"""
_SIDE = """left right front rear back driver driver's passenger passenger's inside outside near far
all both every north south east west am pm"""
_WHETHER = "not no never nobody nothing none nor without cancel undo except but"
_WHEN = """monday tuesday wednesday thursday friday saturday sunday january february march april
june july august september october november december today tomorrow tonight morning afternoon
evening noon midnight before after"""
_AMOUNT = """half quarter hundred thousand point first second third fourth fifth sixth seventh
eighth ninth tenth eleventh twelfth twentieth thirtieth minus"""
_ENGLISH = frozenset(f"{_WAY} {_SIDE} {_WHETHER} {_WHEN} {_AMOUNT}".split())
_WORD = regex(r"[a-z]+(?:'[a-z]+)?|\d+")
_ASKED = "who whose what which when where why how if yesterday already ago"
_ASKS = frozenset(_ASKED.split())
_ASKED_FIRST = "is are was were does did has had"
_ASKS_FIRST = frozenset(_ASKED_FIRST.split())
"""Elsewhere than at the beginning they ask nothing."""
_SUBJECTS = "i you he she we they it who someone somebody everybody"
_WHO_TELLS = frozenset(_SUBJECTS.split())
_TELLS_HAN = regex("谁|吗|什么|怎么|如果|要是|是否|昨天|刚才|已经")


def deciding_words(text: str, language: Language) -> tuple[str, ...]:
    """The words of `text` that decide the direction, side, amount, time or negation, in order."""
    if language is Language.CHINESE:
        return tuple(character for character in text if character in GUARDED)
    found: list[str] = []
    tens = 0
    for word in _words(text):
        value = int(word) if word.isdigit() else _NUMBERS.get(word)
        if value is not None:
            joined = tens and 0 < value < 10 and not word.isdigit()
            found = [*found[:-1], str(tens + value)] if joined else [*found, str(value)]
            tens = value if value in range(20, 100, 10) and not word.isdigit() else 0
            continue
        tens = 0
        said = "not" if word.endswith("n't") else _AS.get(word, word)
        if said in _ENGLISH:
            found.append(said)
    return tuple(found)


def telling_words(text: str, language: Language) -> tuple[str, ...]:
    """The words of `text` by which it asks, supposes or tells what was, in order: an order that
    lacks one of them is another thing."""
    if language is Language.CHINESE:
        return tuple(_TELLS_HAN.findall(text))
    words = [word.split("'")[0] for word in _words(text)]
    found = [word for word in words[:1] if word in _ASKS_FIRST]
    for before, word in pairwise(["", *words]):
        if word in _ASKS:
            found.append(word)
        elif before in _WHO_TELLS and word.endswith("ed") and len(word) > len("need"):
            found.append("did")
    return tuple(found)


def telling_places(text: str) -> frozenset[int]:
    """Where such words stand in a Chinese text."""
    return frozenset(at for found in _TELLS_HAN.finditer(text) for at in range(*found.span()))


def stands_in(kept: Sequence[str], new: Iterable[str]) -> bool:
    """Whether all of `kept` stands in `new`, in order."""
    rest = iter(new)
    return all(word in rest for word in kept)


def changes_between(one: str, other: str) -> list[tuple[int, int, int, int]]:
    """Where two texts differ: from where to where in the one, and in the other."""
    matched = SequenceMatcher(None, one, other, autojunk=False)
    return [change[1:] for change in matched.get_opcodes() if change[0] != "equal"]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
