"""Whether a cloud's answer is in the language of its question: one in another is no answer.

A small model that knows one language answers another with nonsense. The first words are held back
until the language shows, so that none of it is said. A question about a language, a translation or
code may be answered in any. It tells Chinese from what is written in Latin letters, no more.
"""

import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.words import Language

MOST_LETTERS = 40
"""After so many letters without one of the language it is another."""
FEWEST_WORDS = 4
"""A shorter whole answer may be a name, a formula, a number."""
TIMES = 2
"""After so many in a row a cloud is held not to know the language."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ž]")
_WORD = re.compile(r"[A-Za-zÀ-ž]{2,}|[\u3400-\u9fff]{2}")
_OF_LANGUAGES = re.compile(
    r"\b(?:chinese|mandarin|cantonese|japanese|english|translat\w*|in \w+ese|kanji|hanzi|pinyin"
    r"|code|python|javascript|sql|html|regex|lyrics|poem)\b|翻译|译成|译为|[英中法德日韩俄西汉外]文"
    r"|[英汉法德日韩俄外]语|中文|怎么说|单词|拼写|代码|程序|正则|歌词|写一[首段个封]",
    re.IGNORECASE,
)


class Tongues:
    """Which languages the clouds know, by their answers since the start."""

    def __init__(self) -> None:
        self._wrong = Counter[tuple[str, str]]()

    def note(self, endpoint: str, language: Language, *, is_wrong: bool) -> None:
        """An answer to a question in `language` came, in that or in another."""
        key = (endpoint, language.value)
        self._wrong[key] = self._wrong[key] + 1 if is_wrong else 0

    def known(self, endpoint: Endpoint) -> Endpoint:
        """The cloud without the languages in which it does not answer."""
        known = (one for one in endpoint.languages if self._wrong[endpoint.name, one] < TIMES)
        return replace(endpoint, languages=tuple(known))


def in_other_language(text: str, language: Language, *, whole: bool) -> bool | None:
    """Whether an answer that begins with `text` is in another language; `None` until that shows."""
    own, other = (_CHINESE, _LATIN) if language is Language.CHINESE else (_LATIN, _CHINESE)
    if own.search(text):
        return False
    if len(other.findall(text)) >= MOST_LETTERS:
        return True
    return len(_WORD.findall(text)) >= FEWEST_WORDS if whole else None


async def in_language(
    pieces: AsyncGenerator[str, None],
    language: Language,
    question: str,
    wrong: Callable[[], object],
) -> AsyncGenerator[str, None]:
    """`pieces` of an answer to `question`; none of one in another language, of which `wrong` is
    told before it is left."""
    shows = bool(_OF_LANGUAGES.search(question))
    held = ""
    async with aclosing(pieces):
        async for piece in pieces:
            held += piece
            if not shows:
                found = in_other_language(held, language, whole=False)
                if found:
                    wrong()
                    return
                shows = found is False
            if shows:
                yield held
                held = ""
        if held and in_other_language(held, language, whole=True):
            wrong()
        elif held:
            yield held
