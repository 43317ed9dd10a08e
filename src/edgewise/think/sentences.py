"""A text as sentences, each with the heading it stands under and its terms; pieces of many tokens.

A term is a word without its common endings, a number as it is written, or two Han characters side
by side. Words that ask or bind are none. A line of a table or a log is a sentence; a sentence is
always a stretch of the text, exactly, so that a quote can be looked up in it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from edgewise.core.regex import regex

LONGEST_HEADING = 80
_LINE = regex(r"[^\n]+")
_END = regex(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Dr|Ms|No|St|vs)\.)(?<!\b(?:Mrs|e\.g|i\.e)\.)"
    r"[\"”’)]*\s+(?=[A-Z0-9\"“(])|(?<=[。！？；])(?![”’）])"
)
_HEADING = regex(
    r"#{1,6}\s|(?:§\s*)?\d{1,3}(?:\.\d{1,3})*[.)]?\s|第[一二三四五六七八九十百\d]{1,5}[章条节款]"
)
_CLOSED = regex(r"[.!?。！？；;:：,，]$")
_TERM = regex(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,:/-]\d+)*|[\u3400-\u9fff]+|[^\W\d_a-z\u3400-\u9fff]+")
_STOP_WORDS = (
    "a an and any are as at be been before by can could did do does for from given had has have he"
    " her his how i if in into is it its itself let many me much must my of off on or our out own"
    " please she should so than that the their them then there these they this those to under up us"
    " was we were what when where which who whom whose why will with would you your tell say says"
    " said according document text file exactly long often s"
)
_STOP = frozenset(_STOP_WORDS.split())
_STOP_ZH = regex(
    r"什么时候|什么|多少|哪里|哪儿|哪个|哪些|哪天|哪位|哪一|怎么样|怎么|怎样|为什么|是否|请问|请|几"
    r"|谁|吗|呢|的|了|是|在|和|与|及|或|被|由|把|对|这|那|该|其|有|要|应|能|可以|需要|根据|文件|文档"
)
_SUFFIX = regex(r"(?:ies|ing|ers?|ed|es|s|ly|ment|ments|ation|ations)$")


class Sentence(Struct, frozen=True):
    """One sentence: where it begins, its terms; the number of its heading's sentence (-1: none) and
    whether one of the same paragraph stands before it."""

    text: str
    start: int
    terms: tuple[str, ...]
    heading: int = -1
    follows: bool = False
    is_heading: bool = False


class Piece(Struct, frozen=True):
    """Sentences from `first` to before `last` that a model reads at once."""

    first: int
    last: int


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """All sentences of a text, in order."""
    found: list[Sentence] = []
    heading = -1
    for line in _LINE.finditer(text):
        said = line[0].strip()
        if _is_heading(said):
            heading = len(found)
            start = line.start() + line[0].index(said)
            found.append(Sentence(said, start, terms_of(said), is_heading=True))
            continue
        follows = False
        for start, one in _cut(line[0], line.start()):
            found.append(Sentence(one, start, terms_of(one), heading, follows))
            follows = True
    return tuple(found)


def pieces_of(sentences: Sequence[Sentence], most_tokens: int) -> tuple[Piece, ...]:
    """Neighbours of at most so many tokens together; a longer sentence is a piece by itself."""
    found: list[Piece] = []
    first = held = 0
    for number, one in enumerate(sentences):
        tokens = tokens_of(one.text)
        if number > first and held + tokens > most_tokens:
            found.append(Piece(first, number))
            first, held = number, 0
        held += tokens
    if sentences:
        found.append(Piece(first, len(sentences)))
    return tuple(found)


def tokens_of(text: str) -> int:
    """About how many tokens a model takes for a text: one a Han character, else four bytes."""
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    return han + (len(text) - han) // 4 + 1


def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a text, with repetitions."""
    return tuple(_terms(text))


def _terms(text: str) -> Iterator[str]:
    for match in _TERM.finditer(text.lower()):
        word = match[0]
        if "\u3400" <= word[0] <= "\u9fff":
            for run in _STOP_ZH.sub(" ", word).split():
                yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif word not in _STOP and (len(word) > 1 or word.isdigit()):
            yield _root(word)


def _root(word: str) -> str:
    if not word.isalpha() or len(word) < 5:
        return word.removesuffix("s") if word.isalpha() and len(word) > 3 else word
    cut = _SUFFIX.sub("", word)
    return (cut if len(cut) >= 3 else word).rstrip("e")


def _is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and _HEADING.match(line) is not None
        and _CLOSED.search(line) is None
    )


def _cut(line: str, offset: int) -> Iterator[tuple[int, str]]:
    """The sentences of a line, and where each begins in the text."""
    begins = [0, *(match.end() for match in _END.finditer(line)), len(line)]
    for start, end in pairwise(begins):
        said = line[start:end].strip()
        if said:
            yield offset + start + line[start:end].index(said), said
