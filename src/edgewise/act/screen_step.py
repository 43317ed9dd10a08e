"""One step on a screen: its form, what it would touch, and what it would do there, as classes.

What a step does is read from what lies under its point on the screen as it is now, never from the
words or the capability that led to it. All elements under a point count, not the topmost alone:
which of them a finger would meet is the app's secret. A step that is not understood is
`unclassified`, which is forbidden. Whether the classes may happen: `act/policy/screen.cedar` and
the rules that they join (15, 19, 31).
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.screen import Element, Key, Point, Role, Seen, seen_of
from edgewise.act.screen_language import is_page_read, is_read, unread_question
from edgewise.act.screen_letters import shortened
from edgewise.act.screen_recipient import to_whom
from edgewise.act.screen_stakes import (
    asks_who_you_are,
    is_about_money,
    is_beside,
    is_written_in,
    question_on,
    stakes_on,
)
from edgewise.act.screen_words import (
    commits,
    is_key,
    is_neutral,
    is_price,
    is_secret,
    is_sign,
    pays,
    signs_in,
)
from edgewise.core.signal import JsonValue

MOST_TEXT = 4000
LONGEST_NAME = 60
SHORTEST_SWIPE = 20
"""Thousandths: a finger that strays less is taken for a tap (Android: 8 dp, of some 400)."""
ACT, COMMIT, SECRET, CHANGED = "gui.act", "gui.commit", "gui.secret", "gui.changed"
UNREAD = "gui.unread"
"""What stands there is in a language whose words no table weighs."""
_FILM, _SETUP = "video", "screen.setup"
"""What an app of an unknown kind may show (`act/shown.py`)."""


class Action(StrEnum):
    """What a hand does in one step."""

    TAP = "tap"
    LONG_PRESS = "long_press"
    TYPE = "type"
    CLEAR = "clear"
    SCROLL = "scroll"
    OPEN = "open"
    BACK = "back"
    HOME = "home"
    ENTER = "enter"


class Step(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step as it is written to `gui.screen`.

    `x`, `y` are the point of a tap, a long press or a scroll, and of the field to type into or to
    clear: it is tapped first. Without them it is the field that has the focus. `x2`, `y2` are
    where a scroll ends. `app` is for `open`, `text` for `type`; `seen` tells the screen that it
    was decided on (`place_of`), `name` the words of what it touches, for the person who is asked.
    """

    action: Action
    x: int | None = None
    y: int | None = None
    x2: int | None = None
    y2: int | None = None
    text: str = ""
    app: str = ""
    seen: str = ""
    name: str = ""

    @property
    def point(self) -> Point | None:
        """Where it begins."""
        return None if self.x is None or self.y is None else Point(self.x, self.y)

    @property
    def end(self) -> Point | None:
        """Where a scroll ends."""
        return None if self.x2 is None or self.y2 is None else Point(self.x2, self.y2)

    @property
    def key(self) -> Key | None:
        """The key that it presses, if it presses one."""
        return Key(self.action.value) if self.action in _KEYS else None


def step_of(value: JsonValue) -> Step | None:
    """`value` as a step; None unless it has exactly what its action needs."""
    try:
        step = value if isinstance(value, Step) else msgspec.convert(value, Step)
        return step if _is_whole(step) else None
    except (msgspec.ValidationError, ValueError):
        return None


