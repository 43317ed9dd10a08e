"""A person's file as a document: its text, and a label that keeps it on the device.

Plain text, Markdown, CSV and JSON are taken as they are; of HTML what a reader sees. The words of a
file are nobody's who speaks here: they are content and propose nothing.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from pathlib import PurePath
from typing import Any

from edgewise.core.label import Label, Origin, OriginKind, Residency, Sensitivity
from edgewise.core.part import DocumentPart
from edgewise.core.regex import regex
from edgewise.core.signal import as_list, as_object
from edgewise.errors import UserError

PURPOSE = "document"
MOST_BYTES = 1_000_000
"""Of all documents of one question: about 250,000 tokens, looked through in some seconds."""
MOST_DOCUMENTS = 4
NAMES = (".txt", ".md", ".markdown", ".json", ".csv", ".tsv", ".log", ".html", ".htm", "")
"""How the names of files end that are taken; the last: without an ending."""
_HTML = (".html", ".htm")
_SILENT = frozenset({"template", "noscript"})
_RAW = {
    name: re.compile(rf"</{name}(?![a-z0-9])", re.IGNORECASE | re.ASCII)
    for name in ("script", "style")
}
_TAG = re.compile(r"<!--|<(/?[A-Za-z][^\s/>]*+)|<[!?]")
_NO_NUMBER = re.compile(r"&(?=#[xX]?[0-9a-fA-F]{9})")
"""Of more digits than any sign has; of some thousand `unescape` fails."""
_TAG_END = re.compile(r">|=\s*+[\"']")
_BLOCK_NAMES = (
    "address article br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section"
    " table title tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_WAY_CHARACTERS = 200
_BLANK = regex(r"[^\S\n]+")
_BREAKS = regex(r"\s*\n\s*\n\s*")


def document_from(name: str, data: bytes, *, private: bool = False) -> DocumentPart:
    """The document in a file's bytes. `private`: nothing that is made of it leaves the device.

    Raises UserError for a kind of file that is not read, one that is too large, holds nothing or is
    not UTF-8.
    """
    if len(data) > MOST_BYTES:
        told = f"it has {len(data):,} bytes, the limit is {MOST_BYTES:,}"
        raise _refused(name, told, "give a part of it")
    ending = PurePath(name).suffix.lower()
    try:
        text = data.decode("utf-8-sig") if ending in NAMES else ""
    except UnicodeDecodeError as error:
        raise _refused(name, f"byte {error.start} is not UTF-8", _REMEDY) from error
    return document_of(name, text, private=private)


def document_of(
    name: str, text: str, *, private: bool = False, as_it_is: bool = False
) -> DocumentPart:
    """The document with that text; see `document_from`. `as_it_is`: what the ending of its name
    would have taken off is off already."""
    name = PurePath(name).name
    ending = "" if as_it_is else PurePath(name).suffix.lower()
    if ending not in NAMES:
        raise _refused(name, f"files of the kind {ending} are not read here", _REMEDY)
    if ending in _HTML:
        text = _seen(text)
    elif ending == ".json":
        text = _spread(name, text)
    text = _tidy(text)
    if not text:
        raise _refused(name, "it holds no text", "give another one")
    size_bytes = len(text.encode("utf-8", "replace"))
    return DocumentPart(name, text, label_of_document(name, private=private), size_bytes)


def label_of_document(name: str, *, private: bool = False) -> Label:
    """Personal, untrusted, and for one purpose alone: what is derived from it goes with no other
    question to a cloud. That it never goes whole is held by the way it is asked
    (`agent.by_delegate`)."""
    return Label(
        (Origin(OriginKind.FILE, name),),
        residency=Residency.DEVICE if private else Residency.ANY,
        sensitivity=Sensitivity.PERSONAL,
        purposes=(PURPOSE,),
    )


def check_documents(documents: Sequence[DocumentPart]) -> None:
    """Raises UserError for more than one question can be asked about."""
    if len(documents) > MOST_DOCUMENTS:
        raise UserError(
            f"{len(documents)} documents came with one question, at most {MOST_DOCUMENTS} may; ask"
            " about fewer",
            code="bad_document",
        )
    size_bytes = sum(one.size_bytes for one in documents)
    if size_bytes > MOST_BYTES:
        raise UserError(
            f"the documents have {size_bytes:,} bytes together, the limit is {MOST_BYTES:,}; give"
            " parts of them",
            code="bad_document",
        )


def _tidy(text: str) -> str:
    """Lines as they were, without control characters; at most one empty line between two."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    kept = "".join(c if c == "\n" or not _is_control(c) else " " for c in lines)
    kept = unicodedata.normalize("NFC", _BLANK.sub(" ", kept))
    return _BREAKS.sub("\n\n", kept).strip()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cf", "Co")


