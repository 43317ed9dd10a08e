"""An open question of a session, as it is remembered for a while: whether a later one repeats it.

Asking again soon is a sign that the answer was none. The words live in the session's memory alone;
a record holds no more than which turn was repeated.
"""

from collections.abc import Iterable

from msgspec import Struct

from edgewise.core.regex import regex

SOON_S = 120.0
MOST_ASKED = 3
"""Questions of a session within which one can be repeated."""
_ALIKE, _ALL_BUT_A_WORD = 0.6, 0.8
_WORD = regex(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
_EMPTY = frozenset((
    "a", "an", "and", "are", "at", "be", "but", "can", "could", "did", "do", "does", "for",
    "from", "give", "have", "how", "i", "in", "is", "it", "its", "me", "my", "no", "of", "on",
    "or", "please", "s", "so", "tell", "that", "the", "then", "there", "this", "to", "us",
    "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with",
    "would", "you", "your",
))  # fmt: skip


class Earlier(Struct, frozen=True):
    """What was asked in which turn, `at` on the device's monotonic clock."""

    turn: str
    text: str
    at: float


def repeats(text: str, asked: Iterable[Earlier], now: float) -> str:
    """The newest turn of `asked` whose question `text` asks again; empty where it is a new one."""
    for one in reversed(tuple(asked)):
        if now - one.at <= SOON_S and is_asked_again(one.text, text):
            return one.turn
    return ""


def is_asked_again(before: str, text: str) -> bool:
    """Whether `text` asks what `before` did: the same words, more or fewer of them, or all but one
    of many. Where either names something of its own the question is another ("of Peru", "of
    Chile"), unless nearly all else is the same."""
    first, second = _telling(before), _telling(text)
    both = len(first & second)
    if not both:
        return not first and not second and before.split() == text.split()
    share = 2 * both / (len(first) + len(second))
    within = first <= second or second <= first
    return share >= (_ALIKE if within else _ALL_BUT_A_WORD)


def _telling(text: str) -> frozenset[str]:
    """The words that say what it is about; of Chinese, each two characters that follow."""
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        if "\u3400" <= word[0] <= "\u9fff":
            found.update(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word not in _EMPTY:
            found.add(word)
    return frozenset(found)
