"""What can be told of a question by its surface alone: lengths, numbers, options, signs.

Every value is a count damped by a logarithm, a share, or 0 or 1, and is taken over the whole text,
so that a typing mistake moves it little. It knows no words but the few that ask, deny or list, and
it is never given the system prompt, which says nothing about how hard a question is. Of a long text
its beginning and its end are read. Source: reference note on routing, sections 3.3 and 6.1.
"""

from collections.abc import Sequence
from math import log1p
from statistics import fmean, pstdev

from edgewise.core.regex import regex

_NUMBER = regex(r"\d+(?:[.,]\d+)*")
_WORD = regex(r"[^\W\d_]+")
_CHINESE = regex(r"[\u3400-\u9fff]")
_BLANKS = regex(r"[ \t\r\f]+")
_SENTENCE = regex(r"[.!?](?=\s)|[。！？]")
_OPTION = regex(r"^ ?\(?([A-Ja-j])[.):、] *(.*)$")
_MATHS = regex(r"[=+*/^<>≤≥±√∑∫∞≈≠→∈∀∃$]|\\[a-z]+")
_CODE = regex(r"```|[{};]|==|->|\b(?:def|class|return|print) ?\(?")
_MARKS = regex(r"[^\w\s]")
_KINDS = {
    "asks_how": ("how", ("怎么", "怎样", "如何")),
    "asks_how_many": ("many much", ("多少", "几个", "几天", "几年")),
    "asks_which": ("which", ("哪",)),
    "asks_why": ("why explain because", ("为什么", "解释")),
    "asks_what": ("what who when where name", ("什么", "谁", "何时")),
    "denies": ("not except least never incorrect false", ("不", "没", "非")),
    "compares": ("more less than twice half most times percent each per", ("比", "倍", "每")),
    "supposes": ("if suppose assume given let consider unless", ("如果", "假设", "设")),
    "follows": ("following statement statements sentence blank", ("下列", "以下")),
    "general": ("all none both neither above", ("以上", "都")),
}
"""Each a feature: the logarithm of one more than how many of its words are there."""
_KIND_OF = {word: kind for kind, (words, _) in _KINDS.items() for word in words.split()}
_YES = regex(
    r"(?:yes|yep|sure|ok(?:ay)?|go (?:on|ahead)|do (?:it|that)|please(?: do)?|continue|好的?|是的?"
    r"|可以|行|继续|嗯)[,.!。！， ]*(?:please|go ahead|do it|吧)?[.!。！]*"
)
_LONG_WORD = 9
_HEAD, _TAIL = 900, 500
"""Characters read of a long text: what is asked stands at one of its ends."""

NAMES = (
    "length", "words", "word_length", "long_words", "lines", "sentences", "sentence_length",
    "numbers", "number_length", "number_share", "maths", "code", "chinese", "marks", "options",
    "option_length", "option_spread", "option_numbers", "stem_length", *_KINDS,
)  # fmt: skip
"""The features of `features_of`, in their order."""


def ends_of(text: str) -> str:
    """The part of a question that is read: all of it, or its two ends."""
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"


def asked_in(turns: Sequence[tuple[str, str]]) -> str:
    """What is asked at the end of a conversation, turns of (role, text): the person's last turn,
    and with a bare yes what that approves. Whatever a system prompt holds is never in it."""
    said = [(role, text) for role, text in turns if role in ("user", "assistant")]
    at = max((i for i, (role, _) in enumerate(said) if role == "user"), default=-1)
    if at < 0:
        return ""
    text = said[at][1]
    approves = at > 0 and said[at - 1][0] == "assistant" and _YES.fullmatch(text.strip().lower())
    return f"{said[at - 1][1]}\n{text}" if approves else text


def features_of(text: str) -> dict[str, float]:
    """The features of what a person asks. Every name of `NAMES`, each value finite."""
    seen = _BLANKS.sub(" ", ends_of(text)).strip().rstrip("?.!。！？ ")
    words = _WORD.findall(seen.lower())
    numbers = _NUMBER.findall(seen)
    chinese = len(_CHINESE.findall(seen)) if not seen.isascii() else 0
    size = max(1, len(seen))
    count = max(1, len(words))
    sentences = 1 + len(_SENTENCE.findall(seen))
    kinds = _of_kinds(words, seen if chinese else "")
    values = (
        log1p(len(text) - max(0, len(ends_of(text)) - len(seen))),
        log1p(len(words)),
        fmean(map(len, words)) if words and not chinese else 5.0,
        sum(len(word) >= _LONG_WORD for word in words) / count,
        log1p(seen.count("\n")),
        log1p(sentences),
        log1p(count / sentences),
        log1p(len(numbers)),
        log1p(max(map(len, numbers), default=0)),
        len(numbers) / (count + len(numbers)),
        log1p(len(_MATHS.findall(seen))),
        log1p(len(_CODE.findall(seen))),
        chinese / size,
        len(_MARKS.findall(seen)) / size,
        *_of_options(seen),
        *(log1p(kinds[kind]) for kind in _KINDS),
    )
    return dict(zip(NAMES, values, strict=True))


def _of_kinds(words: Sequence[str], chinese: str) -> dict[str, int]:
    """How many words of each kind there are."""
    found = dict.fromkeys(_KINDS, 0)
    for word in words:
        kind = _KIND_OF.get(word)
        if kind is not None:
            found[kind] += 1
    if chinese:
        for kind, (_, marks) in _KINDS.items():
            found[kind] += sum(map(chinese.count, marks))
    return found


def _of_options(text: str) -> tuple[float, float, float, float, float]:
    """Of a question with answers to choose from: how many, how long in the mean, how unequal, what
    share is a number, and how long the question before them is."""
    options: list[str] = []
    stem = 0
    for line in text.split("\n"):
        match = _OPTION.match(line)
        if match:
            options.append(match[2])
        elif not options:
            stem += len(line)
    if len(options) < 2:
        return 0.0, 0.0, 0.0, 0.0, log1p(len(text))
    lengths = [log1p(len(option)) for option in options]
    numeric = sum(bool(_NUMBER.search(o)) and len(o) < 24 for o in options) / len(options)
    return log1p(len(options)), fmean(lengths), pstdev(lengths), numeric, log1p(stem)
