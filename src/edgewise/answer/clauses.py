"""Text into the clauses it is spoken in, also while the text still comes.

All clauses joined are the text itself. The first one is short, so that sound begins early; the
others end at the marks of sentences, or at commas once they are long enough to sound natural. A dot
in a number, in an abbreviation or after an initial ends nothing. Pure; knows no sounds.
"""

from msgspec import Struct

from edgewise.core.words import Language

STRONG = ".!?。！？…\n;；:："
WEAK = ",，、—"
CLOSERS = "”’」』》】）)]\"'*_ \t\r\n\u3000.!?。！？…"
_HELD = ".!?,:"  # what follows tells whether these end anything: 3.5, 7:30, 1,000, ?!
_ABBREVIATIONS = ("mr", "mrs", "ms", "dr", "st", "no", "vs", "e.g", "i.e", "etc", "approx")
_PAUSES = {"。": 0.28, ".": 0.28, "!": 0.28, "！": 0.28, "?": 0.3, "？": 0.3, "…": 0.35, "\n": 0.35}
WEAK_PAUSE_S = 0.14
CUT_PAUSE_S = 0.03
"""Where a clause was cut for its length alone."""
LAST_PAUSE_S = 0.05


class Lengths(Struct, frozen=True):
    """In characters: `least` of a first clause; `first` the most of it; `comma` from which on a
    comma ends a clause; `most` of any."""

    least: int
    first: int
    comma: int
    most: int


LENGTHS = {
    Language.ENGLISH: Lengths(least=2, first=48, comma=32, most=80),
    Language.CHINESE: Lengths(least=2, first=16, comma=10, most=24),
}
_BREAKS = {
    Language.ENGLISH: (" and ", " or ", " but ", " because ", " when ", " while ", " if ",
                       " with ", " to ", " from ", " in ", " at ", " for ", " of ", " "),
    Language.CHINESE: ("但", "因为", "并", "和", "把", "在", "到", "从", "需要", "已", " "),
}  # fmt: skip


class Clauses:
    """Takes text piece by piece and gives each clause once it is complete."""

    def __init__(self, language: Language, *, starts: bool = True) -> None:
        """`starts`: the next clause is the first that is heard, and so a short one."""
        self._language = language
        self._lengths = LENGTHS[language]
        self._waiting = ""
        self._starts = starts
        self._looked = 0

    def feed(self, words: str) -> list[str]:
        """The clauses that are complete now."""
        self._waiting += words
        return self._taken(over=False)

    def end(self) -> list[str]:
        """The rest: the text is over."""
        taken = self._taken(over=True)
        rest, self._waiting, self._looked = self._waiting, "", 0
        if rest.strip() or not taken:
            return [*taken, rest] if rest else taken
        return [*taken[:-1], taken[-1] + rest]  # white space alone is no clause

    def _taken(self, *, over: bool) -> list[str]:
        taken: list[str] = []
        while (length := self._next(over=over)) > 0:
            taken.append(self._waiting[:length])
            self._waiting = self._waiting[length:]
            self._looked = 0
            self._starts = False
        return taken

    def _next(self, *, over: bool) -> int:
        """The length of the first complete clause, 0 while there is none."""
        text = self._waiting
        most = self._lengths.first if self._starts else self._lengths.most
        for place in range(self._looked, len(text)):
            if place >= most:
                return self._cut(text[:most])
            if text[place] in STRONG or text[place] in WEAK:
                ends = self._ends(text, place, over=over)
                if ends is None:
                    return 0
                if ends:
                    return _past_closers(text, place + 1)
            self._looked = place + 1
        return 0

    def _ends(self, text: str, place: int, *, over: bool) -> bool | None:
        """Whether the mark at `place` ends a clause; None while that is not known."""
        mark = text[place]
        following = text[place + 1 : place + 2]
        if mark in _HELD:
            if not following and not over:
                return None
            if following and not (following.isspace() or following in CLOSERS or _is_wide(mark)):
                return not (following.isascii() and following.isalnum()) and mark not in ".:"
        if mark == "." and _is_abbreviated(text[:place]):
            return False
        said = sum(each.isalnum() for each in text[:place])
        if said == 0 or (mark == "." and text[:place].strip().isdigit()):
            return False  # the number of a list's item, or nothing yet
        if mark in STRONG:
            return True
        return said >= (self._lengths.least if self._starts else self._lengths.comma)

    def _cut(self, text: str) -> int:
        """Where a clause without a mark is cut: before a word that begins a phrase, in its second
        half, else at a space, else where it stands."""
        for word in _BREAKS[self._language]:
            place = text.rfind(word, len(text) // 2)
            if place > 0:
                return place + (1 if word.startswith(" ") else 0)
        return len(text)


def clauses_of(text: str, language: Language) -> list[str]:
    """All clauses of a text that is complete."""
    clauses = Clauses(language)
    return [*clauses.feed(text), *clauses.end()]


def pause_s(clause: str) -> float:
    """How long it is quiet after a clause, by the mark that ends it."""
    bare = clause.rstrip(" \t\r”’」』》】）)]\"'*_\u3000")
    last = bare[-1:]
    if last in _PAUSES:
        return _PAUSES[last]
    return WEAK_PAUSE_S if last and (last in WEAK or last in STRONG) else CUT_PAUSE_S


def _is_wide(mark: str) -> bool:
    return not mark.isascii()


def _is_abbreviated(before: str) -> bool:
    word = before.rsplit(None, 1)[-1] if before.strip() else ""
    initial = len(word) == 1 and word.isascii() and word.isupper()
    return (initial and len(before.split()) > 1) or word.lower() in _ABBREVIATIONS


def _past_closers(text: str, place: int) -> int:
    while place < len(text) and text[place] in CLOSERS:
        place += 1
    return place
