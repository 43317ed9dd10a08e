"""What turns an order into its opposite or aims it elsewhere: which way, which side, how much,
whether at all. Pure.

Two texts of one sound that differ in such a word are two orders: neither recogniser's second guess
nor a vocabulary may choose between them, only what the sound itself says best. It does not know
what can be done here (`act`).
"""

from difflib import SequenceMatcher

from edgewise.core.regex import regex
from edgewise.core.words import Language

GUARDED = frozenset(
    "开关闭锁解停启升降收放上下高低小减增强弱快慢亮暗冷热暖接挂拒进退出"  # which way
    "左右前后主副内外远近东南西北早晚"  # which side, which of two
    "别不勿没莫甭未无否取消"  # whether at all
    "零〇一二两俩三四五六七八九十百千万亿半0123456789"  # how much
)
"""The characters that decide the direction, the side or the amount of an order. Of some pairs
the other one is enough: 里, 大 and 加 are too often written for 李, 打 and 驾 (打开, 副驾)."""
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)
}
_AS = {
    "shut": "close", "don't": "not", "doesn't": "not", "can't": "not", "cannot": "not",
    "opened": "open", "closed": "close", "locked": "lock", "unlocked": "unlock", "opening": "open",
    "closing": "close", "locking": "lock", "unlocking": "unlock", "increase": "up", "raise": "up",
    "decrease": "down", "lower": "down", "reduce": "down",
}  # fmt: skip
_WAY = """open close lock unlock on off up down start stop begin end pause resume play enable
disable activate deactivate mute unmute in out fold unfold extend retract answer hang reject decline
accept arm disarm connect disconnect warm warmer cool cooler hot cold more less faster slower louder
quieter brighter dimmer high higher low"""
_SIDE = """left right front rear back driver driver's passenger passenger's inside outside near far
all both every north south east west am pm"""
_WHETHER = "not no never without cancel undo except but"
_AMOUNT = "half quarter hundred thousand point first second third minus"
_ENGLISH = frozenset(f"{_WAY} {_SIDE} {_WHETHER} {_AMOUNT}".split())
_WORD = regex(r"[a-z]+(?:'[a-z]+)?|\d+")


def deciding_words(text: str, language: Language) -> tuple[str, ...]:
    """The words of `text` that decide the direction, side, amount or negation, in order."""
    if language is Language.CHINESE:
        return tuple(character for character in text if character in GUARDED)
    found: list[str] = []
    tens = 0
    for word in _WORD.findall(text.lower().replace("’", "'")):
        value = int(word) if word.isdigit() else _NUMBERS.get(word)
        if value is not None:
            joined = tens and 0 < value < 10 and not word.isdigit()
            found = [*found[:-1], str(tens + value)] if joined else [*found, str(value)]
            tens = value if value in range(20, 100, 10) and not word.isdigit() else 0
            continue
        tens = 0
        said = _AS.get(word, word)
        if said in _ENGLISH:
            found.append(said)
    return tuple(found)


def changes_between(one: str, other: str) -> list[tuple[int, int, int, int]]:
    """Where two texts differ: from where to where in the one, and in the other."""
    matched = SequenceMatcher(None, one, other, autojunk=False)
    return [change[1:] for change in matched.get_opcodes() if change[0] != "equal"]
