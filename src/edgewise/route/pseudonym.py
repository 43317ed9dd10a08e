"""Stand-ins for personal data: one for a value through a session, another in other sessions.

A stand-in looks like `<PHONE_7K2Q>`: a word that a model keeps in any sentence, and a tag of four
signs without vowels, never all digits, so that it is no word and no number. The tag is a keyed
digest, which tells nothing to who lacks the key. What a model makes of a stand-in is known again by
`MENTION`: another case, a blank or a backslash for the stroke, lost, doubled or Chinese brackets,
the word in Chinese.

Values are held in memory only, as many as `MOST_VALUES`. Kinds of `NEVER_RESTORED` become
`<CARD_HIDDEN>`, and of them no value is held, only what knows it again (`hidden.py`). Whatever in a
text looks like a stand-in already is replaced by one itself, so that nobody's text is ever taken
for a value. What was replaced once is replaced wherever it stands again, in whatever letters, also
where no rule would find it: an answer repeats a name without the words that gave it away.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgewise.errors import DeviceError, TrustError
from edgewise.route.hidden import Hidden
from edgewise.route.recognise.folded import alike, fold, unaccented
from edgewise.route.recognise.found import NEVER_RESTORED, Found, Kind, found, settle
from edgewise.route.recognise.known import COMMON
from edgewise.route.recognise.person import NO_NAMES, whole_name

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
_NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.COMPANY})
"""Mean the same in whatever letters they are written, and have one stand-in in all; the letters of
a link do not."""
_IN_ANY_GROUPING = NEVER_RESTORED | {Kind.PHONE, Kind.VIN, Kind.PLATE}
LEAST_PART = 6
"""From which length on a word of a name is one in small letters, too."""
_NO_GIVEN = frozenset(
    "建国 建军 国庆 平安 和平 光明 天天 方向 文化 文明 经理 老师 先生 女士 医生".split()  # noqa: SIM905
)
"""What is given to many and a word of its own."""
SHORTEST_NAME = 4
"""A shorter one, and one that is a word of English, too, counts with its capital alone: somebody is
called Will, and will it rain?"""
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
        self._alike: dict[tuple[Kind, str], str] = {}
        """Each as it is looked for again, with the first that was written so."""
        self._parts: set[str] = set()
        """Parts of names of people that are looked for in small letters, too."""
        self._hidden = Hidden(self._key, MOST_VALUES)
        self._redacted: set[str] = set()

    @property
    def held(self) -> int:
        """How many values are held."""
        return len(self._values)

    def redact(self, text: str, findings: Iterable[Found]) -> Redacted:
        """`text` with a stand-in for each finding, and for what looks like one already.

        Raises TrustError where a stand-in would not be known again, DeviceError when there is no
        room for another value; then nothing of the text may be sent.
        """
        findings = tuple(findings)
        for one in findings:
            if one.kind in _IN_ANY_GROUPING:
                self._hidden.hold(one.kind, text[one.start : one.end])
        mentions = (found(Kind.TEXT, *one.span()) for one in MENTION.finditer(text))
        again = (*self._hidden.find(text), *self._again(text))
        pieces: list[str] = []
        standins: list[str] = []
        counts = Counter[str]()
        end = 0
        for one in settle([*findings, *again, *mentions]):
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
        if len(self._redacted) >= MOST_VALUES:
            self._redacted.clear()
        self._redacted.add(self.digest(text.encode("utf-8", "replace")))
        return Redacted(redacted, frozenset(standins), dict(counts))

    def has_redacted(self, text: str) -> bool:
        """Whether what is personal in just this text is known already."""
        return self.digest(text.encode("utf-8", "replace")) in self._redacted

    def standin(self, kind: Kind, value: str) -> str:
        """What stands for `value`; a kind that is never restored leaves no trace here."""
        if kind in NEVER_RESTORED:
            return f"<{kind.value}_{HIDDEN}>"
        known = self._standins.get((kind, value))
        if known is not None:
            return known
        written = alike(fold(value))
        if kind in _NAMES and (first := self._alike.get((kind, written))) is not None:
            return self._standins[kind, first]
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
        self._alike.setdefault((kind, written), value)
        if kind is Kind.PERSON:
            self._parts.update(_parts_of(written))
        return standin

    def _again(self, text: str) -> Iterator[Found]:
        """Where a value that is held stands in `text` as a word of its own."""
        folded = fold(text)
        written = alike(folded)
        bare = unaccented(written)
        parts = (((Kind.PERSON, part), part) for part in self._parts)
        for (kind, value), first in (*self._alike.items(), *parts):
            if kind in _ONCE or len(value) < FEWEST_CHARACTERS[kind]:
                continue
            capital = kind in _NAMES and first[0].isupper() and _is_common(value)
            said, value = (bare, unaccented(value)) if kind in _NAMES else (written, value)  # noqa: PLW2901
            start = said.find(value)
            while start >= 0:
                end = start + len(value)
                joined = _joined(said[start - 1 : start], value[0]) or _joined(
                    value[-1], said[end : end + 1]
                )
                if not joined and not (capital and folded.text[start].islower()):
                    whole = whole_name if kind is Kind.PERSON else _as_it_is
                    yield found(kind, *folded.original(*whole(folded.text, start, end)))
                start = said.find(value, end)

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
        self._alike.clear()
        self._parts.clear()
        self._hidden.clear()
        self._redacted.clear()

    def _tag(self, kind: Kind, value: str, attempt: int) -> str:
        said = f"{kind.value}\0{attempt}\0{value}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(hmac.digest(self._key, said, "sha256")[:8], "big")
        signs: list[str] = []
        for _ in range(TAG_SIGNS):
            number, sign = divmod(number, len(SIGNS))
            signs.append(SIGNS[sign])
        return "".join(signs)


def _as_it_is(_: str, start: int, end: int) -> tuple[int, int]:
    return start, end


def _joined(before: str, after: str) -> bool:
    """Whether two characters belong to one word that is written with blanks around it."""
    return all(one.isascii() and one.isalnum() for one in (before, after))


def _parts_of(name: str) -> Iterator[str]:
    """The words of a name that are nobody's but a name's, and what was given in a Chinese one."""
    for part in name.split():
        if len(part) >= LEAST_PART and part.isalpha() and not _is_common(part):
            yield part
    is_chinese = len(name) == 3 and all("\u4e00" <= one <= "\u9fff" for one in name)
    if is_chinese and name[1:] not in _NO_GIVEN:
        yield name[1:]


def _is_common(name: str) -> bool:
    """Whether a name in small letters may be no name."""
    return len(name) < SHORTEST_NAME or name in COMMON or name in NO_NAMES


def kind_of(standin: str) -> Kind:
    """The kind of a stand-in that this module made."""
    return KIND_OF[standin[1 : standin.rindex("_")]]


def standin_of(mention: re.Match[str]) -> str:
    """The stand-in that a match of MENTION means."""
    return f"<{KIND_OF[mention['word'].upper()].value}_{mention['tag'].upper()}>"
