"""What is on an Android screen, out of what `uiautomator dump` writes. Pure.

Classes say the role, `password` and names say what is secret. A view without words that takes taps
is named by the texts in it, as TalkBack does. Source: AOSP, AccessibilityNodeInfoDumper.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

from edgewise.act.screen import Element, Role
from edgewise.act.screen_letters import shortened
from edgewise.act.screen_words import names_a_secret
from edgewise.core.regex import regex
from edgewise.errors import DeviceError

MOST_BYTES = 8 * 1024 * 1024
MOST_FOUND = 600
"""More would show at once: what is left out of a look could be the button that pays."""
LONGEST_TEXT = 300
_BOUNDS = regex(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_ROLES = (
    ("EditText", Role.FIELD), ("AutoCompleteTextView", Role.FIELD), ("Switch", Role.SWITCH),
    ("CheckBox", Role.SWITCH), ("RadioButton", Role.SWITCH), ("ToggleButton", Role.SWITCH),
    ("CheckedTextView", Role.SWITCH), ("Button", Role.BUTTON), ("Spinner", Role.BUTTON),
    ("ImageView", Role.IMAGE), ("Image", Role.IMAGE), ("TextView", Role.TEXT),
)  # fmt: skip


def elements_of(dump: str, width: int, height: int) -> tuple[str, tuple[Element, ...]]:
    """The package in front, and what is on a screen of that many pixels, in its order. Raises
    DeviceError (`refused`) for what is no such dump, and for one of more things than are told."""
    if len(dump) > MOST_BYTES or "<!DOCTYPE" in dump or "<!ENTITY" in dump:
        raise DeviceError("the phone told its screen in a way that is not read", code="refused")
    start, end = dump.find("<hierarchy"), dump.rfind("</hierarchy>")
    try:
        root = ElementTree.fromstring(dump[start : end + len("</hierarchy>")])
    except (ElementTree.ParseError, ValueError) as error:
        raise DeviceError(f"the phone did not tell its screen: {error}", code="refused") from error
    views = list(root.iter("node"))
    packages = [view.get("package", "") for view in views]
    front = next((package for package, _ in Counter(packages).most_common(1)), "")
    found = [element for view in views if (element := _element(view, width, height)) is not None]
    if len(found) > MOST_FOUND:
        raise DeviceError(
            f"the app shows more than {MOST_FOUND} things at once; scroll on or go back",
            code="refused",
        )
    return front, tuple(found)


def _element(view: ElementTree.Element, width: int, height: int) -> Element | None:
    box = _box(view.get("bounds", ""), width, height)
    if box is None or view.get("visible-to-user") == "false":
        return None
    role = _role(view)
    secret = role is Role.FIELD and _is_secret(view)
    own = _words(view, secret=secret)
    taps = _taps(view)
    if taps and role in (Role.OTHER, Role.TEXT, Role.IMAGE):
        role = Role.BUTTON
    alone = taps and not any(_taps(v) for v in view.iter("node") if v is not view)
    inside = " ".join(words for words in _texts(view) if words not in own) if alone else ""
    text = f"{own} ({inside})" if own and inside else own or inside
    if not text and not taps and role not in (Role.FIELD, Role.SWITCH):
        return None
    if role is Role.SWITCH:
        text = f"{text}: {'on' if view.get('checked') == 'true' else 'off'}".removeprefix(": ")
    focused = view.get("focused") == "true"
    return Element(shortened(text, LONGEST_TEXT), box, role, secret, focused)


def _words(view: ElementTree.Element, *, secret: bool) -> str:
    """Its text and its description; of a secret field only what it asks for."""
    text = "" if secret else view.get("text", "").strip()
    described = view.get("content-desc", "").strip() or view.get("hint", "").strip()
    if not text or not described or text == described:
        return text or described
    return f"{described}: {text}"


def _texts(view: ElementTree.Element) -> Iterator[str]:
    for inner in view.iter("node"):
        if inner is view:
            continue
        secret = inner.get("password") == "true" or (
            _role(inner) is Role.FIELD and _is_secret(inner)
        )
        if not secret and (words := _words(inner, secret=False)):
            yield words


def _taps(view: ElementTree.Element) -> bool:
    return view.get("clickable") == "true" or view.get("checkable") == "true"


def _role(view: ElementTree.Element) -> Role:
    name = view.get("class", "").rpartition(".")[2]
    return next((role for end, role in _ROLES if name.endswith(end)), Role.OTHER)


def _is_secret(view: ElementTree.Element) -> bool:
    told = (view.get("resource-id", ""), view.get("content-desc", ""), view.get("hint", ""))
    return view.get("password") == "true" or any(map(names_a_secret, told))


def _box(bounds: str, width: int, height: int) -> tuple[int, int, int, int] | None:
    """In thousandths, as far as it is on the screen; None for less than a pixel."""
    match = _BOUNDS.fullmatch(bounds)
    if match is None or width <= 0 or height <= 0:
        return None
    x0, y0, x1, y1 = (int(one) for one in match.groups())
    x0, x1 = max(x0, 0), min(x1, width)
    y0, y1 = max(y0, 0), min(y1, height)
    if x1 <= x0 or y1 <= y0:
        return None
    return (x0 * 1000 // width, y0 * 1000 // height, x1 * 1000 // width, y1 * 1000 // height)