def screen_step(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """The classes of a step while `present` is on the screen (a `Classify`)."""
    step, seen = step_of(value), seen_of(present)
    if step is None or seen is None:
        return (ACT, "drawing", UNCLASSIFIED)
    classes = _classes(step, seen)
    return classes if _is_there(step, seen, classes) else (*classes, CHANGED)


def still_there(value: JsonValue, now: Seen) -> bool:
    """Whether what the step was decided on is still so: a driver looks again just before it acts,
    and refuses if it is not. What changes elsewhere (a clock, an advert) does not matter; a step
    that names no screen at all is never still there."""
    step = step_of(value)
    return step is not None and _is_there(step, now, _classes(step, now))


def place_of(step: Step, seen: Seen) -> str:
    """What of a screen a step was decided on, as SHA-256: the app, what it touches, and what it
    would do there."""
    return _digest(step, seen, _classes(step, seen))


def touched(step: Step, seen: Seen) -> tuple[Element, ...]:
    """The elements that a step is about: under its points, or those that have the focus."""
    points = [point for point in (step.point, step.end) if point is not None]
    if points:
        return tuple(element for point in points for element in seen.under(point))
    if step.action in (*_WRITING, Action.ENTER):
        return tuple(_focused(seen))
    return ()


def is_swipe(start: Point, end: Point) -> bool:
    """Whether a finger that goes from `start` to `end` swipes; one that stays would tap."""
    return max(abs(start.x - end.x), abs(start.y - end.y)) >= SHORTEST_SWIPE


def is_typeable(text: str) -> bool:
    """Whether a keyboard types it: at most `MOST_TEXT` characters without control characters."""
    controls = any(ord(letter) < ord(" ") and letter not in "\n\t" for letter in text)
    return len(text) <= MOST_TEXT and not controls


def name_of(step: Step, seen: Seen) -> str:
    """What a step touches, by its words, for the person who is asked: first what it sets off, and
    of a yes also what it is a yes to; of enter, what it may set off; of what may be sent, to whom.
    The words of secret fields are left out."""
    if step.action is Action.ENTER:
        met = [e for e in seen.elements if e.role is not Role.TEXT and _sets_off(e)]
        met += [e for e in seen.elements if _sends_a_secret([e], seen)]
    else:
        met = sorted(touched(step, seen), key=lambda element: not _sets_off(element))
    name = next((name for name in map(short_name, met) if name), "")
    says_yes = step.action is Action.ENTER or (step.action in _TOUCHING and _says_yes(met))
    question = question_on(seen) or (unread_question(seen) if not is_page_read(seen) else "")
    sends = not {COMMIT, UNREAD}.isdisjoint(_classes(step, seen))
    told = (to_whom(seen) if sends else "", question if says_yes else "")
    asked = "; ".join(shortened(words, LONGEST_NAME) for words in told if words)
    return f"{name} ({asked})" if name and asked else name or asked


def short_name(element: Element) -> str:
    """The words of an element on one line; nothing of a secret field."""
    return "" if element.secret else shortened(" ".join(element.text.split()), LONGEST_NAME)


_PRESSED = (Role.BUTTON, Role.LINK)
_KEYS = (Action.BACK, Action.HOME, Action.ENTER)
_TOUCHING = (Action.TAP, Action.LONG_PRESS)
_WRITING = (Action.TYPE, Action.CLEAR)
_POINTED = (Action.TAP, Action.LONG_PRESS, Action.SCROLL)


def _is_whole(step: Step) -> bool:
    """Whether it has what its action needs and nothing else. Raises ValueError for a point off the
    screen."""
    point, end = step.point, step.end
    halves = (step.x is None) != (step.y is None) or (step.x2 is None) != (step.y2 is None)
    needs = step.action in _POINTED
    may = needs or step.action in _WRITING
    return (
        not halves
        and (point is not None or not needs)
        and (point is None or may)
        and (end is not None) == (step.action is Action.SCROLL)
        and (point is None or end is None or is_swipe(point, end))
        and bool(step.text) == (step.action is Action.TYPE)
        and is_typeable(step.text)
        and bool(step.app.strip()) == (step.action is Action.OPEN)
    )


def _is_there(step: Step, seen: Seen, classes: tuple[str, ...]) -> bool:
    same = step.seen == _digest(step, seen, classes)
    return same and step.name in ("", name_of(step, seen))


def _digest(step: Step, seen: Seen, classes: Iterable[str]) -> str:
    met = [(element.text, element.role, element.secret) for element in touched(step, seen)]
    stakes = stakes_on(seen) if {COMMIT, "money", UNREAD} & set(classes) else ()
    plain = (seen.app, seen.headless, met, sorted(classes), stakes)
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


def _classes(step: Step, seen: Seen) -> tuple[str, ...]:
    found = {ACT}
    if not seen.headless:
        found.add("drawing")
    met = touched(step, seen)
    match step.action:
        case Action.TAP | Action.LONG_PRESS | Action.SCROLL:
            found.update(_of_touching(step, met, seen))
        case Action.TYPE | Action.CLEAR:
            found.update(_of_typing(step, met, seen))
        case Action.ENTER:
            found.update(_of_entering(met, seen))
        case Action.OPEN:
            found.update(() if seen.headless else (_FILM, _SETUP))
        case Action.BACK | Action.HOME:
            pass
    if not {COMMIT, "money"} & found and _is_unread(step, met, seen):
        found.add(UNREAD)
    return tuple(sorted(found))


def _is_unread(step: Step, met: Sequence[Element], seen: Seen) -> bool:
    """Whether it touches words, or says yes to words, in a language whose stakes are not known."""
    match step.action:
        case Action.TAP | Action.LONG_PRESS:
            pressed = [e for e in met if e.role not in (Role.FIELD, Role.TEXT)]
            alone = not pressed and not any(e.role is Role.FIELD for e in met)
            pressed = list(met) if alone else pressed
        case Action.SCROLL:
            met = [e for e in met if _holds(e, step)]
            pressed = [e for e in met if e.role in (*_PRESSED, Role.SWITCH)]
        case Action.ENTER:
            met = pressed = [e for e in seen.elements if e.role is Role.BUTTON]
        case _:
            return False
    says_yes = step.action is not Action.SCROLL and _says_yes(met)
    return not all(is_read(e, seen) for e in pressed) or (says_yes and not is_page_read(seen))


def _of_touching(step: Step, met: tuple[Element, ...], seen: Seen) -> Iterable[str]:
    if step.action is not Action.SCROLL and (not met or _is_blind(met[0])):
        yield UNCLASSIFIED
    if any(e.secret for e in met) or (
        _asks_for_a_secret(seen) and any(is_key(e.text) for e in met)
    ):
        yield SECRET
    end = step.end
    passed = [e for e in met if end is not None and not (e.text.strip() or _holds(e, step))]
    stayed_on = [e for e in met if e not in passed]
    yield from _of_words(stayed_on, seen)
    if _sends_a_secret(stayed_on, seen):
        yield COMMIT


def _is_blind(element: Element) -> bool:
    """Whether it may show anything: a canvas, a film, a frame of another site."""
    return element.role is Role.OTHER and not element.text.strip()


def _holds(element: Element, step: Step) -> bool:
    """Whether a swipe stays within an element: a page may take it for a tap there."""
    return all(p is not None and element.covers(p) for p in (step.point, step.end))


def _of_typing(step: Step, met: tuple[Element, ...], seen: Seen) -> Iterable[str]:
    if not seen.headless:
        yield "screen.keyboard"
    if not any(element.role is Role.FIELD or element.secret for element in met):
        yield UNCLASSIFIED
    if any(element.secret or is_secret(element.text) for element in met):
        yield SECRET
    yield from _of_words([e for e in met if e.role is not Role.FIELD], seen)
    if "\n" in step.text or "\t" in step.text:
        yield from _of_entering(met, seen)


def _of_entering(fields: Sequence[Element], seen: Seen) -> Iterable[str]:
    """Enter sends the form that has the focus: it counts as the worst that could be touched, and as
    a yes; its button may be an icon or out of sight, so what is written in `fields` may be sent."""
    if not seen.elements:
        yield UNCLASSIFIED
    yield from _of_words([e for e in seen.elements if e.role is not Role.TEXT], seen)
    if any(map(is_written_in, fields)) or question_on(seen) or asks_who_you_are(seen):
        yield COMMIT
    if is_about_money(seen):
        yield from (COMMIT, "money")


def _of_words(met: Sequence[Element], seen: Seen) -> Iterable[str]:
    """What the words of elements say. A field's own words are what it holds or asks for."""
    for element in met:
        if commits(element.text):
            yield COMMIT
        if pays(element.text) or (element.role in _PRESSED and is_price(element.text)):
            yield from (COMMIT, "money")
    if _says_yes(met):
        if question_on(seen) or _sends_by_a_sign(met, seen):
            yield COMMIT
        if is_about_money(seen):
            yield from (COMMIT, "money")


def _sends_by_a_sign(met: Sequence[Element], seen: Seen) -> bool:
    """Whether a glyph or an icon is all that these are, and it would send what is written: in the
    field that has the focus, or in one in the same row."""
    signs = [element for element in met if element.role is not Role.FIELD]
    if not signs or not all(is_sign(element.text) for element in signs):
        return False
    return any(
        field.focused or any(is_beside(sign, field) for sign in signs)
        for field in filter(is_written_in, seen.elements)
    )


def _sends_a_secret(met: Sequence[Element], seen: Seen) -> bool:
    """Whether touching these sends a password or a code that the screen asks for."""
    pressed = [e for e in met if e.role is not Role.FIELD]
    return asks_who_you_are(seen) and (
        any(signs_in(element.text) for element in pressed)
        or _says_yes([e for e in pressed if e.role is not Role.TEXT])
    )


def _focused(seen: Seen) -> list[Element]:
    return [element for element in seen.elements if element.focused]


def _says_yes(met: Sequence[Element]) -> bool:
    """Whether touching these is a yes to the screen: words of assent, or none at all on what is no
    plain surface."""
    for element in met:
        surface = element.role in (Role.FIELD, Role.TEXT) or element.area >= _SURFACE
        if (element.text.strip() or not surface) and is_neutral(element.text):
            return True
    return False


def _sets_off(element: Element) -> bool:
    priced = element.role in _PRESSED and is_price(element.text)
    return priced or pays(element.text) or commits(element.text)


def _asks_for_a_secret(seen: Seen) -> bool:
    """Whether keys on it may be those of a PIN pad."""
    texts = (seen.title, *(element.text for element in seen.elements))
    return any(element.secret for element in seen.elements) or any(map(is_secret, texts))


_SURFACE = 400_000
"""Millionths of the screen: what is larger and has no words is ground that buttons stand on."""
