"""What is on a web page, out of what a browser tells of it: roles, words and boxes. Pure.

The accessibility trees of the page and its same-origin frames name things; the snapshot of the
document says where they lie, also in shadow trees. What is written on a thing is told beside the
name that the page gives it, so that a harmless name hides nothing. Whether something is covered is
asked of the browser afterwards (`page_look.py`): for that each `Found` says which nodes are it.
Source: Chrome DevTools Protocol 1.3, domains Accessibility and DOMSnapshot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edgewise.act.screen import Role
from edgewise.act.screen_letters import shortened
from edgewise.act.screen_words import names_a_secret
from edgewise.device.screen.page_snapshot import AxNode, AxValue, Snapshot, Tree
from edgewise.errors import DeviceError

MOST_FOUND = 600
"""More would show at once: what is left out of a look could be the button that pays."""
LONGEST_TEXT = 300
_GROUND = 0.4
"""A surface that takes taps and is a larger part of the screen than this is ground, no button."""

_ROLES = {
    "button": Role.BUTTON, "menuitem": Role.BUTTON, "tab": Role.BUTTON, "option": Role.BUTTON,
    "DisclosureTriangle": Role.BUTTON, "treeitem": Role.BUTTON, "PopUpButton": Role.BUTTON,
    "link": Role.LINK, "textbox": Role.FIELD, "searchbox": Role.FIELD, "spinbutton": Role.FIELD,
    "combobox": Role.FIELD, "TextFieldWithComboBox": Role.FIELD, "ComboBoxSelect": Role.BUTTON,
    "ComboBoxMenuButton": Role.BUTTON, "Date": Role.FIELD, "DateTime": Role.FIELD,
    "InputTime": Role.FIELD, "checkbox": Role.SWITCH, "radio": Role.SWITCH, "switch": Role.SWITCH,
    "menuitemcheckbox": Role.SWITCH, "menuitemradio": Role.SWITCH, "slider": Role.OTHER,
    "ColorWell": Role.OTHER,
}  # fmt: skip
_IMAGES = ("image", "img", "graphics-symbol")
_BLIND = ("IFRAME", "CANVAS", "VIDEO", "EMBED", "OBJECT")
"""What may show anything, and of which nothing more can be told."""
_PRESSED = ("submit", "button", "reset", "image")
"""Types of an input that is pressed."""
_SECRET_FILLS = ("one-time-code", "current-password", "new-password", "cc-number", "cc-csc")


Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in CSS pixels from the page's origin."""


@dataclass(slots=True)
class Found:
    """Something on the page, in CSS pixels of the document. A tap on one of `nodes` meets it."""

    text: str
    box: Box
    role: Role
    secret: bool = False
    focused: bool = False
    nodes: set[int] = field(default_factory=set[int])
    heading: bool = False


def elements_of(snapshot: Snapshot, nodes: Sequence[AxNode], seen: Box) -> list[Found]:
    """What lies within `seen` (the part of the document that shows), in the document's order.
    Raises DeviceError (`refused`) when that is more than is told."""
    trees = [Tree(document, snapshot.strings) for document in snapshot.documents]
    named = {n.backend_dom_node_id: n for n in nodes if n.backend_dom_node_id and not n.ignored}
    return _Walk(trees, named, seen).found() if trees else []


