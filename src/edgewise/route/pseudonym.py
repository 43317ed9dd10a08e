"""Stand-ins for personal data: one for a value through a session, another in other sessions.

A stand-in looks like `<PHONE_7K2Q>`: a word that a model keeps in any sentence, and a tag of four
signs without vowels, never all digits, so that it is no word and no number. The tag is a keyed
digest, which tells nothing to who lacks the key. What a model makes of a stand-in is known again by
`MENTION`: another case, a blank or a backslash for the stroke, lost, doubled or Chinese brackets,
the word in Chinese.

Values are held in memory only, as many as `MOST_VALUES`. Kinds of `NEVER_RESTORED` are not held at
all; they become `<CARD_HIDDEN>`. Whatever in a text looks like a stand-in already is replaced by
one itself, so that nobody's text is ever taken for a value. What was replaced once is replaced
wherever it stands again, also where no rule would find it: an answer repeats a name without the
words that gave it away.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgewise.errors import DeviceError, TrustError
from edgewise.route.recognise.found import NEVER_RESTORED, Found, Kind, found, settle

MOST_VALUES = 10_000
"""A session that has more is asked to begin anew; a person's day has some dozens."""
SIGNS = "23456789BCDFGHJKMNPQRTVWXZ"
TAG_SIGNS = 4
HIDDEN = "HIDDEN"
WORDS = {
    Kind.PERSON: ("姓名", "人名", "人员"),
    Kind.PLACE: ("地点",),
    Kind.ADDRESS: ("地址",),
    Kind.LOCATION: ("位置", "坐标"),
    Kind.PHONE: ("电话", "手机", "手机号", "电话号码"),
    Kind.EMAIL: ("邮箱", "邮件", "电子邮件"),
    Kind.IP: (),
    Kind.URL: ("链接", "网址"),
    Kind.PLATE: ("车牌", "车牌号"),
    Kind.VIN: ("车架号",),
    Kind.COMPANY: ("公司", "企业"),
    Kind.BIRTHDAY: ("生日", "出生日期"),
    Kind.AGE: ("年龄",),
    Kind.TEXT: ("文本", "文字"),
}
"""Kinds that are put back, each with the words that a model may translate its own to."""
KIND_OF = {word: kind for kind, others in WORDS.items() for word in (kind.value, *others)}
OPEN, CLOSE = "(?:&lt;|[<〈《‹＜«])", "(?:&gt;|[>〉》›＞»])"
_SPELT = "|".join(sorted(map(re.escape, KIND_OF), key=len, reverse=True))
MENTION = re.compile(
    rf"(?:{OPEN}[ ]{{0,2}})?(?<![A-Za-z0-9])(?P<word>{_SPELT})[ _＿\-\\]{{0,3}}"
    rf"(?=[2-9]{{0,3}}[B-Z])(?P<tag>[{SIGNS}]{{{TAG_SIGNS}}})(?![A-Za-z0-9])(?:[ ]{{0,2}}{CLOSE})?",
    re.IGNORECASE | re.ASCII,
)
FEWEST_CHARACTERS = dict.fromkeys(WORDS, 2) | {Kind.BIRTHDAY: 6}
"""From which length on a value is looked for again: a year alone is not somebody's birthday."""
_ONCE = frozenset({Kind.AGE, Kind.TEXT})
"""Not looked for again: a number of years is any number, and `MENTION` finds the other."""
LONGEST_MENTION = 40
"""No text that MENTION matches is longer (brackets as entities, blanks, word, strokes, tag)."""


class Redacted(Struct, frozen=True):
    """A text without personal data: the stand-ins that are in it and can be put back, and how often
    each kind was replaced."""

    text: str
    standins: frozenset[str] = frozenset()
    counts: dict[str, int] = {}


