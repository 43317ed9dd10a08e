"""Names that the device knows: people of its phone book, places and addresses of its owner.

They are found as whole words, in any case, longest first, with what stands beside them of the same
name; in Chinese, which has no blanks, wherever they stand. A name of one character is none: it
would hide half of any text. A person's name of one word that is also a common word (Grace, Will,
Grass) counts only where it begins with a capital; a Chinese word for a role (老板, 妈妈) is
nobody's name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edgewise.route.recognise.folded import Folded, fold
from edgewise.route.recognise.found import Found, Kind, found
from edgewise.route.recognise.person import ROLES, whole_name

_PART = re.compile(r"[A-ZÀ-ÞĀ-Ž][^\W\d_]{2,}")
_WRITTEN = r"\u2e80-\u9fff\uac00-\ud7af"
COMMON = frozenset(
    """amber angel april art ash august autumn baby bank bay bear bell berry bill bird bishop black
    blue bob bond boss brook brown bush candy carol cash chance charity chase christian church
    clay clear cliff cloud coach cook crystal daisy dad daddy dawn day dean dick doctor don drew
    duke earl eve faith father field fisher flora forest fox frank gene ginger glass gold good
    grace grant grass gray green grey guy hall harmony harper hill holly home honey hope hunter
    iris ivy jack jade jewel jones joy judge june justice king knight lady lance lake lane law
    lily long love luna mark martin mason matt max may melody mercy mike miles miller mom mother
    mum ocean olive page park pat patience paul peace pearl penny pepper piper poppy potter price
    prince queen rain ray red reed rich river rob robin rock rod rose ruby rush rusty sage sandy
    sister skip sky smith snow spring star stone storm sue summer sunny taylor terry tony trinity
    victor victory violet ward warren water west white will willow winter wolf wood work young
    aunt bread bride butcher child cleaner dentist gym home kid landlord mechanic nanny neighbor
    neighbour office papa pizza plumber police salt school son sugar taxi teacher tree uncle vet
    wife husband""".split()  # noqa: SIM905
)
"""Words of English that are people's names, too, or are put into a phone book as one."""
_ANYBODYS = frozenset("home work office school 家 我家 公司 单位 办公室 学校".split())  # noqa: SIM905
"""Names of places that are words of any sentence: they count where the person's own is meant."""
_THEIRS_BEFORE = re.compile(
    r"\b(?:to|from|near|at|of|between|around|and) (?:my|our) \Z|(?:从|到|去|回|往|离|在)(?:我的?|我们的?)?\Z"  # noqa: E501
)
_THEIRS_AFTER = re.compile(r"(?:'s)? address\b|的?(?:地址|附近|楼下|门口)")
_COMPOUND = re.compile(
    r"[ -](?:page|office|screen|run|work|made|out|ethic|life|permit|school|theat\w+|loan|button|bus|team"  # noqa: E501
    r"|computer|phone|network|country|town|game)\b|[法章制股债治名员级类里制化]"
)
_LETTER = re.compile(rf"[^\W_{_WRITTEN}]")
_HEAD = re.compile(rf"[^\W_{_WRITTEN}]+|..", re.DOTALL)
_HEADS = re.compile(rf"([^\W_{_WRITTEN}]++)|(?=([^\w\s]\S|[_{_WRITTEN}]\S))")
"""A word in letters, or the first two characters of what is written without blanks."""


@dataclass(frozen=True, slots=True)
class Known:
    """Names as a person writes them. Of a name of several words, each word is a name as well."""

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class Names:
    """Known names, made ready to be looked for in many texts."""

    def __init__(self, known: Known) -> None:
        kinds: dict[str, Kind] = {}
        for kind, names in (
            (Kind.PLACE, known.places),
            (Kind.PERSON, _with_parts(known.people)),
            (Kind.ADDRESS, known.addresses),
        ):
            for name in names:
                folded = fold(" ".join(name.split())).lower
                if len(folded) >= 2 and not (kind is Kind.PERSON and folded in ROLES):
                    kinds[folded] = kind
        heads: dict[str, list[str]] = {}
        for name in sorted(kinds, key=len, reverse=True):
            heads.setdefault(_HEAD.match(name)[0], []).append(name)  # type: ignore[index]
        self._common = frozenset(
            name for name, kind in kinds.items() if kind is Kind.PERSON and name in COMMON
        )
        self._kinds = kinds
        self._heads = heads

    def find(self, folded: Folded) -> Iterator[Found]:
        """Every known name; where several begin at one place, the longest."""
        if not self._heads:
            return
        text, end = folded.lower, 0
        for first in _HEADS.finditer(text):
            names = self._heads.get(first[1] or first[2])
            start = first.start()
            if names is None or start < end:
                continue
            for name in names:
                if text.startswith(name, start) and _is_whole(text, start + len(name)):
                    if name in self._common and not folded.text[start].isupper():
                        continue
                    if name in _ANYBODYS and not _is_theirs(text, start, start + len(name)):
                        continue
                    kind, end = self._kinds[name], start + len(name)
                    if kind is Kind.PERSON:
                        start, end = whole_name(folded.text, start, end)
                    yield found(kind, start, end)
                    break


def _with_parts(people: Iterable[str]) -> Iterator[str]:
    for name in people:
        if " " in name.strip():
            yield from _PART.findall(name)
        yield name


def _is_theirs(text: str, start: int, end: int) -> bool:
    """Whether a place that bears a common word is the person's own where it stands there."""
    if _THEIRS_AFTER.match(text, end):
        return True
    before = text[max(0, start - 24) : start]
    return bool(_THEIRS_BEFORE.search(before)) and not _COMPOUND.match(text, end)


def _is_whole(text: str, end: int) -> bool:
    """Whether no word goes on after `end`."""
    return not (_LETTER.match(text[end - 1]) and _LETTER.match(text[end : end + 1]))
