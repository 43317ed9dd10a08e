"""Which voices there are, by name, and which one each language has by default.

A name tells by its first letter the language (a, b English; z Chinese), by its second a woman's or
a man's. Any voice says both languages; it has the accent of its own.
"""

from edgewise.core.words import Language
from edgewise.engine.packages import package
from edgewise.errors import UserError

DEFAULTS = {Language.ENGLISH: "af_heart", Language.CHINESE: "zf_xiaobei"}


def voice_names() -> tuple[str, ...]:
    """All of them."""
    return tuple(file.path.removesuffix(".bin") for file in package("kokoro-voices").file)


def checked(name: str) -> str:
    """The name itself. Raises UserError (`unknown_voice`), naming those there are."""
    if name not in voice_names():
        told = f"no voice is called {name!r}; there are: {', '.join(voice_names())}"
        raise UserError(told, code="unknown_voice")
    return name
