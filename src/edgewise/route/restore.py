"""Puts the values back for their stand-ins in what a cloud answered.

Only stand-ins that this very request sent are known (`values`), so that no answer can ask for what
it was not told of. Within a link nothing is put back: a link with a value in it would carry the
value to whoever wrote the link (`link.py`). Works on whole texts, on the values of JSON, and on
streams that are cut anywhere.
"""

import codecs
import json
import re
from collections.abc import Mapping

from edgewise.core.signal import JsonValue
from edgewise.route.link import LONGEST_BOND, LinkWatch, binds
from edgewise.route.pseudonym import KIND_OF, LONGEST_MENTION, MENTION, standin_of

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_KEY_FOLLOWS = re.compile(r"[ \t\r\n]*+:")
_MOST_NESTED = 4
_OPENS = ("&lt;", *"<〈《‹＜«")
_STROKES = str.maketrans("", "", " _＿-\\")


def restore(text: str, values: Mapping[str, str]) -> str:
    """`text` with the value for each stand-in that `values` knows."""
    stream = StreamRestorer(values)
    return stream.feed(text) + stream.finish()


def restore_arguments(arguments: str, values: Mapping[str, str]) -> str:
    """The JSON of a tool's arguments with values put back in its strings, not in names of fields.

    Valid JSON stays valid, and what holds no stand-in stays as it was, character by character. What
    is no JSON is given back unchanged. A string that is JSON itself is treated as such.
    """
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return _restored_json(arguments, values, 0)


def restore_value(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    """The same for arguments that are decoded already."""
    return json.loads(restore_arguments(json.dumps(value, ensure_ascii=False), values))


def _restored_json(text: str, values: Mapping[str, str], depth: int) -> str:
    def put_back(literal: re.Match[str]) -> str:
        if _KEY_FOLLOWS.match(text, literal.end()):
            return literal[0]
        said = json.loads(literal[0])
        restored = _restored_string(said, values, depth)
        return literal[0] if restored == said else json.dumps(restored, ensure_ascii=False)

    return _STRING.sub(put_back, text)


def _restored_string(said: str, values: Mapping[str, str], depth: int) -> str:
    if said[:1] in ("{", "[") and depth < _MOST_NESTED:
        try:
            json.loads(said)
        except (ValueError, RecursionError):
            pass
        else:
            return _restored_json(said, values, depth + 1)
    return restore(said, values)


class StreamRestorer:
    """Puts values back in a text that comes in pieces, of characters or of bytes in UTF-8.

    What may be the beginning of a stand-in is held back until it is decided, and a stand-in with
    what follows it without a blank until it is known to be no link, never more than
    `LONGEST_MENTION` and `LONGEST_BOND` characters; `finish` gives the rest.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._before = ""
        self._link = LinkWatch()
        self._begins = _beginnings(values)

    def feed(self, piece: str | bytes) -> str:
        """What can be said after this piece."""
        self._held += piece if isinstance(piece, str) else self._decoder.decode(piece)
        safe = self._undecided()
        said, self._held = self._put_back(self._held, safe, is_whole=False)
        return said

    def finish(self) -> str:
        """The rest, once nothing more comes."""
        self._held += self._decoder.decode(b"", final=True)
        said, self._held = self._put_back(self._held, len(self._held), is_whole=True)
        return said

    def _undecided(self) -> int:
        """Where what may still become a stand-in begins."""
        held = self._held
        for start in range(max(0, len(held) - LONGEST_MENTION), len(held)):
            if self._may_begin(held, start):
                return start
        return len(held)

    def _may_begin(self, held: str, start: int) -> bool:
        rest = held[start:]
        bare = rest
        for opening in _OPENS:
            if rest.startswith(opening):
                bare = rest[len(opening) :]
                break
            if opening.startswith(rest):
                return True
        else:
            if rest[0] in " _＿-\\":
                return False
        one = MENTION.match(self._before + held, len(self._before) + start)
        if one is not None:
            after = one.string[one.end() :]
            return one[0][-1] not in ">;〉》›＞»" and _may_close(after)
        return bare.upper().translate(_STROKES) in self._begins

    def _put_back(self, held: str, safe: int, *, is_whole: bool) -> tuple[str, str]:
        """What stands before `safe` with values put back, and what is left of `held`: a stand-in
        stays in it until it is known whether what follows makes a link of it."""
        text, skip = self._before + held, len(self._before)
        safe, end = safe + skip, skip
        pieces: list[str] = []
        for one in MENTION.finditer(text, skip):
            if one.start() >= safe:
                break
            self._say(text[end : one.start()], pieces)
            value = self._values.get(standin_of(one))
            bound = value is not None and binds(text[one.end() : one.end() + LONGEST_BOND + 1])
            if bound is None and not is_whole and not self._link.is_open:
                safe = end = one.start()
                break
            if value is None or self._link.is_open or bound:
                pieces.append(one[0])
                self._link.read("_")
            else:
                pieces.append(value)
                self._link.end()
            end = one.end()
        cut = max(safe, end)
        self._say(text[end:cut], pieces)
        self._before = text[max(0, cut - 1) : cut]
        return "".join(pieces), text[cut:]

    def _say(self, text: str, pieces: list[str]) -> None:
        pieces.append(text)
        self._link.read(text)


def _may_close(rest: str) -> bool:
    """Whether a closing bracket may still come after a stand-in."""
    bare = rest.lstrip(" ")
    return len(rest) - len(bare) <= 2 and "&gt;".startswith(bare)


def _beginnings(values: Mapping[str, str]) -> frozenset[str]:
    """All that a stand-in of this request may begin with, without brackets and strokes."""
    begins = {""}
    for standin in values:
        word, _, tag = standin[1:-1].partition("_")
        for spelt in (each for each, kind in KIND_OF.items() if kind.value == word):
            whole = spelt + tag
            begins.update(whole[:length] for length in range(1, len(whole) + 1))
    return frozenset(begins)