class _Walk:
    """Goes through the documents in order and keeps what a person would call a thing."""

    def __init__(self, trees: list[Tree], named: dict[int, AxNode], seen: Box) -> None:
        self._trees, self._named, self._seen = trees, named, seen
        self._found: list[Found] = []
        self._holders = [self._holders_of(tree) for tree in trees]

    def found(self) -> list[Found]:
        self._go(self._trees[0], 0, (0.0, 0.0), self._seen)
        return self._found

    def _holders_of(self, tree: Tree) -> set[int]:
        """The nodes that have a thing below them."""
        holders: set[int] = set()
        for node in range(len(tree.parent) - 1, 0, -1):  # a parent stands before its children
            if node in holders or self._is_thing(tree, node):
                holders.add(tree.parent[node])
        return holders

    def _holds(self, tree: Tree, node: int) -> bool:
        return node in self._holders[self._trees.index(tree)]

    def _keep(self, found: Found) -> None:
        if len(self._found) >= MOST_FOUND:
            raise DeviceError(
                f"the page shows more than {MOST_FOUND} things at once; scroll on or go back",
                code="refused",
            )
        self._found.append(found)

    def _go(self, tree: Tree, root: int, shift: tuple[float, float], within: Box) -> None:
        texts: dict[int, Found] = {}
        waiting: list[tuple[int, int, bool]] = [(root, root, False)]
        while waiting:
            node, block, heading = waiting.pop()
            heading = heading or self._kind(tree, node) == "heading"
            before = len(self._found)
            display = tree.styles.get(node, {}).get("display", "inline")
            if display != "inline" and not tree.is_text(node):
                block = node
            taken = self._take(tree, node, shift, within)
            if tree.is_text(node):
                self._take_text(tree, node, block, shift, within, texts)
            for found in self._found[before:] if heading else ():
                found.heading = True
            if not taken:
                below = reversed(tree.children.get(node, []))
                waiting.extend((child, block, heading) for child in below)

    def _take(self, tree: Tree, node: int, shift: tuple[float, float], within: Box) -> bool:
        """Keep `node` if it is a thing; whether what is inside belongs to it."""
        if tree.is_text(node) or node not in tree.bounds:
            return False
        box = _clipped(_moved(tree.bounds[node], shift), within)
        inner = tree.document.get(node)
        if inner is not None:
            if box is not None:
                self._enter(tree, node, inner, shift, box)
            return True
        told, kind = self._named.get(tree.identity(node)), self._kind(tree, node)
        role = _ROLES.get(kind)
        if role is None:
            role = self._unnamed_role(tree, node, kind, told, within)
        if role is None:
            return False
        if box is not None:
            self._keep(self._thing(tree, node, told, role, box))
        return not self._holds(tree, node)

    def _kind(self, tree: Tree, node: int) -> str:
        """The role that the browser tells of a node."""
        told = self._named.get(tree.identity(node))
        return str(told.role.value) if told is not None and told.role is not None else ""

    def _unnamed_role(
        self, tree: Tree, node: int, kind: str, told: AxNode | None, within: Box
    ) -> Role | None:
        """What a node is that has no role of a control."""
        if kind in _IMAGES and told is not None and told.name is not None and told.name.value:
            return Role.IMAGE
        if tree.name(node) in _BLIND:
            return Role.OTHER
        if node not in tree.clickable or tree.name(node) in ("HTML", "BODY", "#DOCUMENT"):
            return None
        width, height = tree.bounds[node][2:4]
        ground = (within[2] - within[0]) * (within[3] - within[1]) * _GROUND
        return None if self._holds(tree, node) or width * height > ground else Role.BUTTON

    def _is_thing(self, tree: Tree, node: int) -> bool:
        told = self._named.get(tree.identity(node))
        control = told is not None and told.role is not None and told.role.value in _ROLES
        return control or node in tree.clickable or node in tree.document

    def _enter(
        self, tree: Tree, node: int, inner: int, shift: tuple[float, float], box: Box
    ) -> None:
        """The document of a frame, where it lies on the page and as far as the frame shows it."""
        if not 0 < inner < len(self._trees):
            return
        style, bounds, child = tree.styles[node], tree.bounds[node], self._trees[inner]
        left = _pixels(style, "border-left-width") + _pixels(style, "padding-left")
        top = _pixels(style, "border-top-width") + _pixels(style, "padding-top")
        moved = (
            shift[0] + bounds[0] + left - child.scroll[0],
            shift[1] + bounds[1] + top - child.scroll[1],
        )
        self._go(child, 0, moved, box)

    def _thing(self, tree: Tree, node: int, told: AxNode | None, role: Role, box: Box) -> Found:
        name = _text_of(told.name) if told is not None else ""
        written = _joined(word for n in tree.below(node) for word in _written(tree, n))
        secret = role is Role.FIELD and _is_secret(tree, node, name, told)
        value = "" if secret or told is None else _text_of(told.value)
        if role is Role.SWITCH and told is not None:
            value = "on" if told.state("checked") in (True, "true") else "off"
        if role is Role.FIELD or _says(name, written):
            written = ""
        words = ": ".join(part for part in (name, value if value != name else "") if part)
        text = words or written
        if words and written:
            written = shortened(written, LONGEST_TEXT // 2)
            text = f"{shortened(words, LONGEST_TEXT - len(written) - 3)} ({written})"
        focused = told is not None and told.state("focused") is True
        nodes = {tree.identity(one) for one in tree.below(node)}
        return Found(shortened(text, LONGEST_TEXT), box, role, secret, focused, nodes)

    def _take_text(
        self,
        tree: Tree,
        node: int,
        block: int,
        shift: tuple[float, float],
        within: Box,
        texts: dict[int, Found],
    ) -> None:
        """A run of text; those of one block are one."""
        written = tree.text.get(node, "").strip()
        box = _clipped(_moved(tree.bounds[node], shift), within) if node in tree.bounds else None
        if not written or box is None or tree.styles.get(block, {}).get("opacity") == "0":
            return
        earlier = texts.get(block)
        if earlier is None:
            nodes = {tree.identity(node), tree.identity(block)}
            nodes |= {tree.identity(one) for one in tree.below(block) if not tree.is_text(one)
                      and tree.styles.get(one, {}).get("display") == "inline"}  # fmt: skip
            texts[block] = Found(written[:LONGEST_TEXT], box, Role.TEXT, nodes=nodes)
            self._keep(texts[block])
            return
        earlier.text = f"{earlier.text} {written}"[:LONGEST_TEXT]
        earlier.box = _around(earlier.box, box)
        earlier.nodes.add(tree.identity(node))


def _is_secret(tree: Tree, node: int, name: str, told: AxNode | None) -> bool:
    """Whether a field is for a password, a PIN or a code: by its type, by how it is filled or
    shown, or by its names."""
    hidden = tree.styles.get(node, {}).get("-webkit-text-security", "none") not in ("none", "")
    kind = tree.attribute(node, "type").lower()
    fills = tree.attribute(node, "autocomplete").lower().split()
    if kind == "password" or hidden or any(one in fills for one in _SECRET_FILLS):
        return True
    names = [tree.attribute(node, one) for one in ("name", "id", "placeholder", "aria-label")]
    return any(map(names_a_secret, (name, *names)))


def _written(tree: Tree, node: int) -> Iterator[str]:
    """What is to be read on a node itself: its text, a picture's, or that of an input button."""
    yield tree.text.get(node, "")
    if tree.name(node) in ("IMG", "AREA"):
        yield tree.attribute(node, "alt")
    if tree.name(node) == "INPUT" and tree.attribute(node, "type").lower() in _PRESSED:
        yield tree.attribute(node, "value")
        yield tree.attribute(node, "alt")


def _says(name: str, written: str) -> bool:
    """Whether a name tells all that is written, as whole words."""
    return not written or _tight(written) == _tight(name) or f" {written} " in f" {name} "


def _text_of(value: AxValue | None) -> str:
    told = "" if value is None or value.value is None else value.value
    return _joined([str(told)])


def _joined(parts: Iterator[str] | list[str]) -> str:
    return " ".join(" ".join(parts).split())


def _tight(text: str) -> str:
    return "".join(text.split()).casefold()


def _moved(bounds: list[float], shift: tuple[float, float]) -> Box:
    x, y, width, height = bounds
    return (x + shift[0], y + shift[1], x + shift[0] + width, y + shift[1] + height)


def _clipped(box: Box, within: Box) -> Box | None:
    """The part of `box` in `within`; None for less than a pixel of it."""
    x0, y0 = max(box[0], within[0]), max(box[1], within[1])
    x1, y1 = min(box[2], within[2]), min(box[3], within[3])
    return (x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else None


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]),
            max(one[2], other[2]), max(one[3], other[3]))  # fmt: skip


def _pixels(style: dict[str, str], name: str) -> float:
    try:
        return float(style.get(name, "0").removesuffix("px"))
    except ValueError:
        return 0.0
