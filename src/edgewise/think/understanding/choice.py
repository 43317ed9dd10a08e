"""Two deeds or two things offered for one: "open the window or the sunroof?", 开窗还是开空调好.

Who says so has not decided, so nothing is done and the device asks which. Two values of one thing
("level 3 or 4") and afterthoughts ("or so", "or at least a bit", 还是关上吧) offer no choice.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.things import find_things

_OR = regex(
    r"(?P<en>,? (?:or|versus|vs) (?!at least|so\b|something|whatever|more|less|else|i\b|we\b|it\b|you\b|the (?:other|others)\b))"
    r"|(?P<zh>[,、]? ?(?:还是|或者?|抑或)(?!说))"
)
_DEED = regex(
    r"\b(?:open|close|shut|lock|unlock|turn|switch|raise|lower|start|stop|fold|unfold|enable|disable|put|leave|keep|play|call)\b"
    r"|打开|关闭|关掉|关上|开启|[开关锁升降调]"
)
_DECIDED = regex(r"(?:吧|算了|更?好了)[.!]*$")
"""还是关上吧 decides; 开窗还是开空调好 does not."""
_EITHER = regex(r"无论|不管|不论|\bwhether\b|\beither way\b|\bno matter\b")


def offers_choice(plain: str) -> bool:
    """Whether a normalised clause names two deeds or things of which only one is meant."""
    if _EITHER.search(plain):
        return False
    for joint in _OR.finditer(plain):
        left, right = plain[: joint.start()], plain[joint.end() :]
        if not left.strip(" ,") or not right.strip(" ,.?!"):
            continue
        if joint["zh"] == "还是" and _DECIDED.search(right):
            continue
        first = {thing.name for thing in find_things(left)}
        second = {thing.name for thing in find_things(right)}
        if first and second and (first != second or _opposed(left, right)):
            return True
        if _DEED.search(left) and _DEED.search(right):
            return True
    return False


def begins_choice(plain: str) -> bool:
    """Whether a clause opens with the "or" that offers another thing than the one before."""
    joint = _OR.match(f" {plain}")
    return joint is not None and not _DECIDED.search(plain)


def _opposed(left: str, right: str) -> bool:
    return _DEED.search(left) is not None and re.match(r"不|not\b|leave\b", right) is not None
