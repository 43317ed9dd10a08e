"""Sentences about a household's lists -> the arguments of `list.manage`.

What is written on a list is taken as it was said; the list is one of the home's by its name, else the
shopping list or the one named.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.home_names import cut, fold
from edgewise.think.understanding.normalise import Normal

_LIST = r"(?:(?:the|my|our) )?(?P<list>[\w' -]*?) ?\b(?:list|checklist)"
_LIST_ZH = r"(?:(?:my|the|我的|我嘅|我) ?)?(?P<list>[\w' -]*?) ?(?:的|嘅)?(?:list|清单|列表)(?:里面?|上面?|度|入面)?"
_PATTERNS = (
    ("add", regex(rf"(?:add|put|write|place) (?P<item>.+?) (?:to|on|onto|on to|in|into) {_LIST}")),
    ("complete", regex(rf"(?:check|tick|cross|strike) off (?P<item>.+?) (?:from|on|off|in|of) {_LIST}")),
    ("complete", regex(rf"(?:check|tick|cross|strike) (?P<item>.+?) off(?: (?:from|of|on|in))? {_LIST}")),
    ("complete", regex(rf"(?:complete|finish|mark) (?P<item>.+?)(?: as (?:done|complete|completed|bought))? (?:on|in|from|off) {_LIST}")),
    ("complete", regex(rf"mark (?P<item>.+?) (?:on|in|from) {_LIST} as (?:done|complete|completed|bought)")),
    ("remove", regex(rf"(?:remove|delete|take|erase) (?P<item>.+?) (?:from|off|on|in|of) {_LIST}")),
    ("add", regex(rf"(?:把|将)? ?(?:加入?|添加|写) ?(?P<item>.+?) ?(?:到|入|进|去) ?{_LIST_ZH}")),
    ("add", regex(rf"(?:把|将) ?(?P<item>.+?) ?(?:加|添加|放|写)(?:到|入|进) ?{_LIST_ZH}")),
)  # fmt: skip
_SHOPPING = frozenset({"", "shopping", "grocery", "groceries", "购物"})


def read_list(said: Normal, home: Home) -> dict[str, JsonValue] | None:
    """The arguments; None when it is no such sentence or names a list that the home has not."""
    if len(said.plain) != len(said.text):
        return None
    folded = fold(said.plain)
    for op, pattern in _PATTERNS:
        match = pattern.fullmatch(folded)
        if match is None:
            continue
        name = _listed(match["list"].strip(), home)
        if name is None:
            return None
        return {"op": op, "list": name, "item": said.cut(*match.span("item")).text}
    return None


def _listed(said: str, home: Home) -> str | None:
    """The list of the home that is named so, or the shopping list."""
    named = [int(n) for piece in cut(said, home)[:1] for n in piece.tags.get("entity", ())]
    lists = [home.entities[n].name for n in named if home.entities[n].domain == "todo"]
    if lists:
        return lists[0].replace("[", "").replace("]", "")
    return "shopping" if said in _SHOPPING else None
