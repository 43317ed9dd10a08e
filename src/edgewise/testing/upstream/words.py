"""What a token is here: a word with the space before it, at most 12 letters; one Han character.

Every produced delta is one token, so counts of pieces are counts of tokens. Joined, the pieces of a
text are the text. No real tokenizer cuts like this; counts only have to be consistent.
"""

import re

_PIECE = re.compile(
    r"\s*[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"|\s*[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,12}"
    r"|\s+"
)


def pieces_of(text: str) -> list[str]:
    """The tokens of a text, in order; none for an empty text."""
    return _PIECE.findall(text)


def count_tokens(text: str) -> int:
    """How many tokens a text has."""
    return sum(1 for _ in _PIECE.finditer(text))


def numbered_words(count: int) -> list[str]:
    """`count` different tokens: `t0 t1 t2 ...`."""
    return [f"{' ' if number else ''}t{number}" for number in range(count)]