def _spread(name: str, text: str) -> str:
    """JSON as one value a line, each with the end of the way to it. Raises UserError where that is
    longer than a document may be: a name is said again with all that is below it."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(name, f"it is not JSON ({error})", "name it .txt to have it as it is") from (
            error
        )
    lines: list[str] = []
    left = MOST_BYTES
    waiting: list[tuple[str, Any]] = [("", held)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            inner = [
                (f"{path} {key}".strip()[-_WAY_CHARACTERS:], one)
                for key, one in as_object(value).items()
            ]
            waiting += reversed(inner)
        elif isinstance(value, list):
            waiting += [(path, one) for one in reversed(as_list(value))]
        else:
            lines.append(f"{path}: {value}" if path else str(value))
            left -= len(lines[-1]) + 1
            if left < 0:
                told = f"with the way to each value it has more than {MOST_BYTES:,} characters"
                raise _refused(name, told, "give a part of it, or name it .txt")
    return "\n".join(lines)


def _seen(text: str) -> str:
    """What of a page a reader sees; hidden by style is not looked at. It takes time linear in its
    length whatever the page holds, which `html.parser` does not (40 KB took 13 s)."""
    pieces: list[str] = []
    silent, at = 0, 0
    while at < len(text):
        begin, end, name = _next_tag(text, at)
        if not silent:
            pieces.append(_plain(text[at:begin]))
        at = end
        bare = name.strip("/")
        if bare in _RAW and name == bare:
            closing = _RAW[bare].search(text, at)
            at = closing.start() if closing is not None else len(text)
        elif bare in _SILENT and name in (bare, f"/{bare}"):
            silent = max(0, silent + (1 if name == bare else -1))
        pieces.append("\n\n" if bare in _BLOCKS else " " if bare in _CELLS else "")
    return "".join(pieces)


def _next_tag(text: str, at: int) -> tuple[int, int, str]:
    """Where the next tag or comment begins and ends, and its name in small letters, with a stroke
    before it where it closes, behind it where it is empty. One without an end is text."""
    for one in _TAG.finditer(text, at):
        if one[0] == "<!--":
            end = text.find("-->", one.end())
            return one.start(), end + 3 if end >= 0 else len(text), ""
        place = one.end()
        while (found := _TAG_END.search(text, place)) is not None:
            if found[0] == ">":
                empty = "/" if text[found.start() - 1] == "/" and one[1] else ""
                return one.start(), found.end(), (one[1] or "").lower() + empty
            place = text.find(found[0][-1], found.end()) + 1 or found.end()
        break
    return len(text), len(text), ""


def _plain(text: str) -> str:
    """With the signs that stand as names or numbers (`&amp;`)."""
    return unescape(_NO_NUMBER.sub("&amp;", text))


def _refused(name: str, what: str, remedy: str) -> UserError:
    return UserError(f"the document {name!r}: {what}; {remedy}", code="bad_document")


_REMEDY = "give its text as .txt, .md, .html, .csv or .json in UTF-8"
