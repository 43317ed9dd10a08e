"""Secrets that were said once, known again wherever they are said again.

Of a card's number, a password, a code nothing is kept but keyed digests: of each as a whole, and of
its first characters, so that a text is looked through in time linear in its length. A secret is
known in any letters and with any blanks, dashes or dots within it, where no letter goes on to a
letter beside it and no digit to a digit. It does not know what a secret looks like: that is the
recognisers' (`recognise/`).
"""

import hmac
import re
from collections.abc import Iterator

from edgewise.errors import DeviceError
from edgewise.route.recognise.folded import alike, fold
from edgewise.route.recognise.found import Found, Kind, found

HEAD = 3
"""Characters; what is shorter is none of anybody's secrets, and stands in every text."""
_LEAST_PART = 4
_PARTS = re.compile(r"[,;，；、]+")
_ENDS = " .!?:()[]{}<>\"'`*"
_SIGN = re.compile(r"[^\s.\-]")


class Hidden:
    """The digests of one session's secrets; `key` is the session's, `most` how many it holds."""

    def __init__(self, key: bytes, most: int) -> None:
        self._key = key
        self._most = most
        self._kinds: dict[bytes, Kind] = {}
        self._lengths: dict[bytes, set[int]] = {}

    def hold(self, kind: Kind, value: str) -> None:
        """Know `value` again. Raises DeviceError when there is no room for another."""
        for each in _wordings(value):
            self._hold(kind, each)

    def _hold(self, kind: Kind, value: str) -> None:
        bare = "".join(_SIGN.findall(alike(fold(value))))
        if len(bare) < HEAD:
            return
        digest = self._digest(bare)
        if digest not in self._kinds and len(self._kinds) >= self._most:
            raise DeviceError(
                f"this session holds {self._most} secrets, the most: begin a new session",
                code="too_many_values",
            )
        self._kinds[digest] = kind
        self._lengths.setdefault(self._digest(bare[:HEAD]), set()).add(len(bare))

    def find(self, text: str) -> Iterator[Found]:
        """Where a secret that is held stands in `text`."""
        if not self._kinds:
            return
        folded = fold(text)
        said = alike(folded)
        places = [one.start() for one in _SIGN.finditer(said)]
        bare = "".join(said[place] for place in places)
        heads: dict[str, set[int]] = {}
        for at, place in enumerate(places):
            head = bare[at : at + HEAD]
            if _goes_on(said[place - 1 : place], said[place]):
                continue
            if head not in heads:
                heads[head] = self._lengths.get(self._digest(head), set())
            for length in heads[head]:
                if at + length > len(places):
                    continue
                end = places[at + length - 1] + 1
                if _goes_on(said[end - 1], said[end : end + 1]):
                    continue
                kind = self._kinds.get(self._digest(bare[at : at + length]))
                if kind is not None:
                    yield found(kind, *folded.original(place, end))

    def clear(self) -> None:
        """Forget them."""
        self._kinds.clear()
        self._lengths.clear()

    def _digest(self, bare: str) -> bytes:
        said = b"secret\0" + bare.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, said, "sha256")


def _wordings(value: str) -> set[str]:
    """A secret as it was found, and as it may have been meant: without the signs of the sentence
    around it, and its parts where a comma that nothing follows has joined two."""
    parts = [part.strip(_ENDS) for part in _PARTS.split(value)]
    owned = [part[:-2] for part in parts if part.endswith(("'s", "’s"))]
    meant = {part for part in (*parts, *owned) if len(part) >= _LEAST_PART}
    return {value, value.strip(_ENDS), *meant}


def _goes_on(before: str, after: str) -> bool:
    """Whether a word or a number that ends in `before` goes on with `after`."""
    both = before.isascii() and after.isascii()
    letters = before.isalpha() and after.isalpha()
    return both and (letters or (before.isdigit() and after.isdigit()))
