"""Searches a stream of bytes for canaries: marked texts that must not be in it, in any dress.

A canary is found across the borders of chunks: as it is, without regard to ASCII case; backwards,
by characters and by bytes; as hex; as UTF-16 of either order; in JSON, percent or form escapes,
also twice over (a tool call's arguments are JSON inside JSON); as base64 or base64url at any of the
three alignments, broken into lines or not. Not found: encryption, HTML entities, quoted-printable,
other compressions, a text cut into pieces or reworded. Content codings and frames of a transport
are taken off by `request_reader`.

Each chunk is searched by one expression a view, all its needles as a tree: 0.2 to 0.4 ms for 2 KB,
nearly whatever the number of canaries. The exact place is only looked for when there is a find.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from edgewise.errors import UserError

SHORTEST_BYTES = 6
"""In UTF-8. Below this, base64 leaves fewer than seven sure characters: found by chance."""
WIDEST_ESCAPE = 12
"""Bytes that one byte of a canary takes at most: `%5C%5Cu0041` has 11."""
# Each alternative begins with a plain character, so that `re` skips to the next of the two.
_ESCAPED = re.compile(
    rb"%([0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*)"
    rb"|\\(?:\\*(?:(u[0-9a-fA-F]{4}(?:\\+u[0-9a-fA-F]{4})*)"
    rb'|(["/bfnrt]))'
    rb"|\\*)"
)
_UNIT = re.compile(rb"u([0-9a-fA-F]{4})")
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_END = -1
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")

View = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Found:
    """A canary in a stream: which, in what form, and the bytes it takes there, from 0."""

    canary: str
    form: str
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for in one view of the stream."""

    canary: str
    form: str
    sought: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """One view of the stream, and an expression that matches where any needle of it is."""

    view: View
    needles: tuple[Needle, ...]
    any_of: re.Pattern[bytes]


class CanarySearch:
    """The canaries, made ready. One search serves any number of streams.

    Raises UserError for a canary so short that it would be found by chance.
    """

    def __init__(self, canaries: Sequence[str]) -> None:
        self.canaries = tuple(dict.fromkeys(canaries))
        for canary in self.canaries:
            size = len(unescape(canary.encode()))
            if size < SHORTEST_BYTES:
                raise UserError(
                    f"the canary {canary!r} has {size} bytes without escapes and would be found by"
                    f" chance; give it {SHORTEST_BYTES} or more",
                    code="bad_canary",
                )
        longest = max((len(canary.encode()) for canary in self.canaries), default=0)
        self.kept_bytes = longest * WIDEST_ESCAPE
        every = [needle for canary in self.canaries for needle in _needles(canary)]
        self.looks = tuple(
            Look(view, needles, _any_of([needle.sought for needle in needles]))
            for view in (_fold, _as_it_is, _pack)
            if (needles := tuple(needle for where, needle in every if where is view))
        )

    def stream(self) -> "CanaryStream":
        """A stream to be searched from its beginning."""
        return CanaryStream(self)


class CanaryStream:
    """One stream, fed in pieces. Each place that holds a canary is told once."""

    def __init__(self, search: CanarySearch) -> None:
        self._search = search
        self._tail = b""
        self._offset = 0

    def feed(self, piece: bytes) -> list[Found]:
        """What ends in this piece."""
        if not self._search.canaries or not piece:
            return []
        window, old = self._tail + piece, len(self._tail)
        found = list(self._find(window, old))
        start = max(0, len(window) - self._search.kept_bytes)
        self._tail = window[start:]
        self._offset += start
        return found

    def _find(self, window: bytes, old: int) -> Iterator[Found]:
        plain = unescape(window)
        for look in self._search.looks:
            for text, escaped in ((window, False), (plain, True))[: 1 + (plain != window)]:
                seen = look.view(text)
                if look.any_of.search(seen) is None:
                    continue
                for needle in look.needles:
                    if needle.sought in seen:
                        yield from self._places(window, old, needle, look.view, escaped=escaped)

    def _places(
        self, window: bytes, old: int, needle: Needle, view: View, *, escaped: bool
    ) -> Iterator[Found]:
        def shown(piece: bytes) -> bytes:
            return view(unescape(piece)) if escaped else view(piece)

        for start, end in _spans(window, needle.sought, shown):
            taken = window[start:end]
            if end <= old or (escaped and needle.sought in view(taken)):
                continue
            form = needle.form if not escaped else _dressed(needle.form, taken)
            yield Found(needle.canary, form, self._offset + start, end - start)


