"""Whether a text that is read piece by piece stands within a link, as anybody might read it.

Renderers differ in where a link begins and ends, and whoever wrote the text knows which one shows
it. So what some of them take for a link is one, and it lasts to the next blank of ASCII: quotes,
brackets and Chinese stops do not end it. Where it stands in quotes, or as `](…)`, it may hold
blanks and lasts to what closes them. What follows a value may make a link of it as well (`binds`).
In doubt it is a link: a stand-in that is shown is better than a value that leaves.
"""

import re

LONGEST = 160
"""Characters of a word that are remembered; what opens a link is never as long."""
_OPENS = re.compile(
    r"[/\\／]{2}|\bwww[.。．｡]|\]\(|\b(?:src|href)=|\burl\(|[a-z]:\d{2,5}[/?#／]"
    r"|\b(?:mailto|data|javascript|vbscript|intent|tel|sms|smsto|geo|blob|view-source|weixin):"
    r"|[\w\-](?:[.．](?:[^\W\d_]{2,63}|xn--[a-z0-9\-]{1,59})|[。｡][^\W\d_\u4e00-\u9fff]{2,63})"
    r"(?::\d{1,5})?[/\\?#／]|\b\d{1,3}(?:[.。．｡]\d{1,3}){3}(?::\d{1,5})?[/\\?#／]"
    r"|\b0x[0-9a-f]{1,8}[.。．｡0-9a-fx]{0,32}[/\\?#／]|\][/／]|\b[a-z][a-z0-9\-]{1,62}[/／]"
    r"|\?[^\s=?]{0,64}=",
    re.IGNORECASE,
)
_LAST = frozenset("/\\.(:=?#／。．｡")
"""All that may end `_OPENS`: nothing is looked for after another character."""
_MAY_BE_CLOSED = frozenset({"](", "src=", "href=", "url("})
"""After which the link itself may stand in quotes or brackets."""
_BLANKS = frozenset(" \t\n\r\f\v")
_CLOSES = {'"': '"', "'": "'", "<": ">"}
_WRAPS = r"[)\]}*`'\"”’]{0,8}[a-z0-9\-_%+~]{0,63}"
_BINDS = re.compile(
    rf"{_WRAPS}(?:[.．][^\W_]|[.．。｡]<|[。｡][a-z0-9]|[@＠]|:[^\s@:]{{0,63}}[@＠])", re.IGNORECASE
)
_MAY_BIND = re.compile(rf"{_WRAPS}(?:[.．。｡]|:[^\s@:]{{0,63}})?\Z", re.IGNORECASE)
LONGEST_BOND = 136
"""Characters after a value that are waited for, at most, to know what they make of it."""


def binds(after: str) -> bool | None:
    """Whether what follows a value without a blank would make an address or a link of it; `None`
    where more must come before that is known."""
    if _BINDS.match(after):
        return True
    return None if _MAY_BIND.match(after) else False


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
        begins, self._begins = self._begins, False
        if begins and one in _CLOSES:
            self._until = _CLOSES[one]
            return
        if self._until:
            self._until = "" if one == self._until else self._until
            return
        if one in _BLANKS:
            self.end()
            return
        self._word = (self._word + one)[-LONGEST:]
        if not self.is_open and one in _LAST and (opens := _OPENS.search(self._word)):
            self.is_open = True
            self._until = _closing(self._word[: opens.start()])
            self._begins = opens[0].lower() in _MAY_BE_CLOSED
            if opens[0] == "](":
                self._until = ")"


def _closing(before: str) -> str:
    """What closes the quotes that stand open before a link."""
    for place in range(len(before) - 1, -1, -1):
        if (one := before[place]) in "\"'<":
            return "" if one in before[:place] else _CLOSES[one]
    return ""
