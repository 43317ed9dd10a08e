"""Whether a text that is read piece by piece stands within a link, as anybody might read it.

Renderers differ in where a link begins and ends, and whoever wrote the text knows which one shows
it. So what some of them take for a link is one, and it lasts to the next blank of ASCII: quotes,
brackets and Chinese stops do not end it. Where it stands in quotes, or as `](<…`, it may hold
blanks and lasts to what closes them. Relative links go nowhere else and are not looked for.
"""

import re

LONGEST = 160
"""Characters of a word that are remembered; what opens a link is never as long."""
_OPENS = re.compile(
    r"[/\\]{2}|\bwww\.|\]\(|\bmailto:|\b(?:src|href)=|\burl\(|[a-z]:\d{2,5}[/?#]"
    r"|[\w\-]\.[a-z]{2,63}(?::\d{1,5})?[/\\?#]|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?[/\\?#]"
    r"|\?[^\s=?]{0,64}=",
    re.IGNORECASE,
)
_LAST = frozenset("/\\.(:=?#")
"""All that may end `_OPENS`: nothing is looked for after another character."""
_MAY_BE_CLOSED = frozenset({"](", "src=", "href=", "url("})
"""After which the link itself may stand in quotes or brackets."""
_BLANKS = frozenset(" \t\n\r\f\v")
_CLOSES = {'"': '"', "'": "'", "<": ">"}


class LinkWatch:
    """Reads a text in any pieces; `is_open` is of what would come next."""

    def __init__(self) -> None:
        self.is_open = False
        self._word = ""
        self._until = ""
        self._begins = False

    def read(self, text: str) -> None:
        """What comes next of the text."""
        for one in text:
            self._read(one)

    def end(self) -> None:
        """A new word begins, whatever stands before it."""
        self.is_open, self._word, self._until, self._begins = False, "", "", False

    def _read(self, one: str) -> None:
        if self._until:
            self._until = "" if one == self._until else self._until
            return
        if one in _BLANKS:
            self.end()
            return
        begins, self._begins = self._begins, False
        self._word = (self._word + one)[-LONGEST:]
        if not self.is_open and one in _LAST and (opens := _OPENS.search(self._word)):
            self.is_open = True
            self._until = _closing(self._word[: opens.start()])
            self._begins = opens[0].lower() in _MAY_BE_CLOSED
        elif begins:
            self._until = _CLOSES.get(one, "")


def _closing(before: str) -> str:
    """What closes the quotes that stand open before a link."""
    for place in range(len(before) - 1, -1, -1):
        if (one := before[place]) in "\"'<":
            return "" if one in before[:place] else _CLOSES[one]
    return ""