class Pseudonyms:
    """The stand-ins of one session. `key` is the device's secret."""

    def __init__(self, key: bytes, session: str) -> None:
        if len(key) < 16:
            raise TrustError(f"a key of {len(key)} bytes hides nothing: give 16 or more")
        self._key = hmac.digest(key, b"pseudonyms\0" + session.encode("utf-8", "replace"), "sha256")
        self._values: dict[str, str] = {}
        self._standins: dict[tuple[Kind, str], str] = {}

    @property
    def held(self) -> int:
        """How many values are held."""
        return len(self._values)

    def redact(self, text: str, findings: Iterable[Found]) -> Redacted:
        """`text` with a stand-in for each finding, and for what looks like one already.

        Raises TrustError where a stand-in would not be known again, DeviceError when there is no
        room for another value; then nothing of the text may be sent.
        """
        alike = (found(Kind.TEXT, *one.span()) for one in MENTION.finditer(text))
        pieces: list[str] = []
        standins: list[str] = []
        counts = Counter[str]()
        end = 0
        for one in settle([*findings, *self._again(text), *alike]):
            standin = self.standin(one.kind, text[one.start : one.end])
            pieces += (text[end : one.start], standin)
            end = one.end
            counts[one.kind.name.lower()] += 1
            if one.kind not in NEVER_RESTORED:
                standins.append(standin)
        pieces.append(text[end:])
        redacted = "".join(pieces)
        if [one[0] for one in MENTION.finditer(redacted)] != standins:
            raise TrustError("a text was not sent: parts of it read like a stand-in of another")
        return Redacted(redacted, frozenset(standins), dict(counts))

    def standin(self, kind: Kind, value: str) -> str:
        """What stands for `value`; a kind that is never restored leaves no trace here."""
        if kind in NEVER_RESTORED:
            return f"<{kind.value}_{HIDDEN}>"
        known = self._standins.get((kind, value))
        if known is not None:
            return known
        if len(self._values) >= MOST_VALUES:
            raise DeviceError(
                f"this session holds {MOST_VALUES} personal values, the most: begin a new session",
                code="too_many_values",
            )
        attempt = 0
        while True:
            tag = self._tag(kind, value, attempt)
            standin = f"<{kind.value}_{tag}>"
            if standin not in self._values and not tag.isdigit():
                break
            attempt += 1
        self._values[standin] = value
        self._standins[kind, value] = standin
        return standin

    def _again(self, text: str) -> Iterator[Found]:
        """Where a value that is held stands in `text` as a word of its own."""
        for kind, value in list(self._standins):
            if kind in _ONCE or len(value) < FEWEST_CHARACTERS[kind]:
                continue
            start = text.find(value)
            while start >= 0:
                end = start + len(value)
                if not (
                    _joined(text[start - 1 : start], value[0])
                    or _joined(value[-1], text[end : end + 1])
                ):
                    yield found(kind, start, end)
                start = text.find(value, end)

    def values(self, standins: Iterable[str]) -> Mapping[str, str]:
        """The values behind the stand-ins of one request; what this session does not hold, is left
        out."""
        return {each: self._values[each] for each in standins if each in self._values}

    def digest(self, data: bytes) -> str:
        """A keyed digest, the same for the same data within the session."""
        return hmac.new(self._key, b"digest\0" + data, hashlib.sha256).hexdigest()

    def clear(self) -> None:
        """Forgets all values: the session's end, or a wish to be forgotten (rule P10)."""
        self._values.clear()
        self._standins.clear()

    def _tag(self, kind: Kind, value: str, attempt: int) -> str:
        said = f"{kind.value}\0{attempt}\0{value}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(hmac.digest(self._key, said, "sha256")[:8], "big")
        signs: list[str] = []
        for _ in range(TAG_SIGNS):
            number, sign = divmod(number, len(SIGNS))
            signs.append(SIGNS[sign])
        return "".join(signs)


def _joined(before: str, after: str) -> bool:
    """Whether two characters belong to one word that is written with blanks around it."""
    return all(one.isascii() and one.isalnum() for one in (before, after))


def standin_of(mention: re.Match[str]) -> str:
    """The stand-in that a match of MENTION means."""
    return f"<{KIND_OF[mention['word'].upper()].value}_{mention['tag'].upper()}>"
