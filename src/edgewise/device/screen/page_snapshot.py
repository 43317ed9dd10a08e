"""What a browser tells of a page, as it tells it: columns of a document, and names. Pure.

Source: Chrome DevTools Protocol 1.3, domains Accessibility and DOMSnapshot. What of it is a thing
to a person is `page_elements.py`.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

STYLES = (
    "display", "opacity", "-webkit-text-security", "border-left-width", "border-top-width",
    "padding-left", "padding-top",
)  # fmt: skip
"""What the snapshot must tell of each box, in this order."""


class RareIndex(Struct, frozen=True):
    """Nodes that have a property, and its values where it has some."""

    index: list[int] = []
    value: list[int] = []


class Nodes(Struct, frozen=True, rename="camel"):
    """The nodes of a document as columns; texts are numbers of `Snapshot.strings`."""

    parent_index: list[int] = []
    node_type: list[int] = []
    node_name: list[int] = []
    backend_node_id: list[int] = []
    attributes: list[list[int]] = []
    content_document_index: RareIndex = RareIndex()
    is_clickable: RareIndex = RareIndex()


class Layout(Struct, frozen=True, rename="camel"):
    """The boxes of those nodes that have one: x, y, width and height from the document's origin."""

    node_index: list[int] = []
    styles: list[list[int]] = []
    bounds: list[list[float]] = []
    text: list[int] = []


class Document(Struct, frozen=True, rename="camel"):
    """One document of a snapshot."""

    nodes: Nodes
    layout: Layout
    scroll_offset_x: float = 0.0
    scroll_offset_y: float = 0.0


class Snapshot(Struct, frozen=True):
    """The answer of `DOMSnapshot.captureSnapshot`; the first document is the page's."""

    documents: list[Document]
    strings: list[str]


class AxValue(Struct, frozen=True):
    """A value of an accessibility tree."""

    value: Any = None


class AxProperty(Struct, frozen=True):
    """A state of a node."""

    name: str
    value: AxValue


class AxNode(Struct, frozen=True, rename="camel"):
    """A node of `Accessibility.getFullAXTree`."""

    ignored: bool = False
    role: AxValue | None = None
    name: AxValue | None = None
    value: AxValue | None = None
    properties: list[AxProperty] = []
    backend_dom_node_id: int | None = field(default=None, name="backendDOMNodeId")

    def state(self, name: str) -> Any:
        """The value of a state, None where it has none."""
        return next((p.value.value for p in self.properties if p.name == name), None)


class AxTree(Struct, frozen=True):
    """The answer of `Accessibility.getFullAXTree`."""

    nodes: list[AxNode]


class Tree:
    """A document's columns by node."""

    def __init__(self, document: Document, strings: list[str]) -> None:
        nodes, layout = document.nodes, document.layout
        self._strings, self._nodes = strings, nodes
        self.parent = nodes.parent_index
        self.scroll = (document.scroll_offset_x, document.scroll_offset_y)
        self.children: dict[int, list[int]] = {}
        for node, parent in enumerate(nodes.parent_index):
            self.children.setdefault(parent, []).append(node)
        self.bounds: dict[int, list[float]] = {}
        self.styles: dict[int, dict[str, str]] = {}
        self.text: dict[int, str] = {}
        for row, node in enumerate(layout.node_index):
            self.bounds.setdefault(node, layout.bounds[row])
            styles = layout.styles[row] if row < len(layout.styles) else []
            told = {name: self.said(one) for name, one in zip(STYLES, styles, strict=False)}
            self.styles.setdefault(node, told)
            self.text[node] = self.text.get(node, "") + self.said(layout.text[row])
        self.clickable = set(nodes.is_clickable.index)
        inner = nodes.content_document_index
        self.document = dict(zip(inner.index, inner.value, strict=False))

    def said(self, number: int) -> str:
        return self._strings[number] if 0 <= number < len(self._strings) else ""

    def name(self, node: int) -> str:
        return self.said(self._nodes.node_name[node]).upper()

    def identity(self, node: int) -> int:
        return self._nodes.backend_node_id[node]

    def is_text(self, node: int) -> bool:
        return self._nodes.node_type[node] == 3

    def attribute(self, node: int, name: str) -> str:
        row = self._nodes.attributes[node] if node < len(self._nodes.attributes) else []
        return next((self.said(v) for k, v in zip(row[::2], row[1::2], strict=False)
                     if self.said(k).lower() == name), "")  # fmt: skip

    def below(self, node: int) -> Iterator[int]:
        """`node` and everything under it, in order."""
        waiting = [node]
        while waiting:
            yield (next_one := waiting.pop())
            waiting.extend(reversed(self.children.get(next_one, [])))