def unescape(data: bytes) -> bytes:
    """JSON and percent escapes taken off, two layers of them, with all backslashes.

    Before an escape nobody can tell how many backslashes are text; so none is kept, here and in
    what is looked for. Reads too much rather than too little: what is no escape where it stands is
    taken off too.
    """
    for _ in range(2):
        if b"\\" in data or b"%" in data:
            data = _ESCAPED.sub(_unescaped, data)
    return data


def _unescaped(match: re.Match[bytes]) -> bytes:
    percent, unicode, letter = match.groups()
    if percent:
        return bytes.fromhex(percent.replace(b"%", b"").decode())
    if unicode:
        units = bytes.fromhex(b"".join(_UNIT.findall(unicode)).decode())
        return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
    return _LETTERS.get(letter, letter) if letter else b""


def _spans(window: bytes, sought: bytes, shown: View) -> Iterator[tuple[int, int]]:
    """The places of `window` that look like `sought` when shown, from left to right.

    By halving, first for the end and then for the beginning: works for any view that shows a longer
    piece as no less.
    """
    base = 0
    while sought in shown(window[base:]):
        low, high = base, len(window)
        while low < high:
            middle = (low + high) // 2
            low, high = (
                (low, middle) if sought in shown(window[base:middle]) else (middle + 1, high)
            )
        end = low
        low, high = base, end
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if sought in shown(window[middle:end]) else (low, middle - 1)
        yield low, end
        base = low + 1


def _dressed(form: str, taken: bytes) -> str:
    """The form with the escapes it wears: `json`, `url`, `json+base64`."""
    worn = [name for mark, name in ((b"\\", "json"), (b"%", "url")) if mark in taken]
    return "+".join([*worn, *([] if form == "plain" else [form])]) or form


def _needles(canary: str) -> Iterator[tuple[View, Needle]]:
    """What to look for, without repetitions; the first form that a text has names it."""
    seen: set[tuple[View, bytes]] = set()
    for view, form, sought in _forms(canary):
        shown = sought.lower() if view is _fold else sought
        if (view, shown) not in seen:
            seen.add((view, shown))
            yield view, Needle(canary, form, shown)


def _forms(canary: str) -> Iterator[tuple[View, str, bytes]]:
    text, turned = canary.encode(), canary[::-1].encode()
    for form, plain in (("plain", text), ("reversed", turned), ("reversed", text[::-1])):
        yield _fold, form, plain
        yield _fold, form, unescape(plain)
        if b" " in plain:
            yield _fold, f"{form} with +", plain.replace(b" ", b"+")
    yield _fold, "hex", text.hex().encode()
    yield _as_it_is, "utf-16-le", canary.encode("utf-16-le")
    yield _as_it_is, "utf-16-be", canary.encode("utf-16-be")
    for inner in dict.fromkeys((text, json.dumps(canary)[1:-1].encode())):
        for core in _base64_cores(inner):
            yield _pack, "base64", core


def _any_of(needles: Sequence[bytes]) -> re.Pattern[bytes]:
    """Matches any needle: a tree of their beginnings, so that a byte is held against few."""
    root: dict[int, Any] = {}
    for needle in needles:
        node = root
        for byte in needle:
            node = node.setdefault(byte, {})
        node[_END] = {}
    return re.compile(_branches(root))


def _branches(node: dict[int, Any]) -> bytes:
    written = b""
    while len(node) == 1 and _END not in node:
        byte, node = next(iter(node.items()))
        written += re.escape(bytes([byte]))
    if _END in node:
        return written
    return (
        written
        + b"(?:"
        + b"|".join(re.escape(bytes([byte])) + _branches(below) for byte, below in node.items())
        + b")"
    )


def _base64_cores(text: bytes) -> Iterator[bytes]:
    """The characters that base64 surely has for a text, when it begins at each place of three."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + text)
        first = -(-before * 8 // 6)
        yield coded[first : (before + len(text)) * 8 // 6]


def _fold(data: bytes) -> bytes:
    return data.lower()


def _as_it_is(data: bytes) -> bytes:
    return data


def _pack(data: bytes) -> bytes:
    """Base64 as one line, in the standard alphabet."""
    return data.translate(_TO_STANDARD, b"\r\n")
