"""Which way a scroll goes, and where the finger begins it.

Who scrolls says where to look, who swipes says where the finger goes, which is the other way: to
see what is further down a page, a finger goes up. Pure; a finger begins beside what it could set
off, where there is such a place.
"""

from edgewise.act.screen import Point, Seen
from edgewise.act.screen_step import SHORTEST_SWIPE, Action, Step, is_swipe, screen_step
from edgewise.core.regex import regex
from edgewise.errors import UserError


def scrolled(target: str, clause: str, start: Point | None, end: Point | None, seen: Seen) -> Step:
    """The scroll that `target` ("down", 上) in the words `clause` means: on the page unless the
    words speak of the finger; between the points where a program gives both. Raises UserError for
    points between which nothing swipes."""
    if start is not None and end is not None:
        if not is_swipe(start, end):
            raise UserError(f"point2: is too near to point; {SHORTEST_SWIPE} is the least")
        return _between(start, end)
    way = _way(target) or _way(clause) or "down"
    if _FINGER.search(clause):
        way = _BACKWARDS[way]
    starts = [start] if start is not None else _starts(way)
    steps = [_between(one, _moved(one, way)) for one in starts]
    harmless = (step for step in steps if not _RISKY & set(screen_step(step, seen)))
    return next(harmless, steps[0])


def _between(start: Point, end: Point) -> Step:
    return Step(Action.SCROLL, start.x, start.y, end.x, end.y)


def _way(words: str) -> str:
    found = _WAY.search(words.casefold())
    return _WAYS[found[0]] if found is not None else ""


def _starts(way: str) -> list[Point]:
    """Where a finger may begin, the likeliest first: within the page, away from the edges, where a
    swipe is the system's."""
    at = _FROM[way]
    across = (500, 300, 700, 150, 850)
    upright = way in ("up", "down")
    return [Point(one, at) if upright else Point(at, one) for one in across]


def _moved(start: Point, way: str) -> Point:
    dx, dy = _MOVES[way]
    return Point(max(50, min(950, start.x + dx)), max(50, min(950, start.y + dy)))


_WAYS = {
    "down": "down", "up": "up", "left": "left", "right": "right", "bottom": "down", "end": "down",
    "top": "up", "下": "down", "上": "up", "左": "left", "右": "right", "底": "down", "顶": "up",
}  # fmt: skip
_WAY = regex(r"\b(?:down|up|left|right|bottom|end|top)\b|[下上左右底顶](?!面|方|个|一)")
_FINGER = regex(r"(?i)\b(?:swipe|flick|drag)\b|向[上下左右]边?滑|^[上下左右]滑")
"""Words that say where the finger goes."""
_BACKWARDS = {"down": "up", "up": "down", "left": "right", "right": "left"}
_MOVES = {"down": (0, -400), "up": (0, 400), "left": (600, 0), "right": (-600, 0)}
"""How a finger moves to go that way on the page."""
_FROM = {"down": 700, "up": 300, "left": 200, "right": 800}
_RISKY = {"gui.commit", "money", "gui.secret", "gui.unread"}
